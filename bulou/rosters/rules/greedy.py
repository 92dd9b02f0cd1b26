"""A roster made shift by shift, the hardest place first: what a careful clerk would do. The solver starts from it."""

from collections import defaultdict

from bulou.rosters.rules.frame import NO_NIGHT, Frame, Times
from bulou.rosters.rules.pricing import price
from bulou.rosters.rules.problem import ANYONE, Problem, Roster


def greedy(problem: Problem) -> Roster:
    """Return a roster that breaks no limit, taking for every place the nearest of those who have served least."""
    return greedy_in(Frame(problem))


def greedy_in(frame: Frame, likely: frozenset[tuple[int, str]] = frozenset()) -> Roster:
    """As `greedy`, in a frame already made; (person, post) pairs found `likely` come first."""
    held: list[list[Times]] = [[] for _ in frame.people]
    chosen: list[tuple[int, int]] = []
    can: dict[int, list[int]] = defaultdict(list)
    for who, shifts in enumerate(frame.open):
        for shift in shifts:
            can[shift].append(who)
    holders: dict[str, int] = defaultdict(int)
    for person in frame.people:
        for role in person.roles:
            holders[role] += 1

    on: dict[int, list[int]] = defaultdict(list)

    def take(who: int, shift: int) -> None:
        chosen.append((who, shift))
        on[shift].append(who)
        held[who].append(frame.times[shift])

    for who, person in enumerate(frame.people):
        for shift in frame.open[who]:
            if frame.shifts[shift].id in person.fixed and not frame.obstacle_among(who, held[who], shift):
                take(who, shift)
    for shift in sorted(range(len(frame.shifts)), key=lambda each: (frame.times[each].start, frame.shifts[each].post)):
        here = list(on[shift])
        leaders = frame.leaders[shift] - sum(frame.people[who].leads for who in here)
        places = sorted(frame.roles_of(shift), key=lambda role: (role == ANYONE, holders[role], role))
        for who in here:
            for at, role in enumerate(places):
                if role == ANYONE or role in frame.people[who].roles:
                    del places[at]
                    break
        night = frame.times[shift].night != NO_NIGHT
        order = sorted(
            can[shift],
            key=lambda who: (
                (who, frame.shifts[shift].post) not in likely,
                sum(duty.night != NO_NIGHT for duty in held[who]) if night else 0,
                len(held[who]),
                frame.km[who].get(frame.shifts[shift].post, 0.0),
            ),
        )
        taken = set(here)

        def first(role: str, leads: bool, shift: int = shift, order: list[int] = order, taken: set[int] = taken) -> int:
            for who in order:
                person = frame.people[who]
                if who in taken or (leads and not person.leads) or not (role == ANYONE or role in person.roles):
                    continue
                if not frame.obstacle_among(who, held[who], shift):
                    return who
            return -1

        for role in places:
            who = first(role, True) if leaders > 0 else -1
            if who < 0:
                who = first(role, False)
            if who >= 0:
                leaders -= frame.people[who].leads
                taken.add(who)
                take(who, shift)
        while leaders > 0 and (who := first(ANYONE, True)) >= 0:
            leaders -= 1
            taken.add(who)
            take(who, shift)
    made = Roster(frame.finish(chosen), method="greedy")
    worth = price(frame, made)
    return Roster(made.assignments, cost=worth.total, missing=worth.missing, method="greedy")
