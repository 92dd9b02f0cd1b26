"""How long the pages show what was recorded: by the rule set in force, and never a body without asking it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bulou.command.rulebook import ruleset_in_force, rulesets
from bulou.core.divisions import county_of
from bulou.core.moments import day_of
from bulou.ledger import law
from bulou.ledger.rules import Entry
from bulou.records import keeping
from bulou.records.declaration import Declaration
from bulou.records.keeping import Kept
from bulou.records.rulesets import RuleSet


def rules_of(county: int, now: datetime) -> RuleSet:
    """Return the rule set in force in the county now."""
    sets = rulesets()
    name = law.current().rules_at(county, now)
    return sets[name] if name in sets else ruleset_in_force(sets, "", day_of(now))


def pass_days(county: int, now: datetime) -> int:
    """Return for how many days a pass is shown."""
    return int(str(rules_of(county, now).get("retention.pass_days")))


def kept(kind: Declaration, entry: Entry, body: Mapping[str, Any], *, now: datetime) -> Kept:
    """Return what may still be shown of what an entry said: `body` is its own, a correction's or one as it stands.

    It is as old as the entry, whatever moment a correction gives it.
    """
    return keeping.kept(kind.fields, body, age=now - _since(entry), pass_days=pass_days(county_of(entry.area), now))


def has_expired(kind: Declaration, entry: Entry, *, now: datetime) -> bool:
    """Tell whether something of the entry is no longer shown, so that its form cannot be filled in with it any more."""
    days = pass_days(county_of(entry.area), now)
    return keeping.has_expired(kind.fields, age=now - _since(entry), pass_days=days)


def _since(entry: Entry) -> datetime:
    return min(entry.happened_at, entry.received_at or entry.happened_at)
