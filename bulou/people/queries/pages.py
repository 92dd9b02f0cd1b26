"""Everything known of one household or person, masked unless the caller has put the reveal on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import F, Q

from bulou.core.divisions import county_area, county_of
from bulou.core.masks import mask_id, mask_name, mask_numbers, mask_phone
from bulou.core.moments import day_of
from bulou.core.scope import visible_within
from bulou.people.models import Household as HouseholdTable
from bulou.people.models import Merge, Source
from bulou.people.models import Person as PersonTable
from bulou.people.rules.columns import Field, field_of, suggest
from bulou.people.rules.matching import HOUSEHOLD_FIELDS, PERSON_FIELDS, Difference, compare
from bulou.people.rules.rows import read


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a screen shows them. Masked: name, ID number and phone; of the birth date only the year."""

    county: int
    id: UUID
    household: UUID | None
    area: int
    name: str
    sex: str
    birth: date | None
    id_number: str
    id_sure: bool
    phone: str
    relation: str
    resident: str
    away: bool | None
    away_to: str
    note: str
    since: datetime
    ended_at: datetime | None
    merged_into: UUID | None
    masked: bool = False

    @property
    def subject(self) -> str:
        return f"person:{self.id}"

    def mask(self) -> "Person":
        birth = self.birth.replace(month=1, day=1) if self.birth else None
        return Person(
            self.county, self.id, self.household, self.area, mask_name(self.name), self.sex, birth,
            mask_id(self.id_number), self.id_sure, mask_phone(self.phone), self.relation, self.resident, self.away,
            self.away_to, mask_numbers(self.note), self.since, self.ended_at, self.merged_into, masked=True,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Household:
    """A household as a screen shows it. `head_name` is masked unless told; `members` counts the living rows."""

    county: int
    id: UUID
    area: int
    number: str
    address: str
    household_class: str
    dwelling: str
    latitude: float | None
    longitude: float | None
    head: UUID | None
    note: str
    since: datetime
    ended_at: datetime | None
    head_name: str = ""
    members: int = 0

    @property
    def subject(self) -> str:
        return f"household:{self.id}"


PERSON_COLUMNS = tuple(Person.__dataclass_fields__)[:-1]
HOUSEHOLD_COLUMNS = tuple(Household.__dataclass_fields__)[:-2]


def within(area: int, column: str = "area") -> Q:
    """Return the condition for rows under the area that may be read: none of them if no scope is bound.

    `column` may name an annotation of the area (PLACE) where another index is the better way in.
    """
    condition = Q(pk__in=[])
    for low, high in visible_within(area):
        counties = Q(county__range=(county_of(low), county_of(high)))
        if county_of(low) == county_of(high):
            counties = Q(county=county_of(low))
        condition |= counties & Q(**{f"{column}__range": (low, high)})
    return condition


PLACE = F("area") + 0  # the area as no index knows it: without statistics SQLite would walk the whole area instead


def read_persons(condition: Q, *, order: Iterable[str] = ("area", "id"), limit: int | None = None) -> list[Person]:
    rows = PersonTable.objects.annotate(place=PLACE).filter(condition).order_by(*order).values_list(*PERSON_COLUMNS)
    return [Person(*row) for row in (rows if limit is None else rows[:limit])]


def read_households(
    condition: Q, *, masked: bool, limit: int | None = None, order: Iterable[str] = ("area", "id")
) -> list[Household]:
    """Return the households with the name of their head and the number of their members: two queries."""
    rows = HouseholdTable.objects.annotate(place=PLACE).filter(condition).order_by(*order)
    told = rows.values_list(*HOUSEHOLD_COLUMNS)
    found = [Household(*row) for row in (told if limit is None else told[:limit])]
    counties, ids = {h.county for h in found}, [h.id for h in found]
    people = PersonTable.objects.filter(county__in=counties, household__in=ids, merged_into__isnull=True, ended_at=None)
    names: dict[UUID, str] = {}
    sizes: dict[UUID, int] = {}
    for id_, home, name in people.values_list("id", "household", "name"):
        names[id_] = name
        if home:
            sizes[home] = sizes.get(home, 0) + 1
    if masked:
        names = {id_: mask_name(name) for id_, name in names.items()}
    return [
        Household(
            h.county, h.id, h.area, h.number, h.address, h.household_class, h.dwelling, h.latitude, h.longitude, h.head,
            mask_numbers(h.note) if masked else h.note, h.since, h.ended_at, names.get(h.head, "") if h.head else "",
            sizes.get(h.id, 0),
        )
        for h in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A list that speaks of the subject, what it said (header → text), and where that differs from what is known."""

    list_name: str
    ref: str
    at: datetime
    by: str
    said: dict[str, str]
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeRecord:
    id: UUID
    kept: UUID
    gone: UUID
    gone_name: str
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    household: Household
    members: list[Person]
    sources: list[SourceRecord]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`also`: the ids of the rows merged into this one; entries about them are entries about this person.

    `twins`: others who may be the same person: the same ID number, or the same name with the same phone or household.
    """

    person: Person
    household: Household | None
    also: list[UUID]
    sources: list[SourceRecord]
    merges: list[MergeRecord]
    twins: list[Person]

    @property
    def subjects(self) -> list[str]:
        """Every name the person has or had, for the ledger's queries."""
        return [f"person:{id_}" for id_ in (self.person.id, *self.also)]


_MASKS = {Field.NAME: mask_name, Field.HEAD: mask_name, Field.ID_NUMBER: mask_id, Field.PHONE: mask_phone}


def _mask_value(field: str, value: object) -> object:
    masks = {"name": mask_name, "id_number": mask_id, "phone": mask_phone}
    if field == "birth" and isinstance(value, date):
        return value.year
    return masks[field](str(value)) if field in masks else value


def _sources(county: int, subjects: list[str], known: dict[str, object], part: str, masked: bool) -> list[SourceRecord]:
    found = []
    for row in Source.objects.filter(county=county, subject__in=subjects).order_by("at", "list_name"):
        data = {str(h): "" if v is None else str(v) for h, v in msgspec.json.decode(row.data).items()}
        mapping = suggest(data)
        said = read({f: data[h] for h, f in mapping.items()}, on=day_of(row.at))
        differs = [] if ":" in row.list_name else compare(known, getattr(said, part))[1]
        if masked:
            differs = [
                Difference(d.field, _mask_value(d.field, d.known), _mask_value(d.field, d.said)) for d in differs
            ]
            data = {h: _MASKS.get(field_of(h) or Field.NOTE, mask_numbers)(v) for h, v in data.items()}
        found.append(SourceRecord(row.list_name, row.ref, row.at, row.by, data, tuple(differs)))
    return found


def household_page(county: int, household: UUID, *, masked: bool = True) -> HouseholdPage:
    """Return everything known of the household; raise LookupError if there is none that may be seen."""
    area = HouseholdTable.objects.filter(county=county, id=household).values_list("area", flat=True).first()
    found = (
        read_households(within(area, "place") & Q(county=county, id=household), masked=masked, order=())
        if area is not None
        else []
    )
    if not found:
        raise LookupError(f"there is no household {household} here")
    members = read_persons(Q(county=county, household=household, merged_into__isnull=True), order=("since", "id"))
    members.sort(key=lambda p: (p.id != found[0].head, p.ended_at is not None))
    known = {f: getattr(found[0], f) for f in HOUSEHOLD_FIELDS}
    return HouseholdPage(
        found[0],
        [p.mask() for p in members] if masked else members,
        _sources(county, [found[0].subject], known, "household", masked),
    )


def _present(county: int, person: UUID) -> tuple[UUID, int | None]:
    """Return the id the person has now, after merges, and where they are; no area if there is no such person."""
    rows = PersonTable.objects.filter(county=county)
    while found := rows.filter(id=person).values_list("merged_into", "area").first():
        merged, area = found
        if merged is None:
            return person, area
        person = merged
    return person, None


def person_page(county: int, person: UUID, *, masked: bool = True) -> PersonPage:
    """Return everything known of the person, under whichever of their ids; raise LookupError if none may be seen."""
    row, area = _present(county, person)
    found = read_persons(within(area, "place") & Q(county=county, id=row), order=()) if area is not None else []
    if not found:
        raise LookupError(f"there is no person {person} here")
    one, also = found[0], [found[0].id]
    for id_ in also:
        also.extend(PersonTable.objects.filter(county=county, merged_into=id_).values_list("id", flat=True))
    known = {f: getattr(one, f) for f in PERSON_FIELDS}
    home = (
        read_households(within(one.area, "place") & Q(county=county, id=one.household), masked=masked, order=())
        if one.household
        else []
    )
    sources = _sources(county, [f"person:{i}" for i in also], known, "person", masked)
    twins = _twins(one)
    return PersonPage(
        one.mask() if masked else one,
        home[0] if home else None,
        also[1:],
        sources,
        _merges(county, also, masked),
        [twin.mask() for twin in twins] if masked else twins,
    )


def _twins(one: Person) -> list[Person]:
    live = PersonTable.objects.filter(county=one.county, merged_into__isnull=True).annotate(place=PLACE)
    live = live.filter(within(county_area(one.county), "place")).exclude(id=one.id)
    same = []  # one look-up each: an index knows either, none knows both
    if one.id_number:
        same.append(live.filter(id_number=one.id_number).exclude(id_number=""))
    if one.phone:
        same.append(live.filter(name=one.name, phone=one.phone).exclude(phone=""))
    if one.household:
        same.append(live.filter(name=one.name, household=one.household))
    found = {p.id: p for rows in same for p in (Person(*row) for row in rows.values_list(*PERSON_COLUMNS)[:20])}
    return sorted(found.values(), key=lambda p: (p.area, p.id))


def _merges(county: int, ids: list[UUID], masked: bool) -> list[MergeRecord]:
    rows = list(Merge.objects.filter(county=county, kept__in=ids).order_by("at", "id"))
    names = dict(PersonTable.objects.filter(county=county, id__in=[m.gone for m in rows]).values_list("id", "name"))
    return [
        MergeRecord(
            m.id,
            m.kept,
            m.gone,
            mask_name(names.get(m.gone, "")) if masked else names.get(m.gone, ""),
            m.reason,
            m.by,
            m.at,
            m.undone_at,
            m.undone_by,
        )
        for m in rows
    ]
