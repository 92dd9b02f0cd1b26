"""A list brought beside a form: choices for select_one_from_file, or data for pulldata(), as CSV. Read and checked."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bulou.records.fields import Table
from bulou.records.uploaded.findings import Finding

MOST_ROWS, MOST_COLUMNS, LONGEST = 20_000, 60, 2_000  # characters of a cell
MOST_SAID = 10  # rows named of one fault
_COLUMN = re.compile(r"[^\W\d][\w.\-]*")  # what can be the name of an element


@dataclass(frozen=True, slots=True)
class List:
    """A file as it was understood. `rows` are the numbers of the table's rows as a spreadsheet counts them."""

    columns: tuple[str, ...]
    table: Table
    rows: tuple[int, ...]
    findings: tuple[Finding, ...]


def read_list(name: str, content: bytes) -> List:
    """Return the rows of a CSV file. What is wrong with it is among the findings, row by row."""
    text = _decoded(content)
    if text is None:
        return List((), (), (), (Finding("refuses", "not text", detail=name, sheet=name),))
    sample = text[:20_000].splitlines()[:20]
    sign = max([",", "\t", ";"], key=lambda one: sum(line.count(one) for line in sample))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        return List((), (), (), (Finding("refuses", "not csv", detail=str(error)[:120], sheet=name),))
    kept = [
        (number, [cell.strip() for cell in line]) for number, line in enumerate(lines, 1) if any(map(str.strip, line))
    ]
    if len(kept) < 2:
        return List((), (), (), (Finding("refuses", "empty list", sheet=name),))
    head = kept[0][1]
    while head and not head[-1]:
        head.pop()
    findings = list(_head_faults(name, head, len(kept)))
    if findings:
        return List((), (), (), tuple(findings))
    for number, line in kept[1:]:
        if len([cell for cell in line[len(head) :] if cell]):
            findings.append(Finding("refuses", "too many cells", detail=str(len(head)), row=number, sheet=name))
        if any(len(cell) > LONGEST for cell in line):
            findings.append(Finding("refuses", "long cell", detail=str(LONGEST), row=number, sheet=name))
    table = tuple(dict(zip(head, [*line, *[""] * len(head)], strict=False)) for _, line in kept[1:])
    numbers = tuple(number for number, _ in kept[1:])
    return List(tuple(head), table, numbers, tuple(_few(findings)))


def written(read: List) -> bytes:
    """Return the list as ODK reads it: commas, UTF-8, the columns as they came."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(read.columns)
    writer.writerows([row[column] for column in read.columns] for row in read.table)
    return text.getvalue().encode()


def choice_faults(name: str, read: List, value: str, label: str, *, several: bool, filtered: bool) -> Iterator[Finding]:
    """Yield what keeps the list from being one of choices: a column missing, a row without value, one said twice.

    `several`: more than one may be chosen, which then stand in one answer, blanks between them.
    """
    missing = [column for column in dict.fromkeys((value, label)) if column not in read.columns]
    if missing:
        for column in missing:
            yield Finding("refuses", "no column", column, "、".join(read.columns)[:200], sheet=name)
        return
    found: list[Finding] = []
    seen: dict[str, int] = {}
    for number, row in zip(read.rows, read.table, strict=True):
        said = row[value]
        if not said:
            found.append(Finding("refuses", "no value", value, row=number, sheet=name))
        elif several and re.search(r"\s", said):
            found.append(Finding("refuses", "blank in value", value, said[:60], row=number, sheet=name))
        elif said in seen and not filtered:
            found.append(Finding("refuses", "value twice", said[:60], str(seen[said]), row=number, sheet=name))
        if said and not row[label]:
            found.append(Finding("warns", "no label", said[:60], row=number, sheet=name))
        seen.setdefault(said, number)
    yield from _few(found)


def _decoded(content: bytes) -> str | None:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    known = next((encoding for mark, encoding in marks if content.startswith(mark)), "")
    for encoding in [known] if known else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        return None if "\0" in text else text
    return None


def _head_faults(name: str, head: list[str], rows: int) -> Iterator[Finding]:
    if len(head) > MOST_COLUMNS:
        yield Finding("refuses", "too many columns", detail=str(MOST_COLUMNS), row=1, sheet=name)
    elif rows - 1 > MOST_ROWS:
        yield Finding("refuses", "too many rows", detail=str(MOST_ROWS), sheet=name)
    for place, column in enumerate(head):
        if not _COLUMN.fullmatch(column):
            yield Finding("refuses", "column name", column or f"({place + 1})", row=1, sheet=name)
        elif column in head[:place]:
            yield Finding("refuses", "column twice", column, row=1, sheet=name)


def _few(findings: list[Finding]) -> Iterator[Finding]:
    """Yield the first rows of each fault, and how many more have it."""
    counted: dict[str, int] = {}
    for each in findings:
        counted[each.code] = counted.get(each.code, 0) + 1
        if counted[each.code] <= MOST_SAID:
            yield each
    for code, count in counted.items():
        if count > MOST_SAID:
            first = next(each for each in findings if each.code == code)
            yield Finding(first.weight, "more rows", "", f"{count - MOST_SAID}", sheet=first.sheet)
