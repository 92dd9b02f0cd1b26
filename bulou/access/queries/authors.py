"""Was the author of an entry allowed to write it? The ledger asks this for every entry it takes in."""

from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.transaction import Atomic

from bulou.access.queries.holdings import history_of
from bulou.access.rules import Holding
from bulou.core.divisions import code_of
from bulou.ledger.rules import Entry

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


def refused(entry: Entry, *, permission: str = "record") -> str:
    """Return why the entry must be held, or nothing if its author was permitted to write it.

    The author must have held the permission over the entry's area when it happened or when it was written down: what a
    worker recorded before a grant was taken back counts for ever, and a visit may be written up the day after. Or when
    it is received: a phone whose clock is years off says moments at which nobody held anything, and an author who holds
    the permission now could have written now.
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
    moments = [entry.happened_at, entry.recorded_at, *([entry.received_at] if entry.received_at else [])]
    if any(holding.live(moment) for holding in held for moment in moments):
        return ""
    where = code_of(entry.area)
    if held:
        return f"the account's permission to {permission} in area {where} was not valid at the time"
    return f"the account has never had permission to {permission} in area {where}"
