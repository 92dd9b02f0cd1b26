"""The rule sets that ship with the product, one TOML file each in rulebooks/, and which of them is in force.

Which one a county works under at a moment is asked here and nowhere else. The law that `site` installs knows, from what
headquarters declared (`command.queries.rules_at`), and the ledger judges every entry by the same answer.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bulou.ledger import law
from bulou.records.rulesets import RuleSet, parse_ruleset

FOLDER = Path(__file__).parent / "rulebooks"


@cache
def rulesets() -> Mapping[str, RuleSet]:
    """Return every rule set that ships, by name. Raise ValueError, naming the file, if one is not as it should be."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        try:
            ruleset = parse_ruleset(file.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"rulebooks/{file.name}: {error}") from error
        if ruleset.name != file.stem:
            raise ValueError(f"rulebooks/{file.name}: it calls itself {ruleset.name!r}; the name is the file's")
        found[ruleset.name] = ruleset
    return MappingProxyType(found)


def latest_begun(sets: Mapping[str, RuleSet], on: date) -> RuleSet | None:
    """Return the latest of the rule sets that has begun by the day: what holds where nothing was declared."""
    begun = [each for each in sets.values() if each.valid_from <= on]
    return max(begun, key=lambda each: (each.valid_from, each.name), default=None)


def name_in_force(county: int, moment: datetime) -> str:
    """Return the name of the rule set the county works under at the moment; "" on a day before any had begun."""
    return law.current().rules_at(county, moment)


def rules_in_force(county: int, moment: datetime) -> RuleSet:
    """Return the rule set the county works under at the moment. Raise LookupError if none had begun, or it is not here."""
    name = name_in_force(county, moment)
    found = rulesets().get(name)
    if found is None:
        missing = f"the rule set {name!r} did not come with this version" if name else "no rule set had begun"
        raise LookupError(f"{missing}: county {county:06}, {moment.isoformat()}; there are: {', '.join(rulesets())}")
    return found
