"""What a phone is bound to, and how it stands at a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from bulou.core.divisions import ancestors_of, code_of, contains, number_of
from bulou.core.moments import parse_moment
from bulou.core.scope import Range
from bulou.field.rules.ranges import Ranges

ACTIVE, WAITING, REFUSED, REVOKED, EXPIRED = "active", "waiting", "refused", "revoked", "expired"


@dataclass(frozen=True, slots=True)
class Binding:
    """An area a phone is bound to, since when, and until when if it no longer is."""

    area: int
    since: datetime
    until: datetime | None = None


def read_bindings(text: str) -> list[Binding]:
    return [
        Binding(number_of(code), parse_moment(since), parse_moment(until) if until else None)
        for code, since, until in msgspec.json.decode(text)
    ]


def write_bindings(bindings: Iterable[Binding]) -> str:
    rows = [(code_of(b.area), b.since.isoformat(), b.until.isoformat() if b.until else None) for b in bindings]
    return msgspec.json.encode(rows).decode()


def rebound(bindings: Sequence[Binding], areas: Iterable[int], at: datetime) -> list[Binding]:
    """Return the bindings after the phone is bound to these areas and no others."""
    wanted = set(areas)
    kept = [b if b.until or b.area in wanted else Binding(b.area, b.since, at) for b in bindings]
    standing = {b.area for b in kept if b.until is None}
    return [*kept, *(Binding(area, at) for area in sorted(wanted - standing))]


def smallest_area(areas: Iterable[int]) -> int:
    """Return the smallest area that holds all of these. Raise ValueError if they share no province, or there are none."""
    numbers = sorted(set(areas))
    if not numbers:
        raise ValueError("a phone is bound to at least one area")
    for above in [numbers[0], *reversed(ancestors_of(numbers[0]))]:
        if all(contains(above, number) for number in numbers):
            return above
    raise ValueError("these areas lie in different provinces: enrol a phone for each")


def shared(ranges: Iterable[Range], others: Iterable[Range]) -> tuple[Range, ...]:
    """Return what lies in one of the ranges and in one of the others, in order."""
    right = list(others)
    found = ((max(a, c), min(b, d)) for a, b in ranges for c, d in right)
    return tuple(sorted({(low, high) for low, high in found if low <= high}))


@dataclass(frozen=True, slots=True)
class Phone:
    """A device as the rest of the program knows it. `received` and `lost` are ranges of sequence numbers."""

    id: UUID
    account: UUID
    area: int
    bindings: tuple[Binding, ...]
    label: str
    public_key: str
    code: str
    state: str
    enrolled_at: datetime
    enrolled_by: str
    decided_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None
    revoke_reason: str
    last_contact: datetime | None
    last_seq: int
    last_hash: str
    received: Ranges
    lost: Ranges
    safe_seq: int
    suspect_entries: int
    clock_off: int
    persisted: bool | None
    waiting: int | None
    app: str
    consented_at: datetime | None
    known_at: datetime | None
    looked_at: datetime | None

    @property
    def by(self) -> str:
        return f"account:{self.account}"

    @property
    def areas(self) -> list[int]:
        """The areas it is bound to now."""
        return [b.area for b in self.bindings if b.until is None]

    @property
    def areas_ever(self) -> list[int]:
        return sorted({b.area for b in self.bindings})

    @property
    def came_back(self) -> bool:
        """Whether it is in use by its certificate alone: the server was put back, and nobody has looked at it since."""
        return self.state == ACTIVE and self.decided_at is None

    @property
    def is_new_to_worker(self) -> bool:
        """Whether the notice to its worker stands: it is theirs by the list, and they have not said that they know."""
        return self.known_at is None and self.state in (ACTIVE, WAITING)

    @property
    def is_new_to_township(self) -> bool:
        """Whether the notice to the township stands: nobody who manages phones over all of it has looked."""
        return self.looked_at is None and self.state == ACTIVE

    def standing(self, now: datetime) -> str:
        """Return how it stands: its state, or "expired" once its last day is over."""
        return EXPIRED if self.state == ACTIVE and now >= self.expires_at else self.state
