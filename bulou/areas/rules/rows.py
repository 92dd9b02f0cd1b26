"""What a row of an area list must say, and what is wrong with one that does not. One bad row never costs a good one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bulou.areas.rules.tree import KIND_LENGTH, NAME_LENGTH, kind_at, parent_at
from bulou.core.divisions import FIRST_LOCAL, LEVELS, code_of, depth_of, number_of

WAITING = 10_000  # rows held back until their parents are looked up


class RawRow(NamedTuple):
    """A row as read: where it stands, and the text of its columns. `kind` may be empty."""

    file: str
    line: int
    code: str
    name: str
    level: str
    parent: str
    kind: str = ""


class AreaRow(NamedTuple):
    """A row that can be loaded."""

    file: str
    line: int
    number: int
    name: str
    kind: str
    parent: int | None
    depth: int


class Problem(StrEnum):
    """What a row can have wrong. The words are in areas/words.py."""

    CODE_MISSING = "code missing"
    CODE_DIGITS_LOST = "code digits lost"  # a spreadsheet turned it into 6.10927E+11
    CODE_DIGITS = "code digits"
    CODE_LENGTH = "code length"
    CODE_PROVINCE = "code province"
    NAME_MISSING = "name missing"
    NAME_LONG = "name long"
    LEVEL_UNKNOWN = "level unknown"
    LEVEL_MISMATCH = "level mismatch"
    KIND_MISSING = "kind missing"
    KIND_LONG = "kind long"
    PARENT_MISSING = "parent missing"
    PARENT_NEEDLESS = "parent needless"  # a province has none
    PARENT_CODE = "parent code"
    PARENT_MISMATCH = "parent mismatch"
    PARENT_UNKNOWN = "parent unknown"
    DUPLICATE = "duplicate"
    COLUMNS = "columns"
    REPEATS_PARENT = "repeats parent"  # 东莞's county row is the prefecture again, 金门's only township the county
    ODD_CHARACTER = "odd character"  # a private-use character where a rare one belongs; loaded as it is


LEFT_OUT = frozenset({Problem.REPEATS_PARENT})
NOTES = frozenset({Problem.ODD_CHARACTER})


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: its place in the file, what it said, and what it should have said if that is known."""

    file: str
    line: int
    code: str
    problem: Problem
    said: str = ""
    wanted: str = ""


def check_code(text: str) -> tuple[int, None] | tuple[None, Problem]:
    """Return the area number of a 12- or 18-digit code, or what is wrong with it."""
    try:
        return number_of(text), None
    except ValueError:
        code = text.strip()
    if not code:
        return None, Problem.CODE_MISSING
    if not (code.isascii() and code.isdigit()):
        return None, Problem.CODE_DIGITS_LOST if "e+" in code.lower() or "." in code else Problem.CODE_DIGITS
    return None, Problem.CODE_LENGTH if len(code) not in (12, 18) else Problem.CODE_PROVINCE


def read_row(raw: RawRow) -> AreaRow | RowProblem:
    """Return the row as it can be loaded, or the first thing wrong with it that can be seen without the other rows."""

    def wrong(problem: Problem, said: str = "", wanted: str = "") -> RowProblem:
        return RowProblem(raw.file, raw.line, raw.code.strip(), problem, said, wanted)

    number, flaw = check_code(raw.code)
    if number is None:
        assert flaw
        return wrong(flaw, raw.code.strip())
    name = raw.name.strip()
    if not name:
        return wrong(Problem.NAME_MISSING)
    if len(name) > NAME_LENGTH:
        return wrong(Problem.NAME_LONG, str(len(name)), str(NAME_LENGTH))
    depth, level, kind = depth_of(number), raw.level.strip(), raw.kind.strip()
    if level in LEVELS:
        if level != LEVELS[depth]:
            if check_code(raw.parent)[0] == number:
                return wrong(Problem.REPEATS_PARENT, name)
            return wrong(Problem.LEVEL_MISMATCH, level, LEVELS[depth])
    elif depth < FIRST_LOCAL or not level:
        return wrong(Problem.LEVEL_UNKNOWN, level, LEVELS[depth])
    else:
        kind = kind or level  # below the village a county writes its own word as the level: 组, 网格, 楼
    if not kind:
        if depth >= FIRST_LOCAL:
            return wrong(Problem.KIND_MISSING)
        kind = kind_at(number, name, depth)
    if len(kind) > KIND_LENGTH:
        return wrong(Problem.KIND_LONG, kind, str(KIND_LENGTH))
    expected = parent_at(number, depth)
    flaw_of_parent = _check_parent(raw.parent.strip(), expected, wrong)
    return flaw_of_parent or AreaRow(raw.file, raw.line, number, name, kind, expected, depth)


_known_code = lru_cache(1_000)(check_code)  # a parent is named by each of its children


def _check_parent(stated: str, expected: int | None, wrong: Callable[..., RowProblem]) -> RowProblem | None:
    if not stated.strip("0"):
        return wrong(Problem.PARENT_MISSING, "", code_of(expected)) if expected else None
    if expected is None:
        return wrong(Problem.PARENT_NEEDLESS, stated)
    parent, flaw = _known_code(stated)
    if flaw:
        return wrong(Problem.PARENT_CODE, stated, code_of(expected))
    if parent != expected:
        return wrong(Problem.PARENT_MISMATCH, stated, code_of(expected))
    return None


def check_rows(
    raws: Iterable[RawRow | RowProblem], *, exist: Callable[[set[int]], set[int]]
) -> Iterator[AreaRow | RowProblem]:
    """Yield each row as it can be loaded, parents before children, or what is wrong with it.

    `exist` tells which of these numbers are already in the tree. Rows may come in any order; memory grows with the
    numbers seen (about 90 bytes each), not with the rows.
    """
    seen: set[int] = set()
    waiting: dict[int, AreaRow] = {}
    known: set[int] = set()
    patience = WAITING
    for raw in raws:
        row = read_row(raw) if isinstance(raw, RawRow) else raw
        if isinstance(row, RowProblem):
            yield row
            continue
        if row.number in seen or row.number in waiting:
            yield RowProblem(row.file, row.line, code_of(row.number), Problem.DUPLICATE)
            continue
        if row.parent is None or row.parent in seen or row.parent in known:
            seen.add(row.number)
            yield row
        else:
            waiting[row.number] = row
        if len(waiting) >= patience:
            yield from _settle(waiting, seen, known, exist)
            patience = len(waiting) + WAITING
        if not row.name.isprintable():
            yield RowProblem(row.file, row.line, code_of(row.number), Problem.ODD_CHARACTER, row.name)
    yield from _settle(waiting, seen, known, exist)
    for row in waiting.values():
        yield RowProblem(row.file, row.line, code_of(row.number), Problem.PARENT_UNKNOWN, code_of(row.parent or 0))


def _settle(
    waiting: dict[int, AreaRow], seen: set[int], known: set[int], exist: Callable[[set[int]], set[int]]
) -> Iterator[AreaRow]:
    """Yield the waiting rows whose parents are in the tree or have been seen by now."""
    parents = {row.parent for row in waiting.values() if row.parent is not None}
    known |= exist(parents - seen - known)
    for number in sorted(waiting):
        if waiting[number].parent in seen or waiting[number].parent in known:
            seen.add(number)
            yield waiting.pop(number)
