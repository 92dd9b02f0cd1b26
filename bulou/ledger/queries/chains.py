"""What a device sent, as it was signed: from this its chain of hashes can be checked for ever."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
from django.db.models import OuterRef, Subquery

from bulou.ledger.actions.rows import LINK_COLUMNS, link_of
from bulou.ledger.links import Link
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.models import Erasure, Held
from bulou.ledger.rules import Entry

_COLUMNS = tuple(name.strip() for name in LINK_COLUMNS.split(","))
_ERASED = Subquery(Erasure.objects.filter(county=OuterRef("county"), id=OuterRef("id")).values("hash"))


def chain(counties: Iterable[int], device: str, seqs: Iterable[int] | None = None) -> Iterator[Link]:
    """Yield what the device sent to these counties, applied and held, with these numbers or all: two queries.

    Not limited by scope: what a device sent before it was moved is part of its chain. No page may call this.
    """
    which: dict[str, Any] = {"county__in": sorted(set(counties)), "device": device}
    which |= {"seq__isnull": False} if seqs is None else {"seq__in": sorted(set(seqs))}
    sent = EntryRow.objects.filter(**which).annotate(erased=_ERASED)
    for row in sent.values_list(*_COLUMNS, "erased").iterator(2_000):
        yield replace(Link(*row[:-1]), hash=row[-1])
    held = Held.objects.filter(**which).annotate(erased=_ERASED)
    for text, erased in held.values_list("sent", "erased").iterator(2_000):
        try:
            yield replace(link_of(msgspec.json.decode(text, type=Entry)), hash=erased)
        except msgspec.MsgspecError:
            continue
