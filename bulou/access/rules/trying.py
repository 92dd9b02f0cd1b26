"""Wrong passwords and codes: how long whoever sent them waits. How many and how long is data (trying.toml)."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bulou.access.rules.looking import Window
from bulou.access.rules.permissions import Refusal

NETWORK = 64  # bits of an IPv6 address that whoever has one of it has all of


@dataclass(frozen=True, slots=True)
class Slowing:
    """`free` wrong tries cost nothing, the next `first` seconds, each further one twice as many up to `most`; after
    `forget` seconds one of them no longer counts."""

    free: int
    first: int
    most: int
    forget: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How many tries were wrong, and when the last of them was; of none, when somebody was first told to wait."""

    wrong: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How tries are slowed down: of one name from one address, of one name in a browser it knows, of one address, of one
    name; and above how many somebody is told; since when, says who."""

    since: date
    source: str
    pair: Slowing
    browser: Slowing
    address: Slowing
    account: Slowing
    told_account: Window
    told_address: Window


class TooSoon(Refusal):
    """A try before its time. Nobody looked whether it was right. `again` is when the same will be looked at."""

    def __init__(self, again: datetime) -> None:
        super().__init__("too_soon")
        self.again = again

    def seconds(self, now: datetime) -> int:
        """Return how many whole seconds there are still to wait, at least one."""
        return max(1, -int((now - self.again).total_seconds() // 1))


def wait_after(wrong: int, slowing: Slowing) -> timedelta:
    """Return how long it is from the last of so many wrong tries to the next that is looked at."""
    if wrong <= slowing.free:
        return timedelta()
    doublings = min(wrong - slowing.free - 1, slowing.most.bit_length())
    return timedelta(seconds=min(slowing.first << doublings, slowing.most))


def most_counted(slowing: Slowing) -> int:
    """Return from how many wrong tries on the wait grows no longer; more are not counted, so that all are forgotten."""
    wrong = slowing.free + 1
    while wait_after(wrong, slowing).total_seconds() < slowing.most:
        wrong += 1
    return wrong


def left_of(tried: Tried | None, slowing: Slowing, now: datetime) -> int:
    """Return how many wrong tries still count."""
    if tried is None:
        return 0
    passed = max(0, int((now - tried.at).total_seconds()))
    return max(0, tried.wrong - passed // slowing.forget)


def one_more(tried: Tried | None, slowing: Slowing, now: datetime) -> Tried:
    """Return what stands there after another wrong try."""
    return Tried(min(left_of(tried, slowing, now) + 1, most_counted(slowing)), now)


def forgotten_at(tried: Tried, slowing: Slowing) -> datetime:
    """Return from when on it makes no difference any more, and goes."""
    return tried.at + timedelta(seconds=(tried.wrong + 1) * slowing.forget + slowing.most)


def check_try(
    own: Tried | None, slowing: Slowing, around: Iterable[tuple[Tried | None, Slowing]], now: datetime
) -> None:
    """Raise TooSoon unless a try is looked at now.

    `own` are the tries of this name from this place, `around` those of the place whatever the name, and of the name
    whatever the place. What others do there makes the wait longer, up to the longest of theirs, and never moves its
    beginning: whoever waits as long as they were told, and no longer than `most`, is looked at.
    """
    wait = max(
        wait_after(own.wrong if own else 0, slowing),
        *(wait_after(left_of(tried, theirs, now), theirs) for tried, theirs in around),
        timedelta(),
    )
    since = min(own.at, now) if own else now  # a clock that was put back keeps nobody out
    if now < since + wait:
        raise TooSoon(since + wait)


def source_of_address(address: str) -> str:
    """Return what tries are counted by: an IPv4 address, the /64 of an IPv6 one; what is neither as it stands."""
    try:
        found = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return address.strip()[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), NETWORK), strict=False))
    return str(found)
