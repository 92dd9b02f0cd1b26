"""Rosters in the making, and the solver's answer as turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.jobs.queries import find_job, find_jobs
from bulou.jobs.rules import TAKEN, WAITING, Job
from bulou.rosters.models import Draft as DraftRow
from bulou.rosters.queries.availability import slot_of
from bulou.rosters.queries.registers import within
from bulou.rosters.rules.problem import ANYONE, Assignment, Problem, Roster
from bulou.rosters.rules.turns import Turn


@dataclass(frozen=True, slots=True)
class Draft:
    county: int
    id: UUID
    area: int
    name: str
    posts: tuple[UUID, ...]
    first: date
    days: int
    pattern: tuple[str, ...]
    state: str
    said: Mapping[str, Any]
    turns: tuple[Turn, ...]
    by: str
    at: datetime
    changed_at: datetime
    job: Job | None = None  # of one that is not made yet

    @property
    def stands(self) -> str:
        """Return how it stands: waiting, running, failed, stopped, lost, ready, published.

        Lost is one of which nothing is known any more: it was being made where nobody kept watch, or long ago.
        """
        if self.state != "running":
            return self.state
        if self.job is None:
            return "lost"
        return {WAITING: "waiting", TAKEN: "running"}.get(self.job.state, self.job.state)


def drafts(area: int, *, limit: int = 30) -> list[Draft]:
    """Return the latest drafts under the area, without their turns."""
    rows = DraftRow.objects.filter(within(area)).order_by("-at")[:limit]
    kept = list(rows)
    jobs = find_jobs(row.id for row in kept if row.state == "running")
    return [_draft(row, jobs.get(row.id), with_turns=False) for row in kept]


def find_draft(area: int, draft: UUID) -> Draft | None:
    row = DraftRow.objects.filter(within(area), id=draft).first()
    if row is None:
        return None
    return _draft(row, find_job(row.id) if row.state == "running" else None)


def _draft(row: DraftRow, job: Job | None, with_turns: bool = True) -> Draft:
    turns = msgspec.json.decode(row.turns, type=list[Turn]) if with_turns else []
    return Draft(
        row.county, row.id, row.area, row.name, tuple(UUID(post) for post in msgspec.json.decode(row.posts)),
        row.first_day, row.days, tuple(row.pattern.split()), row.state, msgspec.json.decode(row.said) if row.said else {},
        tuple(turns), row.by, row.at, row.changed_at, job,
    )  # fmt: skip


def turns_of(problem: Problem, roster: Roster) -> list[Turn]:
    """Return the solver's answer as turns; who leads at a shift leads one of them."""
    found: dict[tuple[str, str], Assignment] = {}
    for one in roster.assignments:
        before = found.get((one.shift, one.responder))
        if before is not None:
            role = before.role or one.role
            one = Assignment(one.shift, one.responder, role, before.leads or one.leads)
        found[one.shift, one.responder] = one
    turns = []
    for one in found.values():
        shift = problem.shift_by_id[one.shift]
        turns.append(Turn(UUID(shift.post), UUID(one.responder), shift.start, shift.end, one.role, one.leads))
    return sorted(turns, key=lambda turn: (turn.starts, str(turn.post), not turn.lead, turn.role, str(turn.responder)))


def roster_of(turns: Sequence[Turn]) -> Roster:
    """Return turns as the solver's check takes them."""
    return Roster(
        tuple(Assignment(slot_of(t.post, t.starts), str(t.responder), t.role or ANYONE, t.lead) for t in turns)
    )
