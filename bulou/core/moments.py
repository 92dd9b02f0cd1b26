"""Moments are aware datetimes; days are counted in China Standard Time, which has had no daylight saving since 1991."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
FAR = datetime(9999, 1, 1, tzinfo=UTC)  # "never": a moment every comparison understands, on both databases


_shift = timedelta()


def _read() -> datetime:
    """Return what the machine's clock says. Nothing else of the product's reads it for a moment that is kept or judged."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present moment. Rules never call this: they are given `now`."""
    return _read() + _shift


def rehearse(shift: timedelta) -> None:
    """Set this process's clock off by so much: a rehearsal of February 2020 is not looked at from years later."""
    global _shift
    _shift = shift


def is_rehearsing() -> bool:
    """Tell whether the clock is a rehearsal's, which every page must say."""
    return bool(_shift)


def at_midnight(day: date) -> datetime:
    """Return the first moment of the day in China."""
    return datetime.combine(day, time(), CHINA)


def at_clock(day: date, clock: str) -> datetime:
    """Return the moment a clock time such as "10:00" or "24:00" comes on the day in China."""
    return at_midnight(day) + _since_midnight(clock)


@lru_cache(maxsize=1 << 8)  # the same few clock times for every day and person
def _since_midnight(clock: str) -> timedelta:
    hours, minutes = (int(part) for part in clock.split(":"))
    if not (0 <= hours <= 24 and 0 <= minutes < 60) or (hours == 24 and minutes):
        raise ValueError(f"{clock!r} is not a clock time between 00:00 and 24:00")
    return timedelta(hours=hours, minutes=minutes)


def day_of(moment: datetime) -> date:
    """Return the calendar day in China on which the moment falls."""
    return moment.astimezone(CHINA).date()


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment; one without an offset is China time. Raise ValueError on anything else."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
