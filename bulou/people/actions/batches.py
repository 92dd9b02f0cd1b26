"""What the registers know that a batch of lines may speak of: a fixed number of look-ups a batch, however many
lines."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bulou.people.actions.tables import HOUSEHOLD_VALUES, PERSON_VALUES
from bulou.people.models import Household, Person
from bulou.people.rules.matching import Known
from bulou.people.rules.rows import Counts, Line, Problem, Said, Verdict

Report = Callable[[Line, Verdict, list[Problem]], None]


@dataclass(slots=True)
class Work:
    """One import under way. Between batches it remembers only the counts and who was spoken of last."""

    county: int
    list_name: str
    by: str
    at: datetime
    run: UUID | None
    report: Report
    area_names: dict[int, str]
    counts: Counts = field(default_factory=Counts)
    lately: tuple[set[UUID], set[UUID]] = field(default_factory=lambda: (set(), set()))  # this batch, the one before


@dataclass(slots=True)
class Home:
    """A household in the register, or one this batch is about to add."""

    id: UUID
    area: int
    key: str
    head: UUID | None
    values: dict[str, Any]  # by HOUSEHOLD_VALUES
    new: bool = False
    changed: bool = False


@dataclass(slots=True)
class Group:
    """Lines of a list that speak of one household."""

    area: int
    key: str
    head: str
    household_id: str = ""
    sheet: str = ""
    home: Home | None = None
    headed: bool = False  # the line of its head has been read
    named: bool = True  # its key is its own


@dataclass(slots=True)
class Reading:
    """A line, what it says, and where."""

    line: Line
    said: Said
    area: int | None = None
    group: Group | None = None


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(slots=True)
class Register:
    """The part of the registers a batch touches, and what the batch does to it."""

    county: int
    at: datetime
    persons: dict[UUID, Known] = field(default_factory=dict)
    by_number: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    members: dict[UUID, list[Known]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[UUID, Home] = field(default_factory=dict)
    by_key: dict[tuple[int, str], Home] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)
    other_numbers: list[tuple[str, UUID]] = field(default_factory=list)  # of rows merged away

    def load(self, readings: Sequence[Reading]) -> None:
        said = [r.said for r in readings]
        groups = [r.group for r in readings if r.group]
        ids = {i for s in said if (i := as_id(s.person_id))}
        rows = Person.objects.filter(county=self.county)
        self._take(rows.filter(id__in=ids), follow=True)
        live = rows.filter(merged_into__isnull=True)
        numbers = {str(n) for s in said if (n := s.person.get("id_number"))}
        phones = {str(n) for s in said if (n := s.person.get("phone"))}
        self._take(rows.filter(id_number__in=numbers).exclude(id_number=""), follow=True)
        self._take(live.filter(phone__in=phones).exclude(phone=""))
        self._take_homes(
            {k.household for k in self.persons.values() if k.household}
            | {i for g in groups if (i := as_id(g.household_id))}
            | {g.home.id for g in groups if g.home},
            {g.key for g in groups if g.key},
        )
        self._take(live.filter(household__in=list(self.homes)))
        for number, kept in self.other_numbers:
            if (known := self._present(kept)) and known not in self.by_number[number]:
                self.by_number[number].append(known)

    def _take(self, rows: "QuerySet[Person]", *, follow: bool = False) -> None:
        later: set[UUID] = set()
        columns = ("id", "area", "household", "id_sure", "since", "ended_at", "merged_into", *PERSON_VALUES)
        for id_, area, household, sure, since, ended, merged, *values in rows.values_list(*columns):
            if merged is not None:
                self.merged[id_] = merged
                later.add(merged)
                if sure:
                    self.other_numbers.append((str(values[PERSON_VALUES.index("id_number")]), merged))
                continue
            if id_ in self.persons:
                continue
            if ended is not None:
                self.ended.add(id_)
            self.learn(
                Known(id_, area, household, dict(zip(PERSON_VALUES, values, strict=True)), sure, since == self.at)
            )
        if follow and later - set(self.persons):
            self._take(Person.objects.filter(county=self.county, id__in=later), follow=True)

    def learn(self, known: Known) -> None:
        self.persons[known.id] = known
        if number := known.values["id_number"]:
            self.by_number[str(number)].append(known)
        if phone := known.values["phone"]:
            self.by_phone[str(phone)].append(known)
        if known.household:
            self.members[known.household].append(known)

    def _take_homes(self, ids: Iterable[UUID], keys: Iterable[str]) -> None:
        rows = Household.objects.filter(county=self.county, ended_at__isnull=True)
        columns = ("id", "area", "key", "head", *HOUSEHOLD_VALUES)
        for found in (rows.filter(id__in=list(ids)), rows.filter(key__in=list(keys)).exclude(key="")):
            for id_, area, key, head, *values in sorted(found.values_list(*columns)):
                if id_ not in self.homes:
                    self.learn_home(Home(id_, area, key, head, dict(zip(HOUSEHOLD_VALUES, values, strict=True))))

    def learn_home(self, home: Home) -> None:
        self.homes[home.id] = home
        if home.key:
            self.by_key.setdefault((home.area, home.key), home)

    def find_person(self, text: str) -> Known | None:
        """Return the person of an id as we once exported it, under the present name."""
        id_ = as_id(text)
        return self._present(id_) if id_ else None

    def _present(self, id_: UUID) -> Known | None:
        while id_ in self.merged:
            id_ = self.merged[id_]
        return self.persons.get(id_)

    def home_of(self, known: Known | None, area: int) -> Home | None:
        home = self.homes.get(known.household) if known and known.household else None
        return home if home and home.area == area else None
