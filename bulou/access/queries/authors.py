"""Was the author of an entry allowed to write it? The ledger asks this for every entry it takes in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.transaction import Atomic

from bulou.access.queries.holdings import history_of
from bulou.access.rules import Holding
from bulou.core.divisions import code_of
from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry, Lapsed

INTERNAL = ("system:", "drill:", "import:")  # written by this program itself; an endpoint never lets a client say these

# Grants of the authors met in one transaction, so that 500 entries by one account cost one query. Keyed by the
# transaction itself: when it ends, however it ends, what was remembered goes with it.
_met: WeakKeyDictionary[Atomic, dict[UUID, list[Holding]]] = WeakKeyDictionary()


def _history(account: UUID) -> list[Holding]:
    if not connection.in_atomic_block:
        return history_of(account)
    outermost = connection.atomic_blocks[0]
    if outermost not in _met:
        _met[outermost] = {}
        transaction.on_commit(lambda: _met.pop(outermost, None))  # a decorated function uses one Atomic again and again
    met = _met[outermost]
    if account not in met:
        met[account] = history_of(account)
    return met[account]


def forget(account: UUID) -> None:
    """Forget what was remembered of the account, because its grants have just changed."""
    for met in _met.values():
        met.pop(account, None)


def span_of(entry: Entry) -> tuple[datetime, datetime]:
    """Return since when and until when the entry can have been written, as far as the server itself knows."""
    until = entry.received_at or entry.recorded_at
    return (entry.written_from if entry.marked and entry.written_from else until), until


def lives_throughout(holdings: Iterable[Holding], since: datetime, until: datetime) -> bool:
    """Tell whether one grant after the other, without a gap, was live from the one moment to the other."""
    for holding in sorted(holdings, key=lambda one: one.starts_at):
        if holding.live(since):
            if holding.live(until):
                return True
            since = holding.ends_at
    return False


def refused(entry: Entry, *, permission: str = "record") -> str:
    """Return why the entry must be held, or nothing if its author was permitted to write it.

    The author must have held the permission over the entry's area all the while in which it can have been written:
    from its phone's mark until it was received (ADR 0018). What the entry itself says of time gives no leave. If the
    permission ended or began in between, nobody can say on which side it was written, and a person decides.
    """
    if entry.by.startswith(INTERNAL):
        return ""
    kind, _, name = entry.by.partition(":")
    try:
        account = UUID(name)
    except ValueError:
        account = None
    if kind != "account" or account is None:
        return f"{entry.by!r} is not an account of this installation"
    held = [holding for holding in _history(account) if holding.covers(permission, entry.area)]
    if lives_throughout(held, *span_of(entry)):
        return ""
    where = code_of(entry.area)
    if held:
        since, until = (f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" for moment in span_of(entry))
        span = f"at {until}" if since == until else f"between {since} and {until}, when it can have been written"
        return Lapsed(f"the account's permission to {permission} in area {where} was not valid {span}")
    return f"the account has never had permission to {permission} in area {where}"
