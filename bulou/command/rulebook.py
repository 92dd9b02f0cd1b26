"""The rule sets that ship with the product, one TOML file each in rulesets/, and which of them a county is under."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bulou.records.rulesets import RuleSet, parse_ruleset

FOLDER = Path(__file__).parent / "rulesets"


@cache
def rulesets() -> Mapping[str, RuleSet]:
    """Return every rule set that ships, by name. Raise ValueError, naming the file, if one is not as it should be."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        try:
            ruleset = parse_ruleset(file.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"rulesets/{file.name}: {error}") from error
        if ruleset.name != file.stem:
            raise ValueError(f"rulesets/{file.name}: it calls itself {ruleset.name!r}; the name is the file's")
        found[ruleset.name] = ruleset
    return MappingProxyType(found)


def ruleset_in_force(sets: Mapping[str, RuleSet], name_or_edition: str, on: date) -> RuleSet:
    """Return the rule set of that name, or the latest of the edition ("cn" for every "cn-…") begun by the day.

    Raise LookupError if there is none, or if the one named begins only later.
    """
    named = sets.get(name_or_edition)
    if named is not None:
        if named.valid_from > on:
            raise LookupError(f"rule set {named.name!r} begins on {named.valid_from}, after {on}")
        return named
    begun = [each for each in sets.values() if _of(each.name, name_or_edition) and each.valid_from <= on]
    if not begun:
        known = ", ".join(sorted(sets)) or "none"
        raise LookupError(f"no rule set of {name_or_edition!r} has begun by {on}; there are: {known}")
    return max(begun, key=lambda each: (each.valid_from, each.name))


def _of(name: str, edition: str) -> bool:
    return not edition or name.startswith(f"{edition}-")
