"""Finding the area a row names: 竹溪河社区, 竹溪河, 第一组, 一组, 1组, 竹溪河社区1组, or a code of 12 or 18 digits."""

import re
from collections import defaultdict
from collections.abc import Iterable

from bulou.core.divisions import ancestors_of, contains, number_of
from bulou.core.identity import plain

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SUFFIX = re.compile(r"(村民委员会|居民委员会|社区居委会|村委会|居委会|街道办事处|人民政府|社区|街道|村|镇|乡)$")
_GROUP = re.compile(r"第?(\d+|[零〇一二三四五六七八九十两]+)(村民小组|居民小组|小组|组|社|网格|片区|片|号楼|栋|幢|楼)?")


def numeral(text: str) -> int | None:
    """Return the number 12 or 十二 stands for, up to 99."""
    if text.isascii() and text.isdigit():
        return int(text)
    if match := re.fullmatch(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", text):
        return (_DIGITS[match[1]] if match[1] else 1) * 10 + (_DIGITS[match[2]] if match[2] else 0)
    return _DIGITS.get(text)


def group_key(name: str) -> str:
    """Return what 第一组, 一组, 1组 and 1 have in common; other names as they are."""
    key = plain(name)
    match = _GROUP.fullmatch(key)
    if match and (value := numeral(match[1])) is not None:
        kind = {"号楼": "楼", "栋": "楼", "幢": "楼", "网格": "网格", "片区": "片", "片": "片", "楼": "楼"}
        return f"{value}{kind.get(match[2] or '', '组')}"
    return key


def _keys(name: str) -> set[str]:
    key = plain(name)
    short = _SUFFIX.sub("", key)
    return {key, group_key(key)} | ({short} if len(short) > 1 else set())


class Unplaced(ValueError):
    """Raised when a name is no area's ("unknown") or several areas' ("several"); `.name` is the name as written."""

    def __init__(self, code: str, name: str, within: int) -> None:
        super().__init__(f"{code}: {name}")
        self.code, self.name, self.within = code, name, within


class Names:
    """The areas under the one a list is imported for, by every name they go by."""

    def __init__(self, top: int, areas: Iterable[tuple[int, str]], above: Iterable[str] = ()) -> None:
        """`above`: the names of what the top lies in, which a village's own list may repeat."""
        self.top = top
        self._above = {key for name in above for key in _keys(name)}
        self.names = dict(areas)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._found: dict[tuple[str, ...], int] = {}
        for number in self.names:
            self._learn(number)

    def _learn(self, number: int) -> None:
        keys = _keys(self.names[number])
        above = [a for a in ancestors_of(number) if a in self.names]
        if above:
            keys |= {parent + own for parent in _keys(self.names[above[-1]]) for own in keys}
        for key in keys:
            self._numbers[key].append(number)

    def add(self, number: int, name: str) -> None:
        self.names[number] = name
        self._found.clear()
        self._learn(number)

    def find(self, *names: str) -> int:
        """Return the number of the area these names lead to, township first, blanks left out; the top if all are blank.

        Raise Unplaced if one of them is no area below the one before it, or more than one.
        """
        if (known := self._found.get(names)) is not None:
            return known
        here = self.top
        for name in names:
            if name:
                here = self._step(name, here)
        self._found[names] = here
        return here

    def _step(self, name: str, within: int) -> int:
        key = plain(name)
        if key.isascii() and key.isdigit() and len(key) in (12, 18):
            try:
                number = number_of(key)
            except ValueError:
                raise Unplaced("unknown", name, within) from None
            if number == self.top or (number in self.names and contains(within, number)):
                return number
            raise Unplaced("unknown", name, within)
        for candidate in (key, group_key(key), _SUFFIX.sub("", key)):
            found = [n for n in self._numbers.get(candidate, ()) if contains(within, n) and n != within]
            nearest = [n for n in found if not any(a in found for a in ancestors_of(n))]
            if len(nearest) == 1:
                return nearest[0]
            if nearest:
                raise Unplaced("several", name, within)
        if within == self.top and _keys(name) & self._above:
            return within
        own = self.names.get(within, "")
        if own and _keys(name) & _keys(own):  # a village's own list repeats the village's name
            return within
        if own and (rest := key.removeprefix(plain(own))) != key and rest:  # 竹溪河社区一组 inside 竹溪河社区
            return self._step(rest, within)
        raise Unplaced("unknown", name, within)
