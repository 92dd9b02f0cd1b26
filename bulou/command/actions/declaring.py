"""Incidents, response levels, rule sets in force, headquarters and who sits in it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from bulou.access.actions import audit, need
from bulou.command.models import Appointment, HeadquartersUnit, Incident, ResponseLevel, RuleSetInForce
from bulou.command.queries.declared import forget_rulesets
from bulou.command.rules import (
    FOR_ONE,
    LOWEST,
    STOOD_DOWN,
    HeadquartersTemplate,
    Problem,
    Refused,
    Seat,
    check_filled,
    check_seat,
)
from bulou.core.divisions import LEVELS, county_of, depth_of
from bulou.core.ids import new_id
from bulou.core.scope import may_see
from bulou.records.rulebook import rulesets

COUNTY_DEPTH = LEVELS.index("county")


def get_row(area: int, incident: UUID) -> Incident:
    """Return the row of an incident declared for this very area. Raise Refused if there is none, or it may not be seen."""
    row = Incident.objects.filter(county=county_of(area), id=incident, area=area).first()
    if row is None or not may_see(area):
        raise Refused(Problem.NO_INCIDENT)
    return row


def open_incident(
    *, area: int, name: str, disease: str, opened_on: date, basis: str = "", by: str, at: datetime
) -> UUID:
    """Declare that the area responds to an outbreak, and return the incident's id. Raise Refused."""
    check_filled(name=name, disease=disease)
    if not may_see(area):
        raise Refused(Problem.NO_AREA)
    incident = new_id()
    Incident.objects.create(
        county=county_of(area), id=incident, area=area, name=name.strip(), disease=disease.strip(),
        opened_on=opened_on, basis=basis.strip(), by=by, at=at,
    )  # fmt: skip
    return incident


def close_incident(*, area: int, incident: UUID, closed_on: date, basis: str, by: str, at: datetime) -> None:
    """End the incident; `closed_on` is its last day, after which the response is stood down. Raise Refused.

    It takes a second person: NeedsSecond.
    """
    check_filled(basis=basis)
    with transaction.atomic():
        row = get_row(area, incident)
        if closed_on < row.opened_on:
            raise Refused(Problem.DATES)
        said = {"incident": str(incident), "name": row.name, "last_day": closed_on.isoformat(), "basis": basis.strip()}
        need("close_incident", area=area, asked=said, by=by, at=at)
        declare_level(row, STOOD_DOWN, since=closed_on + timedelta(days=1), basis=basis, by=by, at=at)
        audit(by=by, at=at, action="incident closed", area=area, subject=f"incident:{incident}", purpose=basis.strip())
        Incident.objects.filter(county=row.county, id=incident).update(closed_on=closed_on)


def set_level(*, area: int, incident: UUID, level: int, since: date, basis: str, by: str, at: datetime) -> None:
    """Declare the response level (1 to 4, 0 stood down) from a day on, with the document it rests on. Raise Refused.

    Standing the response down takes a second person, as closing the incident does: NeedsSecond.
    """
    check_filled(basis=basis)
    with transaction.atomic():
        row = get_row(area, incident)
        if not STOOD_DOWN <= level <= LOWEST:
            raise Refused(Problem.LEVEL)
        if level == STOOD_DOWN:
            said = {"incident": str(incident), "name": row.name, "level": level, "since": since.isoformat(),
                    "basis": basis.strip()}  # fmt: skip
            need("close_incident", area=area, asked=said, by=by, at=at)
        declare_level(row, level, since=since, basis=basis, by=by, at=at)


def declare_level(row: Incident, level: int, *, since: date, basis: str, by: str, at: datetime) -> None:
    """Write the level down, inside the transaction of the order that sets it."""
    ResponseLevel.objects.create(
        county=row.county, id=new_id(), incident=row.id, level=level, since=since, basis=basis.strip(), by=by, at=at
    )


def use_ruleset(*, area: int, name: str, since: date, basis: str, by: str, at: datetime) -> None:
    """Put a rule set in force for a county (or an area above it) from a day on. Raise Refused.

    Entries received before are not judged again: each names the rule set it was judged under. It takes a second person.
    """
    check_filled(name=name, basis=basis)
    if depth_of(area) > COUNTY_DEPTH:
        raise Refused(Problem.BELOW_COUNTY)
    if not may_see(area):
        raise Refused(Problem.NO_AREA)
    known = rulesets()
    if name not in known:
        raise Refused(Problem.UNKNOWN_RULESET, name=name, known=", ".join(known))
    if since < known[name].valid_from:
        raise Refused(Problem.RULESET_BEGINS, name=name, valid_from=known[name].valid_from.isoformat())
    with transaction.atomic():
        said = {"name": name, "since": since.isoformat(), "basis": basis.strip()}
        need("rule_set", area=area, asked=said, by=by, at=at)
        RuleSetInForce.objects.create(
            county=county_of(area), id=new_id(), area=area, name=name, since=since, basis=basis.strip(), by=by, at=at
        )
        audit(by=by, at=at, action="rule set", area=area, subject=f"ruleset:{name}"[:80], purpose=basis.strip())
    forget_rulesets()


def set_up_headquarters(
    *, area: int, incident: UUID, template: HeadquartersTemplate, by: str, at: datetime
) -> list[UUID]:
    """Make the units of the template, in its order, and return their ids. Raise Refused if they exist already."""
    with transaction.atomic():
        row = get_row(area, incident)
        if HeadquartersUnit.objects.filter(county=row.county, incident=incident).exists():
            raise Refused(Problem.SET_UP)
        units = [
            HeadquartersUnit(
                county=row.county, id=new_id(), incident=incident, place=place, sort=unit.sort, name=unit.name,
                named=unit.named, by=by, at=at,
            )
            for place, unit in enumerate(template.units)
        ]  # fmt: skip
        HeadquartersUnit.objects.bulk_create(units)
    return [unit.id for unit in units]


def rename_unit(*, area: int, incident: UUID, unit: UUID, name: str, by: str, at: datetime) -> None:
    """Give a unit its name. Raise Refused."""
    check_filled(name=name)
    row = get_row(area, incident)
    done = HeadquartersUnit.objects.filter(county=row.county, incident=incident, id=unit).update(
        name=name.strip(), named=True, by=by, at=at
    )
    if not done:
        raise Refused(Problem.NO_UNIT)


def appoint(
    *, area: int, incident: UUID, seat: Seat, person: str, since: date, by: str, at: datetime, unit: UUID | None = None,
    post: str = "", account: UUID | None = None, basis: str = "",
) -> UUID:  # fmt: skip
    """Seat a person from a day on and return the appointment's id; whoever held a seat for one until then leaves it.

    Raise Refused.
    """
    check_filled(person=person)
    check_seat(seat, unit)
    appointment = new_id()
    with transaction.atomic():
        row = get_row(area, incident)
        if unit and not HeadquartersUnit.objects.filter(county=row.county, incident=incident, id=unit).exists():
            raise Refused(Problem.NO_UNIT)
        if seat in FOR_ONE:
            held = Appointment.objects.filter(county=row.county, incident=incident, unit=unit, seat=seat)
            held.filter(since__lte=since, until__isnull=True).update(until=since)
        Appointment.objects.create(
            county=row.county, id=appointment, incident=incident, unit=unit, seat=seat, person=person.strip(),
            post=post.strip(), account=account, since=since, basis=basis.strip(), by=by, at=at,
        )  # fmt: skip
    return appointment


def end_appointment(*, area: int, incident: UUID, appointment: UUID, until: date, by: str, at: datetime) -> None:
    """End an appointment; `until` is the first day it no longer holds. Raise Refused."""
    row = get_row(area, incident)
    held = Appointment.objects.filter(county=row.county, incident=incident, id=appointment, until__isnull=True).first()
    if held is None:
        raise Refused(Problem.NO_APPOINTMENT)
    if until < held.since:
        raise Refused(Problem.DATES)
    Appointment.objects.filter(county=row.county, id=appointment).update(until=until)
