"""A batch from a phone: its signatures and its chain are checked, and everything in it ends in the ledger or its tray.

One batch after the other for each device: its row is locked first. The statements are a fixed number for each county
the batch speaks of, whatever its size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction

from bulou.core.divisions import county_of
from bulou.field import wire
from bulou.field.actions.attaching import name_photographs
from bulou.field.actions.signing_in import said
from bulou.field.models import Device
from bulou.field.queries.devices import phone_of
from bulou.field.rules import binding, chains, clocks, ranges, signing
from bulou.field.rules.binding import Phone
from bulou.field.rules.reading import Sent, Unreadable, hash_of_link, photographs_in, read, text_of
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, Receipt, Unread, append, hold_unread
from bulou.ledger.links import Link
from bulou.store import turn

Doubt = tuple[str, str]  # a held entry's reason, as a stable code, and detail


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one thing in a batch. `entry` is what was read of it, if it could be."""

    id: str | None
    seq: int | None
    outcome: Outcome
    reason: str = ""
    detail: str = ""
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a batch, in its order, and up to which number the phone may forget."""

    taken: list[Taken]
    safe_seq: int


def push(
    *, phone: Phone, entries: Sequence[bytes], lost: ranges.Ranges, status: wire.Status | None, can_act: bool, by: str,
    key: bytes, at: datetime,
) -> Pushed:  # fmt: skip
    """Take a batch of entries as they came over the wire, written by `by` on the phone, received at `at`.

    `can_act`: whether the worker's account may still do anything. `lost`: numbers the phone says it no longer has. `key`
    seals the marks it was given. Nothing is ever turned away. When this returns and its transaction commits, everything
    receipted survives a power cut.
    """
    told = read(entries, by=by, device=str(phone.id), key=key)
    readable = [one for one in told if isinstance(one, Sent)]
    # Before any lock is held: these are what costs time.
    signed = [signing.is_signed(one.text, one.signature, phone.public_key) for one in readable]
    hashes = [signing.hash_of(one.text) for one in readable]
    unread = [one for one in told if isinstance(one, Unreadable)]
    received = _numbers(phone, unread)
    received += [(one.seq, hash_) for one, good, hash_ in zip(readable, signed, hashes, strict=True) if good]
    with turn(), transaction.atomic():
        row = Device.objects.select_for_update().get(id=phone.id)
        phone = phone_of(row)
        doubts = _doubts(phone, readable, signed, hashes, can_act=can_act, at=at)
        receipts = _append(readable, doubts, at)
        _hold_unreadable(phone, unread, by, at)
        _remember(phone, row.photos, readable, signed, received, receipts, lost, status, at)
    answered = iter(zip(readable, receipts, strict=True))
    taken = []
    for one in told:
        if isinstance(one, Unreadable):
            taken.append(Taken(one.id, one.seq, Outcome.HELD, "unreadable", one.why))
        else:
            sent, receipt = next(answered)
            taken.append(Taken(str(receipt.id), sent.seq, receipt.outcome, receipt.reason, receipt.detail, sent))
    return Pushed(taken, phone.safe_seq)


def _doubts(
    phone: Phone, batch: Sequence[Sent], signed: Sequence[bool], hashes: Sequence[str], *, can_act: bool, at: datetime
) -> dict[int, Doubt]:
    """Return, by place in the batch, why an entry is to be held if it is not a replay."""
    known = _known(phone, batch, signed, hashes)
    found: dict[int, Doubt] = {}
    for i, one in enumerate(batch):
        if not signed[i]:
            found[i] = "bad signature", "the signature does not fit what was sent"
        elif not chains.hangs_together(one.seq, hashes[i], one.entry.prev_hash, known):
            found[i] = "broken chain", f"it does not follow what the phone sent before and after as number {one.seq}"
        elif phone.state != binding.ACTIVE:
            # A phone that is no longer trusted may say any time it likes: nothing it sends now is taken on its word.
            found[i] = "revoked", f"the phone was taken out of use: {phone.revoke_reason}".rstrip(": ")
        elif not can_act:
            found[i] = "account closed", "the account this phone belongs to was closed"
        elif at >= phone.expires_at:  # its own clock says nothing: it can have been written until now
            found[i] = "expired", "it was received after the phone's last day, and can have been recorded after it"
    return found


def _known(phone: Phone, batch: Sequence[Sent], signed: Sequence[bool], hashes: Sequence[str]) -> chains.Known:
    """Return what is known of the chain around the batch. The usual batch needs no query."""
    known = chains.Known()
    genuine = [(one, hash_) for one, good, hash_ in zip(batch, signed, hashes, strict=True) if good]
    for one, hash_ in genuine:
        known.add(one.seq, hash_, one.entry.prev_hash)
    wanted = chains.wanted((one.seq for one, _ in genuine), phone.received, phone.last_seq)
    if phone.last_hash and phone.last_seq not in wanted:
        known.hashes[phone.last_seq].add(phone.last_hash)
    if wanted:
        counties = {county_of(area) for area in phone.areas_ever} | {county_of(one.entry.area) for one in batch}
        for link in ledger.chain(counties, str(phone.id), wanted):
            if _is_genuine(link, phone):
                known.add(link.seq, hash_of_link(link), link.prev_hash)
    return known


def _is_genuine(link: Link, phone: Phone) -> bool:
    """Tell whether the phone signed it. Only what is in the tray can be another's; of what was erased there, a hash is
    kept if it was the phone's."""
    if not link.held:
        return True
    return bool(link.hash) if link.hash is not None else signing.is_signed(*text_of(link), phone.public_key)


def _append(batch: Sequence[Sent], doubts: Mapping[int, Doubt], at: datetime) -> list[Receipt]:
    """Append county by county, always in the same order, so that two phones cannot wait for each other."""
    receipts: dict[int, Receipt] = {}
    places = sorted(range(len(batch)), key=lambda i: batch[i].seq)
    for county in sorted({county_of(one.entry.area) for one in batch}):
        own = [i for i in places if county_of(batch[i].entry.area) == county]
        held = {n: doubts[i] for n, i in enumerate(own) if i in doubts}
        receipts.update(zip(own, append([batch[i].entry for i in own], at=at, doubts=held), strict=True))
    return [receipts[i] for i in range(len(batch))]


def _numbers(phone: Phone, unread: Sequence[Unreadable]) -> list[tuple[int, str]]:
    """Return the numbers of what could not be read, with its hash: the phone need not keep it, it is in the tray.

    Only what the phone signed itself counts, anybody can say a number; but what is so broken that nobody can tell what
    was signed is taken for the phone's own, or it would be told for ever to keep everything since.
    """
    found = []
    for one in unread:
        if one.seq is None or one.id is None:
            continue
        if not one.text:
            found.append((one.seq, ""))
        elif signing.is_signed(one.text, one.signature, phone.public_key):
            found.append((one.seq, signing.hash_of(one.text)))
    return found


def _hold_unreadable(phone: Phone, found: Sequence[Unreadable], by: str, at: datetime) -> None:
    hold_unread(
        [Unread(one.sent, one.key, one.why, one.seq) for one in found],
        area=phone.area, by=by, device=str(phone.id), reason="unreadable", at=at,
    )  # fmt: skip


def _remember(
    phone: Phone, photos: str, batch: Sequence[Sent], signed: Sequence[bool], received: Sequence[tuple[int, str]],
    receipts: Sequence[Receipt], lost: ranges.Ranges, status: wire.Status | None, at: datetime,
) -> None:  # fmt: skip
    """Keep with the device what it has sent. `received`: numbers, each with its entry's hash, "" if not known."""
    last = max(((seq, hash_) for seq, hash_ in received if hash_), default=(0, ""))
    off = [
        clocks.seconds_off(
            one.entry.recorded_at, received_at=at, enrolled_at=phone.enrolled_at, mark=one.entry.written_from
        )
        for one, good, receipt in zip(batch, signed, receipts, strict=True)
        if good and receipt.outcome is not Outcome.DUPLICATE
    ]
    wrong = [seconds for seconds in off if seconds]
    columns: dict[str, object] = {"last_contact": at, **said(status)}
    if status is not None and status.waiting is not None:  # counted before this batch arrived
        columns["waiting"] = max(0, status.waiting - len(batch))
    if received:
        columns["received"] = _write(ranges.merged(phone.received, ranges.singles(seq for seq, _ in received)))
    named = [(one.seq, hash_) for one in batch for hash_ in photographs_in(one.entry.text)]
    if named:
        for county in {county_of(one.entry.area) for one in batch}:
            name_photographs(county, {hash_ for _seq, hash_ in named})
        waiting = msgspec.json.decode(photos, type=list[tuple[int, str]])
        columns["photos"] = msgspec.json.encode(sorted({*waiting, *named})).decode()
    if lost:
        columns["lost"] = _write(ranges.merged(phone.lost, lost))
    if last[0] > phone.last_seq:
        columns["last_seq"], columns["last_hash"] = last
    if wrong:
        columns["suspect_entries"] = phone.suspect_entries + len(wrong)
        columns["clock_off"] = max([phone.clock_off, *wrong], key=abs)
    Device.objects.filter(id=phone.id).update(**columns)


def _write(found: ranges.Ranges) -> str:
    return msgspec.json.encode(found).decode()
