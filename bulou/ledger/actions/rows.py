"""Rows as entries and duties: the one place where a column becomes a field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from bulou.ledger.links import Link
from bulou.ledger.rules import Duty, Effects, Entry, Evidence
from bulou.ledger.tables import DUTY
from bulou.store import among, by_index, query, read_id, read_moment, rows_json

# The order of these columns is the order of read_entry's and read_duty's unpacking.
ENTRY_COLUMNS = (
    "id, kind, subject, area, happened_at, recorded_at, by, body, version, received_at, amends, device, seq, prev_hash,"
    " signature, rules, written_from, marked"
)
DUTY_COLUMNS = tuple(name for name in DUTY.columns if name != "county")


def read_entry(row: Sequence[Any]) -> Entry:
    """Return the entry of a row selected with ENTRY_COLUMNS."""
    (
        id_,
        kind,
        subject,
        area,
        happened,
        recorded,
        by,
        body,
        version,
        received,
        amends,
        device,
        seq,
        prev,
        sig,
        rules,
        written_from,
        marked,
    ) = row
    return Entry(
        read_id(id_),
        kind,
        subject,
        area,
        read_moment(happened),
        read_moment(recorded),
        by,
        msgspec.json.decode(body),
        version,
        read_moment(received),
        read_id(amends) if amends else None,
        device,
        seq,
        prev,
        sig,
        rules,
        "",
        read_moment(written_from) if written_from else None,
        bool(marked),
    )


class Scanned:
    """An entry read in passing, of which a count asks little: what it is not asked for is not worked out.

    It answers to the names of an Entry it has. `body` may be set to nothing once it has been read.
    """

    __slots__ = ("_happened_at", "_id", "area", "body", "by", "kind", "rules", "subject")
    columns = ("id", "kind", "subject", "area", "happened_at", "by", "body", "rules")

    def __init__(self, row: Sequence[Any]) -> None:
        """Take a row that begins with `columns`."""
        self._id, self.kind, self.subject, self.area, self._happened_at, self.by, body, self.rules, *_ = row
        self.body: Mapping[str, Any] = msgspec.json.decode(body)

    @property
    def id(self) -> UUID:
        return read_id(self._id)

    @property
    def happened_at(self) -> datetime:
        return read_moment(self._happened_at)


def read_duty(row: Sequence[Any]) -> Duty:
    """Return the duty of a row selected with DUTY_COLUMNS."""
    (id_, name, subject, area, owed_by, opened_by, opens, due, closes, met_by, met, reported, waived_by, waived) = row
    return Duty(
        read_id(id_),
        name,
        subject,
        area,
        owed_by,
        _read_order(opened_by),
        read_moment(opens),
        read_moment(due),
        read_moment(closes),
        read_id(met_by) if met_by else None,
        read_moment(met) if met else None,
        read_moment(reported) if reported else None,
        read_id(waived_by) if waived_by else None,
        read_moment(waived) if waived else None,
    )


@lru_cache(maxsize=1 << 10)  # a sweep opens thousands, and they are told apart by it again and again
def _read_order(value: Any) -> UUID:
    return read_id(value)


def duty_row(county: int, d: Duty) -> tuple[Any, ...]:
    return (
        county,
        d.id,
        d.name,
        d.subject,
        d.area,
        d.owed_by,
        d.opened_by,
        d.opens_at,
        d.due_at,
        d.closes_at,
        d.met_by,
        d.met_at,
        d.met_reported_at,
        d.waived_by,
        d.waived_at,
    )


def evidence_row(county: int, e: Evidence) -> tuple[Any, ...]:
    return county, e.subject, e.duty, e.happened_at, e.entry, e.until, e.waives, e.reported_at, e.counts_at


def entry_row(county: int, e: Entry, digest: str) -> tuple[Any, ...]:
    """Return the entry as a row of the ENTRY table."""
    return (county, e.id, e.kind, e.version, e.subject, e.area, e.happened_at, e.recorded_at, e.received_at, e.by,
            e.device, e.seq, e.prev_hash, e.signature, e.text or msgspec.json.encode(e.body).decode(), e.amends, e.rules,
            digest, e.written_from, e.marked)  # fmt: skip


def digests(county: int, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the digests of those of the entries that are stored."""
    found = query(
        f"SELECT id, digest FROM ledger_entry WHERE county = %s AND {id_in('id')}", county, rows_json([i] for i in ids)
    )
    return {read_id(id_): digest for id_, digest in found}


class InTray(NamedTuple):
    """What the held tray says of an entry; `resolution` is "" while it waits for a person."""

    id: UUID
    reason: str
    detail: str
    resolution: str

    @property
    def was_decided(self) -> bool:
        """Tell whether a person decided against it, so that sending it again changes nothing."""
        return self.resolution in ("dismissed", "corrected")


def tray(county: int, ids: Iterable[UUID]) -> dict[tuple[UUID, str], InTray]:
    """Return those of the entries that are or were in the held tray, by id and digest."""
    found = query(
        f"SELECT entry, digest, id, reason, detail, resolution FROM ledger_held WHERE county = %s AND {id_in('entry')}",
        county,
        rows_json([i] for i in ids),
    )
    return {(read_id(entry), digest): InTray(read_id(id_), *said) for entry, digest, id_, *said in found}


def waiting(county: int, came: Set[UUID]) -> list[tuple[UUID, str, UUID, datetime]]:
    """Return what waits in the tray for these entries, in the order it came: its place, its text, for which, since when."""
    if not came:
        return []
    found = query(
        f"SELECT id, sent, waits_for, received_at FROM ledger_held{by_index('ledger_held_waiting')}"
        f" WHERE county = %s AND {id_in('waits_for')}"
        " AND resolved_at IS NULL AND waits_for IS NOT NULL ORDER BY id",
        county,
        rows_json([i] for i in came),
    )
    return [(read_id(id_), sent, read_id(awaited), read_moment(received)) for id_, sent, awaited, received in found]


def id_in(column: str) -> str:
    return among(column, "uuid")


def subject_in(column: str) -> str:
    return among(column, "text")


def entries_by_id(county: int, ids: Iterable[UUID]) -> list[Entry]:
    """Return the entries of these ids as they were written."""
    ids = list(ids)
    if not ids:
        return []
    rows = query(
        f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND {id_in('id')}",
        county,
        rows_json([i] for i in ids),
    )
    return [read_entry(row) for row in rows]


def corrections_of(county: int, ids: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """Return the corrections of these entries, by the entry they correct."""
    rows = query(
        f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND {id_in('amends')}",
        county,
        rows_json([i] for i in ids),
    )
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for row in rows:
        correction = read_entry(row)
        assert correction.amends
        found[correction.amends].append(correction)
    return found


def what_they_did(county: int, ids: Iterable[UUID]) -> dict[UUID, Effects]:
    """Return what those of the entries did whose answers were erased since: it no longer follows from their bodies."""
    found = query(
        f"SELECT id, did FROM ledger_erasure WHERE county = %s AND {id_in('id')}", county, rows_json([i] for i in ids)
    )
    return {read_id(id_): msgspec.json.decode(did, type=Effects) for id_, did in found if did}


LINK_COLUMNS = (
    "id, kind, version, subject, happened_at, recorded_at, by, device, seq, prev_hash, amends, signature, body"
)


def links_by_id(county: int, ids: Iterable[UUID]) -> list[Link]:
    """Return the entries of these ids as they were signed."""
    rows = query(
        f"SELECT {LINK_COLUMNS} FROM ledger_entry WHERE county = %s AND {id_in('id')}",
        county,
        rows_json([i] for i in ids),
    )
    return [read_link(row) for row in rows]


def read_link(row: Sequence[Any]) -> Link:
    """Return the link of a row selected with LINK_COLUMNS."""
    id_, kind, version, subject, happened, recorded, by, device, seq, prev, amends, signature, body = row
    return Link(read_id(id_), kind, version, subject, read_moment(happened), read_moment(recorded), by, device, seq or 0,
                prev, read_id(amends) if amends else None, signature, body)  # fmt: skip


def link_of(e: Entry) -> Link:
    """Return an entry of the held tray as it was signed."""
    body = e.text or msgspec.json.encode(e.body).decode()
    return Link(e.id, e.kind, e.version, e.subject, e.happened_at, e.recorded_at, e.by, e.device, e.seq or 0,
                e.prev_hash, e.amends, e.signature, body, held=True)  # fmt: skip


def duties_about(county: int, subjects: Iterable[str]) -> list[Duty]:
    """Return every duty about these subjects."""
    rows = query(
        f"SELECT {', '.join(DUTY_COLUMNS)} FROM ledger_duty WHERE county = %s AND {subject_in('subject')}",
        county,
        rows_json([s] for s in subjects),
    )
    return [read_duty(row) for row in rows]
