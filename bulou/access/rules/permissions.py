"""Permissions, the roles that carry them, and the grants that give a role over an area for a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.core.divisions import contains, depth_of, last_of
from bulou.core.scope import Range

# What each permission lets its holder do, in the areas it is held over.
PERMISSIONS = {
    "see": "read the board, lists and records, with names and numbers masked",
    "record": "write entries: visits, checks, reports",
    "record_for": "write down what another says, from their paper or by telephone, naming them",
    "order": "issue orders, decisions and assignments",
    "reveal": "see a full name, ID number or phone, one at a time and on record",
    "search": "look a person up by name, ID number or phone, on record",
    "import": "load registers from files",
    "export": "take lists out as files, on record",
    "approve": "approve what another has prepared",
    "resolve": "decide about entries in the held tray",
    "manage_accounts": "make accounts and roles and give them, never more than one holds",
    "manage_devices": "let workers' phones in, and take them out of use",
    "audit": "read the audit",
    "manage_areas": "change the area tree and who answers for an area",
    "manage_people": "add, change, move, merge and split households and persons",
}

# With these a stolen password would carry away or give away too much: a second factor is compulsory.
DEMANDS_SECOND_FACTOR = frozenset({"export", "approve", "manage_accounts"})


class Refusal(Exception):
    """Something an account may not do. `code` is stable; `parameters` name what it is about."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions. `days` is how long a grant of it lasts unless the giver says otherwise.

    `area` is the area whose headquarters made it (an area number), 0 for a role that every installation has.
    `stands_for` are the built-in roles whose work whoever holds it does too: a kind of record names only those.
    """

    name: str
    zh: str
    en: str
    permissions: frozenset[str]
    days: int = 30
    area: int = 0
    stands_for: frozenset[str] = frozenset()

    @property
    def built_in(self) -> bool:
        return self.area == 0


@dataclass(frozen=True, slots=True)
class Holding:
    """A grant with what its role carries: these permissions over this area, from `starts_at` up to `ends_at`.

    `stands_for`: the built-in roles that a role of a county's own does the work of.
    """

    id: UUID
    role: str
    area: int
    permissions: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    stands_for: frozenset[str] = frozenset()

    def acts_as(self, roles: frozenset[str]) -> bool:
        """Tell whether the grant is of one of the roles, or of one that stands for one of them."""
        return self.role in roles or not self.stands_for.isdisjoint(roles)

    def live(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def covers(self, permission: str, area: int) -> bool:
        return permission in self.permissions and contains(self.area, area)


def ranges_of(holdings: Iterable[Holding], permission: str) -> tuple[Range, ...]:
    """Return the areas the permission is held over, as ranges of area numbers, in order, none inside another.

    Each range is the whole subtree of one area, whose number it begins with.
    """
    found: list[Range] = []
    for first in sorted({holding.area for holding in holdings if permission in holding.permissions}):
        if not found or first > found[-1][1]:  # areas lie inside one another or apart, never across
            found.append((first, last_of(first)))
    return tuple(found)


def held_permissions(holdings: Iterable[Holding]) -> frozenset[str]:
    """Return every permission held anywhere."""
    return frozenset(permission for holding in holdings for permission in holding.permissions)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one request may read: the areas over which the account holds the page's permission.

    `holdings` are all the account's live grants, so that a page can also ask what else it may offer.
    """

    permission: str = ""
    holdings: Sequence[Holding] = ()

    @property
    def ranges(self) -> tuple[Range, ...]:
        return ranges_of(self.holdings, self.permission)

    def contains(self, area: int) -> bool:
        """Tell whether the page's permission is held over the area."""
        return self.can(self.permission, area)

    def can(self, permission: str, area: int | None = None) -> bool:
        """Tell whether the account holds the permission over the area, or anywhere if no area is named."""
        return any(
            permission in holding.permissions and (area is None or contains(holding.area, area))
            for holding in self.holdings
        )

    def roots(self) -> list[int]:
        """Return the top areas of the scope, highest level first, none inside another."""
        areas = {holding.area for holding in self.holdings if self.permission in holding.permissions}
        tops = [area for area in areas if not any(other != area and contains(other, area) for other in areas)]
        return sorted(tops, key=lambda area: (depth_of(area), area))

    def root(self) -> int:
        """Return the area to show first: the highest of the scope. Raise LookupError if the scope is empty."""
        if not (tops := self.roots()):
            raise LookupError("nothing may be seen here")
        return tops[0]


def check_give(giver: Iterable[Holding], permissions: Iterable[str], area: int) -> None:
    """Raise Refusal unless the giver manages accounts over the area and itself holds all it wants to give there."""
    holdings = list(giver)
    if not any(holding.covers("manage_accounts", area) for holding in holdings):
        raise Refusal("area_not_held", area=area)
    missing = sorted(p for p in permissions if not any(holding.covers(p, area) for holding in holdings))
    if missing:
        raise Refusal("permission_not_held", permissions=missing, area=area)


def check_manage(manager: Iterable[Holding], home: int, target: Iterable[Holding]) -> None:
    """Raise Refusal unless the manager manages accounts over the account's home and could have given all it holds.

    Otherwise a township's manager could take over a county account that lives there by resetting its password.
    """
    holdings = list(manager)
    check_give(holdings, (), home)
    for holding in target:
        check_give(holdings, holding.permissions, holding.area)


def can_manage(manager: Iterable[Holding], home: int, target: Iterable[Holding]) -> bool:
    """Tell whether check_manage would let it pass."""
    try:
        check_manage(manager, home, target)
    except Refusal:
        return False
    return True
