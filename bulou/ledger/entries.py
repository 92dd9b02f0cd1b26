"""An entry: something that happened, as whoever saw it wrote it down. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, as whoever saw it wrote it down.

    `subject` is "type:id" ("household:0190…"). `area` is an area number (core.divisions). `body` is checked by the
    kind. `amends` names the entry this one corrects. `rules` names the rule set it is judged under.
    `seq` counts what the device has written, without gaps; entries made at a desk have no device. `text` is the body
    as it was signed, kept letter by letter; empty where nobody signed it, and on entries read back.

    It was written between `written_from` and `received_at`, by the server's clock (trust.py): `marked` if a phone's mark
    says since when. `written_from` is None until it is received, and of what was received before anybody asked.
    """

    id: UUID
    kind: str
    subject: str
    area: int
    happened_at: datetime
    recorded_at: datetime
    by: str
    body: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    received_at: datetime | None = None
    amends: UUID | None = None
    device: str = ""
    seq: int | None = None
    prev_hash: str = ""
    signature: str = ""
    rules: str = ""
    text: str = field(default="", compare=False)
    written_from: datetime | None = None
    marked: bool = False

    def received(self, at: datetime, **found: Any) -> "Entry":
        """Return the entry as it was received at the moment, with what was `found` out about it (area, rules).

        Without a mark it can be believed from then on only.
        """
        from_ = min(self.written_from, at) if self.written_from is not None else at
        return replace(self, received_at=at, written_from=from_, **found)

    def digest(self) -> str:
        """Return a hash of what was written (not of area, rules and receipt): it tells a replay from a clash."""
        said = (
            self.kind,
            self.version,
            self.subject,
            self.happened_at.timestamp(),
            self.recorded_at.timestamp(),
            self.by,
            self.device,
            self.seq,
            str(self.amends or ""),
            dict(self.body),
        )
        return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fading:
    """An entry, or a copy of one in the held tray, that says something of people which is kept for a time only.

    `id` is the entry's or that of its place in the tray, `kind` tells how many days, `since` from when they count.
    `closing`: they count from the close of the incident in `area`, and from `since` only if that is later.
    """

    id: UUID
    kind: str
    since: datetime
    held: bool = False
    area: int = 0
    closing: bool = False
