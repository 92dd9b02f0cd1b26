"""A decision table is data: what is known of a vehicle and of each person in it → what the post does, and why.

A TOML file, dated and sourced like a rule set; another county's table is another file. The rows are read from the top
and the first that fits decides (first hit), so the last should ask nothing. What may be asked is what the desk can
know (`inputs.toml`). Numbers may name a rule of the rule set in force ("rule:fever.threshold_c").

    name = "cn-2020-02-roads"
    title = { zh = "…", en = "…" }
    source = "…"
    valid_from = 2020-01-24
    counties = ["341000"]             # whose table it is; none: for any county without its own

    [[region]]                        # how risky a place of departure is, by the longest prefix of its division code
    prefix = "42"
    level = "outbreak"

    [[row]]
    name = "fever"
    when = { temperature = { from = "rule:fever.threshold_c" }, region = ["outbreak", "high"] }
    then = "refer"
    zh = "…"
    en = "…"
    source = "…"
    follow = { days = 14, where = "home" }
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bulou.records.rulesets import RuleSet

GRAVITY = ("hand_over", "refer", "hold", "turn_back", "pass")
"""What a post can do, gravest first: a vehicle is treated as the gravest of what its people call for."""
WHERE = ("home", "central")
RULE = "rule:"


@dataclass(frozen=True, slots=True)
class Input:
    """Something a desk knows: of the vehicle, or of each person. Choices by value, or a number that may be missing."""

    name: str
    of: str  # vehicle or person
    titles: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # none: a number
    least: float = float("-inf")
    most: float = float("inf")
    unit: str = ""
    default: str = ""

    @property
    def is_number(self) -> bool:
        return not self.choices


@dataclass(frozen=True, slots=True)
class Span:
    """A condition on a number: from … to, either end included or not; `missing`: that there is no number."""

    low: float = float("-inf")
    high: float = float("inf")
    low_in: bool = True
    high_in: bool = False
    missing: bool = False

    def holds(self, value: object) -> bool:
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            return self.missing
        if self.missing:
            return False
        above = value >= self.low if self.low_in else value > self.low
        return above and (value <= self.high if self.high_in else value < self.high)


Condition = Span | frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """If all conditions hold, then this. `reasons` are said at the desk; `source` is the document it comes from."""

    name: str
    when: Mapping[str, Condition]
    then: str
    reasons: Mapping[str, str]
    source: str
    follow_days: int = 0
    follow_where: str = ""

    def fits(self, known: Mapping[str, object]) -> bool:
        for name, condition in self.when.items():
            value = known.get(name)
            if isinstance(condition, Span):
                if not condition.holds(value):
                    return False
            elif value not in condition:
                return False
        return True


@dataclass(frozen=True)
class Table:
    """A county's decision table, with the numbers of a rule set filled in."""

    name: str
    titles: Mapping[str, str]
    source: str
    valid_from: date
    counties: tuple[int, ...]
    regions: Mapping[str, str]  # prefix of a division code -> level
    rows: tuple[Row, ...]
    inputs: Mapping[str, Input]

    def level_of(self, code: str) -> str:
        """Return how risky a place of departure is: that of the longest prefix known, "unknown" if it is not said."""
        if not code:
            return "unknown"
        known = [prefix for prefix in self.regions if code.startswith(prefix)]
        return self.regions[max(known, key=len)] if known else "low"

    def get(self, row: str) -> Row:
        """Return the row of that name. Raise LookupError if there is none."""
        for each in self.rows:
            if each.name == row:
                return each
        raise LookupError(f"decision table {self.name!r} has no row {row!r}")


def read_inputs(toml_text: str) -> dict[str, Input]:
    """Return what a desk can know, by name. Raise ValueError if the text contradicts itself."""
    found = {}
    for name, said in tomllib.loads(toml_text).items():
        if said.get("of") not in ("vehicle", "person"):
            raise ValueError(f"input {name}: say of what: vehicle or person")
        choices = {value: dict(words) for value, words in said.get("choices", {}).items()}
        found[name] = Input(
            name, said["of"], {"zh": said["zh"], "en": said["en"]}, choices, said.get("least", float("-inf")),
            said.get("most", float("inf")), said.get("unit", ""), said.get("default", ""),
        )  # fmt: skip
        if choices and said.get("default") not in choices:
            raise ValueError(f"input {name}: its default is not among its choices")
    return found


def read_table(toml_text: str, inputs: Mapping[str, Input], ruleset: RuleSet | None = None) -> Table:
    """Return the table the text describes. Raise ValueError, naming the row, if it cannot be used.

    `ruleset` gives the numbers that rows name as "rule:…".
    """
    try:
        said = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this decision table is not TOML: {error}") from error
    for key, sort in (("name", str), ("title", dict), ("source", str), ("valid_from", date)):
        if not isinstance(said.get(key), sort) or not said[key]:
            raise ValueError(f"a decision table begins with {key} ({sort.__name__})")
    rows = tuple(_row(each, inputs, ruleset) for each in said.get("row", ()))
    if not rows:
        raise ValueError("a decision table has rows")
    names = [row.name for row in rows]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two rows are called {min(twice)!r}")
    levels = inputs["region"].choices if "region" in inputs else {}
    regions = {}
    for each in said.get("region", ()):
        prefix, level = each.get("prefix", ""), each.get("level", "")
        if not (isinstance(prefix, str) and prefix.isdigit() and len(prefix) <= 12) or level not in levels:
            raise ValueError(
                f"region {prefix!r}: write prefix = digits of a division code, level = one of {list(levels)}"
            )
        regions[prefix] = level
    counties = tuple(_county(code) for code in said.get("counties", ()))
    return Table(said["name"], _words(said["title"], "the title"), said["source"], said["valid_from"], counties,
                 regions, rows, inputs)  # fmt: skip


def _county(code: object) -> int:
    if not (isinstance(code, str) and code.isdigit() and len(code) == 6):
        raise ValueError(f"county {code!r}: write the six digits of its division code, in quotes")
    return int(code)


def _words(said: object, what: str) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(said.get(key), str) and said[key] for key in ("zh", "en")):
        raise ValueError(f"{what} is said in both languages: zh and en")
    return {"zh": said["zh"], "en": said["en"]}


def _row(said: Mapping[str, Any], inputs: Mapping[str, Input], ruleset: RuleSet | None) -> Row:
    name = said.get("name", "")
    if not isinstance(name, str) or not name:
        raise ValueError("every row has a name")
    if unknown := set(said) - {"name", "when", "then", "zh", "en", "source", "follow"}:
        raise ValueError(f"row {name}: {min(unknown)!r} is not part of a row")
    if said.get("then") not in GRAVITY:
        raise ValueError(f"row {name}: then is one of {', '.join(GRAVITY)}")
    if not said.get("source"):
        raise ValueError(f"row {name}: name the document it comes from (source)")
    when = {}
    for key, condition in said.get("when", {}).items():
        if key not in inputs:
            raise ValueError(f"row {name}: a desk does not know {key!r}; it knows {', '.join(inputs)}")
        when[key] = _condition(f"row {name}: {key}", condition, inputs[key], ruleset)
    follow = said.get("follow", {})
    days, where = follow.get("days", 0), follow.get("where", "")
    if follow and (not isinstance(days, int) or days < 1 or where not in WHERE):
        raise ValueError(f"row {name}: follow = {{ days = a number, where = one of {', '.join(WHERE)} }}")
    if follow and said["then"] != "pass":
        raise ValueError(f"row {name}: only whoever is let in can be followed up")
    return Row(name, when, said["then"], _words(said, f"row {name}: the reason"), said["source"], days, where)


def _condition(what: str, said: Any, given: Input, ruleset: RuleSet | None) -> Condition:
    if not given.is_number:
        values = [said] if isinstance(said, str) else said
        if not isinstance(values, list) or not values or not set(values) <= set(given.choices):
            raise ValueError(f"{what} is one or several of {', '.join(given.choices)}")
        return frozenset(values)
    if not isinstance(said, dict) or not said or set(said) - {"from", "to", "from_included", "to_included", "missing"}:
        raise ValueError(f"{what}: write {{ from = 37.3, to = 38.0 }} or {{ missing = true }}")
    if said.get("missing"):
        if len(said) > 1:
            raise ValueError(f"{what}: what is missing has no from and to")
        return Span(missing=True)
    value = {key: _value(what, each, ruleset) for key, each in said.items()}
    span = Span(value.get("from", float("-inf")), value.get("to", float("inf")),
                bool(value.get("from_included", True)), bool(value.get("to_included", False)))  # fmt: skip
    if span.low > span.high or (span.low == span.high and not (span.low_in and span.high_in)):
        raise ValueError(f"{what}: nothing lies between {span.low:g} and {span.high:g}")
    return span


def _value(what: str, said: Any, ruleset: RuleSet | None) -> Any:
    if isinstance(said, str) and said.startswith(RULE):
        if ruleset is None:
            raise ValueError(f"{what}: {said!r} needs a rule set")
        try:
            said = ruleset.get(said.removeprefix(RULE))
        except LookupError as error:
            raise ValueError(f"{what}: {error}") from error
    if not isinstance(said, int | float):
        raise ValueError(f"{what}: {said!r} is not a number")
    return said


def in_force(tables: Sequence[Table], county: int, day: date) -> Table:
    """Return the county's own table of the day, else the general one: the latest that has begun.

    Raise LookupError if there is none.
    """
    begun = [table for table in tables if table.valid_from <= day]
    own = [table for table in begun if county in table.counties]
    found = own or [table for table in begun if not table.counties]
    if not found:
        raise LookupError(f"no decision table holds in county {county} on {day}")
    return max(found, key=lambda table: (table.valid_from, table.name))
