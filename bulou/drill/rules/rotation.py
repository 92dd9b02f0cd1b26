"""Three turns a day from a crew's own people, by rotation: what a sheet on the wall of a small post says.

A role's people take turns at the night, a day off after it, then the day turns. Every turn has one of the first role,
who leads it; every night has one of each role. Ten people in three roles (4, 3, 3) just suffice for 2 + 2 + 3 a day.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from bulou.core.moments import CHINA
from bulou.rosters.rules.patterns import Pattern, lay_shifts
from bulou.rosters.rules.problem import Post
from bulou.rosters.rules.turns import Turn

NIGHT, OFF, MORNING, LATE = "night", "off", "morning", "late"
OF_FOUR = (NIGHT, OFF, MORNING, LATE)  # never a late turn and the next morning's: that would be eight hours of rest
OF_THREE = {0: (NIGHT, OFF, MORNING), 1: (NIGHT, OFF, LATE), 2: (NIGHT, OFF, MORNING)}  # by the place of the role


def rotate(
    post: UUID, crew: Sequence[Sequence[tuple[UUID, str]]], *, pattern: Pattern, first: date, days: int
) -> list[Turn]:
    """Return the turns of a post for `days` days from `first`.

    `crew`: for each of three roles, its people as (responder, role); three or four each, of the first role four. The
    pattern's turns are morning, late, night. Raise ValueError if the people do not suffice.
    """
    if len(pattern.shifts) != 3 or len(crew) != 3 or len(crew[0]) != 4 or not all(3 <= len(some) <= 4 for some in crew):
        raise ValueError(
            f"a rotation takes three turns and 4, 3 or 4, and 3 or 4 people, not {[len(some) for some in crew]}"
        )
    found = []
    for n, shift in enumerate(lay_shifts([Post(str(post))], pattern, first, days, CHINA)):
        day, name = n // 3, (MORNING, LATE, NIGHT)[n % 3]
        for place, people in enumerate(crew):
            cycle = OF_FOUR if len(people) == 4 else OF_THREE[place]
            for who, (responder, role) in enumerate(people):
                if cycle[(day + who) % len(cycle)] == name:
                    found.append(Turn(post, responder, shift.start, shift.end, role, lead=place == 0))
    return found
