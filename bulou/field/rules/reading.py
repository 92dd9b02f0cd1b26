"""What a phone sent, read as entries. What cannot be read keeps its text and says why."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from bulou.core.divisions import number_of
from bulou.field.rules.marks import MILLISECOND, moment_of
from bulou.field.rules.signing import hash_of, moment_text, signed_text
from bulou.field.wire import HIGHEST_SEQ, SentEntry
from bulou.ledger.links import Link
from bulou.ledger.rules import Entry
from bulou.ledger.trust import is_writable

_DECODER = msgspec.json.Decoder(SentEntry)
_LOOSE = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry with the signature, and the text it is meant to be over."""

    entry: Entry
    signature: str
    text: str

    @property
    def seq(self) -> int:
        assert self.entry.seq
        return self.entry.seq


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in a batch that is no entry: its text, what could be made out of it, and why it cannot be read.

    `text` is what `signature` is meant to be over; "" if even that cannot be made out.
    """

    sent: str
    id: str | None
    seq: int | None
    why: str
    text: str = ""
    signature: str = ""

    @property
    def key(self) -> UUID:
        return UUID(bytes=sha256(self.sent.encode()).digest()[:16])


def read(raws: Sequence[bytes], *, by: str, device: str, key: bytes) -> list[Sent | Unreadable]:
    """Read each of a batch's entries, written by the author on the device, in their order.

    Their moments are by the server's clock, as far as the phone knew how its own stood against it. `key` seals the marks.
    """
    return [_read(raw, by, device, key) for raw in raws]


def _read(raw: bytes, by: str, device: str, key: bytes) -> Sent | Unreadable:
    try:
        said = _DECODER.decode(raw)
    except (ValueError, RecursionError) as error:  # msgspec's own errors are ValueErrors
        return _unreadable(raw, error)
    text = signed_text(
        id=said.id, kind=said.kind, version=said.version, subject=said.subject, area=said.area,
        happened_at=said.happened_at, recorded_at=said.recorded_at, by=by, device=device, seq=said.seq,
        prev_hash=said.prev_hash, amends=said.amends or "", body=said.body, mark=said.mark, ahead_ms=said.ahead_ms,
    )  # fmt: skip
    try:
        body = _body(said.body)
        ahead = said.ahead_ms if said.mark else 0
        happened_at, recorded_at = _moment(said.happened_at, ahead), _moment(said.recorded_at, ahead)
        area = number_of(said.area)
    except (ValueError, RecursionError) as error:
        return replace(_unreadable(raw, error), text=text, signature=said.signature)
    written_from = moment_of(said.mark, device, key=key) if said.mark else None
    entry = Entry(
        UUID(said.id), said.kind, said.subject, area, happened_at, recorded_at, by, body, said.version,
        amends=UUID(said.amends) if said.amends else None, device=device, seq=said.seq, prev_hash=said.prev_hash,
        signature="@".join((said.signature, said.area, *((said.mark, str(ahead)) if said.mark else ()))),
        text=said.body, written_from=written_from, marked=written_from is not None,
    )  # fmt: skip
    return Sent(entry, said.signature, text)


def _moment(text: str, ahead_ms: int) -> datetime:
    """Return the moment by the server's clock, of a clock that was ahead of it by so much."""
    said = datetime.fromisoformat(text)
    try:
        moment = said - ahead_ms * MILLISECOND
    except OverflowError:
        moment = said
    if not (is_writable(said) and is_writable(moment)):
        raise ValueError(f"{text} is no moment anybody can have recorded")
    return moment


def _body(text: str) -> dict[str, Any]:
    """Return the body. Raise ValueError unless it is one JSON object that every parser reads alike."""
    if "\n" in text or "\r" in text:
        raise ValueError("the body must be one line")
    json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    body = msgspec.json.decode(text)
    if not isinstance(body, dict):
        raise ValueError("the body must be an object")
    if "\\u0000" in text:
        raise ValueError("the body holds a character no database keeps")
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the body says the same key twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_PHOTO = re.compile(r'"sha256:([0-9a-f]{64})"')


def photographs_in(body: str) -> list[str]:
    """Return the hashes of the photographs a body names."""
    return _PHOTO.findall(body)


def _unreadable(raw: bytes, error: Exception) -> Unreadable:
    sent = raw.decode("utf-8", "replace").replace("\x00", "\ufffd")
    try:
        said = _LOOSE.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        said = None
    id_, seq = (said.get("id"), said.get("seq")) if isinstance(said, dict) else (None, None)
    number = isinstance(seq, int) and not isinstance(seq, bool) and 1 <= seq <= HIGHEST_SEQ
    return Unreadable(sent, id_ if isinstance(id_, str) and len(id_) <= 80 else None, seq if number else None,
                      str(error) or type(error).__name__)  # fmt: skip


def text_of(link: Link) -> tuple[str, str]:
    """Return the text of an entry the ledger keeps, as it was signed, and the signature over it."""
    signature, area, *marked = link.signature.split("@")
    mark, ahead = (marked[0], int(marked[1])) if marked else ("", 0)
    happened_at, recorded_at = (m + ahead * MILLISECOND for m in (link.happened_at, link.recorded_at))
    text = signed_text(
        id=str(link.id), kind=link.kind, version=link.version, subject=link.subject, area=area,
        happened_at=moment_text(happened_at), recorded_at=moment_text(recorded_at), by=link.by, device=link.device,
        seq=link.seq, prev_hash=link.prev_hash, amends=str(link.amends or ""), body=link.body, mark=mark, ahead_ms=ahead,
    )  # fmt: skip
    return text, signature


def hash_of_link(link: Link) -> str:
    """Return the hash the next entry of the device carries; where answers were erased since, as it was kept then."""
    return hash_of(text_of(link)[0]) if link.hash is None else link.hash
