"""Rosters published, and turns given to somebody else. One entry a post; every turn is a duty and a row of Shift."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from bulou.core.ids import new_id
from bulou.core.moments import CHINA, day_of
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.models import Post, Responder, Shift
from bulou.rosters.queries.shifts import standing_of
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.standing import Signer, signers
from bulou.rosters.rules.turns import Turn
from bulou.store import writing

BATCH = 500
LONGEST = timedelta(hours=24)  # a turn longer than this is a slip of the pen


def publish(
    turns: Sequence[Turn], *, county: int, by: str, at: datetime, note: str = "", received_at: datetime | None = None
) -> dict[UUID, UUID]:
    """Publish the turns, one `roster_published` a post, and return the entry of each post.

    Raise Refused if there are none, if somebody would stand at two posts at once, counting what is published already, or
    if the ledger holds one of the entries; nothing is then written.
    """
    if not turns:
        raise Refused("no turns", "this roster has no turns")
    check_turns(turns)
    ids = {id(turn): new_id() for turn in turns}
    takes, gives = signers([Signer(ids[id(t)], t.post, t.starts, t.ends, t.lead) for t in turns])
    by_post: dict[UUID, list[Turn]] = {}
    for turn in turns:
        by_post.setdefault(turn.post, []).append(turn)
    with writing(county):
        areas = dict(Post.objects.filter(county=county, id__in=by_post).values_list("id", "area"))
        owners = owners_of(county, {turn.responder for turn in turns})
        if missing := set(by_post) - set(areas):
            raise LookupError(f"there is no post {missing.pop()} in county {county}")
        check_free(county, turns)
        entries, rows, made = [], [], {}
        for post, its in by_post.items():
            its.sort(key=lambda each: (each.starts, each.ends, not each.lead))
            made[post] = new_id()
            shifts = []
            for turn in its:
                key = ids[id(turn)]
                said = _said(key, turn, owners, takes=key in takes, gives=key in gives)
                shifts.append(said)
                rows.append(_row(county, areas[post], key, turn, made[post]))
            first, last = day_of(its[0].starts), day_of(max(each.ends for each in its) - timedelta(seconds=1))
            body = {"first_day": first.isoformat(), "days": (last - first).days + 1, "note": note, "shifts": shifts}
            entries.append(entry("roster_published", f"post:{post}", areas[post], body, by=by, at=at, id=made[post]))
        Shift.objects.bulk_create(rows, batch_size=BATCH)
        write(entries, received_at=received_at or at)
    return made


def give_turn(
    county: int, shift: UUID, responder: UUID, *, reason: str, by: str, at: datetime, note: str = "",
    starts: datetime | None = None, role: str | None = None,
) -> UUID:  # fmt: skip
    """Put another responder on a turn and return the new turn's id. `starts`: from when, if it has begun already.

    `reason`: absence, swap, relief or correction. Raise LookupError, Refused.
    """
    with writing(county):
        old = get_shift(county, shift)
        turn = Turn(
            old.post, responder, starts or old.starts_at, old.ends_at, old.role if role is None else role, old.lead
        )
        check_turns([turn])
        check_free(county, [turn], but={shift})
        return _change(county, [(old, turn)], reason=reason, note=note, by=by, at=at)[0]


def swap(county: int, one: UUID, other: UUID, *, by: str, at: datetime, note: str = "") -> tuple[UUID, UUID]:
    """Let two responders change turns and return the two new turns. Raise LookupError, Refused."""
    with writing(county):
        a, b = get_shift(county, one), get_shift(county, other)
        turns = [
            Turn(a.post, b.responder, a.starts_at, a.ends_at, a.role, a.lead),
            Turn(b.post, a.responder, b.starts_at, b.ends_at, b.role, b.lead),
        ]
        check_turns(turns)
        check_free(county, turns, but={one, other})
        first, second = _change(county, [(a, turns[0]), (b, turns[1])], reason="swap", note=note, by=by, at=at)
        return first, second


def _change(
    county: int, pairs: Sequence[tuple[Shift, Turn]], *, reason: str, note: str, by: str, at: datetime
) -> list[UUID]:
    owners = owners_of(county, {turn.responder for _, turn in pairs})
    entries, rows, made = [], [], []
    for old, turn in pairs:
        key, entry_id = new_id(), new_id()
        # Whoever leads signs; of a turn without a leader somebody still has to.
        said = _said(key, turn, owners, takes=turn.lead, gives=turn.lead)
        body: dict[str, Any] = {"reason": reason, "note": note, **said}
        entries.append(entry("shift_change", f"shift:{old.id}", old.area, body, by=by, at=at, id=entry_id))
        rows.append(_row(county, old.area, key, turn, entry_id, replaces=old.id))
        made.append(key)
    Shift.objects.bulk_create(rows, batch_size=BATCH)
    write(entries, received_at=at)
    return made


def check_turns(turns: Sequence[Turn]) -> None:
    """Raise Refused unless every turn has an end after its beginning and nobody stands twice at once among them."""
    by_responder: dict[UUID, list[Turn]] = {}
    for turn in turns:
        if not timedelta() < turn.ends - turn.starts <= LONGEST:
            raise Refused("moments", "a turn lasts more than nothing and at most a day")
        by_responder.setdefault(turn.responder, []).append(turn)
    for responder, its in by_responder.items():
        its.sort(key=lambda each: each.starts)
        for before, after in pairwise(its):
            if after.starts < before.ends:
                raise Refused("double booked", "somebody would stand at two posts at once", str(responder))


def check_free(county: int, turns: Sequence[Turn], but: set[UUID] | None = None) -> None:
    """Raise Refused if one of them already stands elsewhere at that time."""
    first, last = min(turn.starts for turn in turns), max(turn.ends for turn in turns)
    wanted: dict[UUID, list[Turn]] = {}
    for turn in turns:
        wanted.setdefault(turn.responder, []).append(turn)
    rows = Shift.objects.filter(county=county, starts_at__gte=first - LONGEST, starts_at__lt=last, relief=False)
    clashing = [
        row
        for row in rows
        if row.id not in (but or ())
        and any(turn.starts < row.ends_at and row.starts_at < turn.ends for turn in wanted.get(row.responder, ()))
    ]
    standing = standing_of(county, [row.id for row in clashing])
    for row in clashing:
        if row.id in standing:
            raise Refused("double booked", "somebody already stands a turn at that time", str(row.responder))


def get_shift(county: int, shift: UUID) -> Shift:
    """Return the turn as published. Raise LookupError."""
    row = Shift.objects.filter(county=county, id=shift).first()
    if row is None:
        raise LookupError(f"there is no turn {shift} in county {county}")
    return row


def owners_of(county: int, responders: set[UUID]) -> dict[UUID, str]:
    """Return who owes what each of these owes: their account, where they have one. Raise LookupError."""
    found: dict[UUID, str] = {}
    ids = sorted(responders)
    for start in range(0, len(ids), BATCH):
        rows = Responder.objects.filter(county=county, id__in=ids[start : start + BATCH])
        for id_, account in rows.values_list("id", "account"):
            found[id_] = f"account:{account}" if account else f"responder:{id_}"
    if missing := responders - set(found):
        raise LookupError(f"there is no responder {missing.pop()} in county {county}")
    return found


def _said(key: UUID, turn: Turn, owners: dict[UUID, str], *, takes: bool, gives: bool) -> dict[str, str]:
    words = {True: "yes", False: "no"}
    said = {
        "id": str(key), "responder": f"responder:{turn.responder}", "owner": owners[turn.responder],
        "lead": words[turn.lead], "from": _moment(turn.starts), "to": _moment(turn.ends), "takes": words[takes],
        "gives": words[gives],
    }  # fmt: skip
    return said | {"role": turn.role} if turn.role else said


def _row(county: int, area: int, key: UUID, turn: Turn, made: UUID, replaces: UUID | None = None) -> Shift:
    return Shift(county=county, id=key, area=area, post=turn.post, responder=turn.responder, role=turn.role,
                 lead=turn.lead, starts_at=turn.starts, ends_at=turn.ends, entry=made, replaces=replaces)  # fmt: skip


def _moment(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat()
