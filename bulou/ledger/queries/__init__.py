"""Reads: boards and lists from what is current, histories by subject, the feed that misses no late commit."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as Count_
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from bulou.core.divisions import county_area, county_of
from bulou.core.moments import at_midnight, day_of
from bulou.core.scope import may_see, visible_within
from bulou.ledger.actions import rows as stored
from bulou.ledger.actions import tables
from bulou.ledger.actions.rows import Scanned
from bulou.ledger.models import Duty as DutyRow
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.models import Held
from bulou.ledger.queries.chains import chain as chain
from bulou.ledger.queries.erasures import Destroyed as Destroyed
from bulou.ledger.queries.erasures import Erased as Erased
from bulou.ledger.queries.erasures import Unwatched as Unwatched
from bulou.ledger.queries.erasures import counties_fading as counties_fading
from bulou.ledger.queries.erasures import destroyed as destroyed
from bulou.ledger.queries.erasures import erasures as erasures
from bulou.ledger.queries.erasures import fading as fading
from bulou.ledger.queries.erasures import unwatched as unwatched
from bulou.ledger.queries.feeds import Setback as Setback
from bulou.ledger.queries.feeds import cursor_of as cursor_of
from bulou.ledger.queries.feeds import feed as feed
from bulou.ledger.queries.feeds import horizon as horizon
from bulou.ledger.queries.feeds import latest_receipt as latest_receipt
from bulou.ledger.queries.feeds import setbacks as setbacks
from bulou.ledger.queries.openers import missing_by_opener as missing_by_opener
from bulou.ledger.queries.past import settled_since as settled_since
from bulou.ledger.queries.reach import within as _within
from bulou.ledger.queries.standing import Standing as Standing
from bulou.ledger.queries.standing import latest as latest
from bulou.ledger.queries.standing import stream as stream
from bulou.ledger.queries.tallies import Count as Count
from bulou.ledger.queries.tallies import Round as Round
from bulou.ledger.queries.tallies import counts as counts
from bulou.ledger.queries.tallies import latest_round as latest_round
from bulou.ledger.queries.tallies import round_counts as round_counts
from bulou.ledger.queries.tallies import rounds as rounds
from bulou.ledger.rules import Duty, Entry, Place, State, effective, missing_ranges


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
    return [stored.read_duty(row) for row in tables.query(sql, *parameters)]


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


def missing_count(
    area: int,
    *,
    now: datetime,
    names: Iterable[str] | None = None,
    owed_by: str | None = None,
    only: Mapping[tuple[str, str], Iterable[int]] | None = None,
    state: State | None = None,
    due_by: datetime | None = None,
    opens_at: datetime | None = None,
) -> int:
    return _unmet(area, now, names, owed_by, only, state, due_by, opens_at).count()


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
    counted = rows.annotate(n=Count_("id"), late=Count_("id", filter=late), night=Count_("id", filter=late & night))
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


def entries_by_id(county: int, ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """Return those of the entries that may be read, as written."""
    return {e.id: e for e in _read(EntryRow.objects.filter(_within(county_area(county)), id__in=list(ids)))}


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
        n=Count_("id"), first=Min("due_at"), last=Max("due_at"), met=Count_("met_by"),
        waived=Count_("waived_by", filter=Q(met_by__isnull=True)),
    )  # fmt: skip
    return [Opened(*row) for row in counted.order_by("first", "name", "owed_by")]


def settled_by(county: int, entry_id: UUID) -> list[Duty]:
    """Return the duties the entry meets or lets go, soonest due first."""
    proved = tables.query(
        "SELECT DISTINCT subject FROM ledger_evidence WHERE county = %s AND entry = %s",
        county, entry_id if tables.is_postgres() else entry_id.hex,
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


_ENTRY_FIELDS = tuple(name.strip() for name in stored.ENTRY_COLUMNS.split(","))


def _read(rows: "QuerySet[EntryRow]") -> list[Entry]:
    return [stored.read_entry(row) for row in rows.values_list(*_ENTRY_FIELDS)]


def find_entry(county: int, entry_id: UUID) -> Entry | None:
    return next(iter(_read(EntryRow.objects.filter(_within(county_area(county)), id=entry_id))), None)


def get_entry(county: int, entry_id: UUID) -> Entry:
    """Return the entry as written; raise LookupError if there is none."""
    if (entry := find_entry(county, entry_id)) is None:
        raise LookupError(f"there is no entry {entry_id} in county {county}")
    return entry


def entries_about(county: int, subjects: Iterable[str], *, limit: int = 200) -> list[Entry]:
    """Return the entries about these subjects and those that prove something of them, latest first, as written."""
    names = list(subjects)
    proved = tables.query(
        f"SELECT DISTINCT entry FROM ledger_evidence WHERE county = %s AND {tables.among('subject', 'text')}",
        county,
        tables.rows_json([n] for n in names),
    )
    rows = EntryRow.objects.filter(
        Q(subject__in=names) | Q(id__in=[tables.read_id(r[0]) for r in proved]), _within(county_area(county))
    )
    return _read(rows.order_by("-happened_at", "-id")[:limit])


def entries_of(
    area: int, *, kinds: Iterable[str], since: datetime, until: datetime, about: Iterable[str] | None = None
) -> list[Entry]:
    """Return the entries of these kinds under the area of [since, until), as corrected, without withdrawn ones.

    `about`: only those about these subjects.
    """
    rows = EntryRow.objects.filter(_within(area), kind__in=list(kinds), happened_at__gte=since, happened_at__lt=until)
    if about is not None:
        rows = rows.filter(subject__in=list(about))
    found = _read(rows.order_by("happened_at", "id"))
    corrections: dict[UUID, list[Entry]] = {}
    for county in {county_of(entry.area) for entry in found}:
        corrections |= stored.corrections_of(county, [e.id for e in found if county_of(e.area) == county])
    standing = (effective(entry, corrections.get(entry.id, ())) for entry in found)
    return [entry for entry in standing if entry is not None and since <= entry.happened_at < until]


def places(county: int, subjects: Iterable[str]) -> dict[str, Place]:
    """Return where the entries among the subjects ("entry:<id>") happened. For the Law: not limited by scope."""
    ids = {}
    for subject in subjects:
        with suppress(ValueError):
            ids[UUID(subject.removeprefix("entry:"))] = subject
    rows = EntryRow.objects.filter(county=county, id__in=ids).values_list("id", "area")
    return {ids[id_]: Place(ids[id_], area) for id_, area in rows}


def scan(area: int, *, kinds: Iterable[str], since: datetime, until: datetime) -> Iterator[Entry | Scanned]:
    """Yield what `entries_of` returns, kind by kind and each kind in the order it happened, at a third of the cost.

    Made for counts over a whole county's day: what nobody asks of an entry is not worked out.
    """
    if not visible_within(area):
        return
    rows = EntryRow.objects.filter(_within(area), kind__in=list(kinds), happened_at__gte=since, happened_at__lt=until)
    again = EntryRow.objects.filter(county=OuterRef("county"), amends=OuterRef("id"))
    wanted = rows.annotate(corrected=Exists(again)).order_by("kind", "happened_at", "id")
    # Through the ORM every column of every row would be converted; the statement is its own, the reading is ours.
    sql, parameters = wanted.values_list(*Scanned.columns, "corrected").query.sql_with_params()
    found = tables.query(sql, *parameters)
    corrected: dict[UUID, Entry | None] = {}
    counties: dict[int, list[UUID]] = {}
    for row in found:
        if row[-1]:
            counties.setdefault(county_of(row[3]), []).append(tables.read_id(row[0]))
    for county, ids in counties.items():
        corrections = stored.corrections_of(county, ids)
        for written in stored.entries_by_id(county, ids):
            corrected[written.id] = effective(written, corrections.get(written.id, ()))
    for row in found:
        if not row[-1]:
            yield Scanned(row)
        elif (entry := corrected[tables.read_id(row[0])]) is not None and since <= entry.happened_at < until:
            yield entry


def standing_by_id(county: int, entry_ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """Return entries the caller has already been allowed to read of, as they stand corrected, without withdrawn ones."""
    ids = list(entry_ids)
    written = stored.entries_by_id(county, ids) if ids else []
    again = stored.corrections_of(county, ids) if ids else {}
    corrected = (effective(entry, again.get(entry.id, ())) for entry in written)
    return {entry.id: entry for entry in corrected if entry is not None}


def corrections_of(county: int, entry_ids: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """Return the corrections of entries the caller has already been allowed to read, by the entry corrected."""
    return stored.corrections_of(county, entry_ids)


def counties_begun(counties: Iterable[int]) -> set[int]:
    """Return those of the counties that have any entry at all: the others owe nothing yet, whatever joins them."""
    rows = tables.query(
        f"SELECT x.county FROM {tables.unpack({'county': 'int'})}"
        " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.county = x.county)",
        tables.rows_json([county] for county in sorted(set(counties))),
    )  # fmt: skip
    return {row[0] for row in rows}


def counties() -> list[int]:
    """Return the six-digit codes of the counties that have entries which may be read, in order."""
    found, last = [], 0
    while rows := tables.query("SELECT min(county) FROM ledger_entry WHERE county > %s", last):
        if (last := rows[0][0]) is None:
            break
        if visible_within(county_area(last)):
            found.append(last)
    return found


def device_gaps(county: int, device: str) -> list[tuple[int, int]]:
    """Return the numbers, first and last inclusive, that the device has written and the server has never received."""
    entries = EntryRow.objects.filter(county=county, device=device, seq__isnull=False).values_list("seq", flat=True)
    held = Held.objects.filter(county=county, device=device, seq__isnull=False).values_list("seq", flat=True)
    return missing_ranges(seq for seq in [*entries, *held] if seq is not None)


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """One row of the held tray. `sent` is the text as received."""

    county: int
    id: UUID
    entry: UUID | None
    reason: str
    detail: str
    sent: str
    area: int
    by: str
    device: str
    received_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    resolution: str
    note: str


def _held(rows: "QuerySet[Held]") -> list[HeldEntry]:
    return [HeldEntry(*row) for row in rows.values_list(*HeldEntry.__dataclass_fields__)]


def held(area: int, *, resolved: bool = False) -> list[HeldEntry]:
    """Return the tray under the area, oldest first: what waits for a person, or what was resolved."""
    rows = Held.objects.filter(_within(area), resolved_at__isnull=not resolved)
    return _held(rows.order_by("received_at", "id"))


def held_count(area: int) -> int:
    """Return how many wait in the tray under the area."""
    return Held.objects.filter(_within(area), resolved_at__isnull=True).count()


def find_held(area: int, held_id: UUID) -> HeldEntry | None:
    """Return the held entry if it lies under the area."""
    rows = Held.objects.filter(_within(area), id=held_id)
    return next(iter(_held(rows)), None)


def weak_durability() -> Iterator[str]:
    """Yield, for each database setting that would lose an acknowledged entry in a power cut, what is wrong with it."""
    if connection.vendor == "postgresql":
        for setting, wanted in (("synchronous_commit", "on"), ("fsync", "on"), ("full_page_writes", "on")):
            value = tables.query(f"SHOW {setting}")[0][0]
            if value != wanted and not (setting == "synchronous_commit" and value in ("remote_write", "remote_apply")):
                yield f"PostgreSQL runs with {setting} = {value}; it must be {wanted}"
        return
    if (mode := tables.query("PRAGMA journal_mode")[0][0]) not in ("wal", "memory"):
        yield f"SQLite runs with journal_mode = {mode}; it must be wal"
    if (level := tables.query("PRAGMA synchronous")[0][0]) < 2:
        yield f"SQLite runs with synchronous = {level}; it must be 2 (FULL)"
