"""Which post each person belongs to while the posts are rostered one by one: near, and enough of each role at each."""

from collections import defaultdict

from ortools.sat.python import cp_model

from bulou.rosters.rules.bounding import capacity
from bulou.rosters.rules.frame import NO_NIGHT, Frame
from bulou.rosters.rules.model import WORKERS

LACK, THIN = 1000, 30  # what a person-shift lacking, or below the fair share of people, weighs against 100 m of way


def choose_homes(frame: Frame, seconds: float, seed: int, repeatable: bool) -> dict[int, str]:
    """Return the post of every person who can serve any, by person.

    Every post is to have people for its person-shifts by role, for its nights and its leaders; then a share of the
    role's people as large as its share of the work; then short ways.
    """
    cp = cp_model.CpModel()
    belongs: dict[tuple[int, str], cp_model.IntVar] = {}
    terms: list[cp_model.LinearExpr | cp_model.IntVar] = []
    most = {who: capacity(frame, who) for who in range(len(frame.people))}
    at: dict[str, list[int]] = defaultdict(list)
    promised = _promised(frame)
    for who in most:
        posts = {frame.shifts[shift].post for shift in frame.open[who]}
        if who in promised and promised[who] in posts:
            posts = {promised[who]}
        for post in sorted(posts):
            belongs[who, post] = cp.new_bool_var("")
            at[post].append(who)
            terms.append(belongs[who, post] * round(frame.km[who].get(post, 0.0) * frame.problem.weights.km * 10))
        if posts:
            cp.add_exactly_one(belongs[who, post] for post in sorted(posts))
    for roles, work in _work(frame).items():
        able = [who for who in most if most[who] and frame.can_fill(who, roles)]
        total, power = sum(need for need, _ in work.values()), sum(most[who] for who in able)
        for post, (need, nights) in work.items():
            here = [who for who in at[post] if most[who] and frame.can_fill(who, roles)]
            _at_least(cp, terms, [(belongs[who, post], most[who]) for who in here], need, LACK)
            share = power * need // max(1, total)
            if share > need:
                _at_least(cp, terms, [(belongs[who, post], most[who]) for who in here], share, THIN)
            if nights and power:  # nobody serves nights only: half of what one serves, at most
                _at_least(cp, terms, [(belongs[who, post], max(1, most[who] // 2)) for who in here], nights, LACK)
    leaders: dict[str, int] = defaultdict(int)
    for shift, one in enumerate(frame.shifts):
        leaders[one.post] += frame.leaders[shift]
    for post, need in leaders.items():
        here = [who for who in at[post] if frame.people[who].leads]
        _at_least(cp, terms, [(belongs[who, post], most[who]) for who in here], need, LACK)
    cp.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    solver.parameters.relative_gap_limit = 0.01
    if repeatable:
        solver.parameters.interleave_search = True
        solver.parameters.max_deterministic_time = max(0.1, seconds)
    else:
        solver.parameters.max_time_in_seconds = max(0.1, seconds)
    if solver.solve(cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {who: post for (who, post), variable in belongs.items() if solver.boolean_value(variable)}
    nearest: dict[int, str] = {}
    for who, post in belongs:
        km = frame.km[who]
        if who not in nearest or km.get(post, 0.0) < km.get(nearest[who], 0.0):
            nearest[who] = post
    return nearest


def _promised(frame: Frame) -> dict[int, str]:
    """Return the post most of a person's promised shifts are at."""
    found = {}
    for who, person in enumerate(frame.people):
        posts = [frame.shifts[shift].post for shift in frame.open[who] if frame.shifts[shift].id in person.fixed]
        if posts:
            found[who] = max(sorted(set(posts)), key=posts.count)
    return found


def _work(frame: Frame) -> dict[tuple[str, ...], dict[str, tuple[int, int]]]:
    """Return for each set of roles, by post, the person-shifts needed, and those of them at night."""
    found: dict[tuple[str, ...], dict[str, tuple[int, int]]] = defaultdict(dict)
    for shift, one in enumerate(frame.shifts):
        for roles in frame.subsets(shift):
            need = sum(frame.places[shift][role] for role in roles)
            before = found[roles].get(one.post, (0, 0))
            found[roles][one.post] = (
                before[0] + need, before[1] + (need if frame.times[shift].night != NO_NIGHT else 0)
            )  # fmt: skip
    return found


def _at_least(
    cp: cp_model.CpModel,
    terms: list[cp_model.LinearExpr | cp_model.IntVar],
    able: list[tuple[cp_model.IntVar, int]],
    need: int,
    price: int,
) -> None:
    lacking = cp.new_int_var(0, need, "")
    cp.add(sum(variable * count for variable, count in able) + lacking >= need)
    terms.append(lacking * price)
