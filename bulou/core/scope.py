"""Which areas the work in hand may read: bound once at the edge, empty until it is.

Every query over households, persons, entries and duties intersects its area with these ranges, so that a page that
forgets to ask for a scope shows nothing. A request is bound by `access`; a command or a job says EVERYTHING.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bulou.core.divisions import last_of

Range = tuple[int, int]  # first and last area number, inclusive
EVERYTHING: tuple[Range, ...] = ((0, 10**18 - 1),)

_visible: ContextVar[tuple[Range, ...]] = ContextVar("visible", default=())


@contextmanager
def seeing(ranges: Iterable[Range]) -> Iterator[None]:
    """Bind what may be read until the block ends."""
    token = _visible.set(tuple(ranges))
    try:
        yield
    finally:
        _visible.reset(token)


def visible() -> tuple[Range, ...]:
    """Return all that may be read: what was bound, nothing if nothing was."""
    return _visible.get()


def visible_within(area: int) -> list[Range]:
    """Return the parts of the area's subtree that may be read; none if nothing was bound."""
    first, last = area, last_of(area)
    parts = [(max(low, first), min(high, last)) for low, high in _visible.get()]
    return [(low, high) for low, high in parts if low <= high]


def may_see(area: int) -> bool:
    """Tell whether the area itself may be read."""
    return any(low <= area <= high for low, high in _visible.get())
