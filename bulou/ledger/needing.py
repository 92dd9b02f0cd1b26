"""What an entry needs: the one it amends and the one it is about. Until they are there, nobody can judge it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from uuid import UUID

from bulou.ledger.entries import Entry
from bulou.ledger.rules import Place


def needs(entry: Entry) -> list[UUID]:
    """Return the entries without which this one says nothing: the one it amends, and the one it is about."""
    found = [entry.amends] if entry.amends else []
    sort, _, rest = entry.subject.partition(":")
    if sort == "entry":
        with suppress(ValueError):
            found.append(UUID(rest))
    return found


def in_order(entries: Sequence[Entry], batch: Set[UUID]) -> list[int]:
    """Return the places of the batch, each entry after those of the batch it needs, otherwise as it came."""
    wanted = {i: own for i, e in enumerate(entries) if (own := [n for n in needs(e) if n in batch and n != e.id])}
    if not wanted:
        return list(range(len(entries)))
    at: dict[UUID, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        at[entry.id].append(i)
    found: dict[int, None] = {}
    for start in range(len(entries)):
        way, begun = [start], set()
        while way:  # depth first; of a circle, whichever came first
            i = way[-1]
            if i in found:
                way.pop()
            elif i in begun:
                found[way.pop()] = None
            else:
                begun.add(i)
                way += [j for n in wanted.get(i, ()) for j in at[n] if j not in found and j not in begun]
    return list(found)


def missing(entry: Entry, place: Place | None, targets: Mapping[UUID, Entry], held: Set[UUID]) -> UUID | None:
    """Return the entry that this one needs and that is not here. `held`: those of the batch that do not fit."""
    for needed in needs(entry):
        here = needed in targets if needed == entry.amends else place is not None and needed not in held
        if not here or needed == entry.id:
            return needed
    return None
