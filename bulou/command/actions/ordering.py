"""The orders of the daily cycle: each is an entry in the ledger, and what it makes people owe follows from its kind."""

from collections.abc import Mapping
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
    check_due,
    check_filled,
    check_owner,
)
from bulou.core.divisions import code_of, county_of
from bulou.core.ids import new_id
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


def record_decision(*, area: int, text: str, by: str, at: datetime, report: UUID | None = None) -> UUID:
    """Record what headquarters decided for the area, on a report if one is named. Raise Refused."""
    check_filled(text=text)
    body: dict[str, Any] = {"text": text.strip()}
    if report:
        body["report"] = str(report)
    return write_entry(kind=DECISION, subject=f"area:{code_of(area)}", area=area, body=body, by=by, at=at)


def give_assignment(
    *, area: int, text: str, owed_by: str, due: datetime, by: str, at: datetime, decision: UUID | None = None
) -> UUID:
    """Make someone ("role:township" in the area, or "account:…") owe a piece of work, due by 24:00 today at the latest.

    Raise Refused if it would stay overnight: what cannot be finished today is cut into what can (问题不过夜).
    """
    check_filled(text=text)
    check_owner(owed_by)
    check_due(due, at=at)
    body: dict[str, Any] = {"text": text.strip(), "owed_by": owed_by, "due": due.isoformat()}
    if decision:
        body["decision"] = str(decision)
    return write_entry(kind=ASSIGNMENT, subject=f"area:{code_of(area)}", area=area, body=body, by=by, at=at)


def complete_assignment(*, area: int, assignment: UUID, result: str, by: str, at: datetime) -> UUID:
    """Report an assignment done, with its result. Raise Refused."""
    check_filled(result=result)
    given = read.find_entry(county_of(area), assignment)
    if given is None or given.kind != ASSIGNMENT or not may_see(given.area):
        raise Refused(Problem.NO_ASSIGNMENT)
    return write_entry(
        kind=DONE, subject=f"entry:{assignment}", area=given.area, body={"result": result.strip()}, by=by, at=at
    )
