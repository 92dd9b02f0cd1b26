"""A human confirms what was compiled: the numbers of the moment become an entry, and stay beside what comes later."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.command.actions import write_entry
from bulou.command.rules import CORRECTION, REPORT, Problem, Refused, check_filled
from bulou.core.divisions import code_of, county_of
from bulou.core.moments import CHINA, day_of, parse_moment
from bulou.core.scope import EVERYTHING, may_see, seeing
from bulou.ledger import queries as ledger
from bulou.reports.models import Kept
from bulou.reports.queries import Report, compile_report
from bulou.reports.reported import due_to_keep
from bulou.reports.rules import check_zero, findings_of
from bulou.reports.stated import write_below
from bulou.store import writing


def _compiled(area: int, day: date, at: datetime) -> Report:
    """Return the report as it is to be confirmed.

    A correction made after the cut-off puts right what the report said of its own moment, so it counts up to that.
    """
    if not may_see(area):
        raise Refused(Problem.NO_AREA)
    if day > day_of(at):
        raise Refused(Problem.NOT_BEGUN)
    report = compile_report(area, day, now=at)
    if report.confirmed and at > report.window.cut_off:
        return compile_report(area, day, now=at, until=parse_moment(report.confirmed[-1].cut_off))
    return report


def _body(report: Report, *, zero: bool, situation: str, needs: str) -> dict[str, Any]:
    said, stated = {"situation": situation.strip(), "needs": needs.strip()}, report.stated()
    return {
        "day": report.day.isoformat(),
        "cutoff_at": report.window.until.astimezone(CHINA).isoformat(),
        "numbers": [{"indicator": name, "value": n} for name, n in stated.numbers().items()],
        "below": write_below(stated.numbers_below()),
        "zero": "yes" if zero else "no",
        "confirmed": True,
    } | {key: text for key, text in said.items() if text}


def confirm_report(
    *, area: int, day: date, situation: str, by: str, at: datetime, needs: str = "", reason: str = ""
) -> UUID:
    """Confirm the area's report of the day with the numbers as they stand, and return the id of the entry written.

    Where one was confirmed before, this corrects it: both stay, and `reason` says why. Raise Refused.
    """
    check_filled(situation=situation)
    report = _compiled(area, day, at)
    body = _body(report, zero=False, situation=situation, needs=needs)
    return _write(report, body, reason=reason, by=by, at=at)


def zero_report(*, area: int, day: date, by: str, at: datetime) -> UUID:
    """Report in one tap that nothing was found on the day, and return the id of the entry written.

    Raise NotZero, naming what was found, if the records say otherwise; Refused if a report was confirmed already.
    """
    report = _compiled(area, day, at)
    if report.confirmed:
        raise Refused(Problem.REPORTED)
    check_zero(report.figures)
    return _write(report, _body(report, zero=True, situation="", needs=""), reason="", by=by, at=at)


def report_day(*, area: int, day: date, situation: str, by: str, at: datetime) -> UUID:
    """Make the area's first report of the day, a zero report where nothing was found, and return the entry's id.

    Raise Refused if one was confirmed already: a correction says why.
    """
    check_filled(situation=situation)
    report = _compiled(area, day, at)
    if report.confirmed:
        raise Refused(Problem.REPORTED)
    zero = not findings_of(report.figures)
    return _write(
        report, _body(report, zero=zero, situation="" if zero else situation, needs=""), reason="", by=by, at=at
    )


def keep_reports(*, at: datetime) -> int:
    """Keep what is known of every area's day whose cut-off has come, and return of how many. Nothing kept is changed.

    Runs a moment after each cut-off; where the server was off then, when it is on again, and `taken_at` says so.
    """
    kept = 0
    with seeing(EVERYTHING):
        for county in ledger.counties():
            for area, day in due_to_keep(county, now=at):
                kept += _keep(area, day, at)
    return kept


def _keep(area: int, day: date, at: datetime) -> int:
    stated = compile_report(area, day, now=at).stated()
    text = msgspec.json.encode((stated.numbers(), {str(one): said for one, said in stated.numbers_below().items()}))
    with writing(county_of(area)):
        row = Kept(
            county=county_of(area), area=area, day=day, cut_off=stated.cut_off, taken_at=at, numbers=text.decode()
        )
        return len(Kept.objects.bulk_create([row], ignore_conflicts=True))


def _write(report: Report, body: dict[str, Any], *, reason: str, by: str, at: datetime) -> UUID:
    subject = f"area:{code_of(report.area)}"
    if not report.confirmed:
        return write_entry(kind=REPORT, subject=subject, area=report.area, body=body, by=by, at=at)
    check_filled(reason=reason)
    correction = {"body": body, "reason": reason.strip()}
    if at <= report.window.cut_off:
        correction["happened_at"] = at.astimezone(CHINA).isoformat()  # confirmed again, still in time
    first = report.confirmed[0].id
    return write_entry(kind=CORRECTION, subject=subject, area=report.area, body=correction, by=by, at=at, amends=first)
