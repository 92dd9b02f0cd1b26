"""Who was told to wait at a post and has not been measured again, whichever phone wrote it down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.core.divisions import county_of
from bulou.ledger import queries as ledger

DUTY = "pass.remeasure"
SAID = (
    "vehicle",
    "plate",
    "region",
    "from_code",
    "from_place",
    "purpose",
    "exempt",
    "destination",
    "destination_address",
)
MEASURED = ("temperature", "refused")


@dataclass(frozen=True, slots=True)
class Hold:
    """A pass that waits. `said` is what another desk needs to finish it; nobody's name, phone or number is in it."""

    id: UUID
    post: str
    at: datetime
    due_at: datetime
    by: str
    said: Mapping[str, Any]


def holds(area: int, *, now: datetime, since: datetime) -> list[Hold]:
    """Return those of posts under the area since the moment, longest waiting first."""
    duties = {duty.subject: duty for duty in ledger.missing(area, now=now, names=(DUTY,)) if duty.opens_at >= since}
    wanted: dict[int, list[UUID]] = {}
    for duty in duties.values():
        wanted.setdefault(county_of(duty.area), []).append(duty.opened_by)
    found = []
    for county, ids in wanted.items():
        for entry in ledger.standing_by_id(county, ids).values():
            owed = duties.get(f"entry:{entry.id}")
            if owed is None:
                continue
            said = {name: entry.body[name] for name in SAID if name in entry.body}
            said["people"] = [{n: row[n] for n in MEASURED if n in row} for row in entry.body.get("people", ())]
            found.append(Hold(entry.id, entry.subject, entry.happened_at, owed.due_at, entry.by, said))
    return sorted(found, key=lambda one: (one.at, one.id))
