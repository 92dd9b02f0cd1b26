"""An entry as its device signed it, from which the chain of the device is checked. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it was signed. `body` is its text; `held` if it is, or was once, in the held tray.

    `hash` is given where answers were erased since: what was signed can no longer be put together, only its hash stays.
    """

    id: UUID
    kind: str
    version: int
    subject: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    device: str
    seq: int
    prev_hash: str
    amends: UUID | None
    signature: str
    body: str
    held: bool = False
    hash: str | None = None


def missing_ranges(received: Iterable[int]) -> list[tuple[int, int]]:
    """Return the gaps, first and last inclusive, in the numbers a device has delivered, from 1 to the highest seen."""
    gaps: list[tuple[int, int]] = []
    expected = 1
    for seq in sorted(set(received)):
        if seq > expected:
            gaps.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return gaps
