"""Reads: boards and lists from what is current, histories by subject, the feed that misses no late commit."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from bulou import store
from bulou.core.divisions import county_area, county_of
from bulou.core.scope import visible_within
from bulou.ledger.actions import rows as stored
from bulou.ledger.actions.rows import Scanned
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.models import Held
from bulou.ledger.queries.chains import chain as chain
from bulou.ledger.queries.duties import Opened as Opened
from bulou.ledger.queries.duties import Owing as Owing
from bulou.ledger.queries.duties import duties_about as duties_about
from bulou.ledger.queries.duties import duties_due as duties_due
from bulou.ledger.queries.duties import duties_opened_by as duties_opened_by
from bulou.ledger.queries.duties import duties_opened_by_any as duties_opened_by_any
from bulou.ledger.queries.duties import missing as missing
from bulou.ledger.queries.duties import opened as opened
from bulou.ledger.queries.duties import owed as owed
from bulou.ledger.queries.duties import owing as owing
from bulou.ledger.queries.duties import settled_by as settled_by
from bulou.ledger.queries.erasures import Destroyed as Destroyed
from bulou.ledger.queries.erasures import Emptied as Emptied
from bulou.ledger.queries.erasures import Erased as Erased
from bulou.ledger.queries.erasures import Unwatched as Unwatched
from bulou.ledger.queries.erasures import counties_fading as counties_fading
from bulou.ledger.queries.erasures import destroyed as destroyed
from bulou.ledger.queries.erasures import emptied as emptied
from bulou.ledger.queries.erasures import erasures as erasures
from bulou.ledger.queries.erasures import fading as fading
from bulou.ledger.queries.erasures import fading_count as fading_count
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
from bulou.ledger.queries.undoing import Done as Done
from bulou.ledger.queries.undoing import done_by as done_by
from bulou.ledger.rules import Entry, Place, effective


def entries_by_id(county: int, ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """Return those of the entries that may be read, as written."""
    return {e.id: e for e in _read(EntryRow.objects.filter(_within(county_area(county)), id__in=list(ids)))}


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


def entries_about(county: int, subjects: Iterable[str], *, limit: int | None = 200) -> list[Entry]:
    """Return the entries about these subjects and those that prove something of them, latest first, as written.

    `limit`: for a page of them; None where something is concluded or counted from all.
    """
    names = list(subjects)
    proved = store.query(
        f"SELECT DISTINCT entry FROM ledger_evidence WHERE county = %s AND {store.among('subject', 'text')}",
        county,
        store.rows_json([n] for n in names),
    )
    rows = EntryRow.objects.filter(
        Q(subject__in=names) | Q(id__in=[store.read_id(r[0]) for r in proved]), _within(county_area(county))
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


def entries_saying(
    area: int, *, kinds: Iterable[str], texts: Iterable[str], since: datetime, until: datetime
) -> list[Entry]:
    """Return the entries of these kinds under the area of [since, until), as corrected, whose body, or that of a
    correction, holds one of the texts. The others are not read."""
    wanted = Q()
    for text in texts:
        wanted |= Q(
            GreaterThan(StrIndex("body", Value(text)), 0)
        )  # a LIKE folds letters, and takes several times as long
    written = Q(kind__in=list(kinds)) | Q(amends__isnull=False)
    rows = EntryRow.objects.filter(
        wanted, written, _within(area), happened_at__gte=since, happened_at__lt=until
    ).values_list("county", "id", "amends")
    ids: dict[int, set[UUID]] = {}
    for county, entry, amends in rows:
        ids.setdefault(county, set()).add(amends or entry)
    found = [entry for county, some in ids.items() for entry in standing_by_id(county, some).values()]
    return sorted((e for e in found if e.kind in set(kinds) and since <= e.happened_at < until),
                  key=lambda e: (e.happened_at, e.id))  # fmt: skip


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
    found = store.query(sql, *parameters)
    corrected: dict[UUID, Entry | None] = {}
    counties: dict[int, list[UUID]] = {}
    for row in found:
        if row[-1]:
            counties.setdefault(county_of(row[3]), []).append(store.read_id(row[0]))
    for county, ids in counties.items():
        corrections = stored.corrections_of(county, ids)
        for written in stored.entries_by_id(county, ids):
            corrected[written.id] = effective(written, corrections.get(written.id, ()))
    for row in found:
        if not row[-1]:
            yield Scanned(row)
        elif (entry := corrected[store.read_id(row[0])]) is not None and since <= entry.happened_at < until:
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
    rows = store.query(
        f"SELECT x.county FROM {store.unpack({'county': 'int'})}"
        " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.county = x.county)",
        store.rows_json([county] for county in sorted(set(counties))),
    )  # fmt: skip
    return {row[0] for row in rows}


def counties() -> list[int]:
    """Return the six-digit codes of the counties that have entries which may be read, in order."""
    found, last = [], 0
    while rows := store.query("SELECT min(county) FROM ledger_entry WHERE county > %s", last):
        if (last := rows[0][0]) is None:
            break
        if visible_within(county_area(last)):
            found.append(last)
    return found


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
            value = store.query(f"SHOW {setting}")[0][0]
            if value != wanted and not (setting == "synchronous_commit" and value in ("remote_write", "remote_apply")):
                yield f"PostgreSQL runs with {setting} = {value}; it must be {wanted}"
        return
    if (mode := store.query("PRAGMA journal_mode")[0][0]) not in ("wal", "memory"):
        yield f"SQLite runs with journal_mode = {mode}; it must be wal"
    if (level := store.query("PRAGMA synchronous")[0][0]) < 2:
        yield f"SQLite runs with synchronous = {level}; it must be 2 (FULL)"
