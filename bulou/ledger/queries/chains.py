"""What a device sent, as it was signed: from this its chain of hashes can be checked for ever."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.models import Held
from bulou.ledger.rules import Entry, Link

_COLUMNS = ("id", "kind", "version", "subject", "happened_at", "recorded_at", "by", "device", "seq", "prev_hash",
            "amends", "signature", "body")  # fmt: skip


def chain(counties: Iterable[int], device: str, seqs: Iterable[int] | None = None) -> Iterator[Link]:
    """Yield what the device sent to these counties, applied and held, with these numbers or all: two queries.

    Not limited by scope: what a device sent before it was moved is part of its chain. No page may call this.
    """
    which: dict[str, Any] = {"county__in": sorted(set(counties)), "device": device}
    which |= {"seq__isnull": False} if seqs is None else {"seq__in": sorted(set(seqs))}
    for row in EntryRow.objects.filter(**which).values_list(*_COLUMNS).iterator(2_000):
        yield Link(*row)
    for (sent,) in Held.objects.filter(**which).values_list("sent").iterator(2_000):
        try:
            e = msgspec.json.decode(sent, type=Entry)
        except msgspec.MsgspecError:
            continue
        body = e.text or msgspec.json.encode(e.body).decode()
        yield Link(e.id, e.kind, e.version, e.subject, e.happened_at, e.recorded_at, e.by, e.device, e.seq or 0,
                   e.prev_hash, e.amends, e.signature, body, held=True)  # fmt: skip
