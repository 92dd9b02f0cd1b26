"""What an account holds: the one question asked before every page. Not scoped, because scope follows from it."""

from datetime import datetime
from uuid import UUID

from bulou.access.models import MadeRole
from bulou.access.roles import built_in_roles
from bulou.access.rules import Holding, Role, ranges_of
from bulou.core.divisions import contains
from bulou.core.scope import Range, may_see, visible
from bulou.store import query, read_id, read_moment


def all_roles() -> dict[str, Role]:
    """Return every role by name, the built-in ones first. One query."""
    made = {
        role.name: Role(
            role.name,
            role.zh,
            role.en,
            frozenset(role.permissions.split()),
            role.days,
            role.area,
            frozenset(role.stands_for.split()),
        )
        for role in MadeRole.objects.order_by("name")
    }
    return built_in_roles() | made


def offered_roles() -> dict[str, Role]:
    """Return the roles to choose from inside the bound scope: the built-in ones and those made in it or above it."""

    def offered(role: Role) -> bool:
        return role.built_in or may_see(role.area) or any(contains(role.area, low) for low, _ in visible())

    return {name: role for name, role in all_roles().items() if offered(role)}


def get_role(name: str) -> Role:
    """Return the role. Raise LookupError if there is none of that name."""
    role = built_in_roles().get(name) or all_roles().get(name)
    if role is None:
        raise LookupError(f"there is no role called {name!r}")
    return role


def history_of(account: UUID) -> list[Holding]:
    """Return every grant the account ever had, with what its role carries today. One query; two if a role was made."""
    # Asked for every request and every batch, so in plain SQL: composing it anew cost five times what it takes to run.
    grants = query("SELECT id, role, area, starts_at, ends_at FROM access_grant WHERE account_id = %s", account.hex)
    roles = built_in_roles()
    if any(role not in roles for _, role, *_ in grants):
        roles = all_roles()
    return [
        Holding(
            read_id(id_),
            role,
            area,
            roles[role].permissions,
            read_moment(starts_at),
            read_moment(ends_at),
            roles[role].stands_for,
        )
        for id_, role, area, starts_at, ends_at in grants
        if role in roles  # a built-in role that a new release dropped carries nothing
    ]


def holdings_of(account: UUID, moment: datetime) -> list[Holding]:
    """Return the grants that are live at the moment."""
    return [holding for holding in history_of(account) if holding.live(moment)]


def ranges_for(account: UUID, permission: str, moment: datetime) -> tuple[Range, ...]:
    """Return the areas over which the account holds the permission at the moment."""
    return ranges_of(holdings_of(account, moment), permission)
