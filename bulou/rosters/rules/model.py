"""The model CP-SAT solves: for some people and some shifts, who serves which, at the least cost.

One yes-or-no variable per person and shift he may serve. What protects people (rest, nights, days, weeks) always
holds; what a post needs may stay short at a price, so that there is always an answer and it is the best partial one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from ortools.sat.python import cp_model

from bulou.rosters.rules.coverage import fill
from bulou.rosters.rules.frame import NO_NIGHT, Frame, counts
from bulou.rosters.rules.pricing import KINDS, km_cost

WORKERS = 2  # a county's server has two cores to spare
SEARCHES = ("pseudo_costs",)  # the linear relaxation is nearly exact here, and this one follows it


@dataclass(frozen=True, slots=True)
class Solved:
    """`chosen` are (person, shift) pairs; None if the time was not enough for any answer."""

    chosen: list[tuple[int, int]] | None
    cost: int
    bound: int
    proven: bool


class Model:
    """The variables and constraints for the given people and shifts of a frame.

    `busy` are the shifts outside the model that its people already serve: they count for every limit.
    """

    def __init__(
        self, frame: Frame, people: Iterable[int], shifts: Iterable[int], busy: dict[int, list[int]] | None = None
    ) -> None:
        self.frame, self.people, self.shifts = frame, list(people), sorted(shifts)
        self.busy = busy or {}
        self.cp = cp_model.CpModel()
        self.terms: list[tuple[cp_model.IntVar, int]] = []
        self.constant = 0
        self.derived: list[Callable[[set[tuple[int, int]]], list[tuple[cp_model.IntVar, int]]]] = []
        inside = set(self.shifts)
        self.serves: dict[tuple[int, int], cp_model.IntVar] = {}
        self.by_shift: dict[int, list[int]] = defaultdict(list)
        for who in self.people:
            held = [frame.times[each] for each in self.busy.get(who, ())]
            for shift in frame.open[who]:
                if shift in inside and not (held and frame.obstacle_among(who, held, shift)):
                    self.serves[who, shift] = self.cp.new_bool_var("")
                    self.by_shift[shift].append(who)
        for shift in self.shifts:
            self._needs(shift)
        self.fair = {kind: frame.fair(kind) for kind in KINDS}
        for who in self.people:
            mine = [shift for shift in frame.open[who] if (who, shift) in self.serves]
            self._limits(who, mine)
            self._comfort(who, mine)
        self.cp.minimize(sum(weight * variable for variable, weight in self.terms) + self.constant)

    def _needs(self, shift: int) -> None:
        frame, here, weights = self.frame, self.by_shift[shift], self.frame.problem.weights
        short = {role: self.cp.new_int_var(0, count, "") for role, count in frame.places[shift].items()}
        for roles in frame.subsets(shift):
            able = [self.serves[who, shift] for who in here if frame.can_fill(who, roles)]
            wanted = sum(frame.places[shift][role] for role in roles)
            self.cp.add(sum(able) + sum(short[role] for role in roles) >= wanted)
        self.terms += [(each, weights.short) for each in short.values()]
        self.derived.append(lambda chosen: self._lacking(shift, short, chosen))
        if leaders := frame.leaders[shift]:
            lacking = self.cp.new_int_var(0, leaders, "")
            lead = [who for who in here if frame.people[who].leads]
            self.cp.add(sum(self.serves[who, shift] for who in lead) + lacking >= leaders)
            self.terms.append((lacking, weights.short))
            self.derived.append(
                lambda chosen: [(lacking, max(0, leaders - sum((who, shift) in chosen for who in lead)))]
            )

    def _lacking(
        self, shift: int, short: dict[str, cp_model.IntVar], chosen: set[tuple[int, int]]
    ) -> list[tuple[cp_model.IntVar, int]]:
        places = self.frame.roles_of(shift)
        here = [self.frame.people[who].roles for who in self.by_shift[shift] if (who, shift) in chosen]
        empty = [role for role, person in zip(places, fill(places, here), strict=True) if person < 0]
        return [(variable, empty.count(role)) for role, variable in short.items()]

    def _limits(self, who: int, mine: Sequence[int]) -> None:
        frame, limits = self.frame, self.frame.problem.limits
        rest = int(limits.rest.total_seconds())
        times = {shift: frame.times[shift] for shift in mine}
        # Two shifts clash when they, each with the rest after it, overlap: of all that cover one moment, one at most.
        for at in {one.start for one in times.values()}:
            covering = [shift for shift, one in times.items() if one.start <= at < one.end + rest]
            if len(covering) > 1:
                self.cp.add_at_most_one(self.serves[who, shift] for shift in covering)
        outside = [*frame.past[who], *(frame.times[each] for each in self.busy.get(who, ()))]
        nights = {shift: one.night for shift, one in times.items() if one.night != NO_NIGHT}
        if limits.nights_in_row is not None:
            held = {duty.night for duty in outside if duty.night != NO_NIGHT}
            self._window(who, nights, list(held), limits.nights_in_row + 1, limits.nights_in_row)
        days = {shift: one.day for shift, one in times.items()}
        if limits.days_in_row is not None:
            self._window(who, days, list({duty.day for duty in outside}), limits.days_in_row + 1, limits.days_in_row)
        if limits.shifts_in_week is not None:
            self._window(who, days, [duty.day for duty in outside], 7, limits.shifts_in_week)

    def _window(self, who: int, on: dict[int, int], held: list[int], length: int, most: int) -> None:
        """At most `most` of the shifts, with those already held, within any `length` dates in a row."""
        by_date: dict[int, list[int]] = defaultdict(list)
        for shift, date in on.items():
            by_date[date].append(shift)
        if not by_date:
            return
        for first in range(min(by_date) - length + 1, max(by_date) + 1):
            inside = [shift for date in range(first, first + length) for shift in by_date.get(date, ())]
            left = max(0, most - sum(first <= date < first + length for date in held))
            if len(inside) > left:
                self.cp.add(sum(self.serves[who, shift] for shift in inside) <= left)

    def _comfort(self, who: int, mine: Sequence[int]) -> None:
        frame, person, weights = self.frame, self.frame.people[who], self.frame.problem.weights
        outside = [*frame.past[who], *(frame.times[each] for each in self.busy.get(who, ()))]
        inside = set(self.shifts)
        for shift in mine:
            if cost := km_cost(frame, who, shift):
                self.terms.append((self.serves[who, shift], cost))
            if frame.shifts[shift].id in person.fixed:
                self.terms.append((self.serves[who, shift], -weights.fixed))
        self.constant += weights.fixed * sum(frame.shifts[each].id in person.fixed for each in inside)
        for kind in KINDS:
            variables = [self.serves[who, shift] for shift in mine if counts(frame.times[shift], kind)]
            weight = getattr(weights, kind)
            if not variables or not weight:
                self.constant += weight * _steps(sum(counts(duty, kind) for duty in outside) - self.fair[kind])
                continue
            over = sum(counts(duty, kind) for duty in outside) - self.fair[kind]
            self.constant += weight * _steps(over)
            # Each step above the fair share costs more than the one before: nights spread evenly.
            steps = [self.cp.new_bool_var("") for each in range(max(1, over + 1), over + len(variables) + 1)]
            if steps:
                self.cp.add(sum(variables) <= max(0, -over) + sum(steps))
                self.terms += [(step, weight * (max(1, over + 1) + at)) for at, step in enumerate(steps)]
                counted = [shift for shift in mine if counts(frame.times[shift], kind)]
                self.derived.append(partial(_stepped, who, counted, steps, max(0, -over)))
        for wish in person.wishes:
            meant = [s for s in mine if wish.span.meets(frame.shifts[s].start, frame.shifts[s].end)]
            held = any(wish.span.meets(frame.shifts[s].start, frame.shifts[s].end) for s in self.busy.get(who, ()))
            cost = wish.weight * weights.wish
            if held or not meant:
                self.constant += cost * (held != wish.on)
                continue
            missed = self.cp.new_bool_var("")
            self.terms.append((missed, cost))
            self.derived.append(partial(_missed, who, meant, missed, wish.on))
            if wish.on:
                self.cp.add(sum(self.serves[who, shift] for shift in meant) + missed >= 1)
            else:
                for shift in meant:
                    self.cp.add_implication(self.serves[who, shift], missed)

    def solve(
        self,
        seconds: float,
        seed: int,
        hint: Iterable[tuple[int, int]] = (),
        repeatable: bool = False,
        found: Callable[[int], None] | None = None,
        gap: float = 0.0,
    ) -> Solved:
        """Return the best found in the time. `repeatable` counts work instead of seconds: same seed, same roster."""
        hinted = set(hint)
        if hinted:
            for pair, variable in self.serves.items():
                self.cp.add_hint(variable, pair in hinted)
            for derive in self.derived:  # a hint that leaves nothing open is an answer at once
                for variable, value in derive(hinted):
                    self.cp.add_hint(variable, value)
        solver = prepared_solver(seconds, seed, repeatable, gap)
        status = solver.solve(self.cp, _Watch(found) if found else None)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Solved(None, 0, 0, False)
        chosen = [pair for pair, variable in self.serves.items() if solver.boolean_value(variable)]
        bound = int(solver.best_objective_bound + 0.999999)
        return Solved(chosen, round(solver.objective_value), bound, status == cp_model.OPTIMAL)


def prepared_solver(seconds: float, seed: int, repeatable: bool = False, gap: float = 0.0) -> cp_model.CpSolver:
    """Return CP-SAT set for rosters. `repeatable` counts work instead of seconds; `gap` is near enough to the best."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    solver.parameters.relative_gap_limit = gap
    solver.parameters.subsolvers.extend(SEARCHES)
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_probing_level = 0
    if repeatable:
        solver.parameters.interleave_search = True
        solver.parameters.max_deterministic_time = max(0.01, seconds)
    else:
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
    return solver


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells of every better answer while the solver works."""

    def __init__(self, found: Callable[[int], None]) -> None:
        super().__init__()
        self._found = found

    def on_solution_callback(self) -> None:
        self._found(round(self.objective_value))


def _stepped(
    who: int, counted: list[int], steps: list[cp_model.IntVar], free: int, chosen: set[tuple[int, int]]
) -> list[tuple[cp_model.IntVar, int]]:
    over = sum((who, shift) in chosen for shift in counted) - free
    return [(step, int(at < over)) for at, step in enumerate(steps)]


def _missed(
    who: int, meant: list[int], missed: cp_model.IntVar, on: bool, chosen: set[tuple[int, int]]
) -> list[tuple[cp_model.IntVar, int]]:
    return [(missed, int(any((who, shift) in chosen for shift in meant) != on))]


def _steps(over: int) -> int:
    return over * (over + 1) // 2 if over > 0 else 0
