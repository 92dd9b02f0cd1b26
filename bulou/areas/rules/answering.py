"""Who answers: in three tiers for an area, and by name for a duty that is owed by a role."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from bulou.areas.rules.tree import at_depth
from bulou.core.divisions import FIRST_LOCAL, TOWNSHIP, VILLAGE, ancestors_of, county_area, county_of, depth_of
from bulou.core.masks import mask_name, mask_phone

FIRST, DIRECT, SPECIFIC = 1, 2, 3  # 第一责任, 直接责任, 具体责任
TIERS = (FIRST, DIRECT, SPECIFIC)


@dataclass(frozen=True, slots=True)
class Responsible:
    """A person who answers for `area` (or, if `household` is set, for that household in it), as of a date.

    `inherited` says that the answer was asked for an area below, which has nobody of its own in this tier.
    """

    id: UUID
    area: int
    household: str
    tier: int | None
    role: str
    person: str
    unit: str
    phone: str
    account: UUID | None
    since: date
    until: date | None
    inherited: bool = False

    def masked(self) -> "Responsible":
        return replace(self, person=mask_name(self.person), phone=mask_phone(self.phone))


@dataclass(frozen=True, slots=True)
class Assignment:
    """What someone is asked to answer for. Without a tier it is a place in a grid's staff."""

    area: int
    role: str
    person: str
    since: date
    tier: int | None = None
    unit: str = ""
    phone: str = ""
    account: UUID | None = None
    household: str = ""


def _by_rank(person: Responsible) -> tuple[date, str, int]:
    return person.since, person.person, person.id.int


def by_tier(number: int, standing: Mapping[int, Sequence[Responsible]]) -> list[Responsible]:
    """Return who answers for the area, tier by tier; a tier without anybody by the nearest area above that has one.

    `standing` holds the people of the area and of all areas above it.
    """
    found: list[Responsible] = []
    for tier in TIERS:
        for area in (number, *reversed(ancestors_of(number))):
            own = [p for p in standing.get(area, ()) if p.tier == tier and not p.household]
            if own:
                found += [replace(p, inherited=area != number) for p in sorted(own, key=_by_rank)]
                break
    return found


def _grid(number: int) -> list[int]:
    """The area itself; for one below the village, the local areas above it too (楼 → 网格), never the village."""
    return [number, *(n for n in reversed(ancestors_of(number)) if depth_of(n) >= FIRST_LOCAL)]


def _level(depth: int) -> Callable[[int], list[int]]:
    def reach(number: int) -> list[int]:
        area = at_depth(number, depth)
        return [] if area is None else [area]

    return reach


def _up_to_township(number: int) -> list[int]:
    return [n for n in (number, *reversed(ancestors_of(number))) if depth_of(n) >= TOWNSHIP]


def _county(number: int) -> list[int]:
    return [county_area(county_of(number))]


def _up_to_county(number: int) -> list[int]:
    return [number, *(n for n in reversed(ancestors_of(number)) if n >= county_area(county_of(number)))]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where to look for the person a role stands for: which areas, nearest first, and whom there.

    With `words` it is whoever holds one of these roles; otherwise the first of `tiers` that anybody stands in.
    """

    reach: Callable[[int], list[int]]
    tiers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


SEATS: Mapping[str, Seat] = {
    "grid_worker": Seat(_grid, (SPECIFIC,)),
    "village": Seat(_level(VILLAGE), (DIRECT, SPECIFIC)),
    "township": Seat(_level(TOWNSHIP), (DIRECT, FIRST, SPECIFIC)),
    "county_desk": Seat(_county, (SPECIFIC, DIRECT, FIRST)),
    "headquarters": Seat(_county, (FIRST, DIRECT)),
    "village_doctor": Seat(_up_to_township, words=("乡村医生", "村医")),
    "post_staff": Seat(_up_to_county, words=("卡点负责人", "卡点值守")),
}


def seat_of(owed_by: str) -> Seat:
    """Return where to look for who owes a duty. A role that is not in the table is looked for by its own word, up to
    the county. Raise ValueError if it is not owed by a role: an account is a person already.
    """
    sort, _, role = owed_by.partition(":")
    if sort != "role" or not role:
        raise ValueError(f"{owed_by!r} is not a role")
    return SEATS.get(role) or Seat(_up_to_county, words=(role,))


def owner_of(number: int, seat: Seat, standing: Mapping[int, Iterable[Responsible]]) -> Responsible | None:
    """Return who owes a duty in the area, or None: it is unowned. Of several, whoever has been there longest."""
    for area in seat.reach(number):
        people = [p for p in standing.get(area, ()) if not p.household]
        ranks = [[p for p in people if p.role in seat.words]] if seat.words else [
            [p for p in people if p.tier == tier] for tier in seat.tiers
        ]  # fmt: skip
        for rank in ranks:
            if rank:
                return replace(min(rank, key=_by_rank), inherited=area != number)
    return None
