"""A village answers a post; whoever arrived is in the register afterwards, once."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from bulou.access.actions import audit
from bulou.checkpoints.queries import handoffs
from bulou.checkpoints.queries.handoffs import CONFIRMED, Expected
from bulou.checkpoints.rules.handoffs import read_arrival
from bulou.core.divisions import contains, county_of
from bulou.core.ids import new_id
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Receipt, append
from bulou.ledger.rules import Entry
from bulou.people import actions as people
from bulou.store import writing

LIST = "checkpoint"  # the source under which the register knows whoever came through a post


def confirm_arrival(
    *, county: int, subject: str, body: Mapping[str, Any], by: str, at: datetime, keep_days: int, id: UUID | None = None
) -> Receipt:
    """Write that whoever a hand-off speaks of has been seen (a body of kind arrival_confirmed), and return the receipt.

    If they are here and gave a name, the register knows them afterwards, and a follow-up is theirs. Raise LookupError
    if there is no such hand-off that may be seen, ValueError if it is not of this county.
    """
    arrival = read_arrival(subject)
    if arrival is None or county_of(arrival.area) != county:
        raise ValueError(f"{subject} is not a hand-off to county {county}")
    one = handoffs.get_expected(county, subject, now=at, keep_days=keep_days)
    entry = Entry(id or new_id(), CONFIRMED, subject, one.area, at, at, by, dict(body))
    with writing(county):
        person = _registered(entry, at) if body.get("where") == "here" else None
        if person is not None and contains(one.area, person[1]):
            entry = Entry(entry.id, CONFIRMED, subject, one.area, at, at, by, {**body, "person": f"person:{person[0]}"})
        return append([entry], at=at)[0]


def register_arrival(entry: Entry, *, at: datetime) -> None:
    """Put whoever a phone or a form wrote down as arrived into the register, if the entry still stands.

    The same again changes nothing. Raise people's Refused if the ID number they gave at the post is another's: the
    name stays with the pass, and a person looks at it.
    """
    county = county_of(entry.area)
    stands = ledger.standing_by_id(county, [entry.id]).get(entry.id)
    if stands is None or stands.body.get("where") != "here" or stands.body.get("person"):
        return
    with writing(county):
        _register(stands, at)


def reveal_arrival(*, county: int, subject: str, purpose: str, by: str, at: datetime, keep_days: int) -> Expected:
    """Return the hand-off with its name and phone in full, and write to the audit that it was shown.

    Raise LookupError if it may not be seen, ValueError without a purpose.
    """
    one = handoffs.get_expected(county, subject, now=at, keep_days=keep_days, masked=False)
    if not purpose.strip():
        raise ValueError("say what the full details are needed for")
    with writing(county):
        audit(by=by, at=at, action="reveal", area=one.area, subject=subject, purpose=purpose.strip())
    return one


def _registered(entry: Entry, at: datetime) -> tuple[UUID, int] | None:
    try:
        return _register(entry, at)
    except people.Refused:  # the number is another's: whoever confirms is not held up by it
        return None


def _register(entry: Entry, at: datetime) -> tuple[UUID, int] | None:
    """Return whom the register knows the arrival as, adding them if need be; None if no name was ever taken.

    The id follows from the hand-off, so that two phones and a job that say it add one person.
    """
    arrival = read_arrival(entry.subject)
    assert arrival is not None
    county = county_of(entry.area)
    passed = ledger.standing_by_id(county, [arrival.entry]).get(arrival.entry)
    rows = passed.body.get("people") or () if passed else ()
    row = rows[arrival.row - 1] if arrival.row <= len(rows) else {}
    if not row.get("name"):
        return None
    return people.register_once(
        id=person_id(entry.subject), area=entry.area, name=row["name"], id_number=row.get("id_number") or "",
        phone=row.get("phone") or "", list_name=LIST, by=entry.by, at=at,
    )  # fmt: skip


def person_id(subject: str) -> UUID:
    """Return the id under which somebody new is registered from a hand-off: the same whoever asks."""
    return UUID(bytes=blake2b(f"person of {subject}".encode(), digest_size=16).digest())
