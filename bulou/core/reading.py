"""The one way in which numbers, days and moments are read from what people type, whatever the door.

Office, phone, import, ODK and the command line read alike: full-width digits and signs are the digits and signs they
stand for, a Chinese full stop between digits is a point. What cannot be read is told why. The phone has the same in
TypeScript (web/phone/form/numbers.ts); tests/agreement holds the two against each other.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from bulou.core.moments import CHINA
from bulou.core.words import gettext_noop as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Nobody on a register was born before, nothing is owed after: within these, days can be added and never overflow."""

WHOLE_LIMIT = 2**31 - 1  # a phone's integer
FAULTS = {
    "number": _("“%(said)s” is not a number. Write digits only, such as 36.5."),
    "whole": _("“%(said)s” is not a whole number. Write digits only, such as 12."),
    "day": _("“%(said)s” is no day of the calendar. Write year, month and day, such as 2020-02-03."),
    "lunar": _("“%(said)s” is a day of the lunar calendar. Write the day of the solar calendar, such as 2020-02-03."),
    "span": _("“%(said)s” cannot be right: a day here lies between 1900 and 2199. Look at the year."),
    "moment": _("“%(said)s” is no moment. Write a day and a clock time, such as 2020-02-03 10:30."),
}
"""Why something could not be read, by code, in English; shown in the language of the page."""

_LUNAR = re.compile("农历|阴历|闰|正月|冬月|腊月|初[一二三四五六七八九十]|廿|卅|除夕")
_CHINESE = {**{digit: str(n) for n, digit in enumerate("〇一二三四五六七八九")}, "零": "0", "○": "0"}
_DAY = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*)(\d{1,2})(?:\s*[-/.月]\s*)(\d{1,2})\s*[日号]?|(\d{4})(\d\d)(\d\d)", re.ASCII
)
_CLOCK = re.compile(r"[T ]?\s*(\d{1,2})[:时点](\d\d)?分?(?::(\d\d)(\.\d{1,6})?)?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_WHOLE, _DECIMAL = re.compile(r"[+-]?\d{1,15}", re.ASCII), re.compile(r"[+-]?(\d{1,12}(\.\d*)?|\.\d{1,12})", re.ASCII)


class Unread(ValueError):
    """The text says nothing that can be used. `code` is of FAULTS, `said` the text."""

    def __init__(self, code: str, said: str) -> None:
        self.code, self.said = code, said[:40]
        super().__init__(FAULTS[code] % {"said": self.said})


def half_width(text: str) -> str:
    """Return the text with full-width digits, letters and signs, and the minus signs there are, made plain."""
    if text.isascii():
        return text.strip()
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return plain.strip().strip("\ufeff\u200b")


_SIGNS = {ord(sign): "-" for sign in "—–−‐‑"} | {ord("："): ":", ord("\u3000"): " "}
_POINTS = str.maketrans({"。": ".", ",": ".", "、": ".", "·": ".", "｡": "."})


def read_number(text: str, *, whole: bool = False) -> float | int | None:
    """Return the number a text says, None for an empty one: "３6。5" is 36.5. Raise Unread if it is none."""
    plain = "".join(half_width(text).translate(_POINTS).split())
    if not plain:
        return None
    if whole:
        if not _WHOLE.fullmatch(plain) or abs(int(plain)) > WHOLE_LIMIT:
            raise Unread("whole", text)
        return int(plain)
    if not _DECIMAL.fullmatch(plain):
        raise Unread("number", text)
    return float(plain)


def read_day(text: str) -> date:
    """Return the day people write as 2020-02-03, 2020/2/3, 2020.2.3, 2020年2月3日, 二〇二〇年二月三日 or 20200203.

    Raise Unread for anything else: 31 February, a day of the lunar calendar, a year nobody can mean.
    """
    plain = half_width(text)
    if _LUNAR.search(plain):
        raise Unread("lunar", text)
    if "年" in plain:
        plain = _solar(plain)
    found = _DAY.fullmatch(plain)
    if found is None:
        raise Unread("day", text)
    return _day(found, text)


def _day(found: re.Match[str], text: str) -> date:
    year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[3:6]))
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise Unread("span", text)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unread("day", text) from None


def _solar(text: str) -> str:
    """Return the text with Chinese numerals in digits: 二〇二〇年十二月三十一日 is 2020年12月31日."""

    def number(found: re.Match[str]) -> str:
        said = found[0]
        if "十" not in said:
            return "".join(_CHINESE[each] for each in said)
        tens, _ten, ones = said.partition("十")
        return str(10 * int(_CHINESE.get(tens, "1")) + int(_CHINESE.get(ones, "0")))

    return re.sub("[〇零○一二三四五六七八九十]+", number, text)


def read_moment(text: str) -> datetime:
    """Return the moment a text says: a day as `read_day` takes it and a clock time; without an offset it is China's.

    Raise Unread for anything else.
    """
    plain = half_width(text)
    if _LUNAR.search(plain):
        raise Unread("lunar", text)
    found = _DAY.match(_solar(plain) if "年" in plain else plain)
    if found is None:
        raise Unread("moment", text)
    day, rest = _day(found, text), found.string[found.end() :].strip()
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise Unread("moment", text)
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    try:
        zone = CHINA if not clock[5] else datetime.fromisoformat(f"2000-01-01T00:00{clock[5]}").tzinfo
        at = datetime.combine(day, time(hour % 24, minute, second, int(float(clock[4] or 0) * 1_000_000)), zone)
    except ValueError:
        raise Unread("moment", text) from None
    if hour == 24 and not minute and not second:
        at += timedelta(days=1)
    elif hour > 23:
        raise Unread("moment", text)
    return at


def day_or(text: str, otherwise: date) -> date:
    """Return the day an address asks for; `otherwise` if it asks for none that can be read."""
    try:
        return read_day(text)
    except Unread:
        return otherwise


def suggested(said: object) -> float | None:
    """Return what a number without its point may have meant, to be asked about and never taken: 365 is 36.5?"""
    if isinstance(said, int | float) and not isinstance(said, bool) and said == int(said) and 340 <= said <= 439:
        return said / 10
    return None
