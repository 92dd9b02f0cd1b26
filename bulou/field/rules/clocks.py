"""By how much a phone's clock cannot have been right. Nothing is ever refused or changed for it: it is only said."""

from datetime import datetime

from bulou.ledger.trust import DRIFT


def seconds_off(
    recorded_at: datetime, *, received_at: datetime, enrolled_at: datetime, mark: datetime | None = None
) -> int:
    """Return by how many seconds the clock must have been wrong at least: positive ahead, negative behind, 0 if it may
    have been right. An entry is recorded before it is received, and after its phone was enrolled and was given the mark."""
    since = max(enrolled_at, mark) if mark is not None else enrolled_at
    if recorded_at > received_at + DRIFT:
        return int((recorded_at - received_at).total_seconds())
    if recorded_at < since - DRIFT:
        return int((recorded_at - since).total_seconds())
    return 0
