"""An area, the word its county has for it, and the next free number under it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bulou.core.divisions import (
    COUNTY,
    FIRST_LOCAL,
    LEVELS,
    PREFECTURE,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    WIDTHS,
    ancestors_of,
    code_of,
    depth_of,
)

_TAILS = tuple(int(10 ** sum(WIDTHS[depth + 1 :])) for depth in range(len(WIDTHS)))  # numbers in an area of each depth
NAME_LENGTH, KIND_LENGTH = 100, 20


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the tree. `kind` is the county's word for its level. `until` is the first day it is no more."""

    number: int
    name: str
    kind: str
    since: date | None = None
    until: date | None = None

    @property
    def code(self) -> str:
        return code_of(self.number)

    @property
    def depth(self) -> int:
        """The index of its level in core.divisions.LEVELS."""
        return depth_of(self.number)

    @property
    def level(self) -> str:
        return LEVELS[self.depth]

    @property
    def parent(self) -> int | None:
        return parent_of(self.number)

    @property
    def subject(self) -> str:
        """What entries and duties about the area are about."""
        return subject_of(self.number)


def parent_of(number: int) -> int | None:
    """Return the area above, as the digits say; None above a province. Levels left out (zeros) are passed over."""
    return parent_at(number, depth_of(number))


def parent_at(number: int, depth: int) -> int | None:
    """Return parent_of a number whose depth is known already."""
    for tail in _TAILS[depth::-1]:
        if number % tail:
            return number - number % tail
    return None


def at_depth(number: int, depth: int) -> int | None:
    """Return the area's ancestor (or itself) at the depth; None if it lies above that level or leaves it out."""
    return next((n for n in (*ancestors_of(number), number) if depth_of(n) == depth), None)


def subject_of(number: int) -> str:
    return f"area:{code_of(number)}"


class NoNumberLeft(Exception):
    """No number is free directly under the area. `used` is how many are; 0 means there is no level below it."""

    def __init__(self, parent: int, used: int) -> None:
        super().__init__(f"no number is free under {code_of(parent)}: {used} are used")
        self.parent, self.used = parent, used


def next_local(parent: int, taken: Collection[int]) -> int:
    """Return the next number for a local area directly under the parent.

    A number once used is never given again, not even after the area closed: old entries carry it. So the next one
    follows the highest ever used, and gaps are filled only when the top of the range is reached.
    """
    depth = max(depth_of(parent) + 1, FIRST_LOCAL)
    if depth >= len(LEVELS):
        raise NoNumberLeft(parent, 0)
    step = _TAILS[depth]
    places = int(10 ** WIDTHS[depth]) - 1
    used = {(n - parent) // step for n in taken if parent < n <= parent + places * step and (n - parent) % step == 0}
    highest = max(used, default=0)
    free = highest + 1 if highest < places else next((i for i in range(1, places) if i not in used), None)
    if free is None:
        raise NoNumberLeft(parent, len(used))
    return parent + free * step


_ENDINGS: dict[int, tuple[str, ...]] = {
    PROVINCE: ("自治区", "省", "市"),
    PREFECTURE: ("自治州", "地区", "盟", "市"),
    COUNTY: ("县", "区", "市", "旗"),
    TOWNSHIP: ("街道", "苏木", "镇", "乡"),
    VILLAGE: ("嘎查", "社区", "村"),
}
_UNNAMED = {PROVINCE: "省", PREFECTURE: "地级", COUNTY: "县级", TOWNSHIP: "乡级单位", VILLAGE: "村级单位"}


def kind_at(number: int, name: str, depth: int) -> str:
    """Return the word for an area of the national list: what its name ends in, else what its code class says.

    Code classes (统计用区划代码): township 001-099 街道, 100-199 镇, 200-399 乡; village 001-199 居委会,
    200-399 村委会.
    Raise ValueError for a local area: only the county knows its word.
    """
    if depth >= FIRST_LOCAL:
        raise ValueError(f"{code_of(number)} lies below the village: its kind must be given")
    plain = name.removesuffix("办事处")
    if depth == VILLAGE:
        if plain.endswith(("居委会", "居民委员会")):
            return "社区"
        if plain.endswith(("村委会", "村民委员会")):
            return "嘎查" if plain.endswith(("嘎查村委会", "嘎查村民委员会")) else "村"
    for ending in _ENDINGS[depth]:
        if plain.endswith(ending):
            return ending
    width = WIDTHS[depth]
    section = int(f"{number:018d}"[sum(WIDTHS[:depth]) :][:width]) // 100
    if depth == TOWNSHIP and section < 4:
        return ("街道", "镇", "乡", "乡")[section]
    if depth == VILLAGE and section < 4:
        return ("社区", "社区", "村", "村")[section]
    return _UNNAMED[depth]
