"""Making a roster: exactly where it is small; otherwise person by person, then posts and their neighbours together.

However it is made, the answer breaks no limit, is priced by `pricing` and carries a bound no roster can go below.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from time import monotonic  # a stopwatch: how long is left to search; no date depends on it

from bulou.rosters.rules.bounding import relax
from bulou.rosters.rules.frame import Frame
from bulou.rosters.rules.greedy import greedy_in
from bulou.rosters.rules.model import Model
from bulou.rosters.rules.polishing import Polisher
from bulou.rosters.rules.pricing import price
from bulou.rosters.rules.problem import Problem, Roster

EXACT = 12_000  # person-shift pairs up to which one model is solved as a whole
LARGE = 100_000  # pairs above which posts solved together again gain less than the same time of exchanges
ROUNDS = 400  # rounds of exchanges in what stands for a second
CLUSTER = 14_000  # pairs of a group of neighbouring posts solved again together


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known while the solver works. `stage`: greedy, bound, exchange, together, whole."""

    stage: str
    done: int
    of: int
    seconds: float
    cost: int
    bound: int
    missing: int


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    hint: Roster | None = None,
    progress: Callable[[Progress], None] | None = None,
    repeatable: bool = False,
) -> Roster:
    """Return the best roster found in about `seconds`. Never raises: what cannot be covered stays short.

    `hint` is a roster to start from (yesterday's, or one edited by hand). With `repeatable` the search is measured in
    work and not in seconds, so that one seed gives one roster on any machine, at the price of a looser time.
    """
    return _Search(Frame(problem), seconds, seed, hint, progress, repeatable).run()


class _Search:
    def __init__(
        self, frame: Frame, seconds: float, seed: int, hint: Roster | None,
        progress: Callable[[Progress], None] | None, repeatable: bool,
    ) -> None:  # fmt: skip
        self.frame, self.seconds, self.seed, self.repeatable = frame, seconds, seed, repeatable
        self.began = monotonic()
        self.tell_ = progress
        self.bound = 0
        self.likely: frozenset[tuple[int, str]] = frozenset()
        self.first = 0.0
        self.best = greedy_in(frame)
        self.first = self.elapsed()
        if hint and (kept := self._lawful(hint)).cost < self.best.cost:
            self.best = kept
        self.tell("greedy", 1, 1)

    def elapsed(self) -> float:
        return monotonic() - self.began

    def left(self) -> float:
        return max(0.0, self.seconds - self.elapsed())

    def tell(self, stage: str, done: int, of: int) -> None:
        if self.tell_:
            self.tell_(Progress(stage, done, of, self.elapsed(), self.best.cost, self.bound, self.best.missing))

    def run(self) -> Roster:
        size = sum(map(len, self.frame.open))
        method = "exact" if size <= EXACT else "decomposed"
        relaxed = relax(self.frame, self.left() * 0.35)
        self.bound, self.likely = relaxed.bound, relaxed.likely
        if self.likely and size > EXACT and (guided := greedy_in(self.frame, self.likely)).cost < self.best.cost:
            self.best = guided
        self.tell("bound", 1, 1)
        if self.best.cost > self.bound:
            self._polish(self.left() * (0.1 if size <= EXACT else 0.7 if size <= LARGE else 0.97))
        if self.best.cost > self.bound and size <= EXACT:
            self._whole()
        elif self.best.cost > self.bound:
            self._together()
        return replace(
            self.best, bound=min(self.bound, self.best.cost), seconds=self.elapsed(), first_seconds=self.first,
            method=method,
        )  # fmt: skip

    def _lawful(self, hint: Roster) -> Roster:
        """Return the hint without what the limits forbid, priced."""
        held: dict[int, list[int]] = defaultdict(list)
        for who, shift in self.frame.pairs(hint):
            if shift in self.frame.open[who] and not self.frame.obstacle(who, held[who], shift):
                held[who].append(shift)
        return self._priced((who, shift) for who, shifts in held.items() for shift in shifts)

    def _priced(self, chosen: Iterable[tuple[int, int]]) -> Roster:
        made = Roster(self.frame.finish(chosen))
        worth = price(self.frame, made)
        return replace(made, cost=worth.total, missing=worth.missing)

    def _take(self, chosen: Iterable[tuple[int, int]]) -> bool:
        made = self._priced(chosen)
        if made.cost < self.best.cost:
            self.best = made
            return True
        return False

    def _whole(self) -> None:
        model = Model(self.frame, range(len(self.frame.people)), range(len(self.frame.shifts)))
        done = model.solve(self.left() or 0.1, self.seed, self.frame.pairs(self.best), self.repeatable)
        if done.chosen is not None:
            self._take(done.chosen)
            self.bound = max(self.bound, done.bound)
        self.tell("whole", 1, 1)

    def _polish(self, seconds: float) -> None:
        """Exchange person by person, for so long; or, to be repeatable, so many times."""
        polisher = Polisher(self.frame, self.frame.pairs(self.best), self.seed, self.likely)
        rounds, began = 0, self.elapsed()
        most = max(1, int(seconds * ROUNDS))

        def left() -> float:
            nonlocal rounds
            rounds += 1
            return 1 - (rounds / most if self.repeatable else (self.elapsed() - began) / max(seconds, 0.01))

        self._take(polisher.run(left))
        self.tell("exchange", rounds, most)

    def _together(self) -> None:
        """Solve neighbouring posts again together, those short of people first, while there is time."""
        frame, chance = self.frame, Random(self.seed)  # noqa: S311 - a search that can be repeated
        near = self._neighbours()
        posts = sorted(near)
        rounds = failed = 0
        tried: set[tuple[str, ...]] = set()
        while self.left() > 1.0 and self.best.cost > self.bound and failed < 3 * len(posts) and posts:
            rounds += 1
            held: dict[int, list[int]] = defaultdict(list)
            for who, shift in frame.pairs(self.best):
                held[who].append(shift)
            short = [post for post in self._short(held) if (post,) not in tried]
            centre = short[0] if short else chance.choice(posts)
            tried.add((centre,))
            group = {centre}
            around = near[centre] if short else sorted(near[centre], key=lambda _: chance.random())
            people: list[int] = []
            for post in [centre, *around]:
                now = self._people(group | {post}, held)
                size = sum(frame.shifts[s].post in group | {post} for who in now for s in frame.open[who])
                if post != centre and size > CLUSTER:
                    break
                group.add(post)
                people = now
            shifts = [index for index, one in enumerate(frame.shifts) if one.post in group]
            inside = set(shifts)
            busy = {who: [s for s in held[who] if s not in inside] for who in people}
            model = Model(frame, people, shifts, busy)
            now_ = [(who, s) for who in people for s in held[who] if s in inside]
            done = model.solve(min(self.left(), 8.0), self.seed + rounds, now_, self.repeatable, gap=0.002)
            movable = set(people)
            rest = [(who, s) for who in held for s in held[who] if who not in movable or s not in inside]
            better = done.chosen is not None and self._take(rest + done.chosen)
            failed = 0 if better else failed + 1
            self.tell("together", rounds, 0)

    def _neighbours(self) -> dict[str, list[str]]:
        """Return for each post the others that people could serve too, those with the most in common first."""
        common: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for who in range(len(self.frame.people)):
            posts = {self.frame.shifts[shift].post for shift in self.frame.open[who]}
            for post in posts:
                for other in posts - {post}:
                    common[post][other] += 1
                common[post][post] += 0
        return {
            post: sorted((o for o in others if o != post), key=lambda o: (-others[o], o))
            for post, others in common.items()
        }

    def _short(self, held: dict[int, list[int]]) -> list[str]:
        on: dict[int, int] = defaultdict(int)
        for shifts in held.values():
            for shift in shifts:
                on[shift] += 1
        lack: dict[str, int] = defaultdict(int)
        for shift, one in enumerate(self.frame.shifts):
            lack[one.post] += max(0, sum(self.frame.places[shift].values()) - on[shift])
        return sorted((post for post, count in lack.items() if count), key=lambda post: (-lack[post], post))

    def _people(self, group: set[str], held: dict[int, list[int]]) -> list[int]:
        """Return who may be moved among the posts: those who serve there, and those who could and serve nowhere."""
        frame = self.frame
        return [
            who
            for who in range(len(frame.people))
            if any(frame.shifts[s].post in group for s in held[who] or frame.open[who])
        ]
