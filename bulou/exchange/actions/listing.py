"""The responsibility list (包保责任清单) out, as a file that says who took it, when and why."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bulou.access.actions import audit, foresee, need
from bulou.access.words import purpose_word
from bulou.areas import queries as areas
from bulou.areas.queries import ListRow
from bulou.areas.rules.answering import Responsible
from bulou.core.divisions import code_of, county_of
from bulou.core.moments import CHINA
from bulou.exchange.actions.exporting import Exported
from bulou.exchange.rules.writing import Column, write_table
from bulou.people import queries as people
from bulou.people.actions import Refused
from bulou.store import writing


def export_responsibilities(
    area: int, *, on: date, by: str, exporter: str, purpose: str, at: datetime, masked: bool = True
) -> Exported:
    """Return who answers in three tiers for everything under the area on the day, one line an area, as .xlsx.

    Names and phones are masked unless `masked` is False, which takes a second person. The file is handed over only once
    the audit of it is written.
    Raise Refused("no purpose") without a purpose.
    """
    if not purpose.strip():
        raise Refused("no purpose", "say what the list is needed for")
    why = purpose_word(purpose.strip())
    full = None if masked else {"what": "responsibilities", "on": on.isoformat(), "purpose": purpose.strip()}
    if full:
        foresee("full_export", area=area, asked=full, by=by, at=at)
    place = areas.get_area(area).name
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    lines = areas.responsibility_list(area, on=on, masked=masked)
    doors = _doors(area, lines, masked)
    tiers = (_("First responsibility"), _("Direct responsibility"), _("Specific responsibility"))
    columns = [Column(_("Code"), 20), Column(_("Township"), 14), Column(_("Village"), 14), Column(_("Grid"), 18),
               Column(_("Kind"), 8), Column(_("Household"), 18)]  # fmt: skip
    for tier in tiers:
        columns += [Column(tier, 16), Column(_("%(tier)s: role and unit") % {"tier": tier}, 22),
                    Column(_("%(tier)s: phone") % {"tier": tier}, 16)]  # fmt: skip
    rows = [
        [code_of(line.number), line.township, line.village, line.place, line.kind, doors.get(line.household, ""),
         *(cell for tier in (line.first, line.direct, line.specific) for cell in _cells(tier))]
        for line in lines
    ]  # fmt: skip
    said = {"who": exporter, "when": moment, "why": why}
    written = write_table(
        columns, rows, sheet="包保责任清单",
        title=_("%(place)s: who answers on %(day)s") % {"place": place, "day": on},
        notice=_("Exported by %(who)s at %(when)s for: %(why)s. For epidemic control only; do not pass on.") % said,
        manifest=[(_("exported by"), exporter), (_("at"), moment), (_("purpose"), why), (_("area"), place),
                  (_("masked"), _("yes") if masked else _("no"))],
    )  # fmt: skip
    with writing(county_of(area)):
        if full:
            need("full_export", area=area, asked=full, by=by, at=at)
        audit(by=by, at=at, action="export", area=area, purpose=purpose.strip(),
              detail={"what": "responsibilities", "on": on.isoformat(), "rows": written.rows, "masked": masked,
                      "sha256": written.sha256})  # fmt: skip
    return Exported(f"{place}-包保责任清单-{on:%Y%m%d}.xlsx", written.content, written.rows, written.sha256)


def _cells(tier: Iterable[Responsible]) -> list[str]:
    people_ = list(tier)
    return ["、".join(p.person for p in people_), "、".join(filter(None, (f"{p.role} {p.unit}".strip() for p in people_))),
            "、".join(p.phone for p in people_ if p.phone)]  # fmt: skip


def _doors(area: int, lines: Iterable[ListRow], masked: bool) -> dict[str, str]:
    """Return how the households that have a line of their own are known: their door, or else their head. One query."""
    ids = [UUID(line.household.partition(":")[2]) for line in lines if line.household]
    found = people.households_by_id(area, ids, masked=masked) if ids else {}
    return {h.subject: " ".join(filter(None, (h.number, h.address))) or h.head_name for h in found.values()}
