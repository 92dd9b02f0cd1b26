"""Lists and counts by area, and the search box."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from bulou.core.identity import normal_id_number, normal_phone, plain
from bulou.people.models import Household as HouseholdTable
from bulou.people.models import Person as PersonTable
from bulou.people.queries.pages import PERSON_COLUMNS, PLACE, Household, Person, read_households, read_persons, within
from bulou.people.rules.rows import normal_name

PAGE = 50
LIVING = Q(merged_into__isnull=True, ended_at__isnull=True)


class HouseholdCursor(NamedTuple):
    """Where a page of households or persons ended; ask for the next with `after`."""

    area: int
    id: UUID


def _after(cursor: HouseholdCursor | None) -> Q:
    return Q(area__gt=cursor.area) | Q(area=cursor.area, id__gt=cursor.id) if cursor else Q()


def households_in(
    area: int,
    *,
    limit: int = PAGE,
    after: HouseholdCursor | None = None,
    dwelling: str = "",
    household_class: str = "",
    masked: bool = True,
) -> list[Household]:
    """Return a page of the households under the area, in the order of the tree."""
    condition = within(area) & Q(ended_at__isnull=True) & _after(after)
    if dwelling:
        condition &= Q(dwelling=dwelling)
    if household_class:
        condition &= Q(household_class=household_class)
    return read_households(condition, masked=masked, limit=limit)


def persons_in(
    area: int,
    *,
    limit: int = PAGE,
    after: HouseholdCursor | None = None,
    resident: str = "",
    away: bool | None = None,
    masked: bool = True,
) -> list[Person]:
    """Return a page of the persons under the area, in the order of the tree."""
    condition = within(area) & LIVING & _after(after)
    if resident:
        condition &= Q(resident=resident)
    if away is not None:
        condition &= Q(away=away)
    found = read_persons(condition, limit=limit)
    return [p.mask() for p in found] if masked else found


def _by_id(area: int, ids: Iterable[UUID]) -> Q:
    return within(area, "place") & Q(id__in=list(ids))


def households_by_id(area: int, ids: Iterable[UUID], *, masked: bool = True) -> dict[UUID, Household]:
    """Return those of the households that are under the area and may be seen: one call for a whole list of the
    missed."""
    return {h.id: h for h in read_households(_by_id(area, ids), masked=masked, order=())}


def persons_by_id(area: int, ids: Iterable[UUID], *, masked: bool = True) -> dict[UUID, Person]:
    """Return those of the persons that are under the area and may be seen, by the id asked for."""
    return {p.id: p.mask() if masked else p for p in read_persons(_by_id(area, ids), order=())}


def persons_of(area: int, households: Iterable[UUID], *, masked: bool = True) -> list[Person]:
    """Return the persons of these households under the area, in the order of the tree."""
    found = read_persons(within(area) & LIVING & Q(household__in=list(households)))
    return [p.mask() for p in found] if masked else found


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """What the registers hold of one area itself, not of what lies under it."""

    households: int = 0
    persons: int = 0
    vacant: int = 0


def counts_by_area(area: int) -> dict[int, RegisterCount]:
    """Return the counts of every area under this one that has any, from two grouped index scans."""
    homes = HouseholdTable.objects.filter(within(area), ended_at__isnull=True).values_list("area").order_by("area")
    people = dict(
        PersonTable.objects.filter(within(area), LIVING).values_list("area").order_by("area").annotate(n=Count("*"))
    )
    found = {where: RegisterCount(0, n) for where, n in people.items()}
    for where, n, vacant in homes.annotate(n=Count("*"), vacant=Count("pk", filter=Q(dwelling="vacant"))):
        found[where] = RegisterCount(n, people.get(where, 0), vacant)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `by`: "id number", "phone", "name" or "address"; `more`: there were more than are shown."""

    by: str
    persons: list[Person]
    households: list[Household]
    more: bool = False


def _begins(name: str) -> Q:
    """Return the condition for names that begin so. SQLite's LIKE uses no index; a range of code points does."""
    if connection.vendor == "postgresql":
        return Q(name__startswith=name)
    return Q(name__gte=name, name__lt=name + chr(sys.maxunicode))


def _order(person: Person) -> tuple[int, UUID]:
    return person.area, person.id


def search(text: str, area: int, *, limit: int = PAGE, masked: bool = True) -> Found:
    """Return who or what the text means under the area: a whole ID number or phone, the beginning of a name, or part
    of an address or household number. For a person at a screen use actions.search, which puts it on record."""
    text = " ".join(text.split())
    if not text:
        return Found("name", [], [])
    number, flaw = normal_id_number(text)
    phone, unknown = normal_phone(text)
    key = plain(text)
    if flaw is None and number:
        by, condition = "id number", Q(id_number=number) & ~Q(id_number="")
    elif unknown is None and phone and key.lstrip("+").replace("-", "").isdigit():
        by, condition = "phone", Q(phone=phone) & ~Q(phone="")
    else:
        by, condition = "name", _begins(normal_name(text))
    rows = PersonTable.objects.annotate(place=PLACE).filter(LIVING, condition, within(area, "place"))
    persons = sorted((Person(*row) for row in rows.values_list(*PERSON_COLUMNS)[: limit + 1]), key=_order)
    homes: list[Household] = []
    if by == "name":
        told = Q(address__contains=text) | Q(number=text)
        homes = read_households(within(area) & Q(ended_at__isnull=True) & told, masked=masked, limit=limit + 1)
        by = "name" if persons or not homes else "address"
    more = len(persons) > limit or len(homes) > limit
    persons = [p.mask() for p in persons[:limit]] if masked else persons[:limit]
    return Found(by, persons, homes[:limit], more)
