"""The registers as rows of a sheet, in the columns we ourselves read."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from bulou.areas import queries as areas
from bulou.core.divisions import LEVELS, ancestors_of, code_of, depth_of
from bulou.core.masks import mask_numbers
from bulou.people.models import Household as HouseholdTable
from bulou.people.models import Person as PersonTable
from bulou.people.queries.lists import LIVING
from bulou.people.queries.pages import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, Household, Person, within
from bulou.people.rules.columns import Field
from bulou.store import chunks

COLUMNS = tuple(Field)
BATCH = 2_000
_SEXES = {"male": "男", "female": "女"}
_DWELLINGS = {"owner": "自住", "rented": "出租", "vacant": "空置", "unassigned": "未分配"}
_AWAY = {True: "是", False: "否", None: ""}


def register_rows(area: int, *, masked: bool = True) -> Iterator[dict[Field, str]]:
    """Yield the registers under the area, a row a person and one for each empty house, households kept together.

    Read back, the rows change nothing. Bounded memory: a batch of households at a time.
    """
    places: dict[int, dict[Field, str]] = {}
    homes = HouseholdTable.objects.filter(within(area), ended_at__isnull=True).order_by("county", "area", "id")
    for batch in chunks(homes.values_list(*HOUSEHOLD_COLUMNS).iterator(BATCH), BATCH):
        households = [Household(*row) for row in batch]
        people: dict[UUID | None, list[Person]] = {}
        living = PersonTable.objects.filter(LIVING, county__in={h.county for h in households})
        rows = living.filter(household__in=[h.id for h in households])
        for row in rows.values_list(*PERSON_COLUMNS):
            people.setdefault(row[2], []).append(Person(*row))
        _name_places(places, {h.area for h in households})
        for home in households:
            yield from _household(home, people.get(home.id, []), places, masked)
    alone = PersonTable.objects.filter(within(area), LIVING, Q(household__isnull=True)).order_by("county", "area", "id")
    for batch in chunks(alone.values_list(*PERSON_COLUMNS).iterator(BATCH), BATCH):
        persons = [Person(*row) for row in batch]
        _name_places(places, {p.area for p in persons})
        for person in persons:
            yield places[person.area] | _person(person, masked)


def _household(
    home: Household, people: list[Person], places: dict[int, dict[Field, str]], masked: bool
) -> Iterator[dict[Field, str]]:
    head = next((p for p in people if p.id == home.head), None)
    shared = places[home.area] | {
        Field.NUMBER: home.number,
        Field.ADDRESS: home.address,
        Field.CLASS: home.household_class,
        Field.DWELLING: _DWELLINGS.get(home.dwelling, ""),
        Field.HOUSEHOLD_NOTE: mask_numbers(home.note) if masked else home.note,
        Field.HEAD: "" if head is None else (head.mask() if masked else head).name,
        Field.LATITUDE: "" if home.latitude is None else str(home.latitude),
        Field.LONGITUDE: "" if home.longitude is None else str(home.longitude),
        Field.HOUSEHOLD_ID: str(home.id),
    }
    if not people:
        yield shared
    for person in sorted(people, key=lambda p: (p.id != home.head, p.id)):
        yield shared | _person(person, masked)


def _person(person: Person, masked: bool) -> dict[Field, str]:
    shown = person.mask() if masked else person
    birth = "" if shown.birth is None else f"{shown.birth.year}-**-**" if masked else shown.birth.isoformat()
    return {
        Field.NAME: shown.name,
        Field.RELATION: shown.relation,
        Field.SEX: _SEXES.get(shown.sex, ""),
        Field.BIRTH: birth,
        Field.ID_NUMBER: shown.id_number,
        Field.PHONE: shown.phone,
        Field.RESIDENT: shown.resident,
        Field.AWAY: _AWAY[shown.away],
        Field.AWAY_TO: shown.away_to,
        Field.NOTE: shown.note,
        Field.PERSON_ID: str(shown.id),
    }


def _name_places(places: dict[int, dict[Field, str]], numbers: set[int]) -> None:
    """Learn the township, village and group names of the areas not met before."""
    new = numbers - set(places)
    if not new:
        return
    names = areas.names({n for number in new for n in (number, *ancestors_of(number))})
    levels = {LEVELS.index("township"): Field.TOWNSHIP, LEVELS.index("village"): Field.VILLAGE}
    for number in new:
        found = {
            levels[depth_of(n)]: names.get(n, "") for n in (*ancestors_of(number), number) if depth_of(n) in levels
        }
        if depth_of(number) not in levels:
            found[Field.GROUP] = names.get(number, "")
        places[number] = found | {Field.AREA_CODE: code_of(number)}
