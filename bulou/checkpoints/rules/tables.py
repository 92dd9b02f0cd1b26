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
    demand = ["name", "phone"]        # what must be taken down before this is done (DEMANDS)

Above the rows, `otherwise = ["name"]` is what must be taken down of whoever is let in against the table.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bulou.core.words import gettext_noop as _
from bulou.records.rulesets import RuleSet

GRAVITY = ("hand_over", "refer", "hold", "turn_back", "pass")
"""What a post can do, gravest first: a vehicle is treated as the gravest of what its people call for."""
WHERE = ("home", "central")
DEMANDS = ("plate", "from", "name", "phone", "id_number")
"""What a verdict can demand: the plate and where from, of the vehicle; a name and an ID number of each person who does not
refuse, and the phone of one of them at least: a child has none."""
RULE = "rule:"
SORTS: dict[type, str] = {str: "text", dict: "zh, en", date: "2020-01-24"}
FAULTS = {
    "toml": _("this decision table is not TOML: %(why)s"),
    "head": _("a decision table begins with %(key)s (%(sort)s)"),
    "no rows": _("a decision table has rows"),
    "twice": _("two rows are called %(row)s"),
    "region": _("region %(prefix)s: write prefix = digits of a division code, level = one of %(known)s"),
    "county": _("county %(number)s: write the six digits of its division code, in quotes"),
    "languages": _("%(where)s is said in both languages: zh and en"),
    "no name": _("every row has a name"),
    "part": _("row %(row)s: %(key)s is not part of a row"),
    "then": _("row %(row)s: then is one of %(known)s"),
    "source": _("row %(row)s: name the document it comes from (source)"),
    "unknown": _("row %(row)s: a desk does not know %(key)s; it knows %(known)s"),
    "follow": _("row %(row)s: follow = { days = a number, where = one of %(known)s }"),
    "demand": _("%(where)s: what is demanded is a list of %(known)s"),
    "only pass": _("row %(row)s: only whoever is let in can be followed up"),
    "choices": _("row %(where)s is one or several of %(known)s"),
    "span": _("row %(where)s: write { from = 37.3, to = 38.0 } or { missing = true }"),
    "missing": _("row %(where)s: what is missing has no from and to"),
    "nothing between": _("row %(where)s: nothing lies between %(low)s and %(high)s"),
    "no rules": _("row %(where)s: %(rule)s needs a rule set"),
    "rule": _("row %(where)s: %(why)s"),
    "number": _("row %(where)s: %(said)s is not a number"),
}
"""What can be wrong with the text of a table, by code, in English; shown in the language of the page."""


class Unreadable(ValueError):
    """The text is no table that can be used. `code` is of FAULTS; `said` are the words of the text it is about."""

    def __init__(self, code: str, /, **said: object) -> None:
        self.code, self.said = code, {name: str(value) for name, value in said.items()}
        super().__init__(FAULTS[code] % self.said)


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
    demands: tuple[str, ...] = ()

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
    otherwise: tuple[str, ...] = ()

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
    """Return the table the text describes. Raise Unreadable, naming the row, if it cannot be used.

    `ruleset` gives the numbers that rows name as "rule:…".
    """
    try:
        said = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable("toml", why=error) from error
    for key, sort in (("name", str), ("title", dict), ("source", str), ("valid_from", date)):
        if not isinstance(said.get(key), sort) or not said[key]:
            raise Unreadable("head", key=key, sort=SORTS[sort])
    rows = tuple(_row(each, inputs, ruleset) for each in said.get("row", ()))
    if not rows:
        raise Unreadable("no rows")
    names = [row.name for row in rows]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Unreadable("twice", row=repr(min(twice)))
    levels = inputs["region"].choices if "region" in inputs else {}
    regions = {}
    for each in said.get("region", ()):
        prefix, level = each.get("prefix", ""), each.get("level", "")
        if not (isinstance(prefix, str) and prefix.isdigit() and len(prefix) <= 12) or level not in levels:
            raise Unreadable("region", prefix=repr(prefix), known=", ".join(levels))
        regions[prefix] = level
    counties = tuple(_county(code) for code in said.get("counties", ()))
    return Table(said["name"], _words(said["title"], "title"), said["source"], said["valid_from"], counties,
                 regions, rows, inputs, _demands(said.get("otherwise", []), "otherwise"))  # fmt: skip


def _demands(said: object, where: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not set(map(str, said)) <= set(DEMANDS):
        raise Unreadable("demand", where=where, known=", ".join(DEMANDS))
    return tuple(name for name in DEMANDS if name in said)


def _county(code: object) -> int:
    if not (isinstance(code, str) and code.isdigit() and len(code) == 6):
        raise Unreadable("county", number=repr(code))
    return int(code)


def _words(said: object, what: str) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(said.get(key), str) and said[key] for key in ("zh", "en")):
        raise Unreadable("languages", where=what)
    return {"zh": said["zh"], "en": said["en"]}


def _row(said: Mapping[str, Any], inputs: Mapping[str, Input], ruleset: RuleSet | None) -> Row:
    name = said.get("name", "")
    if not isinstance(name, str) or not name:
        raise Unreadable("no name")
    if unknown := set(said) - {"name", "when", "then", "zh", "en", "source", "follow", "demand"}:
        raise Unreadable("part", row=name, key=repr(min(unknown)))
    if said.get("then") not in GRAVITY:
        raise Unreadable("then", row=name, known=", ".join(GRAVITY))
    if not said.get("source"):
        raise Unreadable("source", row=name)
    when = {}
    for key, condition in said.get("when", {}).items():
        if key not in inputs:
            raise Unreadable("unknown", row=name, key=repr(key), known=", ".join(inputs))
        when[key] = _condition(f"{name}: {key}", condition, inputs[key], ruleset)
    follow = said.get("follow", {})
    days, where = follow.get("days", 0), follow.get("where", "")
    if follow and (not isinstance(days, int) or days < 1 or where not in WHERE):
        raise Unreadable("follow", row=name, known=", ".join(WHERE))
    if follow and said["then"] != "pass":
        raise Unreadable("only pass", row=name)
    demands = _demands(said.get("demand", []), f"row {name}")
    return Row(name, when, said["then"], _words(said, f"row {name}"), said["source"], days, where, demands)


def _condition(what: str, said: Any, given: Input, ruleset: RuleSet | None) -> Condition:
    if not given.is_number:
        values = [said] if isinstance(said, str) else said
        if not isinstance(values, list) or not values or not set(values) <= set(given.choices):
            raise Unreadable("choices", where=what, known=", ".join(given.choices))
        return frozenset(values)
    if not isinstance(said, dict) or not said or set(said) - {"from", "to", "from_included", "to_included", "missing"}:
        raise Unreadable("span", where=what)
    if said.get("missing"):
        if len(said) > 1:
            raise Unreadable("missing", where=what)
        return Span(missing=True)
    value = {key: _value(what, each, ruleset) for key, each in said.items()}
    span = Span(value.get("from", float("-inf")), value.get("to", float("inf")),
                bool(value.get("from_included", True)), bool(value.get("to_included", False)))  # fmt: skip
    if span.low > span.high or (span.low == span.high and not (span.low_in and span.high_in)):
        raise Unreadable("nothing between", where=what, low=f"{span.low:g}", high=f"{span.high:g}")
    return span


def _value(what: str, said: Any, ruleset: RuleSet | None) -> Any:
    if isinstance(said, str) and said.startswith(RULE):
        if ruleset is None:
            raise Unreadable("no rules", where=what, rule=repr(said))
        try:
            said = ruleset.get(said.removeprefix(RULE))
        except LookupError as error:
            raise Unreadable("rule", where=what, why=error) from error
    if not isinstance(said, int | float):
        raise Unreadable("number", where=what, said=repr(said))
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
