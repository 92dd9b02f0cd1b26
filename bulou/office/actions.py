"""What leaves the screens as a file: recorded in the audit before it is handed over."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bulou.access.actions import audit
from bulou.access.words import purpose_word
from bulou.core.divisions import county_of
from bulou.core.moments import CHINA
from bulou.exchange.rules.writing import Column, Page, write_pages, write_table
from bulou.office import lines as drawn
from bulou.office import queries
from bulou.office.queries import Filters
from bulou.office.templatetags.office import STATES, deadline
from bulou.reports.stated import Stated
from bulou.reports.text import moment_text, sheets
from bulou.store import writing

MOST = 200_000  # rows of one workbook; a file that leaves any out says how many


@dataclass(frozen=True, slots=True)
class Workbook:
    name: str
    content: bytes
    rows: int


def export_missing(
    area: int, wanted: Filters, *, place: str, by: str, exporter: str, purpose: str, at: datetime
) -> Workbook:
    """Return the missing under the area as .xlsx, names and phones masked."""
    found = queries.board_for(area, wanted, now=at)
    page = queries.missing_page(found, wanted, offset=0, limit=MOST)
    headers = [_("Whom"), _("What"), _("Details"), _("What is owed"), _("State"), _("Due"), _("Where"), _("Who owes it"),
               _("Role"), _("Phone")]  # fmt: skip
    rows = [
        [line.about.name, line.about.sort, line.about.detail, line.title, _(STATES[str(line.state)][1]),
         deadline(line.duty.due_at), line.where, line.owner.person if line.owner else line.owner_name or _("Unowned"),
         line.owner.role if line.owner else line.role, line.owner.phone if line.owner else ""]
        for line in drawn.lines(found, page.duties)
    ]  # fmt: skip
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    notice = _("As of %(when)s. Exported by %(who)s for: %(why)s. For epidemic control only; do not pass on.") % {
        "who": exporter, "when": moment, "why": purpose_word(purpose.strip()),
    }  # fmt: skip
    if page.total > len(rows):
        notice += " " + _("Only the first %(rows)d of %(total)d are in this file.") % {
            "rows": len(rows),
            "total": page.total,
        }
    title = _("%(place)s: the missing") % {"place": place}
    written = write_table([Column(h, 16) for h in headers], rows, title=title, sheet=_("Missing list"), notice=notice)
    with writing(county_of(area)):
        audit(by=by, at=at, action="export", area=area, purpose=purpose.strip(),
              detail={"what": "missing", "rows": written.rows, "sha256": written.sha256})  # fmt: skip
    return Workbook(f"{place}-{at.astimezone(CHINA):%Y%m%d-%H%M}.xlsx", written.content, written.rows)


def export_report(report: Stated, *, place: str, language: str, by: str, at: datetime) -> Workbook:
    """Return the daily report as .xlsx: totals by indicator, duty and area below; no names of persons."""
    until = moment_text(report.until)
    pages = [
        Page(one.title, [Column(head, 14) for head in one.head], one.rows,
             title=_("%(place)s: daily report, as of %(moment)s") % {"place": place, "moment": until})
        for one in sheets(report, language)
    ]  # fmt: skip
    written = write_pages(pages)
    with writing(county_of(report.area)):
        audit(by=by, at=at, action="export", area=report.area, purpose=_("daily report"),
              detail={"what": "report", "day": report.day.isoformat(), "sha256": written.sha256})  # fmt: skip
    return Workbook(f"{place}-{report.day.isoformat()}.xlsx", written.content, written.rows)
