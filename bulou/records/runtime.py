"""What compiled expressions call. Texts are counted in UTF-16 units, as phones do."""

import base64
import hashlib
import math
import re
from collections.abc import Sequence
from typing import Any

from bulou.core.moments import CHINA
from bulou.records import geometry, mathematics
from bulou.records.coercion import (
    days_of,
    divide,
    first_moment,
    is_clock,
    modulo,
    number_of_text,
    text_of_days,
    text_of_number,
    text_of_truth,
    truth_of_number,
)
from bulou.records.patterns import matches

_UNPADDED = re.compile(r"(\d{4})-([1-9]|\d\d)-([1-9]|\d\d)(T.*)?", re.ASCII)


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def part(text: str, start: float, end: float = math.inf) -> str:
    if start != start or end != end:
        return ""
    units = text.encode("utf-16-le", "surrogatepass")
    size = len(units) // 2
    first, last = (int(max(-size, min(size, at))) for at in (start, end))
    first, last = (max(0, at + size if at < 0 else at) for at in (first, last))
    return units[2 * first : 2 * last].decode("utf-16-le", "replace")


def cut(text: str, start: float, size: float = math.inf) -> str:
    """Return XPath's substring: `start` counts from 1, both are rounded."""
    if start != start or size != size or start == math.inf:
        return ""
    units = text.encode("utf-16-le", "surrogatepass")
    most = len(units) // 2
    first = start if math.isinf(start) else math.floor(start + 0.5) - 1
    last = most if size == math.inf else first + (size if math.isinf(size) else math.floor(size + 0.5))
    ends = sorted(int(max(0, min(most, at))) for at in (first, last if last == last else 0))
    return units[2 * ends[0] : 2 * ends[1]].decode("utf-16-le", "replace")


def ahead_of(text: str, wanted: str) -> str:
    found = text.find(wanted)
    return text[:found] if found > 0 else ""


def translated(text: str, wanted: str, instead: str) -> str:
    """Return the text with each letter of `wanted` replaced by the one in its place in `instead`, or left out."""
    table: dict[int, str] = {}
    units = _units(instead)
    for i, unit in enumerate(_units(wanted)):
        table.setdefault(ord(unit), units[i : i + 1])
    return _units(text).translate(table).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _units(text: str) -> str:
    """Return the text with what is beyond 16 bits as two surrogates, as phones count."""
    if text.isascii():
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[i] | data[i + 1] << 8) for i in range(0, len(data), 2))


def unspaced(text: str) -> str:
    return " ".join(word for word in re.split("[ \\t\\r\\n]+", text) if word)


def hashed(text: str, algorithm: str, encoding: str) -> str:
    digest = hashlib.new(algorithm, text.encode("utf-8", "replace"), usedforsecurity=False)
    return digest.hexdigest() if encoding == "hex" else base64.b64encode(digest.digest()).decode()


def unbase64(text: str) -> str:
    bare = re.sub("[ \\t\\r\\n\\f]+", "", text)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def at_row(rows: Sequence[Any], index: float, missing: Any) -> Any:
    """Return what stands in the row of that number, from 1."""
    return rows[int(index) - 1] if 1 <= index <= len(rows) and index == int(index) else missing


def selected(chosen: str, value: str) -> bool:
    return value.strip() in (chosen.split() or ("",))


def selected_at(chosen: str, index: float) -> str:
    parts = chosen.split()
    return parts[int(index)] if 0 <= index < len(parts) else ""


def days_named(text: str) -> float:
    """Return the days of the moment a text names, also where month and day have one digit; NaN if it names none."""
    if found := _UNPADDED.fullmatch(text):
        text = f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}{found[4] or ''}"
    moment = first_moment(text)
    return math.nan if moment is None else days_of(moment)


def day(days: float) -> float:
    """Return the first moment of the day in China."""
    offset = 8 / 24
    return math.floor(days + offset) - offset if math.isfinite(days) else math.nan


_LAYOUT = re.compile("%[YymnbdeaHhMS3]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def clock_days(text: str) -> float:
    """Return the part of a day in China that has passed at a time of day."""
    moment = first_moment(f"1970-01-01T{text}") if is_clock(text) else None
    if moment is None:
        return math.nan
    local = moment.astimezone(CHINA)
    return (
        local.hour * 3_600_000 + local.minute * 60_000 + local.second * 1000 + local.microsecond // 1000
    ) / 86_400_000


def formatted(text: str, layout: str) -> str:
    moment = first_moment(text)
    if moment is None:
        return ""
    local = moment.astimezone(CHINA)
    said = {
        "%Y": f"{local.year:04}", "%y": f"{local.year % 100:02}", "%m": f"{local.month:02}", "%n": str(local.month),
        "%b": _MONTHS[local.month - 1], "%d": f"{local.day:02}", "%e": str(local.day), "%a": _DAYS[local.weekday()],
        "%H": f"{local.hour:02}", "%h": str(local.hour), "%M": f"{local.minute:02}", "%S": f"{local.second:02}",
        "%3": f"{local.microsecond // 1000:03}",
    }  # fmt: skip
    return _LAYOUT.sub(lambda found: said.get(found[0], found[0]), layout)


PROVIDED: dict[str, Any] = {
    each.__name__: each
    for each in (length, part, cut, translated, unspaced, ahead_of, hashed, unbase64, at_row, matches, selected,
                 selected_at, days_named, clock_days, day, formatted, divide, modulo, number_of_text, text_of_number,
                 text_of_truth, text_of_days, truth_of_number)
} | {"nan": math.nan, "inf": math.inf, **mathematics.PROVIDED, **geometry.PROVIDED}  # fmt: skip
"""The names compiled source is run with."""
