"""Rosters (值班表) and the contact matrix out, as files that say who took them, when and why."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access.actions import audit
from bulou.access.words import purpose_word
from bulou.areas import queries as areas
from bulou.core.divisions import county_of
from bulou.core.moments import CHINA, at_midnight
from bulou.exchange.actions.exporting import Exported
from bulou.exchange.rules.writing import Column, write_table
from bulou.people.actions import Refused
from bulou.rosters import queries as rosters
from bulou.store import writing


def export_roster(
    area: int, *, first: date, days: int, by: str, exporter: str, purpose: str, at: datetime,
    role_word: Callable[[str], str] = str,
) -> Exported:  # fmt: skip
    """Return the turns of the posts under the area, one a line, with check-in and hand-over as far as known. Masked.

    Raise Refused("no purpose") without a purpose.
    """
    since = at_midnight(first)
    sites = {post.id: post for post in rosters.posts(area)}
    turns = rosters.shifts(area, since=since, until=since + timedelta(days=days))
    columns = [Column(_("Date"), 12), Column(_("Turn"), 14), Column(pgettext("site", "Post"), 24), Column(_("Leads"), 8),
               Column(_("Name"), 10), Column(_("Serves as"), 14), Column(_("Checked in"), 18), Column(_("Took over"), 18),
               Column(_("Handed over"), 18), Column(_("State"), 10)]  # fmt: skip
    rows = [
        [f"{turn.starts_at.astimezone(CHINA):%Y-%m-%d}",
         f"{turn.starts_at.astimezone(CHINA):%H:%M}-{turn.ends_at.astimezone(CHINA):%H:%M}",
         sites[turn.post].name if turn.post in sites else "", _("yes") if turn.lead else "", turn.name, role_word(turn.role),
         _moment(turn.came_at), _moment(turn.take.met_at if turn.take else None),
         _moment(turn.give.met_at if turn.give else None), _("let go") if turn.gone else ""]
        for turn in turns
    ]  # fmt: skip
    return _file(area, "值班表", first, columns, rows, by=by, exporter=exporter, purpose=purpose, at=at)


def export_contacts(area: int, *, on: date, by: str, exporter: str, purpose: str, at: datetime) -> Exported:
    """Return the contact matrix (包联) of the area's county on the day. Raise Refused("no purpose") without a purpose."""
    lines = rosters.contacts(county_of(area), on=on)
    places = areas.names({line.area for line in lines if line.area})
    columns = [Column(_("Leader"), 14), Column(_("Position"), 24), Column(_("Department"), 24), Column(_("Township"), 18),
               Column(_("Since"), 12)]  # fmt: skip
    rows = [
        [
            line.leader,
            line.position,
            line.department,
            places.get(line.area, "") if line.area else "",
            line.since.isoformat(),
        ]
        for line in lines
    ]
    return _file(area, "包联表", on, columns, rows, by=by, exporter=exporter, purpose=purpose, at=at)


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else ""


def _file(
    area: int, what: str, on: date, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, by: str, exporter: str,
    purpose: str, at: datetime,
) -> Exported:  # fmt: skip
    if not purpose.strip():
        raise Refused("no purpose", "say what the list is needed for")
    why = purpose_word(purpose.strip())
    place = areas.get_area(area).name
    said = {"who": exporter, "when": _moment(at), "why": why}
    written = write_table(
        columns, rows, sheet=what, title=f"{place} {what} {on}",
        notice=_("Exported by %(who)s at %(when)s for: %(why)s. For epidemic control only; do not pass on.") % said,
        manifest=[(_("exported by"), exporter), (_("at"), _moment(at)), (_("purpose"), why), (_("area"), place)],
    )  # fmt: skip
    with writing(county_of(area)):
        audit(by=by, at=at, action="export", area=area, purpose=purpose.strip(),
              detail={"what": what, "on": on.isoformat(), "rows": written.rows, "sha256": written.sha256})  # fmt: skip
    return Exported(f"{place}-{what}-{on:%Y%m%d}.xlsx", written.content, written.rows, written.sha256)
