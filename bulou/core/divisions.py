"""The number of an area: one integer in which a subtree is a range.

The national statistical code has 12 digits (province 2, prefecture 2, county 2, township 3, village 3: GB/T 2260 for
the first six, 统计用区划代码 for the rest). Counties go further down (组, 社, 片区, 网格, 楼) without a national code,
so six local digits follow, three levels of two. `610927100201 01 03 00` is the third grid of the first group of a
village of Zhenping. A level left out is zero, which lets a county hang a 片区 directly under itself.

An area's subtree is `number .. last_of(number)`: no table, no renumbering when an area is added (docs/adr/0002).
"""

from functools import lru_cache

WIDTHS = (2, 2, 2, 3, 3, 2, 2, 2)
LEVELS = ("province", "prefecture", "county", "township", "village", "local1", "local2", "local3")
PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE, FIRST_LOCAL = range(6)  # places in LEVELS
_COUNTY = 10**12
_TAILS: tuple[int, ...] = tuple(
    int("1" + "0" * sum(WIDTHS[depth + 1 :])) for depth in range(len(WIDTHS))
)  # the size of a subtree


def number_of(code: str) -> int:
    """Return the area number of a 12-digit national code or of an 18-digit one with local digits.

    Raise ValueError, saying what is wrong, on anything else.
    """
    text = code.strip()
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"area code {code!r} must be digits only")
    if len(text) not in (12, 18):
        raise ValueError(f"area code {code!r} has {len(text)} digits; it must have 12 (or 18 below the village)")
    number = int(text.ljust(18, "0"))
    if not 11 <= number // 10**16 <= 82:
        raise ValueError(f"area code {code!r} does not begin with a province (11 to 82)")
    return number


@lru_cache(1 << 16)  # lists name the same few places on every line
def code_of(number: int) -> str:
    """Return the code people read: 12 digits down to the village, 18 below it."""
    text = f"{number:018d}"
    return text[:12] if text.endswith("000000") else text


def depth_of(number: int) -> int:
    """Return the index in LEVELS of the area's own level."""
    for depth, tail in enumerate(_TAILS):
        if number % tail == 0:
            return depth
    raise AssertionError("the last tail is 1")


def last_of(number: int) -> int:
    """Return the highest number in the area's subtree."""
    return number + _TAILS[depth_of(number)] - 1


def contains(number: int, other: int) -> bool:
    """Tell whether `other` is the area itself or lies anywhere under it."""
    return number <= other <= last_of(number)


def county_of(number: int) -> int:
    """Return the six-digit county code, by which every large table is partitioned."""
    return number // _COUNTY


def county_area(county: int) -> int:
    """Return the area number of a six-digit county code."""
    return county * _COUNTY


def area_at(number: int, depth: int) -> int:
    """Return the area of that level (TOWNSHIP, VILLAGE) in which the number lies; itself if it stands on or above it."""
    return number - number % _TAILS[depth]


def ancestors_of(number: int) -> list[int]:
    """Return the numbers of the levels above, from the province down, skipping levels left out (zero digits)."""
    found: list[int] = []
    for tail in _TAILS:
        ancestor = number - number % tail
        if ancestor != number and (not found or ancestor != found[-1]):
            found.append(ancestor)
    return found
