"""Entries about shifts and responders: written whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.core.ids import new_id
from bulou.ledger.actions import Outcome, append
from bulou.ledger.rules import Entry
from bulou.rosters.rules.registers import Refused


def entry(
    kind: str, subject: str, area: int, body: Mapping[str, Any], *, by: str, at: datetime, id: UUID | None = None
) -> Entry:
    """Return an entry made at a desk. Answers that say nothing are left out."""
    said = {key: value for key, value in body.items() if value not in (None, "", [])}
    return Entry(id or new_id(), kind, subject, area, at, at, by, said)


def write(entries: Sequence[Entry], *, received_at: datetime) -> None:
    """Write them all. Raise Refused with the ledger's reason if one would be held: the caller's transaction undoes it."""
    for receipt in append(entries, at=received_at):
        if receipt.outcome is not Outcome.APPLIED:
            raise Refused(receipt.reason or "duplicate", receipt.detail, receipt.detail)
