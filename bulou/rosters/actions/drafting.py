"""Rosters in the making: asked for, solved beside the pages, changed by hand, published."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import at_midnight
from bulou.jobs import actions as jobs
from bulou.jobs.queries import find_job
from bulou.jobs.rules import Clock, Job
from bulou.rosters.actions.publishing import publish
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.models import Draft
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.availability import problem_for
from bulou.rosters.queries.drafts import turns_of
from bulou.rosters.queries.shifts import standing_of
from bulou.rosters.rules.problem import Limits, Roster
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.solving import solve
from bulou.rosters.rules.turns import Turn
from bulou.store import writing

MAKING = "rosters.draft"  # the work, by its name
SECONDS = 60.0  # of search
# Asked for: how far it is, its job says. Could not be made: of a version in which there were no jobs.
RUNNING, FAILED = "running", "failed"

TurnKey = tuple[UUID, UUID, datetime, datetime]  # post, responder, starts, ends


@dataclass(frozen=True, slots=True)
class Said:
    """What the solver says of a roster it made. `missing`: turns nobody could be found for."""

    missing: int
    seconds: float
    gap: float
    method: str


def begin_draft(
    *,
    area: int,
    name: str,
    posts: Sequence[UUID],
    first: date,
    days: int,
    pattern: Sequence[str],
    limits: Limits,
    by: str,
    at: datetime,
    fixed: Sequence[Turn] = (),
) -> UUID:
    """Have a roster of these posts made beside the pages, and return the draft's id. Raise Refused.

    `limits` are those of the rule set in force: the job keeps them until it is made. `fixed`: turns
    that were promised and are kept unless a limit forbids it.
    """
    if not posts:
        raise Refused("no posts", "choose at least one post")
    if not 1 <= days <= 31:
        raise Refused("days", "a roster is made for 1 to 31 days", str(days))
    row = Draft(county=county_of(area), id=new_id(), area=area, name=name.strip() or first.isoformat(),
                posts=msgspec.json.encode([str(post) for post in posts]).decode(), first_day=first, days=days,
                pattern=" ".join(pattern), state=RUNNING, turns=_text(fixed), by=by, at=at, changed_at=at)  # fmt: skip
    with writing(row.county):
        row.save()
        jobs.ask(MAKING, county=row.county, id=row.id, area=area, given=_given(limits), by=by, at=at)
    return row.id


def try_draft_again(county: int, draft: UUID, *, limits: Limits, by: str, at: datetime) -> None:
    """Have a roster made that was not: its solver died, it was stopped, or nothing is known of it any more.

    Raise LookupError, Refused if it is being made, or was.
    """
    with writing(county):
        row, job = get_draft(county, draft), find_job(draft)
        if row.state not in (RUNNING, FAILED) or (job and job.is_open):
            raise Refused("not ready", "this roster is being made, or was published already", row.state)
        row.state, row.said, row.changed_at = RUNNING, "", at
        row.save(update_fields=["state", "said", "changed_at"])
        jobs.ask(MAKING, county=county, id=draft, area=row.area, given=_given(limits), by=by, at=at)


def _given(limits: Limits) -> dict[str, object]:
    return {"limits": msgspec.to_builtins(limits)}


def stop_draft(county: int, draft: UUID, *, by: str, at: datetime) -> None:
    """Stop making a roster. Raise Refused if it is not being made."""
    if not jobs.stop(county, draft, by=by, at=at):
        raise Refused("not being made", "this roster is not being made")


def make_draft(job: Job, clock: Clock, *, solver: Callable[..., Roster] = solve, seconds: float = SECONDS) -> None:
    """Make the roster that was asked for. Takes up to about `seconds`, and is kept in one transaction with its end.

    Asked for again it is made again from what is known then. Raise Lost if it was stopped meanwhile.
    """
    row = get_draft(job.county, job.id)
    posts = [UUID(post) for post in msgspec.json.decode(row.posts)]
    promised = msgspec.json.decode(row.turns, type=list[Turn])  # until it is made, its turns are those promised
    limits = msgspec.convert(job.given["limits"], Limits)
    problem = problem_for(
        row.area, posts, first=row.first_day, days=row.days, pattern=row.pattern.split(), limits=limits,
        fixed=promised,
    )  # fmt: skip
    roster = solver(problem, seconds=seconds)
    said = Said(roster.missing, round(roster.seconds, 1), round(roster.gap, 4), roster.method)
    with writing(job.county):
        jobs.finish(job)
        _keep(row, "ready", said, turns_of(problem, roster), clock())


def change_draft(county: int, draft: UUID, turns: Sequence[Turn], *, by: str, at: datetime) -> None:
    """Put these turns in place of the draft's. Raise LookupError, Refused if it is not ready to be changed."""
    with writing(county):
        row = get_draft(county, draft)
        if row.state != "ready":
            raise Refused("not ready", "this roster is being made, or was published already", row.state)
        row.turns = _text(turns)
        row.changed_at, row.by = at, by
        row.save(update_fields=["turns", "changed_at", "by"])


def publish_draft(county: int, draft: UUID, *, by: str, at: datetime, reason: str = "") -> dict[UUID, UUID]:
    """Publish the draft and return the entry of each post. `reason`: why it is published with what does not fit.

    Turns of these posts and days that were published before and are in the draft stay as they are, with their check-ins;
    those that are not in it and have not begun are let go. Raise LookupError, Refused.
    """
    with writing(county):
        row = get_draft(county, draft)
        if row.state != "ready":
            raise Refused("not ready", "this roster is being made, or was published already", row.state)
        turns = msgspec.json.decode(row.turns, type=list[Turn])
        kept, dropped = settle(row, turns, at)
        _let_go(county, dropped, by=by, at=at)
        new = [turn for turn in turns if _key(turn) not in kept]
        note = f"{row.name} · {reason.strip()}" if reason.strip() else row.name
        made = publish(new, county=county, by=by, at=at, note=note) if new or not kept else {}
        row.state, row.changed_at = "published", at
        row.save(update_fields=["state", "changed_at"])
    return made


def settle(row: Draft, turns: Sequence[Turn], at: datetime) -> tuple[set[TurnKey], list[ShiftRow]]:
    """Return which turns of the draft are published already, and which published ones it would let go."""
    since = at_midnight(row.first_day)
    until = since + timedelta(days=row.days)
    posts = [UUID(post) for post in msgspec.json.decode(row.posts)]
    rows = list(ShiftRow.objects.filter(county=row.county, post__in=posts, starts_at__gte=since, starts_at__lt=until,
                                        relief=False))  # fmt: skip
    standing = standing_of(row.county, [one.id for one in rows])
    wanted = {_key(turn) for turn in turns}
    rows = [one for one in rows if one.id in standing]
    kept = {key for one in rows if (key := (one.post, one.responder, one.starts_at, one.ends_at)) in wanted}
    dropped = [
        one for one in rows
        if one.starts_at > at and (one.post, one.responder, one.starts_at, one.ends_at) not in wanted
    ]  # fmt: skip
    return kept, dropped


def _let_go(county: int, rows: Sequence[ShiftRow], *, by: str, at: datetime) -> None:
    body = {"reason": "roster_changed"}
    write([entry("shift_absence", f"shift:{one.id}", one.area, body, by=by, at=at) for one in rows], received_at=at)


def _key(turn: Turn) -> TurnKey:
    return turn.post, turn.responder, turn.starts, turn.ends


def get_draft(county: int, draft: UUID) -> Draft:
    row = Draft.objects.filter(county=county, id=draft).first()
    if row is None:
        raise LookupError(f"there is no draft {draft} in county {county}")
    return row


def _keep(row: Draft, state: str, said: Said, turns: Sequence[Turn], at: datetime) -> None:
    row.state, row.said, row.turns, row.changed_at = state, msgspec.json.encode(asdict(said)).decode(), _text(turns), at
    row.save(update_fields=["state", "said", "turns", "changed_at"])


def _text(turns: Sequence[Turn]) -> str:
    return msgspec.json.encode(list(turns)).decode()
