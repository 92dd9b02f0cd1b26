"""Reading a list into the registers, batch by batch: good lines are kept, bad ones reported, nothing overwritten."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from bulou.areas import queries as areas
from bulou.areas.actions import add_area
from bulou.core.divisions import ancestors_of, county_of, depth_of
from bulou.core.moments import day_of
from bulou.people.actions.batches import Group, Reading, Report, Work
from bulou.people.actions.settling import Batch
from bulou.people.rules.columns import Field
from bulou.people.rules.matching import household_key
from bulou.people.rules.places import Names, Unplaced
from bulou.people.rules.rows import Counts, Line, Problem, Said, read
from bulou.store import chunks, writing

BATCH = 2_000  # lines a transaction: a phone that sends a visit meanwhile waits for one batch, not for the file
COUNTY, VILLAGE = 2, 4  # depths: a household must stand in a village at least, or nobody would owe it a visit


def import_rows(
    rows: Iterable[Line],
    *,
    list_name: str,
    area: int,
    mapping: Mapping[str, Field],
    by: str,
    at: datetime,
    progress: Callable[[Counts], None] = lambda counts: None,
    report: Report = lambda line, verdict, problems: None,
    create_groups: bool = False,
    run: UUID | None = None,
) -> Counts:
    """Read the lines into the registers of the area and return the counts.

    `mapping` says which header is which field. `report` hears of every line that is bad, doubtful or disagrees with
    what is known; `progress` hears the counts after each batch. Each batch is one transaction, and reading a list again
    changes nothing, so an import that was cut off is simply started again. Raise ValueError above the county.
    """
    if depth_of(area) < COUNTY:
        raise ValueError("a list is imported for one county or an area in it")
    above = areas.names(ancestors_of(area)).values()
    names = Names(area, ((a.number, a.name) for a in areas.subtree(area)), above)
    work = Work(county_of(area), list_name[:120], by, at, run, report, names.names)
    return Importing(work, dict(mapping), names, create_groups).take(rows, progress)


class Importing:
    """Reads the lines of one list in order, and hands them on batch by batch."""

    def __init__(self, work: Work, mapping: dict[str, Field], names: Names, create_groups: bool) -> None:
        self.work, self.mapping, self.names, self.create_groups = work, mapping, names, create_groups
        self.on = day_of(work.at)
        self.previous: Group | None = None

    def take(self, rows: Iterable[Line], progress: Callable[[Counts], None]) -> Counts:
        for chunk in chunks(rows, BATCH):
            readings = [self._read(line) for line in chunk]
            with writing(self.work.county):
                Batch(self.work, readings).apply()
            self.work.lately = (set(), self.work.lately[0])
            progress(self.work.counts)
        return self.work.counts

    def _read(self, line: Line) -> Reading:
        cells = {field: line.cells.get(header, "") for header, field in self.mapping.items()}
        said = read(cells, on=self.on)
        reading = Reading(line, said)
        try:
            reading.area = self._place(said)
        except Unplaced as problem:
            code = f"{problem.code} area"
            said.errors.append(Problem(code, "area", problem.name, self.names.names.get(problem.within, "")))
            return reading
        if depth_of(reading.area) < VILLAGE:
            said.errors.append(Problem("no village", "area", other=self.names.names.get(reading.area, "")))
            return reading
        self._follow(reading)
        return reading

    def _place(self, said: Said) -> int:
        try:
            return self.names.find(*(said.areas if any(said.areas) else (said.area_code,)))
        except Unplaced as problem:
            if said.area_code and any(said.areas):  # two areas of one name: the code we exported tells them apart
                return self.names.find(said.area_code)
            township, village, group = said.areas
            if not (self.create_groups and problem.code == "unknown" and group and problem.name == group):
                raise
            above = self.names.find(township, village)
            if depth_of(above) < VILLAGE:
                raise
            number = add_area(above, name=group, kind="组", by=self.work.by, at=self.work.at).number
            self.names.add(number, group)
            return number

    def _follow(self, reading: Reading) -> None:
        """Say which household the line belongs to: the one it names, or the one the lines above it belong to."""
        said, line, area, last = reading.said, reading.line, reading.area, self.previous
        assert area is not None
        fields = self.mapping.values()
        named = said.head or said.household.get("number") or said.household_id
        relation = said.person.get("relation")
        goes_on = not named and not said.is_head and said.name and (relation or Field.HEAD in fields)
        if goes_on and last and last.area == area and last.sheet == line.sheet:
            said.head = last.head
            reading.group = last
            return
        key = household_key(said)
        if not key and not said.household_id:
            self.previous = None
            return
        here = (area, key, said.household_id, line.sheet)
        same = last and (last.area, last.key, last.household_id, last.sheet) == here
        if not (same and last) or (said.is_head and last.headed):  # a second head begins a second household
            last = self.previous = Group(area, key, said.head, said.household_id, line.sheet)
        last.headed |= said.is_head
        reading.group = last
