"""Who may write and put right what: one rule for the ledger and for whatever offers a form (docs/adr/0017)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bulou.access.rules.permissions import Holding
from bulou.core.divisions import contains, county_area, county_of
from bulou.records.declaration import Declaration

ORDERED_BY = frozenset({"headquarters", "county_desk", "township"})
DESKS = frozenset({"headquarters", "county_desk"})
"""Whoever holds one of these over a whole county keeps its records."""


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes to write an entry: one grant over its area with the permission, of one of the roles.

    No role named: whoever holds the permission.
    """

    permission: str = "record"
    roles: frozenset[str] = frozenset()

    def met_by(self, holding: Holding, area: int) -> bool:
        return holding.covers(self.permission, area) and (not self.roles or holding.acts_as(self.roles))


FOR_ANOTHER = Need("record_for")


def permission_for(kind: Declaration) -> str:
    """Return the permission it takes to write an entry of the kind: what only those above write is an order."""
    return "order" if kind.recorded_by and kind.recorded_by <= ORDERED_BY else "record"


def need_of(kind: Declaration, body: Mapping[str, Any] | None = None) -> Need:
    """Return what writing an entry of the kind takes; one that says in which role it answers takes that very role."""
    roles = kind.recorded_by
    if kind.as_role and body and body.get(kind.as_role):
        roles = roles & {str(body[kind.as_role])}
    return Need(permission_for(kind), roles)


def is_order(kind: Declaration) -> bool:
    """Tell whether the kind is an order and nobody's word about themselves: nobody gives one for somebody else."""
    return permission_for(kind) == "order" and not kind.own


def kinds_of_a_post(kinds: Iterable[Declaration]) -> frozenset[str]:
    """Return the kinds that whoever stands at a post writes there; a published turn is permission enough for them."""
    return frozenset(
        kind.name for kind in kinds
        if "post_staff" in kind.recorded_by and {"post", "entry"} & set(kind.subject) and permission_for(kind) == "record"
    )  # fmt: skip


def can_amend(holdings: Iterable[Holding], stood: int, area: int) -> bool:
    """Tell whether one of the holdings lets its holder put right what somebody else wrote, beside what writing it takes.

    `stood`: the area that somebody's grant was over; `area`: the entry's. A superior's grant is over an area with theirs
    inside it. The desk that keeps the records of a county may too, unless whoever wrote stood above it.
    """
    for holding in holdings:
        if not contains(holding.area, stood):
            continue
        if holding.area != stood:
            return True
        if holding.acts_as(DESKS) and contains(holding.area, county_area(county_of(area))):
            return True
    return False
