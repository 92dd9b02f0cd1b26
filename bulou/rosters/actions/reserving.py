"""The reserve: offering, answering, calling for help, sending, arriving. Each step is an entry; each is owed in time."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bulou.core.ids import new_id
from bulou.core.moments import CHINA
from bulou.ledger.queries import get_entry
from bulou.records.behalf import BEHALF, Behalf
from bulou.rosters.actions.publishing import get_shift, owners_of, publish
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.models import Post, Responder, Shift
from bulou.rosters.queries.shifts import standing_of
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.turns import Turn
from bulou.store import writing

PLANNED = "system:reserve"  # who came does not order a roster: what the post lacks follows from the rules in force


def sign_up(
    county: int,
    responders: Sequence[UUID],
    *,
    skills: Sequence[str],
    first: date,
    last: date,
    contact: bool,
    by: str,
    at: datetime,
) -> list[UUID]:
    """Write that these offer to be sent, and return the entries' ids. Raise LookupError, Refused."""
    areas = dict(Responder.objects.filter(county=county, id__in=list(responders)).values_list("id", "area"))
    if missing := set(responders) - set(areas):
        raise LookupError(f"there is no responder {missing.pop()} in county {county}")
    body = {"skills": list(skills), "from": first.isoformat(), "until": last.isoformat(),
            "contact": "yes" if contact else "no"}  # fmt: skip
    entries = [entry("volunteer_signup", f"responder:{r}", areas[r], body, by=by, at=at) for r in responders]
    with writing(county):
        write(entries, received_at=at)
    return [each.id for each in entries]


def answer_signups(
    county: int, signups: Sequence[UUID], *, accepted: bool, by: str, at: datetime, reason: str = ""
) -> None:
    """Answer these sign-ups. Raise LookupError, Refused."""
    body = {"answer": "accepted" if accepted else "declined", "reason": "" if accepted else reason}
    entries = [
        entry("signup_answer", f"entry:{one}", get_entry(county, one).area, body, by=by, at=at) for one in signups
    ]
    with writing(county):
        write(entries, received_at=at)


def call_for_help(
    county: int,
    post: UUID,
    *,
    how_many: int,
    skills: Sequence[str],
    reasons: Sequence[str],
    until: datetime,
    by: str,
    at: datetime,
    note: str = "",
) -> UUID:
    """Write that the post calls for help, and return the entry's id. Raise LookupError, Refused."""
    area = Post.objects.filter(county=county, id=post).values_list("area", flat=True).first()
    if area is None:
        raise LookupError(f"there is no post {post} in county {county}")
    body = {"how_many": how_many, "skills": list(skills), "reasons": list(reasons), "note": note,
            "until": until.astimezone(CHINA).isoformat()}  # fmt: skip
    made = entry("help_request", f"post:{post}", area, body, by=by, at=at)
    with writing(county):
        write([made], received_at=at)
    return made.id


def send(
    county: int,
    call: UUID,
    responders: Sequence[UUID],
    *,
    until: datetime,
    by: str,
    at: datetime,
    left_over: str = "",
    turns: Sequence[Turn] = (),
) -> list[UUID]:
    """Send these to the post that called, until then; with `left_over` the call stays open. Return the ids they arrive by.

    `turns`: those they will stand there (queries.plan_relief): published with it, so that the post's gaps shrink.
    Raise LookupError, Refused.
    """
    asked = get_entry(county, call)
    if asked.kind != "help_request":
        raise LookupError(f"entry {call} is no call for help")
    if until <= at:
        raise Refused("dates", "help is sent until a moment that is still to come")
    post = UUID(asked.subject.removeprefix("post:"))
    with writing(county):
        owners = owners_of(county, set(responders))
        ids = [new_id() for _ in responders]
        people = [
            {"id": str(id_), "responder": f"responder:{who}", "owner": owners[who]}
            for id_, who in zip(ids, responders, strict=True)
        ]
        body = {"complete": "no" if left_over else "yes", "left_over": left_over, "people": people,
                "until": until.astimezone(CHINA).isoformat()}  # fmt: skip
        made = entry("reserve_dispatch", f"entry:{call}", asked.area, body, by=by, at=at)
        Shift.objects.bulk_create(
            Shift(county=county, id=id_, area=asked.area, post=post, responder=who, role="", relief=True, starts_at=at,
                  ends_at=until, entry=made.id)
            for id_, who in zip(ids, responders, strict=True)
        )  # fmt: skip
        write([made], received_at=at)
        if turns:
            publish(turns, county=county, by=by, at=at)
    return ids


def arrive(
    county: int, turn: UUID, *, by: str, at: datetime, why_not: str = "", turns: Sequence[Turn] = (), source: str = ""
) -> UUID:
    """Write that whoever was sent has arrived, or why they will not. Return the entry's id. Raise LookupError, Refused.

    `source`: from what another writes it for them (records.behalf), "" if it is their own word.
    Who will not come stands none of the turns planned at the post: they are let go, and the gaps are back. `turns`: more
    they can stand now that they are there.
    """
    with writing(county):
        row = get_shift(county, turn)
        if why_not:
            _let_go(row, by=by, at=at, source=source)
        elif turns:
            publish(turns, county=county, by=PLANNED, at=at)
        body: dict[str, object] = {"arrived": "no" if why_not else "yes", "why_not": why_not}
        if source:
            body[BEHALF] = Behalf(f"responder:{row.responder}", source).said()
        made = entry("reserve_arrival", f"shift:{turn}", row.area, body, by=by, at=at)
        write([made], received_at=at)
    return made.id


def _let_go(row: Shift, *, by: str, at: datetime, source: str) -> None:
    """Let go of what the relief would have stood at the post and has not begun."""
    ahead = Shift.objects.filter(county=row.county, post=row.post, responder=row.responder, relief=False,
                                 starts_at__gt=at, starts_at__lt=row.ends_at)  # fmt: skip
    standing = standing_of(row.county, [one.id for one in ahead])
    body: dict[str, object] = {"reason": "relief_fails"}
    if source:
        body[BEHALF] = Behalf(f"responder:{row.responder}", source).said()
    entries = [entry("shift_absence", f"shift:{one.id}", one.area, body, by=by, at=at) for one in ahead
               if one.id in standing]  # fmt: skip
    if entries:
        write(entries, received_at=at)
