"""Rules of headquarters: how it is set up, who may sit where, what is in force on a day, when an order is due."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from bulou.core.moments import at_clock, day_of

STOOD_DOWN, HIGHEST, LOWEST = 0, 1, 4  # response levels I to IV; 0 ends the response
CHINESE_DIGITS = "〇一二三四五六七八九十"


class Problem(StrEnum):
    """Why headquarters' order cannot be taken as it stands. The words are in command/words.py."""

    EMPTY = "empty"  # params: field
    DATES = "dates"  # closed before it was opened
    LEVEL = "level"
    BASIS = "basis"  # a level, a rule set, an appointment to command stands on a document
    NO_INCIDENT = "no incident"
    NO_UNIT = "no unit"
    NO_APPOINTMENT = "no appointment"
    SET_UP = "set up"  # the headquarters of this incident exists already
    SEAT = "seat"  # this seat is not in a unit, or is not in the headquarters itself
    BELOW_COUNTY = "below county"  # a rule set holds for a whole county or more
    UNKNOWN_RULESET = "unknown ruleset"  # params: name, known
    RULESET_BEGINS = "ruleset begins"  # params: name, valid_from
    DUE_PAST = "due past"
    DUE_LATE = "due late"  # params: latest
    OWNER = "owner"
    NO_ASSIGNMENT = "no assignment"
    NO_AREA = "no area"
    REPORTED = "reported"  # a zero report where one was confirmed already
    NOT_BEGUN = "not begun"  # the day reported on
    STILL_OPEN = "still open"
    SAME_PERSON = "same person"  # gave their word already
    NOT_TAKEN = "not taken"  # the ledger's own words. params: reason, detail


class Refused(ValueError):
    """An order that cannot be taken, with a stable code and what a person needs to put it right."""

    def __init__(self, problem: Problem, **params: str) -> None:
        super().__init__(f"{problem.value}: {params}" if params else problem.value)
        self.problem = problem
        self.params = params


def check_filled(**fields: str) -> None:
    """Raise Refused naming the first of the fields that says nothing."""
    for name, value in fields.items():
        if not value.strip():
            raise Refused(Problem.BASIS if name == "basis" else Problem.EMPTY, field=name)


class Seat(StrEnum):
    COMMANDER = "commander"  # 指挥长
    FIRST_DEPUTY = "first_deputy"  # 第一副指挥长
    DEPUTY = "deputy"  # 副指挥长
    LEAD = "lead"  # 牵头: leads the office or a group
    MEMBER = "member"


ABOVE_UNITS = frozenset({Seat.COMMANDER, Seat.FIRST_DEPUTY, Seat.DEPUTY})
FOR_ONE = frozenset({Seat.COMMANDER, Seat.FIRST_DEPUTY, Seat.LEAD})  # a successor ends the predecessor's appointment


def check_seat(seat: Seat, unit: UUID | None) -> None:
    """Raise Refused if the seat is in a unit where none is given, or above the units where one is."""
    if (seat in ABOVE_UNITS) != (unit is None):
        raise Refused(Problem.SEAT, seat=seat.value)


@dataclass(frozen=True, slots=True)
class UnitTemplate:
    sort: str
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class HeadquartersTemplate:
    title: str
    source: str
    units: tuple[UnitTemplate, ...]


def read_template(toml_text: str) -> HeadquartersTemplate:
    """Return the template in the text. Raise ValueError, saying what is wrong, if it is none.

    A unit with `number` stands for that many, `{n}` in its name being the Chinese numeral: names to be given later.
    """
    try:
        said = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this headquarters template is not TOML: {error}") from error
    units: list[UnitTemplate] = []
    for place, unit in enumerate(said.get("unit", ()), 1):
        if unit.get("sort") not in ("office", "group") or not isinstance(unit.get("name"), str):
            raise ValueError(f"unit {place} of the headquarters template needs sort (office or group) and name")
        number = unit.get("number", 1)
        named = "{n}" not in unit["name"]
        if named and number != 1:
            raise ValueError(f"unit {place} stands for {number} units, so its name must contain {{n}}")
        units += [UnitTemplate(unit["sort"], unit["name"].replace("{n}", numeral(n + 1)), named) for n in range(number)]
    if not units:
        raise ValueError("a headquarters template has at least one [[unit]]")
    return HeadquartersTemplate(str(said.get("title", "")), str(said.get("source", "")), tuple(units))


def numeral(n: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十, 十八, 二十."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十") + (
        CHINESE_DIGITS[ones] * (ones > 0)
    )


class Dated(Protocol):
    """Something that holds from a day on."""

    @property
    def since(self) -> date: ...


D = TypeVar("D", bound=Dated)


def in_force(declared: Iterable[D], day: date) -> D | None:
    """Return what holds on the day: the latest since then or before. Of one day's, the last in the order given."""
    found: D | None = None
    for each in declared:
        if each.since <= day and (found is None or each.since >= found.since):
            found = each
    return found


def latest_due(at: datetime) -> datetime:
    """Return the last moment an order given at `at` may fall due: 24:00 of that day in China (问题不过夜)."""
    return at_clock(day_of(at), "24:00")


def check_due(due: datetime, *, at: datetime) -> None:
    """Raise Refused if an assignment given at `at` would fall due before it was given, or overnight."""
    if due <= at:
        raise Refused(Problem.DUE_PAST)
    if due > latest_due(at):
        raise Refused(Problem.DUE_LATE, latest="24:00")


def check_owner(owed_by: str) -> None:
    """Raise Refused unless the owner is a role or an account."""
    sort, _, name = owed_by.partition(":")
    if sort not in ("role", "account") or not name:
        raise Refused(Problem.OWNER)


def nights(opened_at: datetime, now: datetime) -> int:
    """Return how many midnights in China lie between the two: how often the work was carried over."""
    return max(0, (day_of(now) - day_of(opened_at)).days)


# The kinds of record the daily cycle is made of. They are declared above (bulou/kinds); here stand only their names.
REPORT, DECISION, ASSIGNMENT, DONE = "situation_report", "decision", "assignment", "assignment_done"
CORRECTION = "correction"
REPORT_DUTY, ASSIGNMENT_DUTY = "report.situation", "assignment.do"


class Result(StrEnum):
    """What became of an assignment. Only the first ends it: the rest stays open and is carried over."""

    DONE = "done"
    PARTLY = "partly"
    CANNOT = "cannot"
