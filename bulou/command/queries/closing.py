"""What the close of an incident sets going: where, since when, and whose word it still needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.command.models import Destruction
from bulou.command.models import Incident as IncidentRow
from bulou.core.divisions import ancestors_of, county_area, county_of, last_of
from bulou.core.moments import at_midnight, day_of

Span = tuple[int, int]
"""The first and the last area of a part of the tree."""
NEEDED = 2  # people whose word it takes before anything is destroyed because an incident was closed


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A closed incident. `since`: its first moment after the last day. `spans`: where it was and no other is open."""

    county: int
    incident: UUID
    name: str
    area: int
    closed_on: date
    since: datetime
    spans: tuple[Span, ...]
    approvals: tuple[Approval, ...]

    @property
    def approved(self) -> bool:
        return len({one.by for one in self.approvals}) >= NEEDED


def endings(county: int, *, now: datetime) -> list[Ending]:
    """Return the incidents that concern the county and are closed now, the latest first. Not limited by scope: a page
    shows those of an area it may show."""
    root = county_area(county)
    above = [root, *ancestors_of(root)]
    rows = list(IncidentRow.objects.filter(county__in={county_of(each) for each in above}))
    rows = [row for row in rows if row.area in above or county_of(row.area) == county]
    today = day_of(now)
    still = [row.area for row in rows if row.closed_on is None or today <= row.closed_on]
    closed = [row for row in rows if row.closed_on is not None and row.closed_on < today]
    words: dict[tuple[UUID, date], list[Approval]] = {}
    said = Destruction.objects.filter(incident__in=[row.id for row in closed], withdrawn_at__isnull=True)
    for each in said.order_by("at"):
        words.setdefault((each.incident, each.closed_on), []).append(Approval(each.by, each.at, each.basis))
    found = []
    for row in sorted(closed, key=lambda row: (row.closed_on, row.at), reverse=True):
        assert row.closed_on is not None
        inside = (max(row.area, root), min(last_of(row.area), last_of(root)))
        found.append(
            Ending(
                row.county, row.id, row.name, row.area, row.closed_on, at_midnight(row.closed_on + timedelta(days=1)),
                tuple(without(inside, [(area, last_of(area)) for area in still])),
                tuple(words.get((row.id, row.closed_on), ())),
            )
        )  # fmt: skip
    return found


def ever_declared(county: int) -> bool:
    """Tell whether an incident was ever declared for the county, above it or in it: without one no close can come."""
    root = county_area(county)
    above = [root, *ancestors_of(root)]
    return IncidentRow.objects.filter(county__in={county, *(county_of(each) for each in above)}).exists()


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return what is left of a part of the tree without others. Parts lie within each other or apart."""
    left = [span]
    for low, high in others:
        left = [
            part
            for first, last in left
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return left
