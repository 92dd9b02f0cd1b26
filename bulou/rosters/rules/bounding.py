"""What no roster can cost less than: the problem with its calendar forgotten, as a linear program.

How many nights and days, on weekdays and weekends, each person serves at each post; not when. Every roster gives such
numbers at no higher cost, so the program's least cost is a bound for all rosters, wherever people are sent. Wishes and
promises are left out: they never cost less than nothing.
"""

from collections import defaultdict
from math import ceil

from ortools.linear_solver import pywraplp

from bulou.rosters.rules.frame import NO_NIGHT, Frame, Times, counts
from bulou.rosters.rules.pricing import KINDS

STEPS = 6  # steps of unfairness told apart; further ones cost as the last, which keeps the bound a bound
Kind = tuple[bool, bool]  # (at night, at a weekend)


def lower_bound(frame: Frame, seconds: float) -> int:
    """Return a cost no roster is below; 0 if the program is not solved in the time."""
    lp = pywraplp.Solver.CreateSolver("GLOP")
    lp.SetTimeLimit(int(seconds * 1000))
    weights, goal = frame.problem.weights, lp.Objective()
    constant = 0
    at: dict[tuple[str, Kind], list[tuple[int, pywraplp.Variable]]] = defaultdict(list)
    fair = {kind: frame.fair(kind) for kind in KINDS}
    for who in range(len(frame.people)):
        mine: list[tuple[Kind, pywraplp.Variable]] = []
        open_: dict[tuple[str, Kind], int] = defaultdict(int)
        for shift in frame.open[who]:
            open_[frame.shifts[shift].post, _kind(frame.times[shift])] += 1
        for (post, kind), count in open_.items():
            variable = lp.NumVar(0, count, "")
            goal.SetCoefficient(variable, round(frame.km[who].get(post, 0.0)) * weights.km)
            at[post, kind].append((who, variable))
            mine.append((kind, variable))
        _at_most(lp, [variable for _, variable in mine], capacity(frame, who))
        _at_most(lp, [variable for kind, variable in mine if kind[0]], night_capacity(frame, who))
        for name in KINDS:
            over = sum(counts(duty, name) for duty in frame.past[who]) - fair[name]
            weight = getattr(weights, name)
            constant += weight * (over * (over + 1) // 2 if over > 0 else 0)
            counted = [variable for kind, variable in mine if _counts(kind, name)]
            if not counted or not weight:
                continue
            row = lp.Constraint(-lp.infinity(), max(0, -over))
            for variable in counted:
                row.SetCoefficient(variable, 1)
            for step in range(STEPS):
                beyond = lp.NumVar(0, 1 if step < STEPS - 1 else lp.infinity(), "")
                row.SetCoefficient(beyond, -1)
                goal.SetCoefficient(beyond, weight * (max(1, over + 1) + step))
    _needs(lp, frame, at)
    goal.SetMinimization()
    if lp.Solve() != pywraplp.Solver.OPTIMAL:
        return 0
    found = float(goal.Value())
    return max(0, constant + ceil(found - 1e-6 * max(1.0, abs(found))))


def capacity(frame: Frame, who: int) -> int:
    """Return how many of the shifts open to the person he could serve at most."""
    limits = frame.problem.limits
    times = [frame.times[shift] for shift in frame.open[who]]
    most = _apart(times, int(limits.rest.total_seconds()))
    days = {one.day for one in times}
    if not days:
        return 0
    length = max(days) - min(days) + 1
    if limits.days_in_row is not None:
        most = min(most, _packed(length, limits.days_in_row + 1, limits.days_in_row))
    if limits.shifts_in_week is not None:
        most = min(most, _packed(length, 7, limits.shifts_in_week))
    return most


def night_capacity(frame: Frame, who: int) -> int:
    """Return how many of the night shifts open to the person he could serve at most."""
    times = [frame.times[shift] for shift in frame.open[who] if frame.times[shift].night != NO_NIGHT]
    if not times:
        return 0
    limits = frame.problem.limits
    most = _apart(times, int(limits.rest.total_seconds()))
    nights = {one.night for one in times}
    if limits.nights_in_row is not None:
        length = max(nights) - min(nights) + 1
        most = min(most, _packed(length, limits.nights_in_row + 1, limits.nights_in_row))
    return most


def _needs(lp: pywraplp.Solver, frame: Frame, at: dict[tuple[str, Kind], list[tuple[int, pywraplp.Variable]]]) -> None:
    wanted: dict[tuple[str, Kind, tuple[str, ...]], int] = defaultdict(int)
    leaders: dict[tuple[str, Kind], int] = defaultdict(int)
    short: dict[tuple[str, Kind, str], pywraplp.Variable] = {}
    for shift, one in enumerate(frame.shifts):
        kind = _kind(frame.times[shift])
        for roles in frame.subsets(shift):
            wanted[one.post, kind, roles] += sum(frame.places[shift][role] for role in roles)
        leaders[one.post, kind] += frame.leaders[shift]
    price, goal = frame.problem.weights.short, lp.Objective()
    for (post, kind, roles), count in wanted.items():
        row = lp.Constraint(count, lp.infinity())
        for who, variable in at[post, kind]:
            if frame.can_fill(who, roles):
                row.SetCoefficient(variable, 1)
        for role in roles:
            if (post, kind, role) not in short:
                short[post, kind, role] = lp.NumVar(0, lp.infinity(), "")
                goal.SetCoefficient(short[post, kind, role], price)
            row.SetCoefficient(short[post, kind, role], 1)
    for (post, kind), count in leaders.items():
        if count:
            row = lp.Constraint(count, lp.infinity())
            for who, variable in at[post, kind]:
                if frame.people[who].leads:
                    row.SetCoefficient(variable, 1)
            lacking = lp.NumVar(0, lp.infinity(), "")
            goal.SetCoefficient(lacking, price)
            row.SetCoefficient(lacking, 1)


def _at_most(lp: pywraplp.Solver, variables: list[pywraplp.Variable], most: int) -> None:
    if variables:
        row = lp.Constraint(-lp.infinity(), most)
        for variable in variables:
            row.SetCoefficient(variable, 1)


def _kind(duty: Times) -> Kind:
    return duty.night != NO_NIGHT, duty.weekend


def _counts(kind: Kind, name: str) -> bool:
    return name == "load" or (name == "night" and kind[0]) or (name == "weekend" and kind[1])


def _packed(length: int, window: int, most: int) -> int:
    """Return how many of `length` days can be taken, at most `most` in any `window` of them."""
    return most * (length // window) + min(most, length % window)


def _apart(times: list[Times], rest: int) -> int:
    """Return how many of the duties one person can serve with the rest between them."""
    count, free = 0, None
    for one in sorted(times, key=lambda duty: duty.end):
        if free is None or one.start >= free:
            count, free = count + 1, one.end + rest
    return count
