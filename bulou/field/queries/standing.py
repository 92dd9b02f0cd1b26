"""What the record holds against what a fast lane would fill in: the registers, earlier entries, what is owed.

A phone is told it with each card; and an entry made by a lane is held against it again where it is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bulou.core.divisions import county_of
from bulou.core.scope import Range
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry
from bulou.people.queries import Household, Person
from bulou.records.declaration import Declaration
from bulou.records.kinds import BoundKind
from bulou.records.lanes import LANE, SAID, Known, Open, doubtful, kept_from, left_open, made_by
from bulou.records.law import find_kind, judged_of, known_kinds
from bulou.records.rulebook import rules_in_force

SYMPTOMS, CHECK = "symptom.report", "followup.check"
FOLLOWED = timedelta(days=1)  # after a check fell due somebody is still under follow-up
EMPTY = ("vacant", "unassigned")  # dwellings in which nobody can be found at home


def window(county: int, now: datetime) -> timedelta:
    """Return for how long what was found of a person stands against a lane: as long as people are observed at most."""
    return timedelta(days=int(str(rules_in_force(county, now).get("observation.days_most"))))


def register(known: Known, homes: Iterable[Household], persons: Iterable[Person]) -> None:
    """Add what the registers say."""
    for home in homes:
        if home.dwelling in EMPTY:
            known.add(home.subject, home.dwelling)
    for one in persons:
        if one.away or one.away_to:
            known.add(one.subject, "away")


def recorded(known: Known, ranges: Sequence[Range], bounds: Iterable[BoundKind], now: datetime) -> None:
    """Add what entries and duties under the ranges say: three queries a range."""
    lanes = [(bound.kind, lane) for bound in bounds for lane in bound.kind.lanes if lane.unless]
    texts = list(dict.fromkeys(text for kind, lane in lanes for text in _texts(kind, lane.unless, lane.fill)))
    if not lanes:
        return
    for low, _ in ranges:
        since = now - window(county_of(low), now)
        for duty in ledger.duties_due(low, name=SYMPTOMS, since=since, until=now + timedelta(days=1)):
            known.add(duty.subject, "symptom")
        for duty in ledger.duties_due(low, name=CHECK, since=now, until=now + timedelta(days=2)):
            known.add(duty.subject, "follow_up")
        kinds = sorted(_telling())
        for entry in ledger.entries_saying(low, kinds=kinds, texts=texts, since=since, until=now) if texts else ():
            _hear(known, entry)


def _telling() -> frozenset[str]:
    """Return the kinds of record that say something of persons by their ids."""
    found = set()
    for name, bound in known_kinds().items():
        kind = bound.kind
        keys = kind.keys()
        if not kind.xform_xml and ("person" in kind.subject or any(key.endswith(".person") for key in keys)):
            found.add(name)
    return frozenset(found)


def _texts(kind: Declaration, unless: Iterable[str], fill: object) -> Iterator[str]:
    """Yield what stands in a body that answers one of the questions otherwise than the lane does."""
    keys = kind.keys()
    for key in unless:
        asked, name = keys[key], key.rpartition(".")[2]
        said = fill[key] if isinstance(fill, dict) else None
        if SAID not in unless[key]:  # type: ignore[index]
            continue
        for option in asked.options:
            if option != said and option not in (said if isinstance(said, list) else ()):
                opening = '["' if asked.type == "select_multiple" else '"'
                yield f'"{name}":{opening}{option}"'  # as every client of ours writes it, without spaces


def _hear(known: Known, entry: Entry) -> None:
    bound = find_kind(entry.kind)
    if bound is not None:
        known.hear(bound.at(entry.version), entry.subject, judged_of(entry).body)


def is_by_lane(entry: Entry) -> bool:
    """Tell whether the entry says that it was made by a fast lane."""
    return bool(entry.body.get(LANE))


def doubts_about(
    entry: Entry, homes: Iterable[Household], persons: Sequence[Person], before: Iterable[Entry], duties: Iterable[Duty]
) -> list[Open]:
    """Return what an entry made by a fast lane asserts against the record as it stood when that happened.

    `homes` and `persons`: what the registers say of whom it is about; `before` and `duties`: other entries and duties
    about them. Nothing of an entry that was made in full.
    """
    bound = find_kind(entry.kind)
    if not is_by_lane(entry) or bound is None:
        return []
    body = judged_of(entry).body
    made = made_by(bound.at(entry.version), body)
    if made is None:
        return []
    lane, asked = made
    at, known = entry.happened_at, Known()
    since = at - window(county_of(entry.area), at)
    register(known, homes, persons)
    for earlier in before:
        if since <= earlier.happened_at < at and earlier.id != entry.id and not earlier.amends:
            _hear(known, earlier)
    for duty in duties:
        if duty.opened_by == entry.id or duty.opens_at > at:
            continue
        if duty.name == SYMPTOMS and duty.opens_at >= since:
            known.add(duty.subject, "symptom")
        elif duty.name == CHECK and min(duty.closes_at, duty.due_at + FOLLOWED) > at:
            known.add(duty.subject, "follow_up")
    found = doubtful(lane, asked, body, left_open(lane, entry.subject, [one.subject for one in persons], known))
    return [(LANE, ""), *found] if kept_from(lane, known.facts.get(entry.subject, set())) else found
