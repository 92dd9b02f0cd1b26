"""Reports as people confirmed them: the entry and every correction of it, each with the numbers it stated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from bulou.command.rules import REPORT
from bulou.core.divisions import county_of
from bulou.core.moments import at_midnight
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry, said_at
from bulou.reports.rules import read_snapshot
from bulou.reports.stated import read_below

LATEST = timedelta(days=2)  # a report of a day is looked for until so long after the day began


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A report as a human confirmed it; after a correction there are several, the first made first."""

    id: UUID
    area: int
    day: date
    cut_off: str
    zero: bool
    situation: str
    needs: str
    numbers: Mapping[str, int]
    below: Mapping[int, Mapping[str, int]]
    at: datetime
    by: str
    reason: str  # of the correction; "" of the first


def reports_made(area: int, day: date) -> list[Entry]:
    """Return the reports made of the day anywhere in the subtree, as corrected."""
    since = at_midnight(day)
    found = ledger.entries_of(area, kinds=[REPORT], since=since, until=since + LATEST)
    return [entry for entry in found if entry.body.get("day") == day.isoformat()]


def confirmed(area: int, day: date) -> list[Confirmed]:
    """Return the area's own confirmed report of the day and every correction of it, the one that stands last."""
    own = [entry for entry in reports_made(area, day) if entry.area == area]
    if not own:
        return []
    first = ledger.get_entry(county_of(area), own[-1].id)
    corrections = ledger.corrections_of(county_of(area), [first.id]).get(first.id, [])
    versions = [_confirmed(first, first.body, "")]
    for correction in sorted(corrections, key=said_at):
        body = correction.body.get("body")
        if isinstance(body, Mapping):
            version = _confirmed(first, body, str(correction.body.get("reason", "")))
            versions.append(replace(version, at=correction.recorded_at, by=correction.by))
    return versions


def _confirmed(entry: Entry, body: Mapping[str, object], reason: str) -> Confirmed:
    return Confirmed(
        entry.id,
        entry.area,
        date.fromisoformat(str(body["day"])),
        str(body.get("cutoff_at", "")),
        body.get("zero") == "yes",
        str(body.get("situation") or ""),
        str(body.get("needs") or ""),
        read_snapshot(body),
        read_below(cast(Sequence[Mapping[str, Any]], body.get("below") or ())),
        entry.recorded_at,
        entry.by,
        reason,
    )
