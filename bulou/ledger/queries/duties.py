"""Duties: what is missing and who owes it, what an entry opened and settled, what is owed about whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Max, Min, Q, QuerySet

from bulou import store
from bulou.core.divisions import county_area
from bulou.core.moments import at_midnight, day_of
from bulou.core.scope import may_see
from bulou.ledger.actions import rows as stored
from bulou.ledger.models import Duty as DutyRow
from bulou.ledger.queries.reach import within as _within
from bulou.ledger.rules import Duty, State


def _duty(row: DutyRow) -> Duty:
    return Duty(
        row.id,
        row.name,
        row.subject,
        row.area,
        row.owed_by,
        row.opened_by,
        row.opens_at,
        row.due_at,
        row.closes_at,
        row.met_by,
        row.met_at,
        row.met_reported_at,
        row.waived_by,
        row.waived_at,
    )


def _read_duties(rows: "QuerySet[DutyRow]") -> list[Duty]:
    """Return the duties of the rows without making models of them: a phone is told of thousands at once."""
    try:
        sql, parameters = rows.values_list(*stored.DUTY_COLUMNS).query.sql_with_params()
    except EmptyResultSet:  # nothing may be read
        return []
    return [stored.read_duty(row) for row in store.query(sql, *parameters)]


def _unmet(
    area: int,
    now: datetime,
    names: Iterable[str] | None,
    owed_by: str | None,
    only: Mapping[tuple[str, str], Iterable[int]] | None = None,
    state: State | None = None,
    due_by: datetime | None = None,
    opens_at: datetime | None = None,
) -> "QuerySet[DutyRow]":
    rows = DutyRow.objects.filter(
        _within(area),
        met_by__isnull=True,
        waived_by__isnull=True,
        opens_at__lte=now,
        closes_at__gt=now,
    )
    if names is not None:
        rows = rows.filter(name__in=list(names))
    if only is not None:
        pairs = Q(county__in=[])
        for (name, owner), areas in only.items():
            pairs |= Q(name=name, area__in=list(areas), **({"owed_by": owner} if owner else {}))
        rows = rows.filter(pairs)
    if due_by is not None:
        rows = rows.filter(due_at__lte=due_by)
    if opens_at is not None:
        rows = rows.filter(opens_at=opens_at)
    if state is not None:
        rows = rows.filter(due_at__lt=now) if state is State.OVERDUE else rows.filter(due_at__gte=now)
    return rows.filter(owed_by=owed_by) if owed_by is not None else rows


def missing(
    area: int,
    *,
    now: datetime,
    names: Iterable[str] | None = None,
    owed_by: str | None = None,
    only: Mapping[tuple[str, str], Iterable[int]] | None = None,
    state: State | None = None,
    due_by: datetime | None = None,
    opens_at: datetime | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Duty]:
    """Return what is owed now and not done under the area, longest overdue first.

    `only`: (duty name, who owes it, "" for anybody) -> the leaf areas in which it is wanted; no other is listed.
    `state`: only OPEN, or only OVERDUE. `due_by`: only what fell due by then. `opens_at`: only what opened then.
    """
    rows = _unmet(area, now, names, owed_by, only, state, due_by, opens_at).order_by("due_at", "area", "subject", "id")
    return [_duty(row) for row in (rows[offset : offset + limit] if limit is not None else rows[offset:])]


@dataclass(frozen=True, slots=True)
class Owing:
    """How many duties of one name these owe in one leaf area, now and not done; `overnight`: of those overdue."""

    area: int
    name: str
    owed_by: str
    open: int
    overdue: int
    overnight: int


def owing(area: int, *, now: datetime, names: Iterable[str], opens_at: datetime | None = None) -> list[Owing]:
    """Return what is owed now and not done by leaf area, name and who owes it: one statement, however many there are."""
    late, night = Q(due_at__lt=now), Q(due_at__lte=at_midnight(day_of(now)))
    rows = _unmet(area, now, names, None, opens_at=opens_at).values_list("area", "name", "owed_by")
    counted = rows.annotate(n=Count("id"), late=Count("id", filter=late), night=Count("id", filter=late & night))
    return [
        Owing(leaf, name, by, n - late, late, night)
        for leaf, name, by, n, late, night in counted.order_by("area", "name", "owed_by")
    ]


def owed(area: int, *, now: datetime, until: datetime, owed_by: Iterable[str], limit: int | None = None) -> list[Duty]:
    """Return what these owe under the area and have not done: what is open, and what opens by `until`; soonest due
    first."""
    rows = DutyRow.objects.filter(
        _within(area), met_by__isnull=True, waived_by__isnull=True, opens_at__lte=until, closes_at__gt=now,
        owed_by__in=list(owed_by),
    )  # fmt: skip
    return _read_duties(rows.order_by("due_at", "area", "subject")[:limit])


def duties_opened_by(county: int, entry_id: UUID) -> list[Duty]:
    return [
        _duty(row) for row in DutyRow.objects.filter(county=county, opened_by=entry_id).order_by("due_at", "subject")
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """How many duties of one name an entry opened that these owe, when the first and the last of them fall due, and what
    has become of them: done, or let go."""

    name: str
    owed_by: str
    owed: int
    first_due: datetime
    last_due: datetime
    met: int
    waived: int


def opened(county: int, entry_id: UUID) -> list[Opened]:
    """Return what the entry opened, by name and who owes it, among what may be seen: one statement, however many."""
    rows = DutyRow.objects.filter(_within(county_area(county)), county=county, opened_by=entry_id)
    counted = rows.values_list("name", "owed_by").annotate(
        n=Count("id"), first=Min("due_at"), last=Max("due_at"), met=Count("met_by"),
        waived=Count("waived_by", filter=Q(met_by__isnull=True)),
    )  # fmt: skip
    return [Opened(*row) for row in counted.order_by("first", "name", "owed_by")]


def settled_by(county: int, entry_id: UUID) -> list[Duty]:
    """Return the duties the entry meets or lets go, soonest due first."""
    proved = store.query(
        f"SELECT DISTINCT subject FROM ledger_evidence{store.by_index('ledger_evidence_entry')}"
        " WHERE county = %s AND entry = %s",
        county, entry_id if store.is_postgres() else entry_id.hex,
    )  # fmt: skip
    found = duties_about(county, [row[0] for row in proved])
    return [duty for duty in found if entry_id in (duty.met_by, duty.waived_by)]


def duties_opened_by_any(county: int, entry_ids: Iterable[UUID]) -> list[Duty]:
    """Return the duties these entries opened, soonest due first; those that may be seen."""
    ids, found = list(entry_ids), []
    for start in range(0, len(ids), 500):
        rows = DutyRow.objects.filter(county=county, opened_by__in=ids[start : start + 500])
        found += [_duty(row) for row in rows]
    return sorted((d for d in found if may_see(d.area)), key=lambda d: (d.due_at, d.subject))


def duties_due(area: int, *, name: str, since: datetime, until: datetime) -> list[Duty]:
    """Return the duties of one name under the area that fall due from `since` (in) to `until` (out), met or not."""
    rows = DutyRow.objects.filter(_within(area), name=name, due_at__gte=since, due_at__lt=until)
    return [_duty(row) for row in rows.order_by("due_at", "area", "subject")]


def duties_about(county: int, subjects: Iterable[str]) -> list[Duty]:
    """Return every duty about these subjects, soonest due first."""
    found = (duty for duty in stored.duties_about(county, subjects) if may_see(duty.area))
    return sorted(found, key=lambda d: (d.due_at, d.name, d.subject))
