"""A problem in whole numbers: what the solver, the greedy roster and the explanation count on.

Shifts and responders are their positions in the problem's tuples; times are seconds, days and nights are ordinals.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

from bulou.rosters.rules.coverage import fill
from bulou.rosters.rules.problem import ANYONE, Assignment, Problem, Roster, Span

MOST_ROLES = 6  # roles tied together by people who hold several: above it their subsets are too many to write down
NO_NIGHT = -1


@dataclass(frozen=True, slots=True)
class Times:
    """When one duty lies: seconds, the day it begins on, the night it falls in (NO_NIGHT: none)."""

    start: int
    end: int
    day: int
    night: int
    weekend: bool


class Frame:
    """Everything about a problem that does not change while it is solved."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.shifts = problem.shifts
        self.people = problem.responders
        self.times = [self._times(Span(shift.start, shift.end)) for shift in self.shifts]
        self.past = [[self._times(span) for span in each.past] for each in self.people]
        self.places: list[dict[str, int]] = []  # by shift: role -> people needed
        self.leaders: list[int] = []
        self._needs()
        self.km = [
            {post.id: problem.km(each, post.id) for post in problem.posts} if each.home else {} for each in self.people
        ]
        most = problem.limits.travel_km
        self.near = [  # by person: the posts near enough, asked for half a million times in a county
            frozenset(post.id for post in problem.posts if most is None or km.get(post.id, 0.0) <= most)
            for km in self.km
        ]
        self.open: list[list[int]] = [self._open(who) for who in range(len(self.people))]

    def _times(self, span: Span) -> Times:
        day = self.problem.day_of(span.start)
        night = self.problem.night_of(span.start, span.end)
        return Times(
            int(span.start.timestamp()), int(span.end.timestamp()), day.toordinal(), _ordinal(night),
            day.weekday() in self.problem.weekend,
        )  # fmt: skip

    def _needs(self) -> None:
        by_post = defaultdict(list)
        for need in self.problem.needs:
            by_post[need.post].append(need)
        for shift in self.shifts:
            here = [need for need in by_post[shift.post] if need.start < shift.end and shift.start < need.end]
            most: dict[tuple[str, bool], int] = defaultdict(int)
            for at in {max(need.start, shift.start) for need in here}:
                now: dict[tuple[str, bool], int] = defaultdict(int)
                for need in here:
                    if need.start <= at < need.end:
                        now[ANYONE if need.leads else need.role, need.leads] += need.count
                for key, count in now.items():
                    most[key] = max(most[key], count)
            roles = sorted(key for key in most if not key[1])
            self.places.append({role: most[role, False] for role, _ in roles if most[role, False] > 0})
            self.leaders.append(most.get((ANYONE, True), 0))

    def _open(self, who: int) -> list[int]:
        near = self.near[who]
        return [
            index
            for index, shift in enumerate(self.shifts)
            if shift.post in near and self.is_useful(who, index) and not self._obstacle_alone(who, index)
        ]

    def is_useful(self, who: int, shift: int) -> bool:
        """Tell whether the person could fill any need of the shift, or was promised to it."""
        person, places = self.people[who], self.places[shift]
        return (
            ANYONE in places
            or not person.roles.isdisjoint(places)
            or (person.leads and self.leaders[shift] > 0)
            or self.shifts[shift].id in person.fixed
        )

    def _obstacle_alone(self, who: int, shift: int) -> str:
        """Return why the person cannot serve the shift whatever else he serves, "" if he can."""
        person, one = self.people[who], self.shifts[shift]
        for span in person.unavailable:
            if span.meets(one.start, one.end):
                return span.why or "unavailable"
        if one.post not in self.near[who]:
            return "far"
        return self._clash(self.past[who], self.times[shift])

    def _clash(self, duties: Iterable[Times], new: Times) -> str:
        rest = int(self.problem.limits.rest.total_seconds())
        found = ""
        for duty in duties:
            if duty.start < new.end and new.start < duty.end:
                return "on_duty"
            if duty.start < new.end + rest and new.start < duty.end + rest:
                found = "rest"
        return found

    def obstacle(self, who: int, held: Sequence[int], shift: int) -> str:
        """Return why the person, who already serves `held`, cannot serve the shift as well, "" if he can.

        Codes: the `why` of a span he is unavailable in (unavailable if it has none), far, on_duty, rest, nights, days,
        week.
        """
        duties = [self.times[each] for each in held if each != shift]
        if shift in held:
            return "on_duty"
        return self._obstacle_alone(who, shift) or self.obstacle_among(who, duties, shift)

    def obstacle_among(self, who: int, duties: list[Times], shift: int) -> str:
        """As `obstacle`, for a shift open to the person in itself. `duties` are those of the roster."""
        new, limits = self.times[shift], self.problem.limits
        if clash := self._clash(duties, new):
            return clash
        every = [*self.past[who], *duties]
        if limits.nights_in_row is not None and new.night != NO_NIGHT:
            nights = {duty.night for duty in every if duty.night != NO_NIGHT}
            if _run(nights, new.night) > limits.nights_in_row:
                return "nights"
        if limits.days_in_row is not None and _run({duty.day for duty in every}, new.day) > limits.days_in_row:
            return "days"
        if limits.shifts_in_week is not None:
            for first in range(new.day - 6, new.day + 1):
                if 1 + sum(first <= duty.day < first + 7 for duty in every) > limits.shifts_in_week:
                    return "week"
        return ""

    @cached_property
    def groups(self) -> list[list[str]]:
        """The roles, those together that some person holds several of."""
        wanted = {role for places in self.places for role in places} - {ANYONE}
        leader = {role: role for role in wanted}

        def root(role: str) -> str:
            while leader[role] != role:
                role = leader[role]
            return role

        for person in self.people:
            held = sorted(person.roles & wanted)
            for role in held[1:]:
                leader[root(role)] = root(held[0])
        found = defaultdict(list)
        for role in sorted(wanted):
            found[root(role)].append(role)
        return list(found.values())

    def subsets(self, shift: int) -> list[tuple[str, ...]]:
        """Return the sets of roles whose people must be at least as many as their places (Hall's condition).

        With all of them kept, filled places can be handed out to real people; ANYONE stands for everybody.
        """
        places = self.places[shift]
        found: list[tuple[str, ...]] = []
        for group in self.groups:
            here = [role for role in group if role in places]
            sizes = range(1, len(here) + 1) if len(here) <= MOST_ROLES else (1, len(here))
            found += [chosen for size in sizes for chosen in combinations(here, size)]
        if ANYONE in places:
            found.append(tuple(places))
        return found

    def can_fill(self, who: int, roles: Iterable[str]) -> bool:
        held = self.people[who].roles
        return any(role == ANYONE or role in held for role in roles)

    def fair(self, kind: str) -> int:
        """Return the night, weekend or load duties each would serve if all served alike, rounded down."""
        people = [who for who in range(len(self.people)) if self.open[who]]
        new = sum(sum(places.values()) for index, places in enumerate(self.places) if counts(self.times[index], kind))
        old = sum(counts(duty, kind) for who in people for duty in self.past[who])
        return (new + old) // max(1, len(people))

    def finish(self, chosen: Iterable[tuple[int, int]]) -> tuple[Assignment, ...]:
        """Return the assignments of (person, shift) pairs: each with the need filled, nobody who fills none."""
        by_shift = defaultdict(list)
        for who, shift in chosen:
            by_shift[shift].append(who)
        found = []
        for shift in sorted(by_shift):
            people, places = sorted(by_shift[shift]), self.roles_of(shift)
            roles = dict.fromkeys(people, ANYONE)
            filling = set()
            for place, person in enumerate(fill(places, [self.people[who].roles for who in people])):
                if person >= 0:
                    roles[people[person]] = places[place]
                    filling.add(people[person])
            can_lead = sorted(
                (who for who in people if self.people[who].leads), key=lambda who: (who not in filling, who)
            )
            leading = set(can_lead[: self.leaders[shift]])
            for who in people:
                if who in filling or who in leading or self._promised(who, shift):
                    one = self.shifts[shift].id
                    found.append(Assignment(one, self.people[who].id, roles[who], who in leading))
        return tuple(found)

    def _promised(self, who: int, shift: int) -> bool:
        person, one = self.people[who], self.shifts[shift]
        return one.id in person.fixed or any(wish.on and wish.span.meets(one.start, one.end) for wish in person.wishes)

    def roles_of(self, shift: int) -> list[str]:
        """Return the places of a shift one by one, ANYONE last."""
        places = self.places[shift]
        return [role for role in sorted(places, key=lambda role: (role == ANYONE, role)) for _ in range(places[role])]

    def pairs(self, roster: Roster) -> list[tuple[int, int]]:
        """Return the (person, shift) pairs of a roster; what the problem does not know is left out."""
        return [
            (self.who[one.responder], self.which[one.shift])
            for one in roster.assignments
            if one.responder in self.who and one.shift in self.which
        ]

    @cached_property
    def who(self) -> dict[str, int]:
        return {each.id: index for index, each in enumerate(self.people)}

    @cached_property
    def which(self) -> dict[str, int]:
        return {each.id: index for index, each in enumerate(self.shifts)}


def counts(duty: Times, kind: str) -> bool:
    """Tell whether a duty counts as a `night`, a `weekend` or a `load` duty."""
    return kind == "load" or (kind == "night" and duty.night != NO_NIGHT) or (kind == "weekend" and duty.weekend)


def _ordinal(day: date | None) -> int:
    return NO_NIGHT if day is None else day.toordinal()


def _run(days: set[int], new: int) -> int:
    """Return how many days in a row there are around `new`, itself included."""
    first = last = new
    while first - 1 in days:
        first -= 1
    while last + 1 in days:
        last += 1
    return last - first + 1
