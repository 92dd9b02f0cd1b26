"""Finding the table in a sheet as villages keep them: a title on top, headers in one row or two, notes under them,
merged
cells, the headers again on every printed page, a line of totals and a signature at the end."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from bulou.core.identity import plain
from bulou.exchange.rules.sheets import Sheet
from bulou.people.rules.rows import Line

LOOK = 30  # rows in which the headers are looked for
_TOTAL = re.compile(r"(总?合计|总计|小计|共计|累计|总数)[:：]?.{0,12}")
_FOOT = re.compile(
    r"^(填表|制表|审核|负责人|单位负责人|填报|报送|联系人|注[:：]|说明[:：]|备注[:：]|填表说明|第.{1,4}页)"
)
_HINT = re.compile(r"必填|选填|非必填|示例|例如|^如[:：]|格式|填写|说明|下拉|\d+位|文本")
Recognise = Callable[[str], object | None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not a line of the list, and why: "total", "note", "header again", "foot"."""

    sheet: str
    number: int
    why: str
    text: str


@dataclass(slots=True)
class Table:
    """A sheet's table. `header_row` counts from 1; `columns` are header → index; `lines` are read once."""

    sheet: str
    header_row: int
    columns: dict[str, int]
    body: Iterable[tuple[int, list[str]]]
    skipped: list[Skipped] = field(default_factory=list)
    only: Mapping[str, object] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        return list(self.columns)

    def lines(self) -> Iterator[Line]:
        """Yield the lines of the list, leaving out what is not one and noting it in `skipped`."""
        for n, (number, row) in enumerate(self.body):
            filled = [cell for cell in row if cell.strip()]
            if not filled:
                continue
            if why := self._not_a_line(n, row, filled):
                self.skipped.append(Skipped(self.sheet, number, why, filled[0][:40]))
                continue
            yield Line(self.sheet, number, {h: row[i].strip() if i < len(row) else "" for h, i in self.columns.items()})

    def _not_a_line(self, n: int, row: list[str], filled: list[str]) -> str:
        if any(len(cell) < 24 and _TOTAL.fullmatch(plain(cell)) for cell in filled[:2]):
            return "total"
        if self._repeats_headers(row, filled):
            return "header again"
        if n < 2 and 2 * sum(1 for cell in filled if len(cell) < 60 and _HINT.search(cell)) >= len(filled):
            return "note"
        if (len(filled) <= 2 or len(set(filled)) <= 2) and _FOOT.match(plain(filled[0])):
            return "foot"
        return ""

    def _repeats_headers(self, row: list[str], filled: list[str]) -> bool:
        header, index = next(
            (h, i) for h, i in self.columns.items() if (i < len(row) and row[i].strip()) or h == self.last
        )
        if index >= len(row) or plain(row[index]) != plain(header):
            return False
        same = sum(1 for h, i in self.columns.items() if i < len(row) and plain(row[i]) == plain(h))
        return same >= max(2, len(filled) // 2)

    @property
    def last(self) -> str:
        return next(reversed(self.columns))


def filled_rows(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield row number (from 1) and cells, every cell of a merged area with the value of its first."""
    starts = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in sheet.merged}
    by_row: dict[int, list[tuple[int, int, int]]] = {}
    for (r0, c0), (r1, c1) in starts.items():
        by_row.setdefault(r0, []).append((c0, r1, c1))
    active: list[tuple[int, int, int, str]] = []  # first column, last column, last row, value
    for index, row in enumerate(sheet.rows):
        for c0, r1, c1 in by_row.pop(index, ()):
            value = row[c0] if c0 < len(row) else ""
            if value:
                active.append((c0, c1, r1, value))
        if active:
            active = [a for a in active if a[2] >= index]
            for c0, c1, _, value in active:
                if len(row) <= c1:
                    row = row + [""] * (c1 + 1 - len(row))
                for column in range(c0, c1 + 1):
                    row[column] = row[column] or value
        yield index + 1, row


def find_table(sheet: Sheet, recognise: Recognise, *, header_row: int | None = None) -> Table | None:
    """Return the sheet's table: below the row in which most headers are recognised, or below the row given.

    None if no row has two headers we know; ask a person which row it is then.
    """
    rows = filled_rows(sheet)
    top = list(islice(rows, max(LOOK, header_row or 0)))
    if header_row is None:
        scores = [len({f for cell in row if (f := recognise(cell))}) for _, row in top]
        best = max(scores, default=0)
        if best < 2:
            return None
        at = (
            len(scores) - 1 - scores[::-1].index(best)
            if scores.count(best) > 1 and _stacked(top, scores, best)
            else scores.index(best)
        )
    else:
        at = header_row - 1
        if at >= len(top):
            return None
    names = _names(top, at)
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        if name:
            columns[_unique(name, columns)] = index
    return Table(sheet.name, top[at][0], columns, chain(top[at + 1 :], rows))


def _stacked(top: list[tuple[int, list[str]]], scores: list[int], best: int) -> bool:
    """Tell whether two rows with as many headers stand right under each other: headers of two storeys."""
    at = scores.index(best)
    return at + 1 < len(scores) and scores[at + 1] == best and sum(1 for s in scores if s == best) == 2


def _names(top: list[tuple[int, list[str]]], at: int) -> list[str]:
    """Return the headers of row `at`, a blank one taken from the row above if that is not a title over everything."""
    names = [" ".join(cell.split()) for cell in top[at][1]]
    if at:
        above = [" ".join(cell.split()) for cell in top[at - 1][1]]
        if len({cell for cell in above if cell}) > 1:
            names += [""] * (len(above) - len(names))
            names = [name or (above[i] if i < len(above) else "") for i, name in enumerate(names)]
    return names


def _unique(name: str, taken: Mapping[str, int]) -> str:
    if name not in taken:
        return name
    n = 2
    while f"{name} ({n})" in taken:
        n += 1
    return f"{name} ({n})"
