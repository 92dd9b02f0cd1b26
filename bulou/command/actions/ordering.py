"""The orders of the daily cycle: each is an entry in the ledger, and what it makes people owe follows from its kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bulou.command.rules import (
    ASSIGNMENT,
    DECISION,
    DONE,
    Problem,
    Refused,
    Result,
    check_due,
    check_filled,
    check_owner,
)
from bulou.core.divisions import code_of, contains, county_of
from bulou.core.ids import new_id
from bulou.core.moments import CHINA
from bulou.core.scope import may_see
from bulou.ledger import actions as ledger
from bulou.ledger import queries as read
from bulou.ledger.actions import Outcome
from bulou.ledger.rules import Entry


def write_entry(
    *, kind: str, subject: str, area: int, body: Mapping[str, Any], by: str, at: datetime, amends: UUID | None = None
) -> UUID:
    """Write one entry made at a desk and return its id.

    A person at a desk can put it right at once, so what the ledger would hold is not left in the tray: raise Refused,
    with the ledger's own words, and write nothing.
    """
    entry = Entry(new_id(), kind, subject, area, at, at, by, dict(body), amends=amends)
    with transaction.atomic():
        receipt = ledger.append([entry], at=at)[0]
        if receipt.outcome is Outcome.HELD:
            raise Refused(Problem.NOT_TAKEN, reason=receipt.reason, detail=receipt.detail)
    return entry.id


def record_decision(
    *, area: int, text: str, by: str, at: datetime, reports: Sequence[UUID] = (), basis_note: str = "",
    document: str = "",
) -> UUID:  # fmt: skip
    """Record what headquarters decided for the area, on these reports, or on what the note says if there are none.

    Raise Refused.
    """
    check_filled(text=text)
    if not reports:
        check_filled(basis=basis_note)
    body = _said(text=text, basis_note=basis_note, document=document)
    if reports:
        body["basis"] = [{"report": f"entry:{report}"} for report in reports]
    return write_entry(kind=DECISION, subject=f"area:{code_of(area)}", area=area, body=body, by=by, at=at)


def give_assignment(
    *, area: int, what: str, owner: str, due: datetime, by: str, at: datetime, decision: UUID | None = None,
    note: str = "",
) -> UUID:  # fmt: skip
    """Make someone ("role:township" in the area, or "account:…") owe a piece of work, due by 24:00 today at the latest.

    Raise Refused if it would stay overnight: what cannot be finished today is cut into what can (问题不过夜).
    """
    check_filled(what=what)
    check_owner(owner)
    check_due(due, at=at)
    body = _said(what=what, owner=owner, note=note) | {"due": due.astimezone(CHINA).isoformat()}
    if decision:
        body["decision"] = f"entry:{decision}"
    return write_entry(kind=ASSIGNMENT, subject=f"area:{code_of(area)}", area=area, body=body, by=by, at=at)


def complete_assignment(
    *, area: int, assignment: UUID, what_was_done: str, by: str, at: datetime, result: Result = Result.DONE,
    left_over: str = "",
) -> UUID:  # fmt: skip
    """Report what became of an assignment; one done only partly, or that cannot be done, stays open with what is left.

    `area` is one the assignment lies in. Raise Refused.
    """
    check_filled(what_was_done=what_was_done)
    if result is not Result.DONE:
        check_filled(left_over=left_over)
    given = read.find_entry(county_of(area), assignment)
    if given is None or given.kind != ASSIGNMENT or not may_see(given.area) or not contains(area, given.area):
        raise Refused(Problem.NO_ASSIGNMENT)
    body = _said(result=result.value, what_was_done=what_was_done, left_over=left_over)
    return write_entry(kind=DONE, subject=f"entry:{assignment}", area=given.area, body=body, by=by, at=at)


def _said(**texts: str) -> dict[str, Any]:
    """Return the texts that say something."""
    return {key: text.strip() for key, text in texts.items() if text.strip()}
