"""Puts together what the ledger must learn from above: the kinds, the registers, the rule sets, the permissions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from bulou.access import queries as access
from bulou.areas import queries as areas
from bulou.checkpoints import queries as checkpoints
from bulou.command.queries import Kinds, ruleset_name
from bulou.command.rulebook import ruleset_in_force, rulesets
from bulou.core.divisions import county_of
from bulou.core.moments import day_of
from bulou.exchange.odk.rules.redrawing import redrawn
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry, Law, Member, Place
from bulou.people import queries as people
from bulou.records.kinds import Kind
from bulou.records.rulesets import RuleSet
from bulou.rosters import queries as rosters
from bulou.site.kinds import find_kinds

ORDERED_BY = frozenset({"headquarters", "county_desk", "township"})


def make_law() -> Law:
    """Return the law of this installation."""
    kinds = find_kinds()
    sets = rulesets()

    at_a_post = kinds_of_a_post(kinds.values())

    def refused(entries: Sequence[Entry], amended: Mapping[UUID, Entry]) -> list[str]:
        """Ask the grants, and the rosters only of what no grant permits."""
        found = []
        for entry in entries:
            kind = kinds.get(entry.kind)  # a county's own form is filled in by whoever records
            found.append(access.refused(entry, permission=permission_for(kind) if kind else "record"))
        asked = [i for i, reason in enumerate(found) if reason and entries[i].kind in at_a_post]
        if asked:
            stood = rosters.stood_there(county_of(entries[asked[0]].area), [entries[i] for i in asked])
            for i in (i for i, there in zip(asked, stood, strict=True) if there):
                found[i] = ""
        return found

    return Law(
        kinds=Kinds({name: kind.law(sets.__getitem__) for name, kind in kinds.items()}),
        places=_places,
        members=_members,
        joined=_joined,
        rules_at=_rules_at,
        writing_up=cache(lambda rules: _writing_up(sets, rules)),
        ruled=True,
        redrawn=redrawn,
        refused=refused,
    )


def _rules_at(county: int, moment: datetime) -> str:
    """Return the rule set the county has declared; until it has, the latest that ships and has begun by then."""
    declared = ruleset_name(county, moment)
    if declared:
        return declared
    try:
        return ruleset_in_force(rulesets(), "", day_of(moment)).name
    except LookupError:
        return ""


WRITING_UP = "record.writing_up_hours"


def _writing_up(sets: Mapping[str, RuleSet], rules: str) -> timedelta:
    """Return for how long after it happened something may be written up, by the rule set or, if it is silent, the
    latest that says so."""
    asked = [one for name, one in sets.items() if name == rules and WRITING_UP in one.values]
    said = asked or sorted((one for one in sets.values() if WRITING_UP in one.values), key=lambda one: one.valid_from)
    return timedelta(hours=float(str(said[-1].get(WRITING_UP))))


def permission_for(kind: Kind) -> str:
    """Return the permission it takes to write an entry of the kind: what only those above write is an order."""
    return "order" if kind.recorded_by <= ORDERED_BY else "record"


def kinds_of_a_post(kinds: Iterable[Kind]) -> frozenset[str]:
    """Return the kinds that whoever stands at a post writes there; a published turn is permission enough for them."""
    return frozenset(
        kind.name for kind in kinds
        if "post_staff" in kind.recorded_by and {"post", "shift", "entry"} & set(kind.subject)
        and permission_for(kind) == "record"
    )  # fmt: skip


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
