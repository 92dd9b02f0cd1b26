"""How XPath's values become one another, as ODK's engines do it: text, numbers, truth and days.

A moment is counted in days since 1970 as a float, so that `today() - ${date} > 14` means what it says; a date is the
first moment of its day in China. What is not a number is NaN, which no comparison holds for.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import inf, isfinite, isnan, nan

from bulou.core.moments import CHINA, FAR, at_clock, at_midnight, day_of
from bulou.core.reading import FIRST_DAY, LAST_DAY

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)  # any earlier is not a moment everywhere on earth
_DAY_MS = 86_400_000
_NUMBER = re.compile(r"[ \t\r\n]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\r\n]*", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_PLACE = re.compile(r"-?\d+(?:\.\d*)?(?: -?\d+(?:\.\d*)?){1,3}", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


@lru_cache(maxsize=4096)
def moment_of_text(text: str) -> datetime | None:
    """Return the moment an ISO date or date and time names; None if it names none. Without an offset it is China's."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


@lru_cache(maxsize=4096)
def number_of_text(text: str) -> float:
    """Return the number a text says, the days since 1970 if it names a moment, else NaN."""
    if _NUMBER.fullmatch(text):
        return float(text)
    found = moment_of_text(text)
    return nan if found is None else days_of(found)


def days_of(moment: datetime) -> float:
    """Return the days from 1970 to the moment, to the millisecond."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / _DAY_MS


def moment_of_days(days: float) -> datetime | None:
    """Return the moment so many days after 1970, in China; None if there is none."""
    try:
        return (EPOCH + timedelta(milliseconds=round(days * _DAY_MS))).astimezone(CHINA)
    except (ValueError, OverflowError):
        return None


def text_of_days(days: float) -> str:
    """Return the date, if the moment begins a day in China, else the date and time."""
    moment = moment_of_days(days)
    if moment is None:
        return ""
    if moment.timetz().replace(tzinfo=None) == time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds")


def text_of_number(number: float) -> str:
    """Return the number as JavaScript writes it, nothing if it is NaN."""
    if isinstance(number, int):
        if abs(number) < 2**53:
            return str(number)
        number = float(number)
    if isnan(number):
        return ""
    if not isfinite(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    if "e" in text:
        mantissa, exponent = text.split("e")
        if -7 < int(exponent) < 0:
            return f"{number:.{len(mantissa.replace('.', '').lstrip('-')) - int(exponent) - 1}f}"
        return f"{mantissa}e{int(exponent):+d}"
    return text


def text_of_truth(truth: bool) -> str:
    """Return "true" or "false"."""
    return "true" if truth else "false"


def truth_of_number(number: float) -> bool:
    """Tell whether the number is neither zero nor NaN."""
    return number != 0 and number == number


def divide(a: float, b: float) -> float:
    """Divide as IEEE 754 does: never an error."""
    if b:
        return a / b
    if a == 0 or isnan(a) or isnan(b):
        return nan
    return inf if a > 0 else -inf


def modulo(a: float, b: float) -> float:
    """Return the remainder with the sign of the dividend."""
    if not b or isnan(a) or isnan(b) or not isfinite(a):
        return nan
    if not isfinite(b):
        return a
    rest = abs(a) % abs(b)
    return rest if a >= 0 else -rest


def first_moment(value: str | float) -> datetime | None:
    """Return the moment a value names, the first of the day if it names a day, None if it names none."""
    moment = moment_of_text(value) if isinstance(value, str) else _named(value)
    return moment if moment is not None and EARLIEST <= moment < FAR else None


def last_moment(value: str | float, clock: str = "24:00") -> datetime | None:
    """Return the moment a value names; of a day, the given clock time in China. None if it names none."""
    moment = first_moment(value)
    if moment is None or not (len(value) == 10 if isinstance(value, str) else moment == at_midnight(day_of(moment))):
        return moment
    return clock_moment(moment, clock)


def clock_moment(moment: datetime, clock: str) -> datetime | None:
    """Return the moment the clock shows that time on the day, None if it is not a clock time."""
    try:
        return at_clock(day_of(moment), clock[:5])
    except (ValueError, OverflowError):
        return None


def _named(days: float) -> datetime | None:
    return moment_of_days(days) if days == days else None


def is_date(text: str) -> bool:
    """Tell whether the text is a day written YYYY-MM-DD that somebody can mean (core.reading)."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return False
    try:
        return FIRST_DAY <= date.fromisoformat(text) <= LAST_DAY
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Tell whether the text is a date and time in ISO 8601."""
    return len(text) > 10 and is_date(text[:10]) and moment_of_text(text) is not None


def is_clock(text: str) -> bool:
    """Tell whether the text is a time of day written HH:MM or HH:MM:SS, with or without an offset."""
    parts = _CLOCK.fullmatch(text)
    return parts is not None and int(parts[1]) < 24 and int(parts[2]) < 60 and int(parts[3] or 0) < 60


def is_geopoint(text: str) -> bool:
    """Tell whether the text is "latitude longitude [altitude [accuracy]]", as ODK writes a place."""
    if not _PLACE.fullmatch(text):
        return False
    latitude, longitude, *_ = text.split(" ")
    return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180
