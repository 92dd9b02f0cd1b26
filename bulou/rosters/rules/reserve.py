"""Whom to send: the reserve matched with a call for help by skill, rest and distance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

ANY = "general"


@dataclass(frozen=True, slots=True)
class Reservist:
    """One of the reserve. `free_from`: when the last duty ends (None: none). `busy_from`: when the next begins.

    `km`: from home to the post, None if either place is not known. `served`: times sent before.
    """

    id: str
    skills: frozenset[str]
    free_from: datetime | None = None
    busy_from: datetime | None = None
    km: float | None = None
    served: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """How many are asked for, able to do one of `skills` ("general": anybody), needed from then until then."""

    how_many: int
    skills: frozenset[str]
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """One who may be sent, best first. `skills`: what they were matched for, empty for anybody."""

    id: str
    skills: frozenset[str]
    km: float | None


def match(call: Call, reserve: Iterable[Reservist], *, rest: timedelta, most_km: float | None = None) -> list[Match]:
    """Return all who may be sent, best first: those with a skill asked for, the less often sent, the nearer.

    Nobody is sent who would not have had `rest` since their last duty, who is due elsewhere before the call ends, or who
    lives farther than `most_km`.
    """
    found = []
    for one in reserve:
        has = call.skills & one.skills
        if not has and ANY not in call.skills:
            continue
        if one.free_from is not None and one.free_from + rest > call.starts:
            continue
        if one.busy_from is not None and one.busy_from < call.ends:
            continue
        if most_km is not None and one.km is not None and one.km > most_km:
            continue
        far = one.km if one.km is not None else float("inf")
        found.append(((-len(has), one.served, far, one.id), Match(one.id, has, one.km)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]
