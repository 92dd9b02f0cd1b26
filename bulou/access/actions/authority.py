"""Who acts: what the author of an action holds at that moment."""

from datetime import datetime
from uuid import UUID

from bulou.access.models import Account
from bulou.access.queries.holdings import holdings_of
from bulou.access.rules import Refusal, check_give, check_manage


def author_of(account: UUID) -> str:
    """Return how an account signs what it does."""
    return f"account:{account}"


def check_may_give(by: str, at: datetime, permissions: frozenset[str], area: int) -> None:
    """Raise Refusal unless the author may give these permissions over the area. The system itself may."""
    if by.startswith("system:"):
        return
    check_give(holdings_of(_account(by), at), permissions, area)


def check_may_manage(by: str, at: datetime, target: Account) -> None:
    """Raise Refusal unless the author may change the account."""
    if by.startswith("system:"):
        return
    check_manage(holdings_of(_account(by), at), target.area, holdings_of(target.id, at))


def _account(by: str) -> UUID:
    kind, _, name = by.partition(":")
    if kind != "account":
        raise Refusal("not_an_account", by=by)
    return UUID(name)
