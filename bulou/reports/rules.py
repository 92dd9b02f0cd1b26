"""What a report counts and how: indicators are data (indicators.toml), counting them over entries is here.

人 and 户 count whom something is about, each once; 人次, 户次 and 次 count how often. One never becomes the other: an
indicator's unit and its way of counting are checked against each other when the file is read.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from bulou.core.divisions import ancestors_of, county_of
from bulou.core.quantities import Quantity, count
from bulou.records.counting import Condition


class Counts(StrEnum):
    """What an indicator counts."""

    ENTRIES = "entries"  # every record
    ROWS = "rows"  # every row of a repeat
    SUBJECTS = "subjects"  # everybody a record or a row is about, once
    LATEST = "latest"  # every subject whose last record of the kind answers to the condition, once


ONCE = frozenset({Counts.SUBJECTS, Counts.LATEST})
UNITS: Mapping[str, frozenset[Counts]] = {
    "户": ONCE,
    "人": ONCE,
    "户次": frozenset({Counts.ENTRIES}),
    "人次": frozenset({Counts.ENTRIES, Counts.ROWS}),
    "次": frozenset({Counts.ENTRIES}),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an indicator counts: the records of a kind, or rows of a repeat in them, for which a condition holds."""

    kind: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number of the daily report.

    `finding`: a report with any of it is not a zero report. `history`: its total is counted over all records since the
    incident began, which only rare kinds may ask. `total_duty`: its total is what has been done of this duty.
    """

    name: str
    unit: str
    titles: Mapping[str, str]
    counts: Counts
    sources: tuple[Source, ...]
    finding: bool = False
    history: bool = False
    total_duty: str = ""

    def title(self, language: str) -> str:
        """Return what it is called in "zh-hans" or "en"."""
        return self.titles["zh" if language.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A duty whose state the report states. `daily`: only what falls due on the day. `latest`: only the latest round of
    each area, because whoever is swept in two rounds is still one household or one person. Otherwise all since the
    incident began.
    """

    name: str
    unit: str
    titles: Mapping[str, str]
    daily: bool
    latest: bool = False

    def title(self, language: str) -> str:
        return self.titles["zh" if language.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a report states: the indicators and the duties, in their order."""

    indicators: tuple[Indicator, ...]
    duties: tuple[Tracked, ...]

    def get(self, name: str) -> Indicator:
        """Return the indicator. Raise LookupError if there is none."""
        for indicator in self.indicators:
            if indicator.name == name:
                return indicator
        raise LookupError(f"there is no indicator {name!r}")


def read_plan(toml_text: str) -> Plan:
    """Return the plan in the text. Raise ValueError, naming the indicator, if it contradicts itself."""
    try:
        said = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the indicators are not TOML: {error}") from error
    indicators = tuple(_indicator(each) for each in said.get("indicator", ()))
    duties = tuple(_tracked(each) for each in said.get("duty", ()))
    for sort, names in (("indicator", [i.name for i in indicators]), ("duty", [d.name for d in duties])):
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{sort} {min(twice)} is there twice")
    known = {duty.name for duty in duties if not duty.daily}
    for indicator in indicators:
        if indicator.total_duty and indicator.total_duty not in known:
            raise ValueError(f"indicator {indicator.name}: {indicator.total_duty!r} is not among the standing duties")
    return Plan(indicators, duties)


def _titles(said: Mapping[str, Any], sort: str) -> Mapping[str, str]:
    if missing := [key for key in ("name", "unit", "zh", "en") if not said.get(key)]:
        raise ValueError(f"{sort} {said.get('name', '?')}: {missing[0]} is missing")
    return {"zh": said["zh"], "en": said["en"]}


def _tracked(said: Mapping[str, Any]) -> Tracked:
    return Tracked(said.get("name", ""), said.get("unit", ""), _titles(said, "duty"), bool(said.get("daily")),
                   bool(said.get("latest")))  # fmt: skip


def _indicator(said: Mapping[str, Any]) -> Indicator:
    titles = _titles(said, "indicator")
    name, unit, counts = said["name"], said["unit"], Counts(said.get("counts", Counts.SUBJECTS))
    if counts not in UNITS.get(unit, frozenset()):
        raise ValueError(f"indicator {name}: {unit} cannot count {counts.value}")
    sources = tuple(
        Source(
            each["kind"],
            Condition(when=each.get("when", ""), each=each.get("each", ""), subject=each.get("subject", "")),
        )
        for each in said.get("from", ())
    )
    if not sources:
        raise ValueError(f"indicator {name}: say from which kind it counts")
    if counts is Counts.LATEST and any(s.condition.each or s.condition.subject for s in sources):
        raise ValueError(f"indicator {name}: latest counts the subjects of whole records")
    return Indicator(
        name, unit, titles, counts, sources, bool(said.get("finding")), bool(said.get("history")),
        said.get("total_duty", ""),
    )  # fmt: skip


class Record(Protocol):
    """What counting asks of an entry."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def area(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def by(self) -> str: ...


Behind = tuple[Record, str]
"""A record that was counted, and whom it counted."""


class Tally:
    """Counts records as they come, in the order they happened; every number stays open to what is behind it."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self._once: dict[str, dict[str, Record]] = {i.name: {} for i in indicators if i.counts in ONCE}
        self._often: dict[str, list[Behind]] = {i.name: [] for i in indicators if i.counts not in ONCE}
        self._latest: dict[str, list[dict[str, Record]]] = defaultdict(list)
        for indicator in indicators:
            if indicator.counts is Counts.LATEST:
                for source in indicator.sources:
                    self._latest[source.kind].append(self._once[indicator.name])

    def add(self, entry: Record, counted: Iterable[tuple[int, str]], names: Sequence[str]) -> None:
        """Count a record: `counted` are the indicators it answers to, by their place in `names`, and whom it counts.

        Indicators this tally does not keep are passed over.
        """
        for latest in self._latest.get(entry.kind, ()):
            latest.pop(entry.subject, None)
        once, often = self._once, self._often
        for i, whom in counted:
            name = names[i]
            if name in once:
                once[name][whom] = entry
            elif name in often:
                often[name].append((entry, whom))

    def rename(self, present: Mapping[str, str]) -> None:
        """Count those known under several names once, by the name they have at present."""
        for name, found in self._once.items():
            if any(whom in present for whom in found):
                self._once[name] = {present.get(whom, whom): entry for whom, entry in found.items()}

    def persons(self) -> dict[int, set[str]]:
        """Return every person who was counted, by the county of the record."""
        found: dict[int, set[str]] = defaultdict(set)
        for counted in self._once.values():
            for whom, entry in counted.items():
                if whom.startswith("person:"):
                    found[county_of(entry.area)].add(whom)
        return found

    def value(self, name: str) -> int:
        return len(self._once[name]) if name in self._once else len(self._often[name])

    def behind(self, name: str) -> list[Behind]:
        """Return the records behind a number, in the order they happened."""
        if name in self._often:
            return list(self._often[name])
        found = [(entry, whom) for whom, entry in self._once[name].items()]
        return sorted(found, key=lambda pair: (pair[0].happened_at, pair[0].id, pair[1]))

    def by_area(self, name: str, under: Callable[[int], int]) -> dict[int, int]:
        """Return the number by the areas that `under` puts the records' areas in; they add up to the whole."""
        found: dict[int, int] = defaultdict(int)
        entries = self._once[name].values() if name in self._once else (entry for entry, _ in self._often[name])
        for entry in entries:
            found[under(entry.area)] += 1
        return dict(found)


def child_under(area: int) -> Callable[[int], int]:
    """Return the function that finds, for an area below this one, the area directly under it (itself for itself)."""
    known: dict[int, int] = {area: area}

    def under(below: int) -> int:
        if below not in known:
            path = [*ancestors_of(below), below]
            known[below] = path[path.index(area) + 1] if area in path else below
        return known[below]

    return under


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report: for the day, and since the incident began (None where no total is kept)."""

    indicator: Indicator
    day: int
    total: int | None

    @property
    def quantity(self) -> Quantity:
        return count(self.day, self.indicator.unit)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a duty is done. `lapsed` was never done and no longer can be."""

    duty: Tracked
    owed: int = 0
    waiting: int = 0
    open: int = 0
    overdue: int = 0
    met: int = 0
    met_late: int = 0
    waived: int = 0
    lapsed: int = 0

    @property
    def done(self) -> int:
        return self.met + self.met_late

    @property
    def missing(self) -> int:
        """What is owed now and not done: the list of the missing has as many names."""
        return self.open + self.overdue

    @property
    def missed(self) -> int:
        """What fell due and was not done, whether it still can be or not."""
        return self.overdue + self.lapsed

    @property
    def complete(self) -> bool:
        """Tell whether nothing owed is left out (不漏一户、不落一人). Waived is accounted for, though not done."""
        return self.owed > 0 and self.done + self.waived == self.owed


class NotZero(ValueError):
    """A zero report was about to be made for a day on which something was found."""

    def __init__(self, found: Sequence[Figure]) -> None:
        super().__init__(", ".join(f"{f.indicator.name} {f.quantity}" for f in found))
        self.found = tuple(found)


def findings_of(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures that say something was found on the day: with none of them it is a zero report."""
    return [figure for figure in figures if figure.indicator.finding and figure.day]


def check_zero(figures: Iterable[Figure]) -> None:
    """Raise NotZero, naming every finding of the day, unless there is none."""
    if found := findings_of(figures):
        raise NotZero(found)


TOTAL = ".total"  # what marks the total in a confirmed report's numbers


def read_snapshot(body: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of a confirmed report by indicator, totals under "<indicator>.total"."""
    return {str(row["indicator"]): int(row["value"]) for row in body.get("numbers", ()) if "value" in row}


def by_kind(indicators: Iterable[Indicator]) -> dict[str, tuple[tuple[str, ...], tuple[Condition, ...]]]:
    """Return, for each kind, the names of the indicators that count it and their conditions, in the same order."""
    found: dict[str, list[tuple[str, Condition]]] = defaultdict(list)
    for indicator in indicators:
        for source in indicator.sources:
            found[source.kind].append((indicator.name, source.condition))
    return {
        kind: (tuple(name for name, _ in pairs), tuple(condition for _, condition in pairs))
        for kind, pairs in found.items()
    }
