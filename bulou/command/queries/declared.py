"""What headquarters has declared and who sits in it, as of a day. The daily cycle is in `cycle.py`.

Declarations are public: whoever may see any part of an area may read what was declared for it or above it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection

from bulou.command.models import Appointment, HeadquartersUnit
from bulou.command.models import Incident as IncidentRow
from bulou.command.models import ResponseLevel as LevelRow
from bulou.command.rules import FOR_ONE, HeadquartersTemplate, Seat, in_force, read_template
from bulou.core.divisions import ancestors_of, county_area, county_of
from bulou.core.moments import day_of
from bulou.core.scope import visible_within
from bulou.records.rulebook import latest_begun, rulesets
from bulou.store import query

TEMPLATE = Path(__file__).parent.parent / "headquarters.toml"


@dataclass(frozen=True, slots=True)
class Incident:
    """An outbreak an area responds to. `closed_on` is its last day."""

    id: UUID
    area: int
    name: str
    disease: str
    opened_on: date
    closed_on: date | None
    basis: str

    def current(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True, slots=True)
class Level:
    """The response level (1 to 4, 0 stood down) from a day on."""

    level: int
    since: date
    basis: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RuleSetUse:
    area: int
    name: str
    since: date
    basis: str


@dataclass(frozen=True, slots=True)
class Appointed:
    """Who sits where. `unit` is None for commander and deputies. `until` is the first day it no longer holds."""

    id: UUID
    unit: UUID | None
    seat: Seat
    person: str
    post: str
    account: UUID | None
    since: date
    until: date | None
    basis: str

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Unit:
    """The office or a group. `named` is false while it carries the template's number instead of a name."""

    id: UUID
    place: int
    sort: str
    name: str
    named: bool
    lead: Appointed | None
    members: tuple[Appointed, ...]


@dataclass(frozen=True, slots=True)
class Headquarters:
    """一办八组 as of a day: who commands, and every unit in the order of the template."""

    incident: UUID
    day: date
    commander: Appointed | None
    first_deputy: Appointed | None
    deputies: tuple[Appointed, ...]
    units: tuple[Unit, ...]

    @property
    def missing_leads(self) -> tuple[Unit, ...]:
        """The units that nobody leads on the day."""
        return tuple(unit for unit in self.units if unit.lead is None)


def _above(area: int) -> list[int]:
    """Return the area and the areas above it, nearest first; none if no part of it may be seen."""
    return [area, *reversed(ancestors_of(area))] if visible_within(area) else []


def _incident(row: IncidentRow) -> Incident:
    return Incident(row.id, row.area, row.name, row.disease, row.opened_on, row.closed_on, row.basis)


def incidents(area: int) -> list[Incident]:
    """Return every incident declared for the area or above it, the latest first."""
    above = _above(area)
    rows = IncidentRow.objects.filter(county__in={county_of(a) for a in above}, area__in=above)
    return [_incident(row) for row in rows.order_by("-opened_on", "-at")]


def find_incident(area: int, day: date) -> Incident | None:
    """Return the incident the area responds to on the day: its own before one above it, the latest before an older."""
    current = [incident for incident in incidents(area) if incident.current(day)]
    return max(current, key=lambda incident: (len(ancestors_of(incident.area)), incident.opened_on), default=None)


def get_incident(area: int, incident: UUID) -> Incident:
    """Return the incident of this id that the area responds to. Raise LookupError if there is none."""
    for found in incidents(area):
        if found.id == incident:
            return found
    raise LookupError(f"no incident {incident} concerns area {area}")


def levels(incident: Incident) -> list[Level]:
    """Return the incident's response levels, the first declared first."""
    if not visible_within(incident.area):
        return []
    rows = LevelRow.objects.filter(county=county_of(incident.area), incident=incident.id).order_by("since", "at")
    return [Level(row.level, row.since, row.basis, row.by, row.at) for row in rows]


def _uses(areas: Iterable[int]) -> list[RuleSetUse]:
    above = list(areas)
    if not above:
        return []
    counties = sorted({county_of(a) for a in above})
    # Asked for every batch, so in plain SQL: composing it anew cost ten times what it takes to run.
    sql = "SELECT area, name, since, basis, at FROM command_rulesetinforce WHERE county IN ({}) AND area IN ({})"
    rows = query(sql.format(*(", ".join(["%s"] * len(each)) for each in (counties, above))), *counties, *above)
    # An area's own declaration outranks one above it of the same day, and a later one of a day an earlier.
    ranked = sorted(rows, key=lambda row: (row[2], len(ancestors_of(row[0])), row[4]))
    return [RuleSetUse(area, name, since, basis) for area, name, since, basis, _at in ranked]


def find_ruleset(area: int, day: date) -> RuleSetUse | None:
    """Return the declaration by which a rule set is in force on the day: the last, for the county or above it.

    None until there is one; `records.rulebook` answers which holds then.
    """
    return in_force(_uses(_above(area)), day)


_memo: tuple[object, int, Sequence[RuleSetUse]] | None = None


def rules_at(county: int, moment: datetime) -> str:
    """Return the name of the rule set the county works under at the moment: the declared one; until there is one,
    the latest that ships and has begun by then; "" if none has.

    Made to be `Law.rules_at`: everybody else asks `records.rulebook`. It asks no scope and, inside a transaction, reads
    the few declarations once: `append` asks it for every entry of a batch and opens a transaction of its own for each.
    """
    day = day_of(moment)
    found = in_force(_declared(county), day) or latest_begun(rulesets(), day)
    return found.name if found else ""


def _declared(county: int) -> Sequence[RuleSetUse]:
    global _memo
    batch = connection.atomic_blocks[-1] if connection.in_atomic_block else None
    known = _memo
    if batch is not None and known is not None and known[0] is batch and known[1] == county:
        uses = known[2]
    else:
        area = county_area(county)
        uses = _uses([area, *ancestors_of(area)])
        _memo = None if batch is None else (batch, county, uses)
    return uses


def forget_rulesets() -> None:
    """Forget what `rules_at` remembers: called where a rule set is declared."""
    global _memo
    _memo = None


def template() -> HeadquartersTemplate:
    """Return the headquarters template that ships: 一办八组."""
    return read_template(TEMPLATE.read_text(encoding="utf-8"))


def appointments(incident: Incident) -> list[Appointed]:
    """Return every appointment there was, the first made first."""
    if not visible_within(incident.area):
        return []
    rows = Appointment.objects.filter(county=county_of(incident.area), incident=incident.id).order_by("since", "at")
    return [Appointed(r.id, r.unit, Seat(r.seat), r.person, r.post, r.account, r.since, r.until, r.basis) for r in rows]


def headquarters(incident: Incident, day: date) -> Headquarters:
    """Return who sits in the incident's headquarters on the day: empty if it was never set up. Two queries."""
    sitting = [a for a in appointments(incident) if a.holds(day)]

    def one(seat: Seat, unit: UUID | None) -> Appointed | None:
        assert seat in FOR_ONE
        return in_force([a for a in sitting if a.seat is seat and a.unit == unit], day)

    rows = (
        HeadquartersUnit.objects.filter(county=county_of(incident.area), incident=incident.id)
        if visible_within(incident.area)
        else HeadquartersUnit.objects.none()
    )
    units = tuple(
        Unit(
            row.id, row.place, row.sort, row.name, row.named, one(Seat.LEAD, row.id),
            tuple(a for a in sitting if a.unit == row.id and a.seat is Seat.MEMBER),
        )
        for row in rows.order_by("place")
    )  # fmt: skip
    return Headquarters(
        incident.id,
        day,
        one(Seat.COMMANDER, None),
        one(Seat.FIRST_DEPUTY, None),
        tuple(a for a in sitting if a.seat is Seat.DEPUTY),
        units,
    )
