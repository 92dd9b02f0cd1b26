"""Counts of leaf areas rolled up for a board, and what may be said of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Protocol

from bulou.core.divisions import last_of


class Leaf(Protocol):
    """The duties of one name in one leaf area, by state: ledger.queries.Count."""

    @property
    def area(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def owed(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def overdue(self) -> int: ...
    @property
    def met(self) -> int: ...
    @property
    def met_late(self) -> int: ...
    @property
    def waived(self) -> int: ...
    @property
    def lapsed(self) -> int: ...
    @property
    def overnight(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many duties are owed somewhere, and in which state they are."""

    owed: int = 0
    waiting: int = 0
    open: int = 0
    overdue: int = 0
    met: int = 0
    met_late: int = 0
    waived: int = 0
    lapsed: int = 0  # never done, and too late to do: nothing can meet it any more
    overnight: int = 0  # of those overdue, how many already were when the day began
    unowned: int = 0  # of those missing, how many nobody answers for by name

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def missing(self) -> int:
        """What should have been begun and is not done: open or overdue."""
        return self.open + self.overdue

    @property
    def done(self) -> int:
        return self.met + self.met_late

    @property
    def begun(self) -> int:
        """What is owed by now: all but what has not begun. It is done, waived, missing or lapsed."""
        return self.owed - self.waiting

    @property
    def settled(self) -> int:
        return self.done + self.waived

    @property
    def complete(self) -> bool:
        """Tell whether everything owed by now is done or waived. One missed household makes it untrue, also one that
        can no longer be made good; there is no nearly."""
        return 0 < self.begun == self.settled

    @property
    def percent(self) -> str:
        """Return the share settled of what is owed by now, rounded down: 99.99 % is never shown as 100."""
        if self.begun <= 0:
            return "–"
        share = 1000 * self.settled // self.begun
        return f"{share // 10}.{share % 10}%" if share < 1000 else "100%"


NONE = Coverage()
Unowned = Mapping[tuple[int, str], int]
NOBODY: Unowned = {}


def total(leaves: Iterable[Leaf], unowned: Unowned = NOBODY) -> Coverage:
    """Return the sum over all leaves; `unowned` says of (area, duty name) how many of the missing nobody answers for."""
    rows = [(*_states(leaf), unowned.get((leaf.area, leaf.name), 0)) for leaf in leaves]
    return Coverage(*map(sum, zip(*rows, strict=True))) if rows else NONE


_states = attrgetter(*[each.name for each in fields(Coverage)][:-1])  # all that a leaf itself says


def by_name(leaves: Iterable[Leaf], unowned: Unowned = NOBODY) -> dict[str, Coverage]:
    """Return the sum for each duty name."""
    found: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        found.setdefault(leaf.name, []).append(leaf)
    return {name: total(each, unowned) for name, each in found.items()}


def under(leaves: Sequence[Leaf], children: Iterable[int]) -> dict[int, list[Leaf]]:
    """Return the leaves in the subtree of each child. `leaves` must be sorted by area, as the ledger gives them.

    What lies under none of the children (recorded on the parent itself) is under 0.
    """
    areas = [leaf.area for leaf in leaves]
    found: dict[int, list[Leaf]] = {}
    claimed = 0
    for child in children:
        low, high = bisect_left(areas, child), bisect_right(areas, last_of(child))
        found[child] = list(leaves[low:high])
        claimed += high - low
    if claimed < len(leaves):
        taken = {id(leaf) for part in found.values() for leaf in part}
        found[0] = [leaf for leaf in leaves if id(leaf) not in taken]
    return found
