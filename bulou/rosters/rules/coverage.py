"""Which seconds of a need nobody served. A gap is any second, and it says who was missing."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bulou.rosters.rules.problem import ANYONE, Need


@dataclass(frozen=True, slots=True)
class Served:
    """One person on duty at a post, planned or as checked in; `roles` are what he can serve as."""

    post: str
    start: datetime
    end: datetime
    roles: frozenset[str] = frozenset()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Uncovered:
    """From `start` to `end` the post lacks `missing` people of the role, or (`leads`) leaders on duty."""

    post: str
    start: datetime
    end: datetime
    role: str
    missing: int
    leads: bool = False


def coverage(needs: Iterable[Need], served: Iterable[Served]) -> tuple[Uncovered, ...]:
    """Return what stays uncovered, by post, time and role, exact to the instant; touching pieces are joined."""
    wanted, present = defaultdict(list), defaultdict(list)
    for need in needs:
        wanted[need.post].append(need)
    for one in served:
        present[one.post].append(one)
    found: list[Uncovered] = []
    for post in sorted(wanted):
        found += _post(post, wanted[post], present[post])
    return tuple(sorted(found, key=lambda gap: (gap.post, gap.start, gap.leads, gap.role)))


def fill(roles: Sequence[Hashable], people: Sequence[frozenset[str]]) -> list[int]:
    """Return for each place the index of the person who fills it, -1 where nobody can, filling as many as can be.

    A place is a role; ANYONE takes whoever is left. Earlier places are filled first: what is filled once stays so.
    """
    filled = [-1] * len(roles)
    holds: dict[int, int] = {}

    def seat(place: int, tried: set[int]) -> bool:
        for person, can in enumerate(people):
            if person in tried or (roles[place] != ANYONE and roles[place] not in can):
                continue
            tried.add(person)
            if person not in holds or seat(holds[person], tried):
                holds[person], filled[place] = place, person
                return True
        return False

    for place in range(len(roles)):
        seat(place, set())
    return filled


def _post(post: str, needs: list[Need], served: list[Served]) -> list[Uncovered]:
    moments = sorted({at for each in needs for at in (each.start, each.end)} | _cuts(served))
    open_: dict[tuple[str, bool, int], Uncovered] = {}
    found: list[Uncovered] = []
    for start, end in pairwise(moments):
        here = [one for one in served if one.start <= start and one.end >= end]
        missing = _missing([need for need in needs if need.start <= start and need.end >= end], here)
        still: dict[tuple[str, bool, int], Uncovered] = {}
        for (role, leads), count in missing.items():
            before = open_.pop((role, leads, count), None)
            still[role, leads, count] = Uncovered(post, before.start if before else start, end, role, count, leads)
        found += open_.values()
        open_ = still
    return found + list(open_.values())


def _cuts(served: list[Served]) -> set[datetime]:
    return {at for one in served for at in (one.start, one.end)}


def _missing(needs: list[Need], here: list[Served]) -> dict[tuple[str, bool], int]:
    places = [need.role for need in needs if not need.leads for _ in range(need.count)]
    places.sort(key=lambda role: (role == ANYONE, role))
    missing: dict[tuple[str, bool], int] = defaultdict(int)
    for place, person in enumerate(fill(places, [one.roles for one in here])):
        if person < 0:
            missing[places[place], False] += 1
    leaders = sum(need.count for need in needs if need.leads)
    if (short := leaders - sum(one.leads for one in here)) > 0:
        missing[ANYONE, True] = short
    return missing
