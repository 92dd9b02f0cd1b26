"""Looking at people: what for, how often, and from when on somebody is told. What is listed is data (looking.toml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from bulou.access.rules.permissions import Refusal

FEWEST_LETTERS = 4  # of the words a purpose asks for


@dataclass(frozen=True, slots=True)
class Purpose:
    """What full details may be looked at for. `words`: it says nothing without words of one's own."""

    name: str
    zh: str
    en: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """So many looks within so many minutes."""

    minutes: int
    most: int

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Rates:
    """How many looks of each sort pass, and above how many the auditor and the desk are told; since when, says who."""

    since: date
    source: str
    limits: Mapping[str, Sequence[Window]]
    alerts: Mapping[str, Window]


class TooMany(Refusal):
    """More looks than an account's work needs. `again` is when the same may be asked for again; None: never so many."""

    def __init__(self, action: str, window: Window, again: datetime | None) -> None:
        super().__init__("too_many", action=action, most=window.most, minutes=window.minutes)
        self.again = again


class Edition(Protocol):
    @property
    def since(self) -> date: ...


E = TypeVar("E", bound=Edition)


def rates_on(editions: Sequence[E], day: date) -> E:
    """Return the edition in force on the day: the latest that has begun, the first if none has."""
    begun = [one for one in editions if one.since <= day]
    return max(begun, key=lambda one: one.since) if begun else min(editions, key=lambda one: one.since)


def check_purpose(purposes: Mapping[str, Purpose], name: str, words: str) -> str:
    """Return the purpose as the audit keeps it: "follow_up", or "other: what was said".

    Raise Refusal("no_purpose") if it is none of the list, ("purpose_words") if it needs words and has none to speak of.
    """
    chosen = purposes.get(name.strip())
    if chosen is None:
        raise Refusal("no_purpose")
    said = " ".join(words.split())
    if chosen.words and len({letter for letter in said if letter.isalnum()}) < FEWEST_LETTERS:
        raise Refusal("purpose_words")
    return f"{chosen.name}: {said}" if said else chosen.name


def check_rate(action: str, limits: Sequence[Window], looked: Sequence[datetime], wanted: int, now: datetime) -> None:
    """Raise TooMany if `wanted` more looks go beyond one of the limits. `looked`: when there were others, earliest first."""
    for window in limits:
        within = [at for at in looked if at > now - window.span]
        over = len(within) + wanted - window.most
        if over > 0:
            raise TooMany(action, window, within[over - 1] + window.span if over <= len(within) else None)
