"""All that a worker's phone is to hold at a moment: what is owed, about whom, where. Made whole every time.

What changed is found by comparing the whole with what the phone was told (rules/telling.py). So nothing can be missed:
not an entry committed late, a household moved away, a person merged, a duty that another phone has met, nor a permission
that has ended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from bulou.access.rules import Holding
from bulou.areas import queries as areas
from bulou.command.queries import Asking
from bulou.core.divisions import code_of, county_of, depth_of
from bulou.core.moments import FAR
from bulou.core.scope import Range, seeing
from bulou.field import wire
from bulou.field.queries import cards, forms, posts, standing
from bulou.field.rules.beginnings import from_duty, from_order, order_behind
from bulou.field.rules.binding import Phone
from bulou.field.rules.signing import moment_text
from bulou.field.wire import Card, Owed, Said
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry
from bulou.people import queries as people
from bulou.records.display import words_in
from bulou.records.duties import Opens
from bulou.records.kinds import BoundKind
from bulou.records.lanes import Known
from bulou.records.words import LANGUAGES
from bulou.rosters import queries as rosters
from bulou.rosters.queries import Responder, Shift

AHEAD = timedelta(hours=72)  # a phone keeps what it was told so long: it must know what opens in the meantime
MOST_HOUSEHOLDS = 2_000  # what a cheap phone keeps and searches at once
MOST_AREAS = 1_000
AT_ONCE = timedelta(minutes=120)  # as web/phone/today.ts has it: what is due so soon after it is known


@dataclass
class Whole:
    """Everything a phone is to hold. `households` is how many there are, more than are sent if over the cap."""

    duties: list[Owed] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    areas: list[wire.Area] = field(default_factory=list)
    forms: list[wire.FormName] = field(default_factory=list)
    households: int = 0
    shown: int = 0


def first_due(duty: Duty) -> tuple[bool, datetime]:
    """Return the place of a duty in the order in which it is to be done: at once, then by its deadline."""
    return duty.due_at - duty.opens_at > AT_ONCE, duty.due_at


def whole(
    phone: Phone, holdings: Sequence[Holding], ranges: Iterable[Range], seen: Iterable[Range], now: datetime
) -> Whole:
    """Return it for the phone of a worker with these holdings.

    `ranges` are where it may record and `seen` where its worker may also read the registers: a storekeeper is told what
    is owed, and is not shown who lives where.
    """
    ranges, seen = tuple(ranges), tuple(seen)
    made, bounds = Whole(), forms.kinds([low for low, _ in ranges] or [phone.area])
    with seeing(ranges):
        tree = [area for low, _ in ranges for area in areas.subtree(low)][:MOST_AREAS]
        names = areas.names({area.number for area in tree})
        duties = _duties(phone, holdings, ranges, now)
    turns = posts.own_turns(phone, now)
    own = {duty.id for duty in duties}
    duties += [duty for duty in posts.owed_at_posts(phone, turns, now) if duty.id not in own]
    duties.sort(key=first_due)
    with seeing(seen):
        homes, persons = _registers(made, seen, duties)
        known = Known()
        standing.register(known, homes, persons)
        standing.recorded(known, seen, bounds.values(), now)
    roles = _roles(holdings) | ({posts.STAFF} if turns else set())
    me = rosters.find_by_account(phone.account)
    offered = forms.offered(bounds, _asked(bounds, ranges, me, turns, now), by=phone.by, now=now)
    made.areas = [wire.Area(code=code_of(a.number), name=a.name, depth=depth_of(a.number)) for a in tree]
    made.forms = forms.names(offered, {county_of(area) for area in names or [phone.area]}, now)
    made.cards = [*_register_cards(homes, persons, names, offered, known), *(cards.area_card(a, "") for a in tree)]
    with seeing(ranges):
        made.cards += posts.post_cards(phone, ranges, turns, {duty.subject for duty in duties}, now)
        made.cards += posts.cards_about(duties, names, now)
        _add_duties(made, duties, roles, offered, bounds, names, len(homes) < made.households)
    return made


def _roles(holdings: Iterable[Holding]) -> set[str]:
    """Return the roles held, with those that a county's own roles stand for."""
    return {role for holding in holdings for role in (holding.role, *holding.stands_for)}


def _asked(
    bounds: Mapping[str, BoundKind],
    ranges: Sequence[Range],
    me: Responder | None,
    turns: Iterable[Shift],
    now: datetime,
) -> list[Asking]:
    """Return the entries to ask leave for: in each of the worker's areas, of themselves, and at the posts of their turns."""
    own = [(f"responder:{me.id}", me.area, now)] if me else []
    own += [(turn.subject, turn.area, turn.starts_at) for turn in turns]
    there = [(f"post:{turn.post}", turn.area, turn.starts_at) for turn in turns]
    found = []
    for bound in bounds.values():
        kind = bound.kind
        if kind.own:
            found += [Asking(kind, *one) for one in own if one[0].partition(":")[0] in kind.subject]
        else:
            found += [Asking(kind, "", low, now) for low, _ in ranges]
            found += [Asking(kind, *one) for one in there if {"post", "entry"} & set(kind.subject)]
    return found


def _duties(phone: Phone, holdings: Sequence[Holding], ranges: Sequence[Range], now: datetime) -> list[Duty]:
    """Return what the worker owes: what falls to a role where they hold it, and what was given to them by name."""
    owed_by = [f"role:{role}" for role in sorted(_roles(holdings))] + [phone.by]
    held = {(f"role:{holding.role}", holding.area) for holding in holdings}
    found = [d for low, _ in ranges for d in ledger.owed(low, now=now, until=now + AHEAD, owed_by=owed_by)]
    if len({area for _, area in held}) == 1:
        return found
    return [d for d in found if d.owed_by == phone.by or _falls_to(d, holdings)]


def _falls_to(duty: Duty, holdings: Iterable[Holding]) -> bool:
    return any(
        duty.owed_by.startswith("role:") and h.acts_as(frozenset({duty.owed_by[5:]})) and h.covers("record", duty.area)
        for h in holdings
    )


def _registers(
    made: Whole, seen: Sequence[Range], duties: Sequence[Duty]
) -> tuple[list[people.Household], list[people.Person]]:
    """Return the registers, or as much as a phone keeps: first the doors at which something is owed, by its deadline."""
    homes: list[people.Household] = []
    persons: list[people.Person] = []
    for low, _ in seen:
        left = MOST_HOUSEHOLDS - len(homes)
        found = people.households_in(low, limit=left + 1)
        if len(found) > left:
            made.households += sum(count.households for count in people.counts_by_area(low).values())
            found = _due_first(low, duties, found, left)
            known = [home.id for home in found]
            persons += people.persons_of(low, known)
        else:
            made.households += len(found)
            persons += people.persons_in(low, limit=10 * MOST_HOUSEHOLDS)
        homes += found
    made.shown = len(homes)
    return homes, persons


def _due_first(
    area: int, duties: Sequence[Duty], others: Sequence[people.Household], most: int
) -> list[people.Household]:
    """Return so many households of the area: those of the duties, in their order, then others."""
    subjects = dict.fromkeys(d.subject for d in duties if d.subject.startswith(("household:", "person:")))
    doors: dict[UUID, None] = {}
    for part in batched(subjects, MOST_HOUSEHOLDS):
        if len(doors) >= most:
            break
        ids = {subject: UUID(subject.partition(":")[2]) for subject in part}
        homes = people.persons_by_id(area, [key for subject, key in ids.items() if subject.startswith("person:")])
        for subject, key in ids.items():
            home = key if subject.startswith("household:") else homes[key].household if key in homes else None
            if home is not None:
                doors[home] = None
    known = people.households_by_id(area, list(doors)[:most])
    first = [known[door] for door in doors if door in known]
    return [*first, *(home for home in others if home.id not in known)][:most]


def batched(subjects: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(subjects)
    while part := list(islice(rest, size)):
        yield part


def _register_cards(
    homes: Sequence[people.Household], persons: Sequence[people.Person], names: dict[int, str],
    offered: Sequence[BoundKind], known: Known,
) -> list[Card]:  # fmt: skip
    doors = {home.id: home for home in homes}
    members, rows = cards.by_household(persons, doors), cards.with_members(offered)
    laned = [bound for bound in offered if bound.kind.lanes]
    made = []
    for home in homes:
        its = members.get(home.id, ())
        lanes = cards.lanes_open(home.subject, [one.subject for one in its], laned, known)
        made.append(cards.household_card(home, its, names, rows, lanes))
    capped = len(homes) >= MOST_HOUSEHOLDS
    for one in persons:
        door = doors.get(one.household) if one.household else None
        if door is not None or not capped:
            lanes = cards.lanes_open(one.subject, (), laned, known)
            made.append(cards.person_card(one, door, names, lanes))
    return made


def _add_duties(
    made: Whole, duties: Sequence[Duty], roles: set[str], offered: Sequence[BoundKind],
    bounds: dict[str, BoundKind], names: dict[int, str], capped: bool,
) -> None:  # fmt: skip
    """Add the duties with what meets them, and a card for whatever one is about that has none yet."""
    titles, carded = _titles(bounds), {card.subject for card in made.cards}
    meeting = {name: _meeting(name, offered, roles) for name in {duty.name for duty in duties}}
    about: dict[str, list[Duty]] = {}
    for duty in duties:
        about.setdefault(duty.subject, []).append(duty)
    behind = [tuple(order_behind(bound.kind, about[d.subject]) for bound in meeting[d.name]) for d in duties]
    orders = _orders(duties, behind)
    answers: dict[tuple[str, tuple[UUID | None, ...]], list[wire.Answer]] = {}  # the same for a whole sweep
    entries = _entries({d.subject for d in duties} - carded, duties)
    for duty, asked in zip(duties, behind, strict=True):
        if duty.subject not in carded:
            sort = duty.subject.partition(":")[0]
            if capped and sort in ("household", "person"):
                continue  # its household did not fit; the phone says how many did not
            entry = entries.get(duty.subject)
            title = titles.get(duty.name, {})
            made.cards.append(
                cards.entry_card(entry, bounds.get(entry.kind), names)
                if entry
                else cards.plain_card(duty, title, names)
            )
            carded.add(duty.subject)
        if (duty.name, asked) not in answers:
            answers[duty.name, asked] = [
                wire.Answer(kind=bound.name, prefill=_beginning(bound, order, duty))
                for bound, order in zip(meeting[duty.name], map(orders.get, asked), strict=True)
            ]
        made.duties.append(
            Owed(
                id=str(duty.id), name=duty.name, title=titles.get(duty.name) or dict.fromkeys(LANGUAGES, duty.name),
                subject=duty.subject, area=code_of(duty.area), opens_at=moment_text(duty.opens_at),
                due_at=moment_text(duty.due_at), closes_at=None if duty.closes_at >= FAR else moment_text(duty.closes_at),
                answers=answers[duty.name, asked],
            )
        )  # fmt: skip


def _beginning(bound: BoundKind, order: Entry | None, duty: Duty) -> dict[str, Any]:
    return (from_order(bound.kind, order.body) if order else {}) | from_duty(bound.name, duty.name)


def _titles(bounds: dict[str, BoundKind]) -> dict[str, Said]:
    """Return what every duty is called, as the kind that opens it says."""
    found: dict[str, Said] = {}
    for bound in bounds.values():
        for effect in bound.kind.duties:
            if isinstance(effect, Opens) or effect.duty not in found:
                found[effect.duty] = {lang: words_in(bound.kind, lang).duty(effect.duty) for lang in LANGUAGES}
    return found


def _meeting(duty: str, offered: Sequence[BoundKind], roles: set[str]) -> list[BoundKind]:
    """Return the kinds that meet the duty, what these roles usually write first: the one made for it before others."""
    found = [bound for bound in offered if forms.meets(bound.kind, duty)]
    first = duty.partition(".")[0]
    return sorted(found, key=lambda b: (not roles & b.kind.recorded_by, _place(b, duty), first not in b.name, b.name))


def _place(bound: BoundKind, duty: str) -> int:
    """Return how early the kind names the duty among those it meets: its own purpose comes first."""
    return next(i for i, effect in enumerate(bound.kind.duties) if effect.duty == duty)


def _orders(duties: Sequence[Duty], behind: Sequence[tuple[UUID | None, ...]]) -> dict[UUID | None, Entry]:
    """Return the orders that have answered something already, by id: two queries a county.

    They were given over a whole county, and are read by all who must follow them, whatever they may see.
    """
    wanted: dict[int, set[UUID]] = {}
    for duty, asked in zip(duties, behind, strict=True):
        wanted.setdefault(county_of(duty.area), set()).update(filter(None, asked))
    found = [entry for county, ids in wanted.items() for entry in ledger.standing_by_id(county, ids).values()]
    return {entry.id: entry for entry in found}


def _entries(subjects: set[str], duties: Sequence[Duty]) -> dict[str, Entry]:
    wanted: dict[int, set[UUID]] = {}
    for duty in duties:
        sort, _colon, rest = duty.subject.partition(":")
        if sort == "entry" and duty.subject in subjects:
            try:
                wanted.setdefault(county_of(duty.area), set()).add(UUID(rest))
            except ValueError:
                continue
    found: dict[UUID, Entry] = {}
    for county, ids in wanted.items():
        found |= ledger.standing_by_id(county, ids)
    return {f"entry:{id_}": entry for id_, entry in found.items()}
