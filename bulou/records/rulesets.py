"""Thresholds with their date, source and name. Kinds speak of them as rule('fever.threshold_c').

A rule set is a TOML file. Above, what it is; below, one table for every value, so that a number never stands without
the document it was taken from:

    name = "cn-2020-02-community"
    title = "社区防控(2020年2月)"
    source = "肺炎机制发〔2020〕5号"
    valid_from = 2020-02-01

    [fever.threshold_c]
    value = 37.3
    unit = "℃"
    source = "…第二条"
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One value, its unit ("" if it has none) and the document it comes from."""

    value: Value
    unit: str
    source: str


@dataclass(frozen=True)
class RuleSet:
    """A dated edition of the rules. `values` is keyed by dotted path."""

    name: str
    title: str
    source: str
    valid_from: date
    values: Mapping[str, Rule]

    def get(self, path: str) -> Value:
        """Return the value at the path. Raise LookupError, naming the nearest path there is."""
        return self.rule(path).value

    def rule(self, path: str) -> Rule:
        """Return the value at the path with its unit and source. Raise LookupError as `get` does."""
        try:
            return self.values[path]
        except KeyError:
            near = get_close_matches(path, self.values, n=1, cutoff=0)
            hint = f"; the nearest is {near[0]!r}" if near else ""
            raise LookupError(f"rule set {self.name!r} has no rule {path!r}{hint}") from None


def parse_ruleset(toml_text: str) -> RuleSet:
    """Return the rule set the text describes. Raise ValueError, naming the path, if a value has no source."""
    try:
        said = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this rule set is not TOML: {error}") from error
    head = {}
    for key, type_ in (("name", str), ("title", str), ("source", str), ("valid_from", date)):
        head[key] = said.pop(key, None)
        if not isinstance(head[key], type_) or not head[key]:
            raise ValueError(f"a rule set begins with {key} ({type_.__name__})")
    return RuleSet(**head, values=dict(_rules(said, "")))


def _rules(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, Rule]]:
    for key, said in table.items():
        path = prefix + key
        if not isinstance(said, dict):
            raise ValueError(f"{path}: write [{path}] with value = … and source = …")
        if "value" not in said:
            yield from _rules(said, f"{path}.")
            continue
        if unknown := set(said) - {"value", "unit", "source"}:
            raise ValueError(f"{path}: {', '.join(sorted(unknown))} is not one of value, unit, source")
        source, unit = said.get("source"), said.get("unit", "")
        if not isinstance(source, str) or not source.strip():
            raise ValueError(f"{path} = {said['value']!r} has no source: name the document and the place in it")
        if not isinstance(unit, str):
            raise ValueError(f"{path}: a unit is text")
        yield path, Rule(_value(path, said["value"]), unit, source)


def _value(path: str, said: object) -> Value:
    if isinstance(said, list) and all(isinstance(item, str) for item in said):
        return tuple(said)
    if isinstance(said, str | int | float):
        return said
    raise ValueError(f"{path}: a value is text, a number, true, false or a list of texts")
