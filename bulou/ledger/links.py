"""An entry as its device signed it, from which the chain of the device is checked. Plain Python."""

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
