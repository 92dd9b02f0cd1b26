"""Who answers for what, as of a day. The areas asked for must be ones that may be read; who answers above is told.

Names and phones come in full: `Responsible.masked()` is for a screen; only an audited reveal or export goes without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from bulou.areas.queries.tree import path, subtree
from bulou.areas.rules.answering import (
    DIRECT,
    FIRST,
    SPECIFIC,
    TIERS,
    Responsible,
    by_tier,
    owner_of,
    seat_of,
)
from bulou.areas.rules.staffing import Staff
from bulou.areas.rules.tree import at_depth
from bulou.core.divisions import COUNTY, TOWNSHIP, VILLAGE, ancestors_of, county_of, depth_of
from bulou.core.scope import may_see, visible_within
from bulou.store import is_postgres, query, read_id, rows_json, unpack

_COLUMNS = ("id", "area", "household", "tier", "role", "person", "unit", "phone", "account", "since", "until")
_PICKS = ", ".join(f"r.{column}" for column in _COLUMNS)
_HOLDS = "r.since <= %s AND (r.until IS NULL OR r.until > %s)"


def _day(on: date) -> Any:
    return on if is_postgres() else connection.ops.adapt_datefield_value(on)


def _date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _read(row: tuple[Any, ...]) -> Responsible:
    id_, area, household, tier, role, person, unit, phone, account, since, until = row
    return Responsible(read_id(id_), area, household, tier, role, person, unit, phone,
                       read_id(account) if account else None, _date(since), _date(until))  # fmt: skip


def _standing(areas: Iterable[int], on: date) -> dict[int, list[Responsible]]:
    """Return everybody who stands in these areas on the day, by area, in one query."""
    rows = query(
        f"SELECT {_PICKS} FROM {unpack({'county': 'int', 'area': 'bigint'})}"  # noqa: S608
        f" JOIN areas_responsibility r ON r.county = x.county AND r.area = x.area WHERE {_HOLDS}",
        rows_json((county_of(area), area) for area in sorted(set(areas))), _day(on), _day(on),
    )  # fmt: skip
    found: dict[int, list[Responsible]] = {}
    for person in map(_read, rows):
        found.setdefault(person.area, []).append(person)
    return found


def _lineage(numbers: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for number in numbers:
        found.update(ancestors_of(number))
        found.add(number)
    return found


def responsible(numbers: Iterable[int], *, on: date) -> dict[int, list[Responsible]]:
    """Return who answers for each area on the day, first tier first. A tier in which the area has nobody of its own is
    answered by the nearest area above that has somebody, marked `inherited`. Areas that may not be read are left out.
    """
    seen = [number for number in numbers if may_see(number)]
    standing = _standing(_lineage(seen), on) if seen else {}
    return {number: by_tier(number, standing) for number in seen}


def staff_above(number: int, *, on: date) -> list[Staff]:
    """Return who works for the whole of what a grid lies in, up to its village: one doctor for all grids of a village."""
    above = [area for area in ancestors_of(number) if depth_of(area) >= VILLAGE]
    standing = _standing(above, on) if above and may_see(number) else {}
    return [Staff(p.role, p.person) for area in above for p in standing.get(area, ()) if not p.household]


def standing_in(number: int, *, on: date) -> list[Responsible]:
    """Return everybody who stands in the area itself on the day: by tier, then the staff without one, then those who
    answer for a single household of it. Nobody if the area may not be read."""
    found = _standing([number], on).get(number, []) if may_see(number) else []
    return sorted(found, key=lambda p: (bool(p.household), p.tier or max(TIERS) + 1, p.since, p.person, p.id.int))


def owners(numbers: Iterable[int], owed_by: str, *, on: date) -> dict[int, Responsible | None]:
    """Return by name who owes a duty of `role:<role>` in each area on the day (rules.answering.SEATS); None is unowned.

    Areas that may not be read are left out. Raise ValueError if it is not owed by a role.
    """
    seat = seat_of(owed_by)
    seen = [number for number in numbers if may_see(number)]
    standing = _standing({area for number in seen for area in seat.reach(number)}, on) if seen else {}
    return {number: owner_of(number, seat, standing) for number in seen}


def household_responsible(subjects: Iterable[str], within: int, *, on: date) -> dict[str, list[Responsible]]:
    """Return who answers for each of these households itself (包户), if anybody, among the areas under `within`."""
    spans = visible_within(within)
    found: dict[str, list[Responsible]] = {}
    given = rows_json([subject] for subject in subjects)
    for low, high in spans:
        rows = query(
            f"SELECT {_PICKS} FROM {unpack({'household': 'text'})}"  # noqa: S608
            " JOIN areas_responsibility r ON r.household = x.household AND r.county BETWEEN %s AND %s"
            f" AND r.area BETWEEN %s AND %s WHERE {_HOLDS} ORDER BY r.since, r.id",
            given, county_of(low), county_of(high), low, high, _day(on), _day(on),
        )  # fmt: skip
        for person in map(_read, rows):
            found.setdefault(person.household, []).append(person)
    return found


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the responsibility list (包保责任清单): an area, a building or a household, and who answers for it.

    `place` is the names from the township down; `household` is a subject, empty unless the line is a household's.
    """

    number: int
    township: str
    village: str
    place: str
    kind: str
    household: str
    first: tuple[Responsible, ...]
    direct: tuple[Responsible, ...]
    specific: tuple[Responsible, ...]


def responsibility_list(within: int, *, on: date, masked: bool = True) -> list[ListRow]:
    """Return the responsibility list of everything from the township down under the area, in the order of the tree.

    A household that somebody answers for has a line of its own after its area. Three queries, whatever the size.
    """
    areas = [area for area in subtree(within, on=on) if area.depth > COUNTY]
    names = {area.number: area.name for area in (*path(within), *areas)}
    standing = _standing(_lineage(area.number for area in areas), on) if areas else {}
    rows = []
    for area in areas:
        answering = by_tier(area.number, standing)
        households: dict[str, list[Responsible]] = {"": answering}
        for person in standing.get(area.number, ()):
            if person.household:
                households.setdefault(person.household, []).append(person)
        for household, people in households.items():
            if household:
                own = {person.tier for person in people}
                people = [*people, *(p for p in answering if p.tier not in own)]
            rows.append(_list_row(area.number, area.kind, household, people, names, masked))
    return rows


def _list_row(
    number: int, kind: str, household: str, people: Iterable[Responsible], names: Mapping[int, str], masked: bool
) -> ListRow:
    shown = [person.masked() if masked else person for person in people]
    township, village = at_depth(number, TOWNSHIP), at_depth(number, VILLAGE)
    place = [names.get(n, "") for n in (*ancestors_of(number), number) if depth_of(n) > VILLAGE]
    tiers = [tuple(person for person in shown if person.tier == tier) for tier in (FIRST, DIRECT, SPECIFIC)]
    return ListRow(number, names.get(township or 0, ""), names.get(village or 0, ""), " ".join(filter(None, place)),
                   kind, household, *tiers)  # fmt: skip
