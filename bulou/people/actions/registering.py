"""Adding to the registers and changing them, one household or person at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.ledger.actions import follow_registers
from bulou.people.actions.tables import (
    HOUSEHOLD,
    HOUSEHOLD_VALUES,
    PERSON,
    PERSON_VALUES,
    blank,
    insert,
    put_sources,
)
from bulou.people.models import Household, Person
from bulou.people.rules.rows import id_is_sure
from bulou.store import writing

NAMES = {"households", "persons"}


class Refused(ValueError):
    """What was asked cannot be done. `.code` is stable; `.args[0]` says it in English for logs."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def _allowed(values: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    if unknown := set(values) - set(columns):
        raise ValueError(f"no such field: {sorted(unknown)}")
    return {c: blank(c) if values[c] is None else values[c] for c in values}


def record_source(county: int, subject: str, list_name: str, data: Mapping[str, Any], by: str, at: datetime) -> None:
    """Write down that a list spoke of the subject, and what it said; nothing without a list."""
    if list_name:
        said = msgspec.json.encode({k: v for k, v in data.items() if v not in ("", None)}).decode()
        put_sources([(county, subject, list_name, "", at, by, said, None)])


def register_household(
    *, area: int, by: str, at: datetime, list_name: str = "", id: UUID | None = None, **values: Any
) -> UUID:
    """Add a household in the area and return its id. `values` are columns of HOUSEHOLD_VALUES.

    Duties that stand over the area's households are opened for it in the same transaction.
    """
    county, id = county_of(area), id or new_id()
    given: dict[str, Any] = {c: blank(c) for c in HOUSEHOLD_VALUES} | _allowed(values, HOUSEHOLD_VALUES)
    number, address = given["number"], given["address"]
    key = f"n:{number}" if number else f"a:{address}" if address else ""
    with writing(county):
        insert(
            HOUSEHOLD,
            [
                (
                    county,
                    id,
                    area,
                    key,
                    number,
                    address,
                    given["household_class"],
                    given["dwelling"],
                    given["latitude"],
                    given["longitude"],
                    None,
                    given["note"],
                    at,
                )
            ],
        )
        record_source(county, f"household:{id}", list_name, values, by, at)
        follow_registers(county, {f"household:{id}"}, names=NAMES)
    return id


def register_person(
    *,
    name: str,
    by: str,
    at: datetime,
    area: int | None = None,
    household: UUID | None = None,
    county: int | None = None,
    is_head: bool = False,
    list_name: str = "",
    id: UUID | None = None,
    **values: Any,
) -> UUID:
    """Add a person to a household (give `county` with it), or to an area alone, and return the id.

    Raise Refused("id of another") if another person of the county has the same sound ID number: add a source to that
    one instead, or merge. Raise LookupError if there is no such household.
    """
    if area is None and (household is None or county is None):
        raise ValueError("a person needs an area, or a household and its county")
    county, id = county if county is not None else county_of(area or 0), id or new_id()
    if not name.strip():
        raise Refused("no name", "a person needs a name")
    given: dict[str, Any] = (
        {c: blank(c) for c in PERSON_VALUES} | _allowed(values, PERSON_VALUES) | {"name": name.strip()}
    )
    sure = id_is_sure(given["id_number"], on=at.date())
    with writing(county):
        if household is not None:
            area = get_open_household(county, household).area
        if sure:
            check_id_is_free(county, given["id_number"], but=())
        insert(
            PERSON,
            [
                (
                    county,
                    id,
                    household,
                    area,
                    given["name"],
                    given["sex"],
                    given["birth"],
                    given["id_number"],
                    sure,
                    given["phone"],
                    given["relation"],
                    given["resident"],
                    given["away"],
                    given["away_to"],
                    given["note"],
                    at,
                )
            ],
        )
        if is_head and household is not None:
            Household.objects.filter(county=county, id=household).update(head=id)
        record_source(county, f"person:{id}", list_name, {"name": name, **values}, by, at)
        follow_registers(county, {f"person:{id}"}, names=NAMES)
    return id


def get_open_household(county: int, household: UUID) -> Household:
    found = Household.objects.filter(county=county, id=household).first()
    if found is None:
        raise LookupError(f"there is no household {household} in county {county}")
    return found


def get_live_person(county: int, person: UUID) -> Person:
    found = Person.objects.filter(county=county, id=person, merged_into__isnull=True).first()
    if found is None:
        raise LookupError(f"there is no person {person} in county {county}")
    return found


def check_id_is_free(county: int, id_number: str, *, but: tuple[UUID, ...]) -> None:
    """Raise Refused if the number is another living row's. The database's constraint has the last word."""
    rows = Person.objects.filter(county=county, id_number=id_number, id_sure=True, merged_into__isnull=True)
    if rows.exclude(id__in=but).exists():
        raise Refused("id of another", "another person of this county has the same ID number: merge them instead")


def change_household(
    *, county: int, household: UUID, by: str, at: datetime, head: UUID | None = None, **values: Any
) -> None:
    """Set columns of HOUSEHOLD_VALUES, and the head, of a household. Raise LookupError if there is none."""
    with writing(county):
        get_open_household(county, household)
        given = _allowed(values, HOUSEHOLD_VALUES)
        if head is not None:
            if get_live_person(county, head).household != household:
                raise Refused("head elsewhere", "the head must be a member of the household")
            given["head"] = head
        if given:
            Household.objects.filter(county=county, id=household).update(**given)
        record_source(county, f"household:{household}", f"desk:{by}", values, by, at)


def change_person(
    *, county: int, person: UUID, by: str, at: datetime, household: UUID | None = None, **values: Any
) -> None:
    """Set columns of PERSON_VALUES of a person, and the household they live in. Raise LookupError if there is none,
    Refused if the ID number is another's."""
    with writing(county):
        known = get_live_person(county, person)
        given = _allowed(values, PERSON_VALUES)
        if "id_number" in given:
            given["id_sure"] = id_is_sure(given["id_number"], on=at.date())
            if given["id_sure"]:
                check_id_is_free(county, given["id_number"], but=(person,))
        if household is not None and household != known.household:
            given["household"], given["area"] = household, get_open_household(county, household).area
            Household.objects.filter(county=county, head=person).update(head=None)
        if given:
            Person.objects.filter(county=county, id=person).update(**given)
        record_source(county, f"person:{person}", f"desk:{by}", values, by, at)
        if "area" in given:
            follow_registers(county, {f"person:{person}"}, names=NAMES)


def move_household(*, county: int, household: UUID, area: int, by: str, at: datetime) -> None:
    """Put a household and everybody in it into another area of the county; what is owed about them moves along.

    Raise LookupError if there is none, ValueError if the area is in another county.
    """
    if county_of(area) != county:
        raise ValueError("a household that leaves the county is ended here and registered there")
    with writing(county):
        before = get_open_household(county, household).area
        Household.objects.filter(county=county, id=household).update(area=area)
        members = list(Person.objects.filter(county=county, household=household).values_list("id", flat=True))
        Person.objects.filter(county=county, household=household).update(area=area)
        record_source(county, f"household:{household}", f"move:{at:%Y-%m-%d}", {"from": before, "to": area}, by, at)
        follow_registers(county, {f"household:{household}", *(f"person:{m}" for m in members)}, names=NAMES)


def end_household(*, county: int, household: UUID, by: str, at: datetime, reason: str) -> None:
    """Take a household out of the register from `at` on: pulled down, or written down twice. Its members stay, without
    a household, so that nobody is lost with a door. Raise Refused if no reason is given."""
    if not reason.strip():
        raise Refused("no reason", "say why the household is ended")
    with writing(county):
        get_open_household(county, household)
        Household.objects.filter(county=county, id=household).update(ended_at=at)
        Person.objects.filter(county=county, household=household).update(household=None)
        record_source(county, f"household:{household}", f"end:{at:%Y-%m-%d}", {"reason": reason}, by, at)
        follow_registers(county, {f"household:{household}"}, names=NAMES)


def end_person(*, county: int, person: UUID, by: str, at: datetime, reason: str) -> None:
    """Take a person out of the register from `at` on: dead, or moved away for good. Raise Refused without a reason."""
    if not reason.strip():
        raise Refused("no reason", "say why the person is ended")
    with writing(county):
        get_live_person(county, person)
        Person.objects.filter(county=county, id=person).update(ended_at=at)
        record_source(county, f"person:{person}", f"end:{at:%Y-%m-%d}", {"reason": reason}, by, at)
        follow_registers(county, {f"person:{person}"}, names=NAMES)
