"""Somebody met once, at a post or a door: known to the register, or added to it, and never twice."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bulou.core.divisions import county_of
from bulou.core.identity import normal_id_number, normal_phone
from bulou.people.actions.registering import record_source, register_person
from bulou.people.actions.tables import PERSON_VALUES
from bulou.people.models import Person
from bulou.people.rules.matching import Known, match
from bulou.people.rules.rows import Said, id_is_sure
from bulou.store import writing


def recognise(county: int, *, name: str, id_number: str = "", phone: str = "", on: datetime) -> tuple[UUID, int] | None:
    """Return the id and area of the one person the register knows by this ID number, or by name and phone; None if it
    knows nobody, or cannot be sure. For other actions, not for pages: it is not limited by scope.
    """
    said = _said(name, id_number, phone, on)
    number, call = str(said.person["id_number"]), str(said.person["phone"])
    found = match(
        said,
        same_id=_known(county, id_number=number) if number else (),
        same_phone=_known(county, phone=call) if call else (),
        at_home=(),
    )
    # A number that is another name's is a doubt, and here nobody is taken for somebody in doubt.
    return None if found.known is None or found.warnings else (found.known.id, found.known.area)


def register_once(
    *, id: UUID, area: int, name: str, id_number: str, phone: str, list_name: str, by: str, at: datetime
) -> tuple[UUID, int]:
    """Return who this is and where they are registered: whom the register knows, with one more source, or whom it now
    knows under the given id. The same call again changes nothing. Raise Refused if the ID number is another's.
    """
    county = county_of(area)
    said = _said(name, id_number, phone, at)
    data = {key: str(value) for key, value in said.person.items()}
    with writing(county):
        there = Person.objects.filter(county=county, id=id).values_list("merged_into", "area").first()
        known = (there[0] or id, there[1]) if there else None
        known = known or recognise(county, name=name, id_number=id_number, phone=phone, on=at)
        if known is not None:
            record_source(county, f"person:{known[0]}", list_name, data, by, at)
            return known
        register_person(name=name, area=area, by=by, at=at, id=id, list_name=list_name, id_number=data["id_number"],
                        phone=data["phone"])  # fmt: skip
    return id, area


def _said(name: str, id_number: str, phone: str, on: datetime) -> Said:
    number, call = normal_id_number(id_number, on=on.date())[0], normal_phone(phone)[0]
    person: dict[str, object] = {"name": name.strip(), "id_number": number, "phone": call}
    return Said(person, id_sure=id_is_sure(number, on=on.date()))


def _known(county: int, **by: str) -> list[Known]:
    rows = Person.objects.filter(county=county, merged_into__isnull=True, ended_at__isnull=True, **by)
    found = []
    for id_, area, household, sure, *values in rows.values_list("id", "area", "household", "id_sure", *PERSON_VALUES):
        said: Mapping[str, object] = dict(zip(PERSON_VALUES, values, strict=True))
        found.append(Known(id_, area, household, dict(said), sure))
    return found
