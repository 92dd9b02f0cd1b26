"""What compiled expressions call. Texts are counted in UTF-16 units, as phones do."""

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from bulou.core.moments import CHINA
from bulou.records.coercion import (
    divide,
    first_moment,
    modulo,
    number_of_text,
    text_of_days,
    text_of_number,
    text_of_truth,
    truth_of_number,
)


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


@lru_cache(maxsize=256)
def matching(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern[:-1] + r"\Z", re.ASCII)


def matches(pattern: str, text: str) -> bool:
    return matching(pattern).match(text) is not None


def selected(chosen: str, value: str) -> bool:
    return value.strip() in (chosen.split() or ("",))


def selected_at(chosen: str, index: float) -> str:
    parts = chosen.split()
    return parts[int(index)] if 0 <= index < len(parts) else ""


def whole(number: float) -> float:
    return math.trunc(number) if math.isfinite(number) else number


def rounded(number: float, places: float = 0) -> float:
    if not math.isfinite(number) or places != places:
        return number if places == places else math.nan
    scale = 10**places
    return math.copysign(math.floor(abs(number) * scale + 0.5) / scale, number)


def extreme(pick: Callable[[Sequence[float]], float], numbers: Sequence[float]) -> float:
    return pick(numbers) if numbers and not any(number != number for number in numbers) else math.nan


def day(days: float) -> float:
    """Return the first moment of the day in China."""
    offset = 8 / 24
    return math.floor(days + offset) - offset if math.isfinite(days) else math.nan


_LAYOUT = re.compile("%[YymnbdeaHhMS3]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def formatted(text: str, layout: str, with_time: bool) -> str:
    moment = first_moment(text)
    if moment is None:
        return ""
    local = moment.astimezone(CHINA)
    said = {
        "%Y": f"{local.year:04}", "%y": f"{local.year % 100:02}", "%m": f"{local.month:02}", "%n": str(local.month),
        "%b": _MONTHS[local.month - 1], "%d": f"{local.day:02}", "%e": str(local.day), "%a": _DAYS[local.weekday()],
    }  # fmt: skip
    if with_time:
        said |= {"%H": f"{local.hour:02}", "%h": str(local.hour), "%M": f"{local.minute:02}"}
        said |= {"%S": f"{local.second:02}", "%3": f"{local.microsecond // 1000:03}"}
    return _LAYOUT.sub(lambda found: said.get(found[0], found[0]), layout)


PROVIDED: dict[str, Any] = {
    each.__name__: each
    for each in (length, part, matches, selected, selected_at, whole, rounded, extreme, day, formatted, divide, modulo,
                 number_of_text, text_of_number, text_of_truth, text_of_days, truth_of_number)
} | {"nan": math.nan, "inf": math.inf}  # fmt: skip
"""The names compiled source is run with."""
