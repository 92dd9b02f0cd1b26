"""The registers out, as a file that says who took it, when and why, and whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bulou.access.actions import audit, foresee, need
from bulou.access.words import purpose_word
from bulou.areas import queries as areas
from bulou.core.divisions import county_of
from bulou.core.moments import CHINA
from bulou.exchange.rules.sheets import csv_text
from bulou.exchange.rules.writing import Column, write_table
from bulou.people.actions import Refused
from bulou.people.queries import EXPORTED, Run, get_run_report, register_rows
from bulou.people.rules.columns import HEADERS, Field
from bulou.store import writing

_WIDTHS = {Field.ID_NUMBER: 21, Field.ADDRESS: 30, Field.PHONE: 15, Field.NOTE: 24, Field.AWAY_TO: 20}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to hand over. `rows` and `sha256` are also in the audit, so that a leaked copy can be told."""

    name: str
    content: bytes
    rows: int
    sha256: str


def export_register(
    area: int, *, by: str, exporter: str, purpose: str, at: datetime, masked: bool = True, form: str = "xlsx"
) -> Exported:
    """Return the registers under the area as .xlsx, or .csv, in the columns we read ourselves.

    Names, ID numbers and phones are masked unless `masked` is False, which takes a second person. `exporter` is the name
    that stands on every page.
    The file is handed over only once the audit of it is written. Raise Refused("no purpose") without a purpose.
    """
    if not purpose.strip():
        raise Refused("no purpose", "say what the list is needed for")
    why = purpose_word(purpose.strip())
    full = None if masked else {"what": "register", "form": form, "purpose": purpose.strip()}
    if full:
        foresee("full_export", area=area, asked=full, by=by, at=at)
    place = areas.get_area(area).name
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    title = _("%(place)s register of households and persons") % {"place": place}
    notice = _("Exported by %(who)s at %(when)s for: %(why)s. For epidemic control only; do not pass on.") % {
        "who": exporter,
        "when": moment,
        "why": why,
    }
    headers = [HEADERS[field][0] for field in EXPORTED]
    rows = ([row.get(field, "") for field in EXPORTED] for row in register_rows(area, masked=masked))
    name = f"{place}-{at.astimezone(CHINA):%Y%m%d-%H%M}"
    if form == "csv":
        counted = _Counted(rows)
        content = csv_text([headers, *counted])
        exported = Exported(f"{name}.csv", content, counted.count, _sha256(content))
    else:
        columns = [Column(HEADERS[field][0], _WIDTHS.get(field, 12)) for field in EXPORTED]
        manifest = [
            (_("exported by"), exporter),
            (_("at"), moment),
            (_("purpose"), why),
            (_("area"), place),
            (_("masked"), _("yes") if masked else _("no")),
        ]
        written = write_table(columns, rows, title=title, sheet="人口台账", notice=notice, manifest=manifest)
        exported = Exported(f"{name}.xlsx", written.content, written.rows, written.sha256)
    detail = {"rows": exported.rows, "sha256": exported.sha256, "masked": masked, "form": form}
    with writing(county_of(area)):
        if full:
            need("full_export", area=area, asked=full, by=by, at=at)
        audit(by=by, at=at, action="export", area=area, purpose=purpose.strip(), detail=detail)
    return exported


def take_rows(run: Run, *, by: str, at: datetime) -> bytes:
    """Return the rows to correct of an import as .xlsx, in full, on record. Raise LookupError if there are none.

    Whoever did not bring the list themselves takes out what another has: it takes a second person.
    """
    with writing(run.county):
        if by != run.by:
            asked = {"what": "rows", "run": str(run.id), "name": run.list_name}
            need("full_export", area=run.area, asked=asked, by=by, at=at)
        audit(by=by, at=at, action="export", area=run.area, purpose="check_register",
              detail={"what": "rows to correct", "run": str(run.id), "masked": False})  # fmt: skip
        return get_run_report(run.area, run.id)


def _sha256(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


class _Counted:
    def __init__(self, rows: Iterator[list[str]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[str]]:
        for row in self.rows:
            self.count += 1
            yield row
