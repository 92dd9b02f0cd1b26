"""Who answers for an area, or for a household in it, from a day until a day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bulou.areas.actions.tables import RESPONSIBILITY
from bulou.areas.models import Area, Responsibility
from bulou.areas.rules.answering import TIERS, Assignment
from bulou.core.divisions import code_of, county_of
from bulou.core.ids import new_id
from bulou.store import chunks, insert, writing

_LENGTHS = {"role": 40, "person": 80, "unit": 120, "phone": 40, "household": 80}
_Key = tuple[Any, ...]


def assign_responsibility(assignment: Assignment, *, by: str, at: datetime) -> UUID:
    """Put a person in a place and return its id; see assign_responsibilities."""
    return assign_responsibilities([assignment], by=by, at=at)[0]


def assign_responsibilities(assignments: Sequence[Assignment], *, by: str, at: datetime) -> list[UUID]:
    """Put people in their places and return the ids, in order. Who stands there already, said the same way, is left as
    they are, so that a list can be given twice.

    All or none: raise LookupError if an area is not in the tree, ValueError if it does not exist on the day, if a
    person or role is missing or too long, or if a tier is none of 1, 2, 3 (or None for staff).
    """
    ids = [UUID(int=0)] * len(assignments)
    places: dict[int, list[int]] = {}
    for i, assignment in enumerate(assignments):
        _check(assignment)
        places.setdefault(county_of(assignment.area), []).append(i)
    with transaction.atomic():
        for county, positions in sorted(places.items()):
            with writing(county):
                for chunk in chunks(positions, 5_000):
                    _assign(county, [(i, assignments[i]) for i in chunk], ids, by, at)
    return ids


def _check(assignment: Assignment) -> None:
    if assignment.tier is not None and assignment.tier not in TIERS:
        raise ValueError(_("The tier must be 1, 2 or 3, or left out for the staff of a grid."))
    if not assignment.person.strip() or not assignment.role.strip():
        raise ValueError(_("Say who it is and in which role, for %(code)s.") % {"code": code_of(assignment.area)})
    for name, limit in _LENGTHS.items():
        if len(getattr(assignment, name)) > limit:
            raise ValueError(_("“%(text)s…” is longer than %(limit)s characters.")
                             % {"text": getattr(assignment, name)[:20], "limit": limit})  # fmt: skip
    if assignment.household and not assignment.household.startswith("household:"):
        raise ValueError(_("%(text)s is not the subject of a household.") % {"text": assignment.household})


def _key(assignment: Assignment) -> _Key:
    return (assignment.area, assignment.household, assignment.tier, assignment.role.strip(), assignment.person.strip(),
            assignment.unit.strip(), assignment.phone.strip(), assignment.account)  # fmt: skip


def _assign(
    county: int, numbered: Sequence[tuple[int, Assignment]], ids: list[UUID], by: str, at: datetime
) -> None:  # fmt: skip
    areas = {assignment.area for _i, assignment in numbered}
    _check_areas(areas, [assignment for _i, assignment in numbered])
    rows = Responsibility.objects.filter(county=county, area__in=areas, until__isnull=True)
    columns = ("area", "household", "tier", "role", "person", "unit", "phone", "account", "id")
    standing: dict[_Key, UUID] = {tuple(row[:-1]): row[-1] for row in rows.values_list(*columns)}
    new = []
    for i, assignment in numbered:
        key = _key(assignment)
        if key not in standing:
            area, household, tier, role, person, unit, phone, account = key
            standing[key] = new_id()
            new.append((county, standing[key], area, household, tier, role, person, unit, phone, account,
                        assignment.since, by, at, ""))  # fmt: skip
        ids[i] = standing[key]
    insert(RESPONSIBILITY, new)


def _check_areas(areas: set[int], assignments: Sequence[Assignment]) -> None:
    found = {
        row[0]: row for row in Area.objects.filter(number__in=areas).values_list("number", "name", "since", "until")
    }
    for assignment in assignments:
        if assignment.area not in found:
            raise LookupError(_("There is no area %(code)s.") % {"code": code_of(assignment.area)})
        _number, name, since, until = found[assignment.area]
        if (since and assignment.since < since) or (until and assignment.since >= until):
            raise ValueError(_("%(name)s does not exist on %(day)s.") % {"name": name, "day": assignment.since})


def end_responsibility(responsibility: UUID, *, county: int, until: date, by: str, at: datetime) -> None:
    """Let the person go as of `until`, the first day on which they no longer answer. What was before stays true.

    Raise LookupError if nobody stands there under this id, ValueError if the day is before they began.
    """
    with writing(county):
        row = Responsibility.objects.filter(county=county, id=responsibility, until__isnull=True).first()
        if row is None:
            raise LookupError(_("This responsibility does not exist or has ended already."))
        if until < row.since:
            raise ValueError(_("%(name)s began on %(since)s and cannot end before it.")
                             % {"name": row.person, "since": row.since})  # fmt: skip
        Responsibility.objects.filter(county=county, id=responsibility).update(until=until, ended_by=by, ended_at=at)
