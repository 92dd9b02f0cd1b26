"""Making a roster cheaper one exchange at a time: another person at a shift, where no limit forbids it.

Dearer exchanges are taken too, ever less often, so that the search does not stop in the first hollow (annealing).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import exp
from random import Random

from bulou.rosters.rules.coverage import fill
from bulou.rosters.rules.frame import Frame, Times, counts
from bulou.rosters.rules.pricing import KINDS, km_cost

WARM, COLD = 3.0, 0.3  # what an exchange may cost at the beginning and at the end: kilometres, about
OFTEN = 0.8  # how often somebody is tried whom the calendar-less program would send there
LOOK = 64  # exchanges tried between two looks at the clock


class Polisher:
    """A roster being exchanged, person by person. `pairs` are (person, shift); `likely` (person, post) come first."""

    def __init__(
        self,
        frame: Frame,
        pairs: Iterable[tuple[int, int]],
        seed: int,
        likely: frozenset[tuple[int, str]] = frozenset(),
    ) -> None:
        self.frame, self.chance = frame, Random(seed)  # noqa: S311 - a search that can be repeated
        self.held: list[dict[int, Times]] = [{} for _ in frame.people]
        self.on: list[list[int]] = [[] for _ in frame.shifts]
        self.can: list[list[int]] = [[] for _ in frame.shifts]
        for who, shifts in enumerate(frame.open):
            for shift in shifts:
                self.can[shift].append(who)
        for shift, able in enumerate(self.can):
            post = frame.shifts[shift].post
            able.sort(key=lambda who: ((who, post) not in likely, km_cost(frame, who, shift)))
        self.first = [
            sum((who, frame.shifts[shift].post) in likely for who in able) for shift, able in enumerate(self.can)
        ]
        weights = frame.problem.weights
        self.post = [one.post for one in frame.shifts]
        self.way = [{post: round(km) * weights.km for post, km in each.items()} for each in frame.km]
        self.kinds = [
            tuple((at, getattr(weights, kind)) for at, kind in enumerate(KINDS) if counts(duty, kind))
            for duty in frame.times
        ]
        fair = [frame.fair(kind) for kind in KINDS]
        self.over = [
            [sum(counts(duty, kind) for duty in frame.past[who]) - fair[at] for at, kind in enumerate(KINDS)]
            for who in range(len(frame.people))
        ]
        self.meant: list[dict[int, list[int]]] = [self._meant(who) for who in range(len(frame.people))]
        self.met = [[0] * len(person.wishes) for person in frame.people]
        for who, shift in pairs:
            self._put(who, shift)
        self.missing = [self._missing(shift, self.on[shift]) for shift in range(len(frame.shifts))]

    def _meant(self, who: int) -> dict[int, list[int]]:
        """Return for each shift the wishes it would meet."""
        found = defaultdict(list)
        for shift in self.frame.open[who]:
            one = self.frame.shifts[shift]
            for at, wish in enumerate(self.frame.people[who].wishes):
                if wish.span.meets(one.start, one.end):
                    found[shift].append(at)
        return found

    def _put(self, who: int, shift: int) -> None:
        self.held[who][shift] = self.frame.times[shift]
        self.on[shift].append(who)
        for at, _ in self.kinds[shift]:
            self.over[who][at] += 1
        for wish in self.meant[who].get(shift, ()):
            self.met[who][wish] += 1

    def _take(self, who: int, shift: int) -> None:
        del self.held[who][shift]
        self.on[shift].remove(who)
        for at, _ in self.kinds[shift]:
            self.over[who][at] -= 1
        for wish in self.meant[who].get(shift, ()):
            self.met[who][wish] -= 1

    def _missing(self, shift: int, people: list[int]) -> int:
        roles = [self.frame.people[who].roles for who in people]
        leaders = self.frame.leaders[shift] - sum(self.frame.people[who].leads for who in people)
        return sum(person < 0 for person in fill(self.frame.roles_of(shift), roles)) + max(0, leaders)

    def _cost(self, who: int, shift: int, add: int) -> int:
        """Return what serving the shift adds to the cost (`add` 1), or what no longer serving it saves (0)."""
        cost, over = self.way[who].get(self.post[shift], 0), self.over[who]
        for at, weight in self.kinds[shift]:
            if (step := over[at] + add) > 0:
                cost += weight * step
        person, weights = self.frame.people[who], self.frame.problem.weights
        for wish in self.meant[who].get(shift, ()):
            if self.met[who][wish] == 1 - add:  # the first to meet it, or the last
                cost += weights.wish * person.wishes[wish].weight * (-1 if person.wishes[wish].on else 1)
        if self.frame.shifts[shift].id in person.fixed:
            cost -= weights.fixed
        return cost

    def run(self, left: Callable[[], float], *, warm: float = WARM) -> list[tuple[int, int]]:
        """Exchange while `left()` is above nothing; it falls from 1 to 0. Return the best pairs found."""
        chance, shifts = self.chance, [shift for shift in range(len(self.on)) if self.can[shift]]
        cost, best, kept = 0, 0, self._pairs()
        heat = warm
        while shifts:
            remains = left()
            if remains <= 0:
                break
            heat = COLD * (warm / COLD) ** remains
            for _ in range(LOOK):
                shift = shifts[int(chance.random() * len(shifts))]
                able = self.can[shift]
                if self.first[shift] and chance.random() < OFTEN:
                    new = able[int(self.first[shift] * chance.random())]
                else:
                    new = able[int(len(able) * chance.random() ** 2)]
                if new in self.on[shift]:
                    continue
                cost += self._fill(shift, new) if self.missing[shift] else self._exchange(shift, new, heat)
            if cost < best and remains < 0.5:
                best, kept = cost, self._pairs()
        return self._pairs() if cost < best else kept

    def _pairs(self) -> list[tuple[int, int]]:
        return [(who, shift) for who, held in enumerate(self.held) for shift in held]

    def _fill(self, shift: int, new: int) -> int:
        """Put the person at a shift that is short, if that helps."""
        missing = self._missing(shift, [*self.on[shift], new])
        if missing >= self.missing[shift] or self.frame.obstacle_among(new, list(self.held[new].values()), shift):
            return 0
        cost = self._cost(new, shift, 1) - self.frame.problem.weights.short * (self.missing[shift] - missing)
        self._put(new, shift)
        self.missing[shift] = missing
        return cost

    def _exchange(self, shift: int, new: int, heat: float) -> int:
        """Put the person in the place of somebody at the shift, or do nothing. Return the change of the cost."""
        here = self.on[shift]
        if not here:
            return 0
        old = here[int(self.chance.random() * len(here))]
        change = self._cost(new, shift, 1) - self._cost(old, shift, 0)
        if change > 0 and self.chance.random() >= exp(-change / heat):
            return 0
        before, after = self.frame.people[old], self.frame.people[new]
        if not (after.roles >= before.roles and after.leads >= before.leads):
            others = [new if who == old else who for who in here]
            if self._missing(shift, others) > self.missing[shift]:
                return 0
        if self.frame.obstacle_among(new, list(self.held[new].values()), shift):
            return 0
        self._take(old, shift)
        self._put(new, shift)
        return change
