"""A list of responders into the register: read as safely as lists of people, and answered with the rows to correct."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from bulou.access.actions import audit
from bulou.areas import queries as areas
from bulou.core.divisions import county_of
from bulou.exchange.queries import SAMPLE, left_out
from bulou.exchange.rules.files import UPLOAD, Limits, Refused, check_file
from bulou.exchange.rules.sheets import Sheet, read_sheets
from bulou.exchange.rules.tables import Table, find_table
from bulou.exchange.rules.writing import Column as Written
from bulou.exchange.rules.writing import Page, write_pages
from bulou.rosters import actions as rosters
from bulou.rosters.queries import find_columns, identities, keeps_party
from bulou.rosters.rules.columns import Bad, Column, column_of, problems_of, read_row, suggest
from bulou.rosters.rules.registers import NewResponder
from bulou.rosters.rules.registers import Refused as NotRegistered
from bulou.rosters.words import ROLES, bad_row_word, explain
from bulou.store import writing


@dataclass(frozen=True, slots=True)
class ListView:
    """A sheet as the person who confirms the mapping sees it. `problems`: codes of rosters.rules.columns, "no table"."""

    name: str
    hidden: bool
    height: int
    headers: list[str]
    sample: list[list[str]]
    mapping: dict[str, Column]
    remembered: bool
    problems: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    sheet: str
    number: int
    cells: Mapping[str, str]
    why: str


@dataclass
class Taken:
    """What became of the rows (人): `known` are in the register already and were left as they are."""

    read: int = 0
    added: int = 0
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)
    party_left_out: bool = False

    def file(self) -> bytes:
        """Return the .xlsx of the rows to correct and bring back."""
        headers = list(dict.fromkeys(header for row in self.bad for header in row.cells))
        columns = [*(Written(header) for header in headers), Written(_("reason"), 60), Written(_("row"), 8)]
        rows = ([*(row.cells.get(h, "") for h in headers), row.why, str(row.number)] for row in self.bad)
        notice = _("Correct these rows and import this file again. Leave the other columns as they are.")
        return write_pages([Page("需更正", columns, rows, notice=notice)]).content


def inspect_responders(path: Path, *, file_name: str, county: int, limits: Limits = UPLOAD) -> list[ListView]:
    """Return what the file holds. Raise rules.files.Refused if it may not be opened."""
    kind, views = check_file(path, file_name, limits), []
    for sheet in read_sheets(path, kind, limits):
        if left_out(sheet.name):
            continue
        table = find_table(sheet, column_of)
        if table is None:
            views.append(ListView(sheet.name, sheet.hidden, sheet.height, [], [], {}, False, ["no table"]))
            continue
        remembered = find_columns(county, table.headers)
        mapping = suggest(table.headers) if remembered is None else remembered
        sample = [[line.cells[header] for header in table.headers] for line in islice(table.lines(), SAMPLE)]
        views.append(ListView(sheet.name, sheet.hidden, sheet.height, table.headers, sample, mapping,
                              remembered is not None, problems_of(mapping)))  # fmt: skip
    return views


def import_responders(
    path: Path, *, file_name: str, area: int, by: str, at: datetime,
    choices: Mapping[str, Mapping[str, Column | None]] | None = None, limits: Limits = UPLOAD,
) -> Taken:  # fmt: skip
    """Register the responders of a file, in one transaction, and return what became of every row.

    `choices`: sheet -> header -> column, as a person said; they are remembered. Sheets without a choice are left out if
    any is given, else read as such lists were read before, or as we recognise them. Raise rules.files.Refused, with
    nothing written, if the file may not be opened, is broken, or holds no list.
    """
    kind, county, taken, tables = check_file(path, file_name, limits), county_of(area), Taken(), 0
    with writing(county):
        work = _Reading(area, taken, keeps_party(county))
        for sheet in read_sheets(path, kind, limits):
            if left_out(sheet.name) or (sheet.name not in choices if choices else sheet.hidden):
                continue
            table = find_table(sheet, column_of)
            if table is None:
                continue
            said = (choices or {}).get(sheet.name)
            mapping = _mapping(county, table, said)
            if problems_of(mapping):
                continue
            tables += 1
            if said:
                rosters.remember_columns(county=county, mapping=said, by=by, at=at)
            new = list(work.take(sheet, table, mapping))
            if new:
                rosters.add_responders(new, by=by, at=at)
        if not tables:
            raise Refused("no table")
        counts = {"read": taken.read, "added": taken.added, "known": taken.known, "bad": len(taken.bad)}
        audit(
            by=by, at=at, action="import", area=area, detail={"list": "responders", "file": file_name[:120], **counts}
        )
    return taken


def _mapping(county: int, table: Table, said: Mapping[str, Column | None] | None) -> dict[str, Column]:
    if said is not None:
        return {header: column for header, column in said.items() if column and header in table.columns}
    remembered = find_columns(county, table.headers)
    return suggest(table.headers) if remembered is None else remembered


class _Reading:
    def __init__(self, area: int, taken: Taken, party: bool) -> None:
        self.area, self.taken, self.party = area, taken, party
        self.known = identities(county_of(area))
        self.places: dict[str, int | None] = {}
        for place in areas.subtree(area, 2):
            self.places[place.name] = None if place.name in self.places else place.number

    def take(self, sheet: Sheet, table: Table, mapping: Mapping[str, Column]) -> Iterator[NewResponder]:
        taken = self.taken
        taken.party_left_out |= not self.party and Column.PARTY in mapping.values()
        for line in table.lines():
            taken.read += 1
            try:
                new = read_row(line.cells, mapping, area=self.area, places=self.places, party_is_kept=self.party,
                               roles=ROLES)  # fmt: skip
                if len(" ".join(new.roles)) > 200 or len(" ".join(new.skills)) > 200:
                    raise Bad("too long")
            except (Bad, NotRegistered) as bad:
                why = bad_row_word(bad.code, bad.what) if isinstance(bad, Bad) else explain(bad)
                taken.bad.append(BadRow(sheet.name, line.number, dict(line.cells), why))
                continue
            pairs = {(new.name, mark) for mark in _marks(new)}
            if pairs & self.known or (not pairs and (new.name, "") in self.known):
                taken.known += 1
                continue
            self.known |= pairs or {(new.name, "")}
            taken.added += 1
            yield new


def _marks(new: NewResponder) -> Iterable[str]:
    """Return by what somebody of this name is known again: the phone, or else the unit."""
    return [new.phone] if new.phone else [new.unit] if new.unit else []
