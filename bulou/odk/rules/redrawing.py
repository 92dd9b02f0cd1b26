"""What an edit in Collect says once the record it edits is known: a correction, or a withdrawal and a new record."""

from collections.abc import Sequence
from dataclasses import replace

from bulou.core.divisions import contains
from bulou.ledger.rules import Entry
from bulou.odk.rules.instances import withdrawal_id

CORRECTION = "correction"
REASON = "edited in ODK Collect"


def redrawn(edit: Entry, original: Entry) -> Sequence[Entry]:
    """Return what an entry that amends the original says. Only Collect sends whole records anew: the rest stay.

    `edit.area` is that of the phone it came from. Raise ValueError if it cannot be an edit of the original.
    """
    if edit.kind == CORRECTION:
        return [edit]
    if not contains(edit.area, original.area):
        raise ValueError(f"it edits {original.id}, which lies elsewhere")
    if original.kind != edit.kind:
        raise ValueError(f"it edits {original.id}, which is a {original.kind}")
    at = edit.recorded_at
    fix = replace(edit, kind=CORRECTION, version=1, subject=original.subject, happened_at=at, amends=original.id)
    if edit.subject and edit.subject != original.subject:
        taken_back = replace(fix, id=withdrawal_id(edit.id), body={"withdrawn": True, "reason": REASON})
        return [taken_back, replace(edit, amends=None)]
    body = {"body": dict(edit.body), "reason": REASON}
    if edit.happened_at != original.happened_at:
        body["happened_at"] = edit.happened_at.isoformat()
    return [replace(fix, body=body)]
