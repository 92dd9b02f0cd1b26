"""What a report states, as numbers that can be kept: what was confirmed, or known at the cut-off, stays what it was.

A report is worked out from the ledger as it is known; what is kept of it is this, without a name of anybody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from bulou.core.divisions import code_of, number_of
from bulou.reports.rules import TOTAL, Coverage, Figure, Plan

DUTY, REPORTS, ORDERS = "duty", "reports", "orders"  # "duty/sweep.household/owed", "reports/late", "orders/open"
COLUMNS = ("owed", "waiting", "open", "overdue", "met", "met_late", "waived", "lapsed")
Numbers = Mapping[str, int]


class Origin(StrEnum):
    """Where the numbers come from."""

    CONFIRMED = "confirmed"  # a person confirmed them, and the entry holds them
    KEPT = "kept"  # as the program knew them when the cut-off had come
    NOW = "now"  # as everything is known now


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """Of the areas below that owe a report of the day, how many have made it, and how."""

    owed: int = 0
    received: int = 0
    zero: int = 0
    late: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """The assignments given and done on the day, and those still open at its end; `overnight`: given on an earlier day."""

    given: int = 0
    done: int = 0
    open: int = 0
    overnight: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One area directly below: its numbers of the day by indicator, and its standing duties."""

    area: int
    values: Numbers
    coverage: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The report of an area for a day in numbers: of what happened before `until`, as known at `taken_at`."""

    area: int
    day: date
    until: datetime
    cut_off: datetime
    taken_at: datetime
    origin: Origin
    figures: tuple[Figure, ...]
    coverage: tuple[Coverage, ...]
    reports: ReportCounts
    orders: OrderCounts
    below: tuple[Line, ...]

    def duty(self, name: str) -> Coverage:
        """Return the state of a duty. Raise LookupError if the report does not state it."""
        for each in self.coverage:
            if each.duty.name == name:
                return each
        raise LookupError(f"the report does not state the duty {name!r}")

    def numbers(self) -> dict[str, int]:
        """Return every number by name; zeros of duties are left out."""
        found = {figure.indicator.name: figure.day for figure in self.figures}
        found |= {figure.indicator.name + TOTAL: figure.total for figure in self.figures if figure.total is not None}
        found |= _of_duties(self.coverage)
        for sort, counts in ((REPORTS, self.reports), (ORDERS, self.orders)):
            found |= {f"{sort}/{each.name}": getattr(counts, each.name) for each in fields(counts)}
        return found

    def numbers_below(self) -> dict[int, dict[str, int]]:
        """Return the numbers of each area directly below, by area number; zeros are left out."""
        return {
            line.area: {name: n for name, n in line.values.items() if n} | _of_duties(line.coverage)
            for line in self.below
        }


def _of_duties(coverage: Iterable[Coverage]) -> dict[str, int]:
    return {
        f"{DUTY}/{each.duty.name}/{column}": number
        for each in coverage
        for column in COLUMNS
        if (number := getattr(each, column)) or column == "owed"
    }


def restate(stated: Stated, numbers: Numbers, below: Mapping[int, Numbers], plan: Plan) -> Stated:
    """Return the report with these numbers in place of its own: those of the plan's indicators and duties."""

    def counts(sort: str, kind: type[Any]) -> Any:
        return kind(**{each.name: numbers.get(f"{sort}/{each.name}", 0) for each in fields(kind)})

    return replace(
        stated,
        figures=tuple(
            Figure(one, numbers.get(one.name, 0), numbers.get(one.name + TOTAL)) for one in plan.indicators
        ),
        coverage=tuple(_coverage(numbers, plan)),
        reports=counts(REPORTS, ReportCounts),
        orders=counts(ORDERS, OrderCounts),
        below=tuple(
            Line(area, {one.name: said[one.name] for one in plan.indicators if one.name in said},
                 tuple(_coverage(said, plan)))
            for area, said in sorted(below.items())
        ),
    )  # fmt: skip


def _coverage(numbers: Numbers, plan: Plan) -> Iterator[Coverage]:
    for duty in plan.duties:
        yield Coverage(duty, **{column: numbers.get(f"{DUTY}/{duty.name}/{column}", 0) for column in COLUMNS})


def says_all(numbers: Numbers) -> bool:
    """Tell whether a confirmed report holds all it stated: those of the first months hold their indicators only."""
    return any(name.startswith(f"{DUTY}/") for name in numbers)


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is another by now."""

    title: str
    unit: str
    stated: int
    now: int

    @property
    def more(self) -> int:
        return self.now - self.stated


def changes(stated: Stated, now: Stated, language: str, column_words: Mapping[str, str]) -> list[Change]:
    """Return what is known otherwise by now, number by number: figures of the day, and duties by state."""
    found: list[Change] = []
    later = {figure.indicator.name: figure for figure in now.figures}
    for figure in stated.figures:
        if (other := later.get(figure.indicator.name)) is not None and other.day != figure.day:
            found.append(Change(figure.indicator.title(language), figure.indicator.unit, figure.day, other.day))
    duties = {each.duty.name: each for each in now.coverage}
    for each in stated.coverage:
        for column, word in column_words.items():
            before, after = getattr(each, column), getattr(duties[each.duty.name], column)
            if before != after:
                found.append(Change(f"{each.duty.title(language)} · {word}", each.duty.unit, before, after))
    return found


def write_below(below: Mapping[int, Numbers]) -> list[dict[str, str]]:
    """Return the numbers of the areas below as the rows an entry keeps."""
    return [
        {"area": code_of(area), "numbers": msgspec.json.encode(dict(said)).decode()} for area, said in below.items()
    ]


def read_below(rows: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    """Return the numbers of the areas below. What a broken row said is passed over."""
    found = {}
    for row in rows:
        try:
            found[number_of(str(row["area"]))] = msgspec.json.decode(str(row["numbers"]), type=dict[str, int])
        except (KeyError, ValueError, msgspec.MsgspecError):
            continue
    return found
