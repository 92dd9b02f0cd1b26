"""Was the author of an entry allowed to write it? The ledger asks this for every entry it takes in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.transaction import Atomic

from bulou.access.queries.holdings import history_of
from bulou.access.rules import Holding
from bulou.access.rules.writing import Need, can_amend
from bulou.core.divisions import code_of, depth_of
from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry, Lapsed

INTERNAL = ("system:", "drill:", "import:")  # written by this program itself; an endpoint never lets a client say these

# Grants of the authors met in one transaction, so that 500 entries by one account cost one query. Keyed by the
# transaction itself: when it ends, however it ends, what was remembered goes with it.
_met: WeakKeyDictionary[Atomic, dict[UUID, list[Holding]]] = WeakKeyDictionary()


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


def is_internal(by: str) -> bool:
    """Tell whether the program itself is the author."""
    return by.startswith(INTERNAL)


def account_of(by: str) -> UUID | None:
    """Return the account an author is; None if they are none."""
    sort, _, name = by.partition(":")
    try:
        return UUID(name) if sort == "account" else None
    except ValueError:
        return None


class Authors:
    """Answers of one batch; each author's grants are asked for once."""

    def __init__(self) -> None:
        self._own: dict[UUID, list[Holding]] = {}

    def _history(self, account: UUID) -> list[Holding]:
        met = self._own
        if connection.in_atomic_block:
            outermost = connection.atomic_blocks[0]
            if outermost not in _met:
                _met[outermost] = {}
                # A decorated function uses one Atomic again and again.
                transaction.on_commit(lambda: _met.pop(outermost, None))
            met = _met[outermost]
        if account not in met:
            met[account] = history_of(account)
        return met[account]

    def refused(self, entry: Entry, need: Need, *, by: str = "", area: int | None = None) -> str:
        """Return why the entry must be held, or nothing if its author was permitted to write it.

        The author must have held the permission, in one of the roles, over the entry's area all the while in which it can
        have been written: from its phone's mark until it was received (ADR 0018). What the entry itself says of time
        gives no leave. If the grant ended or began in between, nobody can say on which side it was written, and a person
        decides (Lapsed).

        `by` and `area` ask of somebody else than its author, and of another place than its own.
        """
        by, area = by or entry.by, entry.area if area is None else area
        if is_internal(by):
            return ""
        if (account := account_of(by)) is None:
            return f"{by!r} is not an account of this installation"
        history = self._history(account)
        held = [holding for holding in history if need.met_by(holding, area)]
        if lives_throughout(held, *span_of(entry)):
            return ""
        where = code_of(area)
        if held:
            since, until = (f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" for moment in span_of(entry))
            span = f"at {until}" if since == until else f"between {since} and {until}, when it can have been written"
            return Lapsed(f"the account's permission to {need.permission} in area {where} was not valid {span}")
        if any(holding.covers(need.permission, area) for holding in history):
            roles = ", ".join(sorted(need.roles))
            return f"this is written in area {where} only by: {roles}; the account holds no such role there"
        return f"the account has never had permission to {need.permission} in area {where}"

    def refused_change(self, fix: Entry, target: Entry, need: Need) -> str:
        """Return why the entry must not change its target, or nothing if its author may.

        They hold what writing the target takes, where it is, and are its author, above its author, or the desk that
        keeps it.
        """
        if is_internal(fix.by):
            return ""
        refusal = self.refused(fix, need, area=target.area)
        if fix.by == target.by or (refusal and not isinstance(refusal, Lapsed)):
            return refusal
        account, until = account_of(fix.by), span_of(fix)[1]
        assert account is not None  # or it was refused
        own = [h for h in self._history(account) if need.met_by(h, target.area) and (refusal or h.live(until))]
        if not can_amend(own, self.stood(target, need), target.area):
            return "only who wrote it, who is above them in the area tree, or the county's desk changes this entry"
        return refusal

    def stood(self, entry: Entry, need: Need) -> int:
        """Return the area that the author's grant was over: the widest, if several were; the entry's, if none was."""
        account = account_of(entry.by)
        if account is None:
            return entry.area
        until = span_of(entry)[1]
        areas = [h.area for h in self._history(account) if need.met_by(h, entry.area) and h.live(until)]
        return min(areas, key=depth_of, default=entry.area)


def refused(entry: Entry, need: Need = Need()) -> str:  # noqa: B008  (frozen)
    """Return why the entry must be held, or nothing: see Authors."""
    return Authors().refused(entry, need)
