"""Shifts and needs laid out over days from patterns that are data: three of 8 hours, two of 12, or any other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bulou.rosters.rules.problem import ANYONE, Need, Post, Shift


@dataclass(frozen=True, slots=True)
class Pattern:
    """The shifts of one day: (begins, length). A pattern of a post that closes at night simply leaves it out."""

    name: str
    shifts: tuple[tuple[time, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Every day from `start` to `end` (the same time twice: round the clock) the post needs `count` of the role."""

    role: str = ANYONE
    count: int = 1
    start: time = time(0)
    end: time = time(0)
    leads: bool = False


def parse_pattern(name: str, said: Sequence[str]) -> Pattern:
    """Return the pattern written as ["07:00-15:00", "15:00-23:00", "23:00-07:00"]. Raise ValueError."""
    shifts = []
    for each in said:
        begin, _, finish = each.partition("-")
        try:
            start, end = time.fromisoformat(begin.strip()), time.fromisoformat(finish.strip().replace("24:00", "00:00"))
        except ValueError:
            raise ValueError(f"pattern {name!r}: {each!r} is not a time span like 07:00-15:00") from None
        shifts.append((start, _length(start, end)))
    if not shifts:
        raise ValueError(f"pattern {name!r} has no shift")
    return Pattern(name, tuple(shifts))


def lay_shifts(posts: Iterable[Post], pattern: Pattern, first: date, days: int, zone: tzinfo) -> tuple[Shift, ...]:
    """Return the shifts of the posts on `days` days from `first`. Ids are `<post>/<date>T<HHMM>`."""
    return tuple(
        Shift(f"{post.id}/{begins:%Y-%m-%dT%H%M}", post.id, begins, begins + length)
        for post in posts
        for day in range(days)
        for start, length in pattern.shifts
        for begins in (datetime.combine(first + timedelta(days=day), start, zone),)
    )


def lay_needs(
    posts: Iterable[Post], demands: Sequence[Demand], first: date, days: int, zone: tzinfo, begins: time = time(0)
) -> tuple[Need, ...]:
    """Return the needs of the posts for `days` days from `first` at `begins`, where the first shift of a day begins.

    Windows are cut to that period, so that nothing is asked for before the first shift or after the last.
    """
    opens = datetime.combine(first, begins, zone)
    closes = opens + timedelta(days=days)
    found = []
    for post in posts:
        for demand in demands:
            if demand.start == demand.end:
                found.append(Need(post.id, opens, closes, demand.role, demand.count, demand.leads))
                continue
            for day in range(-1, days + 1):
                start = datetime.combine(first + timedelta(days=day), demand.start, zone)
                end = min(start + _length(demand.start, demand.end), closes)
                start = max(start, opens)
                if start < end:
                    found.append(Need(post.id, start, end, demand.role, demand.count, demand.leads))
    return tuple(found)


def _length(start: time, end: time) -> timedelta:
    on = date(2000, 1, 1)  # any date: only the difference is taken
    length = datetime.combine(on, end) - datetime.combine(on, start)
    return length if length > timedelta(0) else length + timedelta(days=1)
