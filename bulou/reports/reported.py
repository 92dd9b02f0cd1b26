"""The report of a day as it was reported: as confirmed, or as it was kept when its cut-off had come (docs/adr/0008)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec

from bulou.command import queries as command
from bulou.core.divisions import ancestors_of, contains, county_area, county_of
from bulou.core.moments import day_of, parse_moment
from bulou.core.scope import may_see
from bulou.reports.confirmed import reports_made
from bulou.reports.models import Kept as KeptRow
from bulou.reports.queries import Report, compile_report, plan, window_at
from bulou.reports.rules import read_snapshot
from bulou.reports.stated import Origin, Stated, restate, says_all

KEPT_BACK = 3  # days looked back for cut-offs of which nothing was kept, because the server was off


def as_reported(area: int, day: date, *, now: datetime, version: int | None = None) -> Stated:
    """Return the day's report as it was reported: as confirmed last, or in its `version` from 0; else as it was kept when
    the cut-off had come; as everything is known now only while neither is there.

    Whatever is recorded later changes nothing in the first two.
    """
    return reported(compile_report(area, day, now=now), version=version)


def reported(live: Report, *, version: int | None = None) -> Stated:
    """Return the report as it was reported, beside the one compiled now. Raise LookupError if there is no such version."""
    frame, made = live.stated(), live.confirmed
    if version is not None and version >= len(made):
        raise LookupError(f"there is no version {version} of the report")
    if made and says_all((one := made[-1 if version is None else version]).numbers):
        frame = replace(frame, until=parse_moment(one.cut_off), taken_at=one.at, origin=Origin.CONFIRMED)
        return restate(frame, one.numbers, one.below, plan())
    if live.window.until == live.window.cut_off and (kept := find_kept(live.area, live.day)) is not None:
        frame = replace(frame, until=kept.cut_off, taken_at=kept.taken_at, origin=Origin.KEPT)
        return restate(frame, kept.numbers, kept.below, plan())
    return frame


@dataclass(frozen=True, slots=True)
class Kept:
    """What the program knew of an area's day when its cut-off had come."""

    cut_off: datetime
    taken_at: datetime
    numbers: Mapping[str, int]
    below: Mapping[int, Mapping[str, int]]


def find_kept(area: int, day: date) -> Kept | None:
    """Return what was kept of the area's day; None if nothing was, or it may not be seen."""
    row = KeptRow.objects.filter(county=county_of(area), area=area, day=day).first() if may_see(area) else None
    if row is None:
        return None
    numbers, below = msgspec.json.decode(row.numbers, type=tuple[dict[str, int], dict[str, dict[str, int]]])
    return Kept(row.cut_off, row.taken_at, numbers, {int(one): said for one, said in below.items()})


def due_to_keep(county: int, *, now: datetime) -> list[tuple[int, date]]:
    """Return the areas and days of the county whose cut-off has come in the last days and of which nothing is kept yet:
    those that owe a report and have not confirmed it, and those above them in the county."""
    top, today = county_area(county), day_of(now)
    days = [today - timedelta(days=n) for n in range(KEPT_BACK, -1, -1)]
    found: list[tuple[int, date]] = []
    done = set(KeptRow.objects.filter(county=county, day__gte=days[0]).values_list("area", "day"))
    for day in days:
        owed = command.owed_reports(top, day, now=now)
        wanted = {top, *(one for r in owed for one in (r.area, *ancestors_of(r.area)) if county_of(one) == county)}
        said = {e.area for e in reports_made(top, day) if says_all(read_snapshot(e.body))} if owed else set()
        for area in sorted(wanted - said):
            its = [r for r in owed if contains(area, r.area)]
            if (area, day) not in done and window_at(area, day, its, now).cut_off <= now:
                found.append((area, day))
    return found
