"""The only doors through which anything is written to the ledger."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.ledger import law
from bulou.ledger.actions import projection, tables
from bulou.ledger.actions.tables import ENTRY, HELD, query, read_id, rows_json, unpack, writing
from bulou.ledger.models import Cursor, Held
from bulou.ledger.rules import Entry, Law, Place, effective, effects_of

__all__ = ["Outcome", "Receipt", "advance", "append", "follow_registers", "hold", "rebuild", "resolve_held"]


class Outcome(StrEnum):
    APPLIED = "applied"
    DUPLICATE = "duplicate"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one entry that was sent. `reason` and `detail` say why it is held."""

    id: UUID
    outcome: Outcome
    reason: str = ""
    detail: str = ""


def append(entries: Sequence[Entry], *, at: datetime) -> list[Receipt]:
    """Take a batch of one county's entries, received at `at`, and return a receipt for each, in order.

    Nothing is ever refused: what cannot be applied goes to the held tray. When this returns and the transaction around
    it (if any) commits, everything receipted survives a power cut. Raise ValueError if the batch spans counties.
    """
    if not entries:
        return []
    counties = {county_of(entry.area) for entry in entries}
    if len(counties) > 1:
        raise ValueError(f"a batch belongs to one county; this one spans {sorted(counties)}")
    county = counties.pop()
    with writing(county):
        book = law.current()
        places = book.places(county, {entry.subject for entry in entries})
        fits: dict[UUID, Entry] = {}
        held: dict[int, tuple[str, str]] = {}
        again: list[int] = []
        for i, entry in enumerate(entries):
            reason = _why_held(entry, book, county, places)
            placed = places.get(entry.subject)
            entry = replace(entry, received_at=at, area=placed.area if placed else entry.area,
                            rules=entry.rules or book.rules_at(county, entry.happened_at))  # fmt: skip
            if reason:
                held[i] = reason
            elif entry.id in fits:
                again.append(i)
            else:
                fits[entry.id] = entry
        written = _insert(county, fits.values())
        held.update(_clashes(county, entries, fits, written, again))
        receipts = [_receipt(entry, i, held, written, i in again) for i, entry in enumerate(entries)]
        fresh = [entry for id_, entry in fits.items() if id_ in written]
        _apply(county, fresh, book)
        _hold_all(county, [(entries[i], *why) for i, why in held.items()], at)
    return receipts


def _why_held(entry: Entry, book: Law, county: int, places: Mapping[str, Place]) -> tuple[str, str] | None:
    kind = book.kinds.get(entry.kind)
    if kind is None:
        return "unknown kind", f"no kind of record is called {entry.kind!r}"
    place = places.get(entry.subject)
    if place is None:
        return "unknown subject", f"{entry.subject} is in no register of this county"
    if county_of(place.area) != county:
        return "elsewhere", f"{entry.subject} is in county {county_of(place.area)}, not {county}"
    if problems := kind.problems(entry):
        return "body", "\n".join(problems)
    if refusal := book.refused(replace(entry, area=place.area)):
        return "not permitted", refusal
    return None


def _insert(county: int, entries: Iterable[Entry]) -> set[UUID]:
    rows = [
        (county, e.id, e.kind, e.version, e.subject, e.area, e.happened_at, e.recorded_at, e.received_at, e.by, e.device,
         e.seq, e.prev_hash, e.signature, msgspec.json.encode(e.body).decode(), e.amends, e.rules, e.digest())
        for e in entries
    ]  # fmt: skip
    return {read_id(row[0]) for row in tables.insert(ENTRY, rows, returning="id")}


def _clashes(
    county: int, entries: Sequence[Entry], fits: dict[UUID, Entry], written: set[UUID], again: list[int]
) -> dict[int, tuple[str, str]]:
    """Return why each entry that was not written is more than a replay: another body under its id, or a used number."""
    suspects = [i for i, e in enumerate(entries) if e.id in fits and (e.id not in written or i in again)]
    if not suspects:
        return {}
    stored = {
        read_id(id_): digest
        for id_, digest in query(
            f"SELECT e.id, e.digest FROM ledger_entry e WHERE e.county = %s AND e.id IN (SELECT x.id FROM {unpack({'id': 'uuid'})})",  # noqa: S608
            county, rows_json([entries[i].id] for i in suspects),
        )
    }  # fmt: skip
    found: dict[int, tuple[str, str]] = {}
    for i in suspects:
        entry = entries[i]
        if entry.id not in stored:
            found[i] = "used number", f"device {entry.device} had already sent another entry as its number {entry.seq}"
        elif stored[entry.id] != entry.digest():
            found[i] = "clash of ids", "another entry was already received under this id"
    return found


def _receipt(entry: Entry, i: int, held: dict[int, tuple[str, str]], written: set[UUID], again: bool) -> Receipt:
    if i in held:
        return Receipt(entry.id, Outcome.HELD, *held[i])
    return Receipt(entry.id, Outcome.APPLIED if entry.id in written and not again else Outcome.DUPLICATE)


def _apply(county: int, fresh: Sequence[Entry], book: Law) -> None:
    """Project new entries; a correction takes back what its target did first."""
    targets = {entry.amends for entry in fresh if entry.amends}
    late = projection.corrections_of(county, [entry.id for entry in fresh])
    pairs = []
    for original in fresh:
        if original.id in targets:
            continue  # refolded below with its corrections
        entry = effective(original, late.get(original.id, ()))
        if entry is not None:
            pairs.append((entry, effects_of(entry, book)))
    projection.project(county, pairs)
    if targets:
        projection.refold(county, projection.entries_by_id(county, targets))


def _hold_all(county: int, held: Sequence[tuple[Entry, str, str]], at: datetime) -> None:
    tables.insert(HELD, [
        (county, new_id(), e.id, e.digest(), reason, detail, msgspec.json.encode(e).decode(), e.area, e.by, e.device,
         e.seq, at, "", "", "")
        for e, reason, detail in held
    ])  # fmt: skip


def hold(sent: str, *, area: int, by: str, device: str, reason: str, detail: str, at: datetime) -> UUID:
    """Keep what could not even be read as an entry, and return the id of its place in the held tray."""
    held_id = new_id()
    county = county_of(area)
    with writing(county):
        digest = sha256(sent.encode()).hexdigest()
        tables.insert(
            HELD, [(county, held_id, None, digest, reason, detail, sent, area, by, device, None, at, "", "", "")]
        )
    return held_id


def resolve_held(
    county: int, held_id: UUID, *, by: str, at: datetime, note: str, instead: Entry | None = None, dismiss: bool = False
) -> Receipt | None:
    """Close a held entry: apply it as it stands, apply `instead` of it, or dismiss it, always with a note.

    What was sent stays in the tray for ever. Return the receipt of what was applied; if that is itself held, the tray
    is unchanged. Raise LookupError if there is no such open held entry, ValueError if the note is empty.
    """
    if not note.strip():
        raise ValueError("say in a few words why, so that the person who sent it can understand")
    with writing(county):
        row = Held.objects.filter(county=county, id=held_id, resolved_at__isnull=True).first()
        if row is None:
            raise LookupError("this held entry does not exist or was resolved already")
        receipt, resolution = None, "dismissed"
        if not dismiss:
            resolution = "corrected" if instead else "applied"
            receipt = append([instead or msgspec.json.decode(row.sent, type=Entry)], at=at)[0]
            if receipt.outcome is Outcome.HELD:
                return receipt
        Held.objects.filter(county=county, id=held_id).update(
            resolved_at=at, resolved_by=by, resolution=resolution, note=note.strip()
        )
    return receipt


def follow_registers(county: int, subjects: set[str], *, names: set[str]) -> None:
    """Make the duties about these subjects what the registers now say: after one is added, moved, merged or split.

    `subjects` are present names and names given up alike; `names` are the sets they may be members of.
    """
    with writing(county):
        projection.follow_registers(county, subjects, names=names)


def rebuild(county: int, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Drop the county's duties, evidence and tallies and fold its entries again; `progress` hears how many are done."""
    with writing(county):
        projection.rebuild(county, progress=progress)


def advance(consumer: str, *, txid: int, position: int) -> None:
    """Remember how far the consumer has come, in the transaction that did its work."""
    Cursor.objects.update_or_create(consumer=consumer, defaults={"txid": txid, "position": position})
