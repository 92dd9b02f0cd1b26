"""A kind of record: one declaration from which everything about it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from bulou.records.declaration import Declaration, Lane
from bulou.records.law import BoundKind
from bulou.records.rulesets import RuleSet
from bulou.records.words import Words, load_words

__all__ = ["BoundKind", "Kind", "Lane", "Words", "load_words"]


@dataclass(frozen=True, eq=False)
class Kind(Declaration):
    """A kind, as kind.py declares it: `KIND = Kind("household_visit", 1, ("household",), fields=(…), …)`."""

    def law(self, ruleset_of: Callable[[str], RuleSet]) -> BoundKind:
        """Return what the ledger asks of this kind. `ruleset_of` finds a rule set by the name on an entry."""
        return BoundKind(self, ruleset_of)
