"""How many vehicles and people stood before a barrier, by post and hour: from passes and tallies, each once.

A vehicle that was held and written down again is counted the first time; what became of it the last time. Vehicles are
辆次 and people 人次: who passes twice is two.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import add, attrgetter
from typing import Any, Protocol

from bulou.core.moments import CHINA, parse_moment
from bulou.core.quantities import Mean
from bulou.core.quantities import count as counted

PASS, TALLY, REFERRAL = "vehicle_pass", "pass_tally", "fever_referral"
KINDS = (PASS, TALLY, REFERRAL)


class Said(Protocol):
    """What is asked of an entry."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Count:
    """Vehicles (辆次) and people (人次): all who were checked, and of these who was turned back, held and so on."""

    vehicles: int = 0
    people: int = 0
    vehicles_back: int = 0
    people_back: int = 0
    held: int = 0  # vehicles told to wait
    referred: int = 0  # people sent to a clinic
    handed_over: int = 0  # vehicles handed to the police
    let_in: int = 0  # people let in with a place to go to


COLUMNS = tuple(f.name for f in fields(Count))
_numbers = attrgetter(*COLUMNS)
NONE = Count()
Row = list[int]  # the numbers of a Count, in the order of COLUMNS
Key = tuple[str, datetime]  # post subject, the first moment of the hour


def hour_of(moment: datetime) -> datetime:
    """Return the first moment of the hour, in China."""
    return moment.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)


def counts_in(entry: Said) -> Iterator[tuple[datetime, Row]]:
    """Yield what the entry counts, each with its moment, in the order of COLUMNS: a tally for every minute of it."""
    body = entry.body
    if entry.kind == PASS:
        yield entry.happened_at, _of_pass(body)
    elif entry.kind == REFERRAL:
        yield entry.happened_at, [0, 0, 0, 0, 0, 1, 0, 0]
    elif entry.kind == TALLY:
        for minute in body.get("minutes", ()):
            back = minute.get("vehicles_back") or 0, minute.get("people_back") or 0
            yield parse_moment(minute["at"]), [minute["vehicles"], minute["people"], *back, 0, 0, 0, 0]


def _of_pass(body: Mapping[str, Any]) -> Row:
    rows = body.get("people") or ()
    vehicles, people, decision = int(body.get("vehicle") != "on_foot"), len(rows), body.get("decision")
    seen = [0, 0] if body.get("again_of") else [vehicles, people]
    if decision == "turn_back":
        return [*seen, vehicles, people, 0, 0, 0, 0]
    if decision == "pass":
        place = body.get("destination")
        return [*seen, 0, 0, 0, 0, 0, sum(1 for row in rows if row.get("own_destination") or place)]
    held = decision == "hold" and not body.get("again_of")
    return [*seen, 0, 0, int(held), 0, int(decision == "hand_over"), 0]


def by_hour(entries: Iterable[Said], since: datetime, until: datetime) -> dict[Key, Count]:
    """Return the counts of [since, until) by post and hour."""
    found: dict[tuple[str, int], list[int]] = {}
    first, last = since.timestamp(), until.timestamp()
    for entry in entries:
        for moment, row in counts_in(entry):
            # In seconds: a busy day is tens of thousands of entries, and China's hours begin with the world's.
            if first <= (second := moment.timestamp()) < last:
                key = entry.subject, int(second // 3600)
                whole = found.get(key)
                found[key] = list(map(add, whole, row)) if whole else row
    return {
        (post, datetime.fromtimestamp(hour * 3600, CHINA)): Count(*row) for (post, hour), row in found.items()
    }  # fmt: skip


def total(counts: Iterable[Count]) -> Count:
    """Return all of them together."""
    rows = [_numbers(one) for one in counts]
    return Count(*map(sum, zip(*rows, strict=True))) if rows else NONE


@dataclass(frozen=True, slots=True)
class Daily:
    """Daily means (日均) of a period of whole days, with what they are made of; never without the period."""

    since: datetime
    days: int
    count: Count

    @property
    def until(self) -> datetime:
        return self.since + timedelta(days=self.days)

    @property
    def vehicles(self) -> Mean:
        return Mean(counted(self.count.vehicles, "辆"), self.days)

    @property
    def people(self) -> Mean:
        return Mean(counted(self.count.people, "人"), self.days)

    @property
    def vehicles_back(self) -> Mean:
        return Mean(counted(self.count.vehicles_back, "辆"), self.days)

    @property
    def people_back(self) -> Mean:
        return Mean(counted(self.count.people_back, "人"), self.days)
