"""What no roster can cost less than: the problem with its calendar forgotten, as a linear program.

How many shifts each person serves at each post, how many of all at night and at weekends; not when. Every roster gives
such numbers at no higher cost, so the program's least cost is a bound for all rosters, wherever people are sent. Wishes and
promises are left out: they never cost less than nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from ortools.linear_solver import pywraplp

from bulou.rosters.rules.frame import NO_NIGHT, Frame, Times, counts
from bulou.rosters.rules.pricing import KINDS

STEPS = 6  # steps of unfairness told apart; further ones cost as the last, which keeps the bound a bound


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the calendar-less program says: a cost no roster is below, and who serves at which post at that cost."""

    bound: int = 0
    likely: frozenset[tuple[int, str]] = frozenset()


def relax(frame: Frame, seconds: float) -> Relaxed:
    """Solve the program; if the time is not enough, nothing is known: a bound of 0, nobody likely anywhere."""
    lp = pywraplp.Solver.CreateSolver("GLOP")
    lp.SetTimeLimit(int(seconds * 1000))
    lp.SetSolverSpecificParametersAsString("use_dual_simplex: true")  # a third of the time here
    weights, goal = frame.problem.weights, lp.Objective()
    constant = 0
    at: dict[str, list[tuple[int, pywraplp.Variable]]] = defaultdict(list)
    of: dict[str, list[tuple[int, pywraplp.Variable]]] = defaultdict(list)
    fair = {kind: frame.fair(kind) for kind in KINDS}
    for who in range(len(frame.people)):
        open_: dict[str, int] = defaultdict(int)
        for shift in frame.open[who]:
            open_[frame.shifts[shift].post] += 1
        mine = []
        for post, count in open_.items():
            variable = lp.NumVar(0, count, "")
            goal.SetCoefficient(variable, round(frame.km[who].get(post, 0.0)) * weights.km)
            at[post].append((who, variable))
            mine.append(variable)
        _at_most(lp, mine, capacity(frame, who))
        for name in KINDS:
            over = sum(counts(duty, name) for duty in frame.past[who]) - fair[name]
            weight = getattr(weights, name)
            constant += weight * (over * (over + 1) // 2 if over > 0 else 0)
            counted = mine
            if name != "load" and mine:
                most = sum(counts(frame.times[shift], name) for shift in frame.open[who])
                if name == "night":
                    most = min(most, night_capacity(frame, who))
                counted = [lp.NumVar(0, most, "")]
                of[name].append((who, counted[0]))
                _at_most(lp, [*counted], most, less=mine)
            if not counted or not weight:
                continue
            row = lp.Constraint(-lp.infinity(), max(0, -over))
            for variable in counted:
                row.SetCoefficient(variable, 1)
            for step in range(STEPS):
                beyond = lp.NumVar(0, 1 if step < STEPS - 1 else lp.infinity(), "")
                row.SetCoefficient(beyond, -1)
                goal.SetCoefficient(beyond, weight * (max(1, over + 1) + step))
    _needs(lp, frame, at, of)
    goal.SetMinimization()
    if lp.Solve() != pywraplp.Solver.OPTIMAL:
        return Relaxed()
    found = float(goal.Value())
    likely = {(who, post) for post, each in at.items() for who, variable in each if variable.solution_value() > 0.01}
    return Relaxed(max(0, constant + ceil(found - 1e-6 * max(1.0, abs(found)))), frozenset(likely))


def capacity(frame: Frame, who: int) -> int:
    """Return how many of the shifts open to the person he could serve at most."""
    limits = frame.problem.limits
    times = [frame.times[shift] for shift in frame.open[who]]
    rest = int(limits.rest.total_seconds())
    most, days = _apart(times, rest), _apart_on(((one.day, one) for one in times), rest)
    if (in_row := limits.days_in_row) is not None:
        most = min(most, sum(sum(each[:in_row]) for each in _windows(days, in_row + 1)))
    if (in_week := limits.shifts_in_week) is not None:
        most = min(most, sum(min(in_week, sum(each)) for each in _windows(days, 7)))
    return most


def night_capacity(frame: Frame, who: int) -> int:
    """Return how many of the night shifts open to the person he could serve at most."""
    limits = frame.problem.limits
    times = [frame.times[shift] for shift in frame.open[who] if frame.times[shift].night != NO_NIGHT]
    rest = int(limits.rest.total_seconds())
    most = _apart(times, rest)
    if (in_row := limits.nights_in_row) is not None:
        nights = _apart_on(((one.night, one) for one in times), rest)
        most = min(most, sum(sum(each[:in_row]) for each in _windows(nights, in_row + 1)))
    return most


def _needs(
    lp: pywraplp.Solver,
    frame: Frame,
    at: dict[str, list[tuple[int, pywraplp.Variable]]],
    of: dict[str, list[tuple[int, pywraplp.Variable]]],
) -> None:
    """What each post needs of each set of roles in all, and what all posts need of it at night and at weekends."""
    wanted: dict[tuple[str, str, tuple[str, ...]], int] = defaultdict(int)  # (post, "", roles) or ("", kind, roles)
    leaders: dict[str, int] = defaultdict(int)
    for shift, one in enumerate(frame.shifts):
        for roles in frame.subsets(shift):
            count = sum(frame.places[shift][role] for role in roles)
            wanted[one.post, "", roles] += count
            for kind in of:
                wanted["", kind, roles] += count * counts(frame.times[shift], kind)
        leaders[one.post] += frame.leaders[shift]
    price, goal = frame.problem.weights.short, lp.Objective()
    short: dict[tuple[str, str], pywraplp.Variable] = {}
    everywhere: dict[str, list[pywraplp.Variable]] = defaultdict(list)
    for post, role in sorted({(post, role) for post, kind, roles in wanted if not kind for role in roles}):
        short[post, role] = lp.NumVar(0, lp.infinity(), "")
        everywhere[role].append(short[post, role])
        goal.SetCoefficient(short[post, role], price)
    for (post, kind, roles), count in wanted.items():
        able = [variable for who, variable in (of[kind] if kind else at[post]) if frame.can_fill(who, roles)]
        lacking = [one for role in roles for one in ([short[post, role]] if post else everywhere[role])]
        _at_least(lp, [*able, *lacking], count)
    for post, count in leaders.items():
        if count:
            lacking = [lp.NumVar(0, lp.infinity(), "")]
            goal.SetCoefficient(lacking[0], price)
            _at_least(lp, [variable for who, variable in at[post] if frame.people[who].leads] + lacking, count)


def _at_least(lp: pywraplp.Solver, variables: list[pywraplp.Variable], least: int) -> None:
    row = lp.Constraint(least, lp.infinity())
    for variable in variables:
        row.SetCoefficient(variable, 1)


def _at_most(
    lp: pywraplp.Solver, variables: list[pywraplp.Variable], most: int, less: list[pywraplp.Variable] | None = None
) -> None:
    """At most `most` of the variables in all; with `less`, at most as much as those in all."""
    row = lp.Constraint(-lp.infinity(), 0 if less else most)
    for variable in variables:
        row.SetCoefficient(variable, 1)
    for variable in less or ():
        row.SetCoefficient(variable, -1)


def _windows(by_day: Mapping[int, int], window: int) -> list[list[int]]:
    """Cut the days into windows from the first on; return the numbers of each window's days, the largest first."""
    first, found = min(by_day, default=0), defaultdict(list)
    for day, count in by_day.items():
        found[(day - first) // window].append(count)
    return [sorted(each, reverse=True) for each in found.values()]


def _apart_on(times: Iterable[tuple[int, Times]], rest: int) -> dict[int, int]:
    """Return how many duties of each day (or night) one person can serve with the rest between them."""
    by_day: dict[int, list[Times]] = defaultdict(list)
    for day, one in times:
        by_day[day].append(one)
    return {day: _apart(each, rest) for day, each in by_day.items()}


def _apart(times: list[Times], rest: int) -> int:
    """Return how many of the duties one person can serve with the rest between them."""
    count, free = 0, None
    for one in sorted(times, key=lambda duty: duty.end):
        if free is None or one.start >= free:
            count, free = count + 1, one.end + rest
    return count
