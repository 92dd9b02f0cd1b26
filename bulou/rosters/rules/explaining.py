"""Why a place stays empty: who could have filled it, and what kept each of them away."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from bulou.rosters.rules.bounding import capacity
from bulou.rosters.rules.checking import served
from bulou.rosters.rules.coverage import Uncovered, coverage
from bulou.rosters.rules.frame import Frame
from bulou.rosters.rules.problem import ANYONE, Problem, Roster

FREE = "free"  # somebody is free and could be put there by hand: the search had no time to find it
NO_SHIFT = "no_shift"  # nobody can be put there: no shift of the post lies at that hour
NO_HOLDER = "no_holder"  # no responder at all holds the role


@dataclass(frozen=True, slots=True)
class Reason:
    """`count` responders of the role were kept away by `code`.

    Codes: on_duty (serves elsewhere then), rest, nights, days, week (a limit), far, unavailable or the `why` of the
    span (leave, ill, exposed …), free, no_shift, no_holder.
    """

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Pigeonhole:
    """Whoever is sent where, the zone's people cannot do its work: `people` × what limits allow = `most` < `need`.

    Counted in person-shifts, over the posts that share people with the short one.
    """

    role: str
    leads: bool
    people: int
    most: int
    need: int
    posts: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Which post, which hour, how many and which role short, and why."""

    post: str
    start: datetime
    end: datetime
    role: str
    missing: int
    leads: bool
    shifts: tuple[str, ...]
    reasons: tuple[Reason, ...]
    pigeonhole: Pigeonhole | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise (fixed duty) that could not be kept; `code` as in Reason, free if only the search was too short."""

    responder: str
    shift: str
    code: str


def explain(problem: Problem, roster: Roster) -> list[Shortage]:
    """Return every shortage of the roster with its reasons. Empty if, and only if, no need is short."""
    gaps = coverage(problem.needs, served(problem, roster))
    if not gaps:
        return []
    held = _Held(problem, roster)
    holes: dict[tuple[str, str, bool], Pigeonhole | None] = {}  # one count for all gaps of a role at a post
    for gap in gaps:
        key = gap.post, gap.role, gap.leads
        if key not in holes:
            holes[key] = _pigeonhole(held, gap)
    return [each for gap in gaps for each in _explained(held, gap, holes[gap.post, gap.role, gap.leads])]


def broken_promises(problem: Problem, roster: Roster) -> list[Broken]:
    """Return the fixed duties the roster does not hold, and why."""
    held = _Held(problem, roster)
    found = []
    for who, person in enumerate(problem.responders):
        mine = {problem.shifts[shift].id for shift in held.by_person[who]}
        for one in sorted(person.fixed - mine):
            code = (
                held.frame.obstacle(who, held.by_person[who], held.frame.which[one])
                if one in held.frame.which
                else NO_SHIFT
            )
            found.append(Broken(person.id, one, code or FREE))
    return found


class _Held:
    """Who holds what in a roster."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.frame = Frame(problem)
        self.by_person: dict[int, list[int]] = defaultdict(list)
        for who, shift in dict.fromkeys(self.frame.pairs(roster)):
            self.by_person[who].append(shift)

    @cached_property
    def reach(self) -> list[frozenset[str]]:
        """The posts each could serve at."""
        return [frozenset(self.frame.shifts[shift].post for shift in open_) for open_ in self.frame.open]

    @cached_property
    def most(self) -> list[int]:
        """How many shifts each could serve."""
        return [capacity(self.frame, who) for who in range(len(self.frame.people))]


def _fits(frame: Frame, who: int, role: str, leads: bool) -> bool:
    person = frame.people[who]
    return person.leads if leads else role == ANYONE or role in person.roles


def _explained(held: _Held, gap: Uncovered, hole: Pigeonhole | None) -> list[Shortage]:
    """Cut a gap at the shifts it spans: each has its own people and reasons."""
    frame = held.frame
    at = [
        index
        for index, shift in enumerate(frame.shifts)
        if shift.post == gap.post and shift.start < gap.end and gap.start < shift.end
    ]
    moments = {moment for index in at for moment in (frame.shifts[index].start, frame.shifts[index].end)}
    cuts = sorted({gap.start, gap.end} | {moment for moment in moments if gap.start < moment < gap.end})
    found = []
    for start, end in pairwise(cuts):
        here = [index for index in at if frame.shifts[index].start <= start and frame.shifts[index].end >= end]
        reasons = _reasons(held, here, gap)
        ids = tuple(frame.shifts[index].id for index in here)
        found.append(Shortage(gap.post, start, end, gap.role, gap.missing, gap.leads, ids, reasons, hole))
    return found


def _reasons(held: "_Held", shifts: list[int], gap: Uncovered) -> tuple[Reason, ...]:
    if not shifts:
        return (Reason(NO_SHIFT, 0),)
    counted: Counter[str] = Counter()
    able = [who for who in range(len(held.frame.people)) if _fits(held.frame, who, gap.role, gap.leads)]
    if not able:
        return (Reason(NO_HOLDER, 0),)
    for who in able:
        codes = [held.frame.obstacle(who, held.by_person[who], shift) for shift in shifts]
        counted[FREE if "" in codes else codes[0]] += 1
    return tuple(Reason(code, count) for code, count in sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def _pigeonhole(held: _Held, gap: Uncovered) -> Pigeonhole | None:
    """Return the count that proves the zone too small for its work, if it is."""
    frame, reach = held.frame, held.reach
    able = [who for who in range(len(frame.people)) if _fits(frame, who, gap.role, gap.leads)]
    posts, people = {gap.post}, set[int]()
    while more := {who for who in able if who not in people and reach[who] & posts}:
        people |= more
        posts |= {post for who in more for post in reach[who]}
    need = 0
    for index, shift in enumerate(frame.shifts):
        if shift.post in posts:
            places = frame.places[index]
            wanted = sum(places.values()) if gap.role == ANYONE else places.get(gap.role, 0)
            need += frame.leaders[index] if gap.leads else wanted
    most = sum(held.most[who] for who in people)
    return Pigeonhole(gap.role, gap.leads, len(people), most, need, len(posts)) if most < need else None
