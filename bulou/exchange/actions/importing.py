"""A file of people into the registers: read safely, recorded, and answered with the rows to correct."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from bulou.access.actions import audit
from bulou.core.divisions import LEVELS, county_of, depth_of
from bulou.exchange.queries import REVIEW, digest_of, left_out
from bulou.exchange.rules.files import UPLOAD, Limits, Refused, check_file
from bulou.exchange.rules.sheets import Sheet, read_sheets
from bulou.exchange.rules.tables import Table, find_table
from bulou.exchange.rules.writing import MANIFEST, Column, Page, write_pages
from bulou.people import actions as people
from bulou.people.queries import Note, Run, find_mapping, find_run
from bulou.people.rules.columns import Field, field_of, problems_of, suggest
from bulou.people.rules.rows import Counts, Line, Problem, Verdict
from bulou.people.words import describe
from bulou.store import writing

NOTES = 100
COUNTY = LEVELS.index("county")


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person said a sheet is to be read. `mapping` has every header of the sheet; None: not used."""

    mapping: Mapping[str, Field | None]
    header_row: int | None = None


@dataclass
class _Answer:
    """The rows to correct and to look at, spooled to disk until the columns of all sheets are known."""

    bad: IO[bytes]
    kept: IO[bytes]
    headers: dict[str, None] = field(default_factory=dict)

    def hear(self, line: Line, verdict: Verdict, problems: list[Problem]) -> None:
        reasons = "；".join(dict.fromkeys(describe(p) for p in problems))
        spool = self.bad if verdict is Verdict.BAD else self.kept
        spool.write(msgspec.json.encode([dict(line.cells), reasons, line.sheet, line.number]) + b"\n")
        self.headers.update(dict.fromkeys(line.cells))

    def file(self) -> bytes | None:
        """Return the .xlsx to correct and bring back, or None if there is nothing in it."""
        if not (self.bad.tell() or self.kept.tell()):
            return None
        said = [Column(_("reason"), 60), Column(_("sheet")), Column(_("row"), 8)]
        columns = [*(Column(header) for header in self.headers), *said]
        right = _("Correct these rows and import this file again. Leave the other columns as they are.")
        look = _("These rows are in the register. Please look at what is doubtful; this sheet is not read again.")
        pages = [
            Page("需更正", columns, self._rows(self.bad), notice=right),
            Page(REVIEW, columns, self._rows(self.kept), notice=look),
        ]
        spools = (self.bad, self.kept)
        return write_pages([page for page, spool in zip(pages, spools, strict=True) if spool.tell()]).content

    def _rows(self, spool: IO[bytes]) -> Iterator[list[str]]:
        spool.seek(0)
        for row in spool:
            cells, reasons, sheet, number = msgspec.json.decode(row)
            yield [*(cells.get(header, "") for header in self.headers), reasons, sheet, str(number)]


def import_list(
    path: Path,
    *,
    file_name: str,
    list_name: str,
    area: int,
    by: str,
    at: datetime,
    choices: Mapping[str, Choice] | None = None,
    create_groups: bool = False,
    limits: Limits = UPLOAD,
    progress: Callable[[Counts, int], None] = lambda counts, total: None,
    clock: Callable[[], datetime] | None = None,
) -> Run:
    """Read a file into the registers of the area and return the run, with the counts and, if needed, a file of rows.

    Sheets without a choice are read as the same columns were last confirmed, else as we recognise them; a choice is
    remembered. `progress` hears the counts and the rows there are. What was good before a file turned out to be broken
    stays, and the run says so. Raise Refused, with nothing read, if the file may not be opened or names nobody.
    """
    if depth_of(area) < COUNTY:
        raise ValueError("a list is imported for one county or an area in it")
    kind, county = check_file(path, file_name, limits), county_of(area)
    with writing(county):
        run = people.begin_run(
            area=area, list_name=list_name, file_name=file_name, sha256=digest_of(path), by=by, at=at
        )
        audit(by=by, at=at, action="import", area=area, detail={"run": str(run), "list": list_name[:120]})
    work = _Reading(run, county, area, list_name, by, at, dict(choices or {}), create_groups, progress)
    with tempfile.TemporaryFile() as bad, tempfile.TemporaryFile() as kept:
        answer = _Answer(bad, kept)
        failure = ""
        try:
            work.take(read_sheets(path, kind, limits), answer)
            if not work.tables:
                raise Refused("no table")
        except Refused as refusal:
            failure = f"{refusal.code}|{refusal.what}"
        except BaseException as error:
            people.finish_run(
                county=county, run=run, counts=work.counts, at=at, failure=f"error|{type(error).__name__}"
            )
            raise
        people.finish_run(
            county=county,
            run=run,
            counts=work.counts,
            at=(clock or (lambda: at))(),
            report=answer.file(),
            failure=failure,
            notes=work.notes[:NOTES],
        )
    done = find_run(area, run)
    assert done
    return done


class _Reading:
    def __init__(
        self,
        run: UUID,
        county: int,
        area: int,
        list_name: str,
        by: str,
        at: datetime,
        choices: dict[str, Choice],
        create_groups: bool,
        progress: Callable[[Counts, int], None],
    ) -> None:
        self.run, self.county, self.area, self.list_name, self.by, self.at = run, county, area, list_name, by, at
        self.choices, self.create_groups, self.progress = choices, create_groups, progress
        self.counts, self.notes, self.tables, self.height = Counts(), list[Note](), 0, 0
        self.promised: int | None = None  # rows, as our own export says it has

    def take(self, sheets: Iterable[Sheet], answer: _Answer) -> None:
        for sheet in sheets:
            if sheet.name.startswith(MANIFEST):
                self._promise(sheet)
            elif left_out(sheet.name):
                continue
            elif sheet.hidden and sheet.name not in self.choices:
                self.notes.append(Note("hidden sheet", sheet.name))
            else:
                self._sheet(sheet, answer)
        if self.promised is not None and self.promised != self.counts.read:
            self.notes.insert(0, Note("rows differ", "", self.promised))

    def _promise(self, sheet: Sheet) -> None:
        for row in sheet.rows:
            if row and row[0].startswith("行数") and len(row) > 1 and row[1].isdigit():
                self.promised = int(row[1])

    def _sheet(self, sheet: Sheet, answer: _Answer) -> None:
        choice = self.choices.get(sheet.name)
        table = find_table(sheet, field_of, header_row=choice.header_row if choice else None)
        mapping = self._mapping(table, choice) if table else {}
        if table is None or problems_of(mapping):
            self.notes.append(Note("no table", sheet.name))
            return
        if choice:
            people.remember_mapping(county=self.county, mapping=choice.mapping, by=self.by, at=self.at)
        self.tables += 1
        self.height += sheet.height
        before = self.counts

        def hear(counts: Counts) -> None:
            together = before.join(counts)
            people.note_progress(
                county=self.county, run=self.run, counts=together, total=self.height, by=self.by, at=self.at
            )
            self.progress(together, self.height)

        self.counts = before.join(
            people.import_rows(
                table.lines(),
                list_name=self.list_name,
                area=self.area,
                mapping=mapping,
                by=self.by,
                at=self.at,
                progress=hear,
                report=answer.hear,
                create_groups=self.create_groups,
                run=self.run,
            )
        )
        self.notes.extend(Note(s.why, s.sheet, s.number) for s in table.skipped[:NOTES])

    def _mapping(self, table: Table, choice: Choice | None) -> dict[str, Field]:
        if choice:
            return {h: f for h, f in choice.mapping.items() if f}
        return find_mapping(self.county, table.headers) or suggest(table.headers)
