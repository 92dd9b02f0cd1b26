"""Posts and responders as screens and rosters read them: inside what may be seen, names and phones masked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from bulou.core.divisions import county_of
from bulou.core.masks import mask_name, mask_phone
from bulou.core.scope import visible_within
from bulou.rosters.models import Post as PostRow
from bulou.rosters.models import Responder as ResponderRow
from bulou.rosters.rules.registers import Demand
from bulou.rosters.rules.standing import Manned, Span, manned_spans

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `open_at(now)` tells whether it stands."""

    county: int
    id: UUID
    area: int
    name: str
    type: str
    place: str
    road: str
    position: tuple[float, float] | None
    needs: tuple[Demand, ...]
    opened_at: datetime | None
    opened_by: str
    ends_at: datetime | None
    closed_at: datetime | None
    followed: tuple[Manned, ...] | None = None  # when its orders ask for somebody there; None: it follows none

    @property
    def subject(self) -> str:
        return f"post:{self.id}"

    @property
    def manned(self) -> tuple[Manned, ...]:
        """When somebody has to be there, since it first stood: not while the road is closed to everybody."""
        if self.followed is not None:
            return self.followed
        return (Manned(self.opened_at, self.until),) if self.opened_at else ()

    def manned_in(self, since: datetime, until: datetime) -> list[Span]:
        """Return when somebody has to be there between the two moments."""
        return manned_spans(self.manned, since, until)

    def manned_at(self, now: datetime) -> bool:
        return bool(self.manned_in(now, now + INSTANT))

    @property
    def until(self) -> datetime | None:
        """The moment from which nobody has to stand there; None if no end is known."""
        ends = [moment for moment in (self.ends_at, self.closed_at) if moment is not None]
        return min(ends) if ends else None

    def open_at(self, now: datetime) -> bool:
        return self.opened_at is not None and self.opened_at <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Responder:
    """A responder as a list shows them: name and phone masked."""

    county: int
    id: UUID
    area: int
    name: str
    phone: str
    unit: str
    system: str
    position: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    party: bool | None
    leave_cancelled: bool
    account: UUID | None
    home: tuple[float, float] | None = field(repr=False)

    @property
    def subject(self) -> str:
        return f"responder:{self.id}"

    @property
    def owner(self) -> str:
        """Who owes what this responder owes: the account, where there is one."""
        return f"account:{self.account}" if self.account else self.subject


def within(area: int) -> Q:
    """Return the condition for rows under the area that may be read: none if no scope is bound."""
    condition = Q(county__in=[])
    for low, high in visible_within(area):
        condition |= Q(county__range=(county_of(low), county_of(high)), area__range=(low, high))
    return condition


def posts(area: int, *, ids: Iterable[UUID] | None = None, open_at: datetime | None = None) -> list[Post]:
    """Return the posts under the area by type and name; `open_at`: only those that stand then."""
    rows = PostRow.objects.filter(within(area))
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    if open_at is not None:
        rows = rows.filter(opened_at__lte=open_at).exclude(closed_at__lte=open_at).exclude(ends_at__lte=open_at)
    return [_post(row) for row in rows.order_by("type", "name", "id")]


def get_post(area: int, post: UUID) -> Post:
    """Return the post if it lies under the area. Raise LookupError."""
    found = posts(area, ids=[post])
    if not found:
        raise LookupError(f"there is no post {post}")
    return found[0]


def responders(
    area: int,
    *,
    ids: Iterable[UUID] | None = None,
    role: str = "",
    system: str = "",
    search: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[Responder]:
    """Return the responders whose home is under the area, by system, unit and name; masked."""
    rows = _standing(area, role, system, search)
    if ids is not None:
        rows = ResponderRow.objects.filter(within(area), id__in=list(ids))
    rows = rows.order_by("system", "unit", "name", "id")
    return [_responder(row) for row in (rows[offset : offset + limit] if limit is not None else rows[offset:])]


def count_responders(area: int, *, role: str = "", system: str = "", search: str = "") -> int:
    """Return how many persons (人) those filters leave."""
    return _standing(area, role, system, search).count()


def systems(area: int) -> list[tuple[str, int]]:
    """Return each system among the responders under the area with how many persons (人) it has."""
    counts: dict[str, int] = {}
    for name in ResponderRow.objects.filter(within(area), ended_at__isnull=True).values_list("system", flat=True):
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def names(county: int, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the masked names of responders the caller has already been allowed to read of."""
    return {id_: mask_name(name) for id_, name in _column(county, ids, "name").items()}


def units(county: int, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the home units of responders the caller has already been allowed to read of."""
    return _column(county, ids, "unit")


def _column(county: int, ids: Iterable[UUID], column: str) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    wanted = list(set(ids))
    for start in range(0, len(wanted), 500):
        rows = ResponderRow.objects.filter(county=county, id__in=wanted[start : start + 500])
        found |= dict(rows.values_list("id", column))
    return found


def identities(county: int) -> set[tuple[str, str]]:
    """Return (name, phone) and (name, unit) of everybody in the county's register. For imports only: not masked."""
    rows = ResponderRow.objects.filter(county=county, ended_at__isnull=True).values_list("name", "phone", "unit")
    return {pair for name, phone, unit in rows for pair in ((name, phone), (name, unit)) if pair[1]}


def find_by_account(account: UUID) -> Responder | None:
    """Return the responder an account is linked to. Not limited by scope: it is one's own."""
    row = ResponderRow.objects.filter(account=account, ended_at__isnull=True).order_by("-since").first()
    return _responder(row) if row else None


def _standing(area: int, role: str, system: str, search: str) -> "QuerySet[ResponderRow]":
    rows = ResponderRow.objects.filter(within(area), ended_at__isnull=True)
    if role:
        padded = Q(roles=role) | Q(roles__startswith=f"{role} ") | Q(roles__endswith=f" {role}")
        rows = rows.filter(padded | Q(roles__contains=f" {role} "))
    if system:
        rows = rows.filter(system=system)
    if search:
        rows = rows.filter(Q(name=search) | Q(phone=search) | Q(unit__contains=search))
    return rows


@lru_cache(maxsize=1 << 8)  # a county's posts of one type need the same people
def _needs(text: str) -> tuple[Demand, ...]:
    return tuple(msgspec.json.decode(text, type=list[Demand]))


def _manned(text: str) -> tuple[Manned, ...]:
    return tuple(msgspec.json.decode(text, type=list[Manned]))


def _post(row: PostRow) -> Post:
    position = None
    if row.latitude is not None and row.longitude is not None:
        position = row.latitude, row.longitude
    return Post(row.county, row.id, row.area, row.name, row.type, row.place, row.road, position, _needs(row.needs),
                row.opened_at, row.opened_by, row.ends_at, row.closed_at,
                _manned(row.manned) if row.manned else None)  # fmt: skip


def _responder(row: ResponderRow) -> Responder:
    home = None
    if row.latitude is not None and row.longitude is not None:
        home = row.latitude, row.longitude
    return Responder(row.county, row.id, row.area, mask_name(row.name), mask_phone(row.phone), row.unit, row.system,
                     row.position, tuple(row.roles.split()), tuple(row.skills.split()), row.party, row.leave_cancelled,
                     row.account, home)  # fmt: skip
