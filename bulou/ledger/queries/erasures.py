"""What was destroyed of what entries said of people, as anybody may check it, and what is still to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Sum

from bulou import store
from bulou.core.divisions import county_area
from bulou.core.scope import visible_within
from bulou.ledger.models import Blanked, Duty, Erasure, Held
from bulou.ledger.models import Fading as FadingRow
from bulou.ledger.rules import Fading


@dataclass(frozen=True, slots=True)
class Erased:
    """When and on what basis what one entry said of people was destroyed."""

    erased_at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many entries of a kind and a day (in China) had answers destroyed at one time, on one basis.

    `kind` is that of the record: a correction counts with what it corrects. `held`: copies in the held tray.
    """

    erased_at: datetime
    kind: str
    day: date
    held: bool
    basis: str
    count: int


def erasures(county: int, ids: Iterable[UUID]) -> dict[UUID, Erased]:
    """Return what was destroyed of entries, or of places in the tray, which the caller has been allowed to read."""
    found = Erasure.objects.filter(county=county, id__in=list(ids)).values_list("id", "erased_at", "basis")
    return {id_: Erased(at, basis) for id_, at, basis in found}


def destroyed(county: int, *, since: datetime) -> list[Destroyed]:
    """Return what was destroyed in the county from `since` on, latest first; nothing if no part of it may be seen."""
    if not visible_within(county_area(county)):
        return []
    found = store.query(
        "SELECT erased_at, kind, day, held, basis, count(*) FROM ledger_erasure WHERE county = %s AND erased_at >= %s"
        " GROUP BY erased_at, kind, day, held, basis ORDER BY erased_at DESC, day, kind, held, basis",
        county,
        store.stamp(since),
    )
    return [
        Destroyed(store.read_moment(at), kind, _date(day), bool(held), basis, count)
        for at, kind, day, held, basis, count in found
    ]


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def counties_fading() -> list[int]:
    """Return the counties in which something is still to be destroyed. For the jobs: not limited by scope."""
    return sorted(FadingRow.objects.values_list("county", flat=True).distinct())


def fading(
    county: int, *, kind: str, before: datetime, limit: int, within: tuple[int, int] | None = None,
    owed: tuple[datetime, datetime] | None = None,
) -> list[Fading]:  # fmt: skip
    """Return up to `limit` of a kind whose days began before the moment: read off an index of what is still to be
    destroyed. For the jobs: not limited by scope.

    `within`: what counts from the close of an incident in these areas, the first and the last; without it, what counts
    from the entry, oldest first.
    `owed`: none that opened a duty, not done yet, which falls due between these moments, such as a follow-up.
    """
    return [Fading(*row) for row in _fading(county, kind, before, within, owed).values_list(*_FADING)[:limit]]


_FADING = ("id", "kind", "since", "held", "area", "closing")


def fading_count(
    county: int, *, kind: str, before: datetime, within: tuple[int, int] | None = None,
    owed: tuple[datetime, datetime] | None = None,
) -> int:  # fmt: skip
    """Return how many `fading` would find if it were not limited."""
    return _fading(county, kind, before, within, owed).order_by().count()


def _fading(
    county: int, kind: str, before: datetime, within: tuple[int, int] | None, owed: tuple[datetime, datetime] | None
) -> "QuerySet[FadingRow]":
    rows = FadingRow.objects.filter(county=county, kind=kind, since__lte=before, closing=within is not None)
    rows = rows.order_by("since", "id") if within is None else rows.filter(area__range=within)
    if owed is None:
        return rows
    duties = Duty.objects.filter(
        county=county, opened_by=OuterRef("id"), due_at__gt=owed[0], due_at__lte=owed[1], met_by__isnull=True,
        waived_by__isnull=True,
    )  # fmt: skip
    return rows.filter(~Exists(duties))


@dataclass(frozen=True, slots=True)
class Emptied:
    """Of how many rows of a table columns about people were emptied at one time, after which event, on what basis."""

    erased_at: datetime
    name: str
    columns: tuple[str, ...]
    event: str
    basis: str
    count: int


def emptied(county: int, *, since: datetime) -> list[Emptied]:
    """Return what was emptied in the county's tables from `since` on, latest first; nothing if no part may be seen."""
    if county and not visible_within(county_area(county)):
        return []
    rows = Blanked.objects.filter(county=county, erased_at__gte=since).values(
        "erased_at", "name", "columns", "event", "basis"
    )
    found = rows.annotate(count=Sum("number")).order_by("-erased_at", "name", "columns")
    return [
        Emptied(r["erased_at"], r["name"], tuple(r["columns"].split()), r["event"], r["basis"], r["count"])
        for r in found
    ]


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A place in the held tray of which nobody has asked yet whether what it says of people has an end."""

    county: int
    id: UUID
    sent: str
    received_at: datetime
    area: int


def unwatched(*, limit: int) -> list[Unwatched]:
    """Return those that have been in the tray longest. For the jobs: not limited by scope."""
    rows = Held.objects.filter(watched_at__isnull=True).order_by("received_at")
    return [Unwatched(*row) for row in rows.values_list("county", "id", "sent", "received_at", "area")[:limit]]
