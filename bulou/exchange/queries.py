"""Looking into a file before anything in it is taken: what it is, which tables it has, how we would read them.

And, for files that leave: how the subjects of records are called.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from uuid import UUID

from bulou.areas import queries as areas
from bulou.core.divisions import county_area, county_of, number_of
from bulou.exchange.rules.files import UPLOAD, Limits, check_file
from bulou.exchange.rules.sheets import read_sheets
from bulou.exchange.rules.tables import find_table
from bulou.exchange.rules.writing import MANIFEST
from bulou.people import queries as people
from bulou.people.queries import find_mapping
from bulou.people.rules.columns import Field, field_of, problems_of, suggest
from bulou.rosters import queries as rosters

REVIEW = "已导入待核对"  # the sheet of our own error file whose rows are in the register already
SAMPLE = 8


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet as the person who confirms the mapping sees it. `problems`: codes of rules.columns.problems_of, "no
    table".

    `remembered` tells that a list with these columns was read before; `mapping` is then what was confirmed.
    """

    name: str
    hidden: bool
    height: int
    header_row: int | None
    headers: list[str]
    sample: list[list[str]]
    mapping: dict[str, Field]
    remembered: bool
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Inspection:
    kind: str
    sha256: str
    sheets: list[SheetView]

    @property
    def usable(self) -> bool:
        return any(not sheet.problems and not sheet.hidden for sheet in self.sheets)


def digest_of(path: Path) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            hashed.update(piece)
    return hashed.hexdigest()


def left_out(name: str) -> bool:
    """Tell whether the sheet is one we wrote for people to read, not to be read back."""
    return name.startswith((MANIFEST, REVIEW))


def inspect(
    path: Path, *, file_name: str, county: int, limits: Limits = UPLOAD, header_rows: Mapping[str, int] | None = None
) -> Inspection:
    """Return what the file holds. Raise rules.files.Refused if it may not be opened.

    `header_rows` says where the headers are (counted from 1) in sheets where they were not found.
    """
    kind = check_file(path, file_name, limits)
    views = []
    for sheet in read_sheets(path, kind, limits):
        if left_out(sheet.name):
            continue
        table = find_table(sheet, field_of, header_row=(header_rows or {}).get(sheet.name))
        if table is None:
            views.append(SheetView(sheet.name, sheet.hidden, sheet.height, None, [], [], {}, False, ["no table"]))
            continue
        remembered = find_mapping(county, table.headers)
        mapping = remembered if remembered is not None else suggest(table.headers)
        sample = [[line.cells[h] for h in table.headers] for line in islice(table.lines(), SAMPLE)]
        views.append(
            SheetView(
                sheet.name,
                sheet.hidden,
                sheet.height,
                table.header_row,
                table.headers,
                sample,
                mapping,
                remembered is not None,
                problems_of(mapping),
            )
        )
    return Inspection(kind, digest_of(path), views)


def subject_names(subjects: Iterable[tuple[int, str]], *, masked: bool) -> dict[str, str]:
    """Return how the subjects, given with their areas, are called: a person's name, the name of a household's head or its
    door, a place, a post. Those that may not be seen are left out. A few queries a county, however many."""
    found: dict[str, str] = {}
    places: dict[int, str] = {}
    counties: dict[int, dict[str, set[str]]] = {}
    for area, subject in subjects:
        sort, _colon, rest = subject.partition(":")
        if sort == "area" and rest.isdigit() and len(rest) in (12, 18):
            places[number_of(rest)] = subject
        counties.setdefault(county_of(area), {}).setdefault(sort, set()).add(subject)
    names = areas.names(places) if places else {}
    found |= {places[number]: name for number, name in names.items()}
    for county, sorts in counties.items():
        if homes := _ids(sorts.get("household", ())):
            for home in people.households_by_id(county_area(county), homes, masked=masked).values():
                found[home.subject] = home.head_name or f"{home.number} {home.address}".strip()
        if persons := _ids(sorts.get("person", ())):
            for asked, one in people.persons_by_id(county_area(county), persons, masked=masked).items():
                found[f"person:{asked}"] = one.name
        if standing := set().union(*(sorts.get(sort, set()) for sort in rosters.TYPES)):
            for subject, label in rosters.subject_labels(county, standing).items():
                found[subject] = label.name
    return found


def _ids(subjects: Iterable[str]) -> set[UUID]:
    found = set()
    for subject in subjects:
        try:
            found.add(UUID(subject.partition(":")[2]))
        except ValueError:
            continue
    return found
