"""Who stands again too soon: published turns as they stand, read against the rest everybody is owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from bulou.rosters.queries.shifts import LONGEST, Shift, shifts


@dataclass(frozen=True, slots=True)
class Short:
    """Somebody who has `rest` between the end of one turn and the beginning of the next, which is less than asked for."""

    responder: UUID
    name: str
    post: UUID  # of the next turn
    ended: datetime
    next_starts: datetime

    @property
    def rest(self) -> timedelta:
        return max(timedelta(), self.next_starts - self.ended)


def short_of_rest(area: int, *, since: datetime, until: datetime, rest: timedelta) -> list[Short]:
    """Return who begins a turn in [since, until) with less than `rest` since their last, in order of time."""
    by_responder: dict[UUID, list[Shift]] = {}
    for shift in shifts(area, since=since - LONGEST - rest, until=until):
        if not shift.gone:
            by_responder.setdefault(shift.responder, []).append(shift)
    found = [
        Short(who, after.name, after.post, before.ends_at, after.starts_at)
        for who, its in by_responder.items()
        for before, after in pairwise(sorted(its, key=lambda each: each.starts_at))
        if since <= after.starts_at < until and after.starts_at - before.ends_at < rest
    ]
    return sorted(found, key=lambda one: (one.next_starts, one.name))
