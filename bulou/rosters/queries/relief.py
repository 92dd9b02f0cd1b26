"""What those sent from the reserve will do: stand the turns a post lacks, from when they can be there, rested as all are."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from bulou.core.divisions import county_area
from bulou.core.moments import CHINA, day_of
from bulou.rosters.queries.availability import problem_for
from bulou.rosters.queries.drafts import turns_of
from bulou.rosters.queries.posts import gaps_ahead
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.problem import Limits, Need, Shift
from bulou.rosters.rules.turns import Turn

DAYS = 14  # ahead: who is sent for longer is planned for again


def plan_relief(
    county: int, post: UUID, people: Iterable[UUID], *, since: datetime, until: datetime, pattern: Sequence[str],
    limits: Limits,
) -> list[Turn]:  # fmt: skip
    """Return turns of these people at the post, so that its gaps in [since, until) are covered as far as they can be.

    Turns begin and end as in `pattern`; the first may begin at `since`, in the middle. Nobody is put on a turn a limit
    forbids, and nobody where nothing is lacking.
    """
    until = min(until, since + timedelta(days=DAYS))
    gaps = gaps_ahead(county_area(county), since=since, until=until, only=[post]) if since < until else []
    wanted = list(people)
    if not gaps or not wanted:
        return []
    first = day_of(since) - timedelta(days=1)
    days = (day_of(until) - first).days + 1
    asked = problem_for(county_area(county), [post], first=first, days=days, pattern=pattern, limits=limits,
                        responders=wanted, keep=False)  # fmt: skip
    slots = tuple(found for slot in asked.shifts if (found := _cut(slot, since, until)) is not None)
    needs = tuple(Need(str(gap.post), gap.start, gap.end, gap.role, gap.missing, gap.leads) for gap in gaps)
    problem = replace(asked, shifts=slots, needs=needs)
    return turns_of(problem, greedy(problem))


def _cut(slot: Shift, since: datetime, until: datetime) -> Shift | None:
    """Return the slot from `since` on, None if it lies outside or would be too short to be worth coming for."""
    start, end = max(slot.start, since), min(slot.end, until)
    if end - start < timedelta(hours=1):
        return None
    return Shift(f"{slot.post}/{start.astimezone(CHINA):%Y-%m-%dT%H%M}", slot.post, start, end)
