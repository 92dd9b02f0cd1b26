"""The order a post stands on. Nothing is switched off when it ends: whether it stands is a question about now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from bulou.core.moments import at_clock, parse_moment
from bulou.ledger.rules import Entry
from bulou.rosters.rules.standing import ROUND_THE_CLOCK, Manned

ORDER, CLOSED = "post_order", "post_closed"


class Standing(StrEnum):
    """What a post is at a moment."""

    NO_ORDER = "no order"  # nobody ever said on what basis it stands
    NOT_YET = "not yet"
    STANDS = "stands"
    LAPSED = "lapsed"  # its last day is over and it was neither closed nor renewed
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Order:
    """What a post may do, on what basis, from when until the end of which day."""

    id: UUID
    post: str
    type: str
    road: str
    place: str
    passage: str
    basis: str
    starts: datetime
    until: date
    hours: str
    staff: int
    public_note: str
    given_at: datetime

    @property
    def ends_at(self) -> datetime:
        """The first moment at which it is no order any more."""
        return at_clock(self.until, "24:00")

    @property
    def asks_for_somebody(self) -> bool:
        return self.passage != "closed" or self.staff > 0

    @property
    def clocks(self) -> tuple[str, str]:
        """From which to which clock time of the day it holds; round the clock where what was said is no clock time."""
        opens, _dash, closes = self.hours.partition("-")
        try:
            at_clock(self.until, opens), at_clock(self.until, closes)
        except ValueError:
            return ROUND_THE_CLOCK
        return ROUND_THE_CLOCK if opens == closes else (opens, closes)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a post stands on now: the order in force (else the last one), and when it was closed."""

    standing: Standing
    order: Order | None = None
    closed_at: datetime | None = None
    road_open: bool = False  # said when it was closed


def read_order(entry: Entry) -> Order:
    """Return the order an entry of kind post_order gives."""
    said = entry.body
    return Order(
        entry.id, entry.subject, said["type"], said.get("road", ""), said["place"], said["passage"], said["basis"],
        parse_moment(said["starts"]), date.fromisoformat(said["until"]), said["hours"],
        sum(need["number"] for need in said.get("needs") or ()), said.get("public_note", ""), entry.happened_at,
    )  # fmt: skip


def ground_of(entries: Iterable[Entry], now: datetime) -> Ground:
    """Return what a post stands on at `now`, from its orders and closings as they stand corrected."""
    said = sorted((e for e in entries if e.happened_at <= now), key=lambda e: (e.happened_at, e.id))
    orders = [read_order(e) for e in said if e.kind == ORDER]
    closed = max((parse_moment(e.body["closed_at"]) for e in said if e.kind == CLOSED), default=None)
    road = any(e.body.get("road_open") == "yes" for e in said if e.kind == CLOSED)
    if closed is not None:
        orders = [order for order in orders if order.given_at > closed] or orders
        if all(order.given_at <= closed for order in orders):
            return Ground(Standing.CLOSED, orders[-1] if orders else None, closed, road)
    if not orders:
        return Ground(Standing.NO_ORDER)
    begun = [order for order in orders if order.starts <= now]
    standing = [order for order in begun if now < order.ends_at]
    if standing:
        return Ground(Standing.STANDS, standing[-1])
    return Ground(Standing.LAPSED, begun[-1]) if begun else Ground(Standing.NOT_YET, orders[-1])


@dataclass(frozen=True, slots=True)
class Spell:
    """The last time a post stood or will stand without a break: by which orders, and when it was closed, if it was."""

    first: Order | None = None
    last: Order | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None


def latest_spell(entries: Iterable[Entry]) -> Spell:
    """Return the last spell that a post's orders and closings, as they stand corrected, give it; whatever the order
    they arrive in. An order that begins before the one before it ends prolongs it."""
    said = sorted(entries, key=lambda e: (e.happened_at, e.id))
    closing = next((e for e in reversed(said) if e.kind == CLOSED), None)
    orders = [read_order(e) for e in said if e.kind == ORDER]
    if closing is not None:
        after = [order for order in orders if order.given_at > closing.happened_at]
        if not after:
            closed_at = parse_moment(closing.body["closed_at"])
            spell = _unbroken(orders)
            return Spell(spell.first, spell.last, closed_at, closing.id)
        orders = after
    return _unbroken(orders)


def manned_times(entries: Iterable[Entry]) -> list[Manned]:
    """Return when a post's orders and closings, as they stand corrected, ask for somebody to be there, in order.

    Of several orders the one given last is in force. Where it closes the road to everybody and asks for nobody, nobody
    has to be there: a road blocked with earth is no empty post. A closing ends the orders given before it.
    """
    said = sorted(entries, key=lambda e: (e.happened_at, e.id))
    closings = [(e.happened_at, parse_moment(e.body["closed_at"])) for e in said if e.kind == CLOSED]
    spans: list[tuple[datetime, datetime, Order]] = []
    for order in (read_order(e) for e in said if e.kind == ORDER):
        ended = [closed_at for given_at, closed_at in closings if given_at >= order.given_at]
        spans.append((order.starts, min([order.ends_at, *ended]), order))
    found: list[Manned] = []
    for since, until in pairwise(sorted({moment for start, end, _ in spans for moment in (start, end)})):
        in_force = [order for start, end, order in spans if start <= since < end]
        if not in_force or not in_force[-1].asks_for_somebody:
            continue
        opens, closes = in_force[-1].clocks
        if found and found[-1].until == since and (found[-1].opens, found[-1].closes) == (opens, closes):
            found[-1] = replace(found[-1], until=until)
        else:
            found.append(Manned(since, until, opens, closes))
    return found


def _unbroken(orders: list[Order]) -> Spell:
    if not orders:
        return Spell()
    first = last = orders[-1]
    for order in reversed(orders[:-1]):
        if order.starts <= first.starts <= order.ends_at:
            first = order
    return Spell(first, last)
