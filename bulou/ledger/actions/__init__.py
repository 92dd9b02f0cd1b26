"""The only doors through which anything is written to the ledger."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

import msgspec

from bulou import store
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.ledger import law, trust
from bulou.ledger.actions import projection, rebuilding, refolding, rows
from bulou.ledger.actions.blanking import Sheet, blank, count_due, counties_holding, holding
from bulou.ledger.actions.consuming import advance, settle, stumble
from bulou.ledger.actions.erasing import erase, scrub, watch, watch_held
from bulou.ledger.actions.restoring import after_restore
from bulou.ledger.models import Held
from bulou.ledger.needing import in_order, missing, needs
from bulou.ledger.rules import Effects, Entry, Lapsed, Law, Place, believed_effects, effective, effects_of
from bulou.ledger.tables import ENTRY, HELD
from bulou.store import read_id, writing

__all__ = [
    "WAITS",
    "Outcome",
    "Receipt",
    "Sheet",
    "Unread",
    "advance",
    "after_restore",
    "append",
    "blank",
    "count_due",
    "counties_holding",
    "erase",
    "follow_registers",
    "hold",
    "hold_unread",
    "holding",
    "rebuild",
    "resolve_held",
    "scrub",
    "settle",
    "stumble",
    "watch",
    "watch_held",
]


WAITS = "waits"  # the reason of what is held until the entry comes that it amends or is about
CAME = "所等的记录已到,自动处理。What it waited for has come."
SENT_AGAIN = "再次收到,已接受。Sent again, and accepted."  # in the tray, where a person would have written a note


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


def append(
    entries: Sequence[Entry], *, at: datetime, doubts: Mapping[int, tuple[str, str]] = MappingProxyType({}),
    vouched: bool = False,
) -> list[Receipt]:  # fmt: skip
    """Take a batch of one county's entries, received at `at`, and return a receipt for each, in order.

    Nothing is ever refused: what cannot be applied goes to the held tray. `doubts` are reasons, code and detail by
    place in the batch, for which who calls wants an entry held that is not a replay. `vouched`: a person answers for what
    is refused for time only (Lapsed). What amends or is about an entry that has not come waits for it in the tray, and is
    taken in by itself with it (WAITS). When this returns and the
    transaction around it (if any) commits, everything receipted survives a power cut. Raise ValueError if the batch
    spans counties.
    """
    if not entries:
        return []
    counties = {county_of(entry.area) for entry in entries}
    if len(counties) > 1:
        raise ValueError(f"a batch belongs to one county; this one spans {sorted(counties)}")
    county = counties.pop()
    with writing(county):
        tray = rows.tray(county, [entry.id for entry in entries])
        places = _places(county, entries)
        receipts, fits = _sort(county, entries, at, doubts, tray, places, vouched)
        written = _insert(county, fits)
        for i, (entry, _, _) in fits.items():
            receipts[i] = Receipt(entry.id, Outcome.APPLIED)
            if entry.id not in written:
                used = f"device {entry.device} had already sent another entry as its number {entry.seq}"
                receipts[i] = Receipt(entry.id, Outcome.HELD, "used number", used)
        _apply(county, [(entry, done) for entry, _, done in fits.values() if entry.id in written], places)
        _leave_tray(county, [(e.id, digest) for e, digest, _ in fits.values() if e.id in written and tray], tray, at)
        _hold_all(county, [(entries[i], r) for i, r in receipts.items() if r.outcome is Outcome.HELD], at)
        _release(county, written, at)
    return [receipts[i] for i in range(len(entries))]


Fit = tuple[Entry, str, Effects]  # the entry where its subject is, its digest, what it does as it stands


def _places(county: int, entries: Sequence[Entry]) -> dict[str, Place]:
    """Return where their subjects are: what the registers know, and entries of the batch that others of it are about."""
    wanted = {entry.subject for entry in entries}
    places = dict(law.current().places(county, wanted))
    for entry in entries:
        name = f"entry:{entry.id}"
        if name in wanted and name not in places and entry.subject in places:
            places[name] = replace(places[entry.subject], subject=name)
    return places


def _sort(
    county: int, entries: Sequence[Entry], at: datetime, doubts: Mapping[int, tuple[str, str]],
    tray: Mapping[tuple[UUID, str], rows.InTray], places: Mapping[str, Place], vouched: bool,
) -> tuple[dict[int, Receipt], dict[int, Fit]]:  # fmt: skip
    """Return, by place in the batch, the receipts of replays and of what must be held, and the entries that fit."""
    book = law.current()
    targets = {e.id: e for e in rows.entries_by_id(county, {e.amends for e in entries if e.amends})}
    seen = rows.digests(county, [entry.id for entry in entries])
    batch = {entry.id for entry in entries}
    fresh = {i: _placed(entry, book, county, places, at) for i, entry in enumerate(entries) if entry.id not in seen}
    judged = {i: entry for i, entry in fresh.items() if _is_dated(entry)}
    amended = {**{e.id: e for e in judged.values()}, **targets} if any(e.amends for e in entries) else {}
    refusals = dict(zip(judged, book.refused(list(judged.values()), amended), strict=True))
    receipts: dict[int, Receipt] = {}
    fits: dict[int, Fit] = {}
    unfit = batch - seen.keys()  # until it turns out to fit
    for i in in_order(entries, batch):
        entry = entries[i]
        digest = entry.digest()
        if (before := tray.get((entry.id, digest))) and before.was_decided:
            receipts[i] = Receipt(entry.id, Outcome.HELD, before.reason, before.detail)  # a person's word stands
            continue
        if entry.id in seen:
            same = seen[entry.id] == digest
            clash = "another entry was already received under this id"
            receipts[i] = (
                Receipt(entry.id, Outcome.DUPLICATE) if same else Receipt(entry.id, Outcome.HELD, "clash of ids", clash)
            )
            continue
        placed, place = fresh[i], places.get(entry.subject)
        refusal = refusals.get(i, "")
        if vouched and isinstance(refusal, Lapsed):
            refusal = ""
        reason = doubts.get(i) or _why_undated(placed, book)
        if not reason and (needed := missing(entry, place, targets, unfit)):
            reason = WAITS, f"it waits for {needed}, which has not been received or is itself held"
        if reason := reason or _why_held(placed, book, county, place, targets, refusal):
            receipts[i] = Receipt(entry.id, Outcome.HELD, *reason)
        else:
            seen[entry.id] = digest
            targets[entry.id] = placed
            unfit.discard(entry.id)
            fits[i] = placed, digest, believed_effects(placed, book.kinds[placed.kind], book)
    return receipts, fits


def _is_dated(entry: Entry) -> bool:
    return trust.is_writable(entry.happened_at) and trust.is_writable(entry.recorded_at)


def _why_undated(entry: Entry, book: Law) -> tuple[str, str] | None:
    """Return why the entry's own moments keep it from being judged at all."""
    if not _is_dated(entry):
        return "clock", f"{entry.happened_at:%Y-%m-%d} and {entry.recorded_at:%Y-%m-%d} are no days anybody recorded"
    if book.ruled and not entry.rules:
        said = f"it says that it happened on {entry.happened_at:%Y-%m-%d}, before the first rule set began"
        return "clock", f"{said}: the clock of what it was written on was wrong, or the date is"
    return None


def _placed(entry: Entry, book: Law, county: int, places: Mapping[str, Place], at: datetime) -> Entry:
    """Return the entry as it would be kept: where the register says its subject is, under the rules of its time."""
    place = places.get(entry.subject)
    area = place.area if place else entry.area
    rules = book.rules_at(county, entry.happened_at) if _is_dated(entry) else ""
    return entry.received(at, area=area, rules=rules)


def _why_held(
    entry: Entry, book: Law, county: int, place: Place | None, targets: Mapping[UUID, Entry], refusal: str
) -> tuple[str, str] | None:
    kind = book.kinds.get(entry.kind)
    if kind is None:
        return "unknown kind", f"no kind of record is called {entry.kind!r}"
    if place is None:
        return "unknown subject", f"{entry.subject} is in no register of this county"
    if county_of(place.area) != county:
        return "elsewhere", f"{entry.subject} is in county {county_of(place.area)}, not {county}"
    problems = kind.problems(entry)
    if target := targets.get(entry.amends) if entry.amends else None:
        if target.amends:
            problems = [*problems, "this corrects a correction: correct the original entry instead"]
        if target.subject != entry.subject:  # or leave to write about one would be leave to correct any other
            problems = [*problems, f"what it corrects is about {target.subject}, not about {entry.subject}"]
        try:
            corrected = effective(target, [entry])
        except (ValueError, TypeError, OverflowError):
            corrected, problems = None, [*problems, "the moment it gives is none"]
        if corrected and not trust.is_writable(corrected.happened_at):
            problems = [*problems, f"{corrected.happened_at:%Y-%m-%d} is no day anybody recorded"]
        elif corrected and corrected.kind in book.kinds:
            problems = [*problems, *book.kinds[corrected.kind].problems(corrected)]
    if problems:
        return "body", "\n".join(problems)
    if refusal:
        return "not permitted", str(refusal)
    return None


def _insert(county: int, fits: Mapping[int, Fit]) -> set[UUID]:
    """Write the entries; return the ids of those that no constraint turned away."""
    found = store.insert(
        ENTRY, [rows.entry_row(county, entry, digest) for entry, digest, _ in fits.values()], returning="id"
    )
    return {read_id(row[0]) for row in found}


def _leave_tray(
    county: int, written: Sequence[tuple[UUID, str]], tray: Mapping[tuple[UUID, str], rows.InTray], at: datetime
) -> None:
    """Close what waited in the tray and was now accepted, because it was sent again under other circumstances."""
    if waiting := [tray[key].id for key in written if key in tray]:
        Held.objects.filter(county=county, id__in=waiting, resolved_at__isnull=True).update(
            resolved_at=at, resolved_by="system:replay", resolution="applied", note=SENT_AGAIN
        )


def _apply(county: int, fresh: Sequence[tuple[Entry, Effects]], places: Mapping[str, Place]) -> None:
    """Project new entries; a correction takes back what its target did first. `places`: those already looked up."""
    targets = {entry.amends for entry, _ in fresh if entry.amends}
    late = rows.corrections_of(county, [entry.id for entry, _ in fresh])
    pairs = []
    for original, done in fresh:
        if original.id in targets:
            continue  # refolded below with its corrections
        entry = effective(original, late.get(original.id, ()))
        if entry is not None:
            pairs.append((entry, done if entry is original else effects_of(entry, law.current())))
    projection.project(county, pairs, places)
    if targets:
        refolding.refold(county, rows.entries_by_id(county, targets))


def _hold_all(county: int, held: Sequence[tuple[Entry, Receipt]], at: datetime) -> None:
    store.insert(HELD, [
        (county, new_id(), e.id, e.digest(), r.reason, r.detail, msgspec.json.encode(e).decode(), e.area, e.by,
         e.device, e.seq, at, "", "", "", _awaited(county, e, r))
        for e, r in held
    ])  # fmt: skip


def _awaited(county: int, entry: Entry, receipt: Receipt) -> UUID | None:
    """Return the entry with which this one is to be judged again: the first of those it needs that is not here."""
    if receipt.reason != WAITS:
        return None
    return next((n for n in needs(entry) if n == entry.id or not rows.digests(county, [n])), None)


def _release(county: int, came: Set[UUID], at: datetime) -> None:
    """Take in what waited in the tray for these entries: as if it had come after them, received when it was.

    What waits for what is taken in here follows by itself: it goes through `append`.
    """
    for held_id, sent, awaited, received_at in rows.waiting(county, came):
        entry = msgspec.json.decode(sent, type=Entry)
        if not entry.marked:
            entry = replace(entry, written_from=received_at)
        row = Held.objects.filter(county=county, id=held_id)
        try:
            drawn = law.current().redrawn(entry, _original(county, awaited)) if entry.amends == awaited else [entry]
        except ValueError as error:
            row.update(reason="body", detail=str(error), waits_for=None)
            continue
        receipts = append(drawn, at=at)
        if drawn == [entry] and receipts[0].outcome is Outcome.HELD:
            held = receipts[0]
            row.update(reason=held.reason, detail=held.detail, waits_for=_awaited(county, entry, held))
        else:  # taken in; or drawn as others, of which what is held has a place in the tray of its own
            row.update(resolved_at=at, resolved_by="system:original", resolution="applied", note=CAME, watched_at=None)


def _original(county: int, awaited: UUID) -> Entry:
    """Return the entry, or what it itself corrects: what is edited twice is corrected twice."""
    (found,) = rows.entries_by_id(county, [awaited])
    return rows.entries_by_id(county, [found.amends])[0] if found.amends else found


def hold(sent: str, *, area: int, by: str, device: str, reason: str, detail: str, at: datetime) -> UUID:
    """Keep what could not even be read as an entry, and return the id of its place in the held tray."""
    held_id = new_id()
    county = county_of(area)
    with writing(county):
        digest = sha256(sent.encode()).hexdigest()
        store.insert(
            HELD, [(county, held_id, None, digest, reason, detail, sent, area, by, device, None, at, "", "", "", None)]
        )
    return held_id


@dataclass(frozen=True, slots=True)
class Unread:
    """Something sent that is no entry. `key` tells it from everything else, so that a second time adds nothing.

    `seq` is the device's number of it, if it could be read.
    """

    sent: str
    key: UUID
    detail: str
    seq: int | None = None


def hold_unread(unread: Sequence[Unread], *, area: int, by: str, device: str, reason: str, at: datetime) -> None:
    """Keep what could not even be read as entries, each once however often it is sent."""
    if not unread:
        return
    county = county_of(area)
    with writing(county):
        store.insert(HELD, [
            (county, new_id(), one.key, sha256(one.sent.encode()).hexdigest(), reason, one.detail, one.sent, area, by,
             device, one.seq, at, "", "", "", None)
            for one in unread
        ])  # fmt: skip


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
            entry = instead or msgspec.json.decode(row.sent, type=Entry)
            if instead is None and not entry.marked:  # it was there when it was received, not only now
                entry = replace(entry, written_from=row.received_at)
            receipt = append([entry], at=at, vouched=True)[0]
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
        refolding.follow_registers(county, subjects, names=names)


def rebuild(county: int, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Drop the county's duties, evidence and tallies and fold its entries again; `progress` hears how many are done."""
    store.make_room()
    with writing(county):
        rebuilding.rebuild(county, progress=progress)
