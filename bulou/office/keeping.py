"""How long the pages show what was recorded: by the rule set in force, and never a body without asking it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from bulou.command.rulebook import ruleset_in_force, rulesets
from bulou.core.divisions import county_of
from bulou.core.moments import day_of
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.ledger.queries import HeldEntry
from bulou.ledger.rules import Entry
from bulou.records import keeping
from bulou.records.declaration import Declaration
from bulou.records.keeping import Kept
from bulou.records.law import judged_of
from bulou.records.rulesets import RuleSet


def rules_of(county: int, now: datetime) -> RuleSet:
    """Return the rule set in force in the county now."""
    sets = rulesets()
    name = law.current().rules_at(county, now)
    return sets[name] if name in sets else ruleset_in_force(sets, "", day_of(now))


DAYS_OF_PASSES = "retention.pass_days"


def pass_days(county: int, now: datetime) -> int:
    """Return for how many days a pass is shown."""
    return int(str(rules_of(county, now).get(DAYS_OF_PASSES)))


def kept(kind: Declaration, entry: Entry, body: Mapping[str, Any], *, now: datetime) -> Kept:
    """Return what may still be shown of what an entry said, as its form means it: `body` is its own, a correction's or
    one as it stands.

    It is as old as the entry, whatever moment a correction gives it.
    """
    body = judged_of(replace(entry, body=body)).body
    return keeping.kept(kind.fields, body, age=now - since(entry), pass_days=pass_days(county_of(entry.area), now))


def has_expired(kind: Declaration, entry: Entry, *, now: datetime) -> bool:
    """Tell whether something of the entry is no longer shown, so that its form cannot be filled in with it any more."""
    days = pass_days(county_of(entry.area), now)
    return keeping.has_expired(kind.fields, age=now - since(entry), pass_days=days)


@dataclass(frozen=True, slots=True)
class Gone:
    """When what an entry said of people was destroyed, and on what basis, in the language of the page."""

    at: datetime
    basis: str


def gone(county: int, ids: Iterable[UUID]) -> dict[UUID, Gone]:
    """Return what was destroyed of entries, or of places in the held tray, that may be read."""
    return {id_: Gone(one.erased_at, basis_text(one.basis)) for id_, one in ledger.erasures(county, ids).items()}


def basis_text(basis: str) -> str:
    """Return in words on what basis something was destroyed (site.retention writes the rule set, the rule, the days)."""
    name, rule, days = basis.split()
    return _("rule set %(name)s, %(rule)s: %(days)s days") % {"name": name, "rule": rule, "days": days}


def since(entry: Entry) -> datetime:
    """Return from when an entry's days count: no clock that is ahead makes them longer."""
    return min(entry.happened_at, entry.received_at or entry.happened_at)


def read_held(one: HeldEntry) -> Entry | None:
    """Return what was sent with when it came, if it can be read: whatever its own clock says, it is no younger than that."""
    try:
        return replace(msgspec.json.decode(one.sent, type=Entry), received_at=one.received_at)
    except msgspec.MsgspecError:
        return None
