"""Examples of a kind: what was entered, and what is then owed, shown or refused.

They are the kind's specification, its tests and its documentation at once. In examples.py of a kind:

    EXAMPLES = [
        Example(
            "敲门无人,当天再去",
            entries=[Said("household_visit", "household:1", "2020-02-03 10:00", {"outcome": "out"})],
            now="2020-02-03 20:00",
            owed={("visit", "household:1"): "open"},
        ),
    ]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.core.divisions import county_of, number_of
from bulou.core.moments import parse_moment
from bulou.ledger.rules import Entry, Law, Member, fold
from bulou.records.law import BoundKind

Owed = Mapping[tuple[str, str], str | Sequence[str] | Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of an example. Moments are China time; `amends` is the number, from 1, of the entry it corrects."""

    kind: str
    subject: str
    at: str
    body: Mapping[str, Any] = field(default_factory=dict)
    by: str = "account:anna"
    area: str = "610927100201"
    recorded: str = ""
    amends: int = 0

    def entry(self, number: int, rules: str) -> Entry:
        """Return it as the ledger's entry, with an id made of its number in the example."""
        at = parse_moment(self.at)
        return Entry(
            id=entry_id(number), kind=self.kind, subject=self.subject, area=number_of(self.area), happened_at=at,
            recorded_at=parse_moment(self.recorded) if self.recorded else at + timedelta(seconds=number), by=self.by,
            body=self.body, amends=entry_id(self.amends) if self.amends else None, rules=rules,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """What is entered, and what follows.

    `owed` lists every duty there is at `now`, by (duty, subject): its state; or, if there are several of the name about
    the subject, their states in order of time, or how many are in each state. Leave it out to say nothing about duties.
    `members` are the sets duties expand over: {"households": ["household:1"]}; a member may be (subject, since).
    `shown` is what the last entry's card shows in Chinese, label by label. `refused` are words that its problems hold;
    every entry of an example without it must be free of problems.
    """

    title: str
    entries: Sequence[Said | Entry]
    now: str = ""
    owed: Owed | None = None
    members: Mapping[str, Sequence[str | tuple[str, str]]] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    rules: str = "cn-2020-02-community"

    def made(self) -> list[Entry]:
        """Return the entries as the ledger takes them."""
        return [said.entry(i, self.rules) if isinstance(said, Said) else said for i, said in enumerate(self.entries, 1)]

    def states(self, kinds: Mapping[str, BoundKind]) -> dict[tuple[str, str], list[str]]:
        """Return the state at `now` of every duty the entries leave, in order of time, by (duty, subject)."""
        entries = self.made()
        now = parse_moment(self.now) if self.now else entries[-1].happened_at
        area = entries[0].area

        def members(name: str, inside: int) -> Iterator[Member]:
            for said in self.members.get(name, ()):
                subject, since = (said, "2000-01-01") if isinstance(said, str) else said
                yield Member(subject, area, parse_moment(since))

        law = Law(kinds, lambda county, subjects: {}, members, lambda name, subjects: iter(()))
        found: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        for duty in fold(entries, law, county_of(area)).values():
            found.setdefault((duty.name, duty.subject), []).append((duty.opens_at, duty.state(now).value))
        return {key: [state for _, state in sorted(states)] for key, states in sorted(found.items())}

    def owes(self, states: Mapping[tuple[str, str], Sequence[str]]) -> bool:
        """Tell whether these are the states the example promises."""
        if self.owed is None:
            return True
        return states.keys() == self.owed.keys() and all(_same(said, states[key]) for key, said in self.owed.items())


def entry_id(number: int) -> UUID:
    """Return the id of the example's entry of that number, from 1."""
    return UUID(int=number)


def entry_subject(number: int) -> str:
    """Return the example's entry of that number, from 1, as the subject of a duty."""
    return f"entry:{entry_id(number)}"


def _same(said: str | Sequence[str] | Mapping[str, int], states: Sequence[str]) -> bool:
    if isinstance(said, str):
        return [said] == list(states)
    if isinstance(said, Mapping):
        return dict(said) == {state: states.count(state) for state in states}
    return list(said) == list(states)
