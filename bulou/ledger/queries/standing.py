"""Entries of one kind as they stand, one after another, however many: for lists of them and for files.

A correction may move an entry to another day: it is then found on the day it happened, not on the day it was put down
for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.core.divisions import county_of
from bulou.ledger.actions import rows as stored
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.queries.reach import within
from bulou.ledger.rules import Entry, effective, said_at

_FIELDS = tuple(name.strip() for name in stored.ENTRY_COLUMNS.split(","))
_MOVING = '"happened_at"'  # stands in the body of a correction that says when it really happened


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as first `written` and as it `stands` after its corrections; `stands` is None if it was withdrawn."""

    written: Entry
    stands: Entry | None
    corrections: tuple[Entry, ...] = ()


def stream(area: int, *, kind: str, since: datetime, until: datetime, page: int = 500) -> Iterator[Standing]:
    """Yield the entries of the kind under the area that happened in [since, until), withdrawn ones too, a page at a time.

    Earliest first; those that a correction moved into the time come last.
    """
    rows = EntryRow.objects.filter(within(area), kind=kind, happened_at__lt=until)
    last: tuple[datetime, UUID] = (since, UUID(int=0))
    while True:
        behind = Q(happened_at=last[0], id__gt=last[1]) | Q(happened_at__gt=last[0])
        some = _read(rows.filter(behind, happened_at__gte=last[0]).order_by("happened_at", "id")[:page])
        for each in _standing(some):
            if each.stands is None or since <= each.stands.happened_at < until:
                yield each
        if len(some) < page:
            break
        last = (some[-1].happened_at, some[-1].id)
    for each in _moved_in(area, kind, since, until, page):
        yield each


def latest(area: int, *, kind: str, since: datetime, until: datetime, limit: int, offset: int = 0) -> list[Standing]:
    """Return a page of the entries of the kind put down for [since, until), latest first, withdrawn ones too."""
    rows = EntryRow.objects.filter(within(area), kind=kind, happened_at__gte=since, happened_at__lt=until)
    return _standing(_read(rows.order_by("-happened_at", "-id")[offset : offset + limit]))


def _moved_in(area: int, kind: str, since: datetime, until: datetime, page: int) -> Iterator[Standing]:
    """Yield the entries put down for another time that happened, as their correction says, in [since, until)."""
    moving = EntryRow.objects.filter(within(area), amends__isnull=False, body__contains=_MOVING)
    ids = sorted({amended for amended in moving.values_list("amends", flat=True) if amended is not None})
    outside = Q(happened_at__lt=since) | Q(happened_at__gte=until)
    for start in range(0, len(ids), page):
        rows = EntryRow.objects.filter(within(area), outside, kind=kind, id__in=ids[start : start + page])
        for each in _standing(_read(rows.order_by("happened_at", "id"))):
            if each.stands is not None and since <= each.stands.happened_at < until:
                yield each


def _read(rows: "QuerySet[EntryRow]") -> list[Entry]:
    return [stored.read_entry(row) for row in rows.values_list(*_FIELDS)]


def _standing(entries: Sequence[Entry]) -> list[Standing]:
    corrections: dict[UUID, list[Entry]] = {}
    for county in {county_of(entry.area) for entry in entries}:
        corrections |= stored.corrections_of(county, [e.id for e in entries if county_of(e.area) == county])
    found = []
    for entry in entries:
        own = tuple(sorted(corrections.get(entry.id, ()), key=said_at))
        found.append(Standing(entry, effective(entry, own), own))
    return found
