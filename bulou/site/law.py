"""Puts together what the ledger must learn from above: the kinds, the registers, the rule sets, the permissions."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

from bulou.areas import queries as areas
from bulou.checkpoints import queries as checkpoints
from bulou.command.queries import rules_at
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Law, Member, Place
from bulou.odk.rules.redrawing import redrawn
from bulou.own_forms.queries import Kinds
from bulou.people import queries as people
from bulou.records.rulebook import rulesets
from bulou.records.rulesets import RuleSet
from bulou.rosters import queries as rosters
from bulou.site.authority import Authority
from bulou.site.kinds import find_kinds


def make_law() -> Law:
    """Return the law of this installation."""
    folders = find_kinds()
    sets = rulesets()
    kinds = Kinds({name: kind.law(sets.__getitem__) for name, kind in folders.items()})
    return Law(
        kinds=kinds,
        places=_places,
        members=_members,
        joined=_joined,
        rules_at=rules_at,
        writing_up=cache(lambda rules: _writing_up(sets, rules)),
        ruled=True,
        redrawn=redrawn,
        refused=Authority(kinds, list(folders.values())).refused,
    )


WRITING_UP = "record.writing_up_hours"


def _writing_up(sets: Mapping[str, RuleSet], rules: str) -> timedelta:
    """Return for how long after it happened something may be written up, by the rule set or, if it is silent, the
    latest that says so."""
    asked = [one for name, one in sets.items() if name == rules and WRITING_UP in one.values]
    said = asked or sorted((one for one in sets.values() if WRITING_UP in one.values), key=lambda one: one.valid_from)
    return timedelta(hours=float(str(said[-1].get(WRITING_UP))))


def _places(county: int, subjects: set[str]) -> Mapping[str, Place]:
    """Return what the registers say of the subjects: one query for each register asked."""
    by_type: dict[str, set[str]] = {}
    for subject in subjects:
        by_type.setdefault(subject.partition(":")[0], set()).add(subject)
    found: dict[str, Place] = {}
    if "area" in by_type:
        found.update(areas.places(county, by_type["area"]))
    if "entry" in by_type:
        found.update(ledger.places(county, by_type["entry"]))
    if "household" in by_type or "person" in by_type:
        found.update(people.places(county, by_type.get("household", set()) | by_type.get("person", set())))
    if "arrival" in by_type:
        found.update(checkpoints.places(county, by_type["arrival"]))
    if by_type.keys() & rosters.TYPES:
        found.update(rosters.places(county, set().union(*(by_type.get(sort, set()) for sort in rosters.TYPES))))
    return found


PLACES = frozenset({"townships", "villages"})  # the sets areas knows; people knows households and persons


def _members(name: str, area: int) -> Iterator[Member]:
    return areas.members(name, area) if name in PLACES else people.members(name, area)


def _joined(name: str, subjects: set[str]) -> Iterator[Member]:
    return areas.joined(name, subjects) if name in PLACES else people.joined(name, subjects)
