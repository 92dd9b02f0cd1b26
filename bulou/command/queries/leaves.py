"""What an account may write: the one question behind the office's list, the phones' and ODK's.

It is put to the law itself, with the entry as it would be written, so that what is offered is what the ledger takes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bulou.access.rules import is_order, need_of
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.ledger import law
from bulou.ledger.rules import Entry
from bulou.records.behalf import BEHALF, Behalf
from bulou.records.declaration import Declaration
from bulou.rosters import queries as rosters

CORRECTION = "correction"
NOTHING: Mapping[UUID, Entry] = MappingProxyType({})
SOMEBODY = "?"  # who has no account, as an entry that is only asked about names them


class Leave(StrEnum):
    """How an account may write an entry: in its own name, writing down another's word, or not at all."""

    OWN = "own"
    FOR_ANOTHER = "for another"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """An entry that may be written: of the kind, about the subject ("" if that is not chosen yet), there, then."""

    kind: Declaration
    subject: str
    area: int
    at: datetime


def leaves(asked: Sequence[Asking], *, by: str, now: datetime) -> list[Leave]:
    """Return how the author may write each of these. What was already answered may still decide otherwise."""
    probes = [
        Entry(new_id(), each.kind.name, each.subject, each.area, each.at, min(each.at, now), by,
              version=each.kind.version, received_at=now)
        for each in asked
    ]  # fmt: skip
    own = refusals(probes)
    found = [Leave.NONE if reason else Leave.OWN for reason in own]
    left = [i for i, reason in enumerate(own) if reason and not is_order(asked[i].kind)]
    whose = _responders([probes[i] for i in left if asked[i].kind.own])
    words = [
        (i, replace(probes[i], id=new_id(), body={BEHALF: word.said()}))
        for i in left
        for word in _words(asked[i].kind, whose.get(asked[i].subject, ""))
    ]
    for (i, _), reason in zip(words, refusals([probe for _, probe in words]), strict=True):
        if not reason:
            found[i] = Leave.FOR_ANOTHER
    return found


def changeable(entries: Iterable[Entry], *, by: str, now: datetime) -> set[UUID]:
    """Return the ids of those of the entries that the author may withdraw or put right."""
    targets = {entry.id: entry for entry in entries if not entry.amends}
    probes = [
        Entry(new_id(), CORRECTION, target.subject, target.area, now, now, by, {"withdrawn": True, "reason": SOMEBODY},
              received_at=now, amends=target.id)
        for target in targets.values()
    ]  # fmt: skip
    reasons = refusals(probes, targets)
    return {probe.amends for probe, reason in zip(probes, reasons, strict=True) if probe.amends and not reason}


def refusals(entries: Sequence[Entry], amended: Mapping[UUID, Entry] = NOTHING) -> list[str]:
    """Return why the ledger would hold each of these for who wrote it; "" if it would not. `amended`: what they change."""
    by_county: dict[int, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        by_county[county_of(entry.area)].append(i)
    found = [""] * len(entries)
    for places in by_county.values():
        for i, reason in zip(places, law.current().refused([entries[i] for i in places], amended), strict=True):
            found[i] = reason
    return found


def _responders(probes: Sequence[Entry]) -> dict[str, str]:
    """Return by subject whose word an entry about it is."""
    by_county: dict[int, list[Entry]] = defaultdict(list)
    for probe in probes:
        by_county[county_of(probe.area)].append(probe)
    return {
        entry.subject: one.responder
        for county, its in by_county.items()
        for entry, one in zip(its, rosters.whose(county, its), strict=True)
    }


def _words(kind: Declaration, responder: str) -> list[Behalf]:
    """Return the words of others that an entry of the kind could be: of somebody in each of its roles."""
    if kind.own:
        return [Behalf(responder, "paper")] if responder else []
    return [Behalf(f"role:{role}", "paper", SOMEBODY) for role in sorted(need_of(kind).roles)]
