"""A hand-off: somebody was let in at a post and is expected in a village.

It is a subject of its own, `arrival:<area code>.<id of the pass>.<row>`: its place is the village and not the post, and
it says so itself, so that the ledger finds the same place in every fold, in any order, without a table. A destination
that is in no area register is handed to the nearest area above that is; never to nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bulou.core.divisions import ancestors_of, county_of, number_of
from bulou.ledger.rules import Place

PREFIX = "arrival:"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who is expected: a row (from 1) of a pass, at an area number."""

    area: int
    entry: UUID
    row: int


def read_arrival(subject: str) -> Arrival | None:
    """Return what the subject says, or None if it is no hand-off."""
    if not subject.startswith(PREFIX):
        return None
    code, _, rest = subject.removeprefix(PREFIX).partition(".")
    entry, _, row = rest.partition(".")
    try:
        return Arrival(number_of(code), UUID(entry), int(row))
    except ValueError:
        return None


def arrival_places(
    county: int, subjects: Iterable[str], known: Callable[[set[int]], Mapping[int, object]]
) -> dict[str, Place]:
    """Return the place of every hand-off among the subjects to this county.

    `known` says which of some area numbers the register has.
    """
    found = {s: a for s in subjects if (a := read_arrival(s)) is not None and county_of(a.area) == county}
    asked = {n for arrival in found.values() for n in (arrival.area, *ancestors_of(arrival.area))}
    there = known(asked) if asked else {}
    places = {}
    for subject, arrival in found.items():
        way = (arrival.area, *reversed(ancestors_of(arrival.area)))
        area = next((n for n in way if n in there and county_of(n) == county), None)
        if area is not None:
            places[subject] = Place(subject, area)
    return places
