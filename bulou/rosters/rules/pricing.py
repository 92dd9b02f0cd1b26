"""What a roster costs, counted one by one: the same sum the solver minimises, without the solver."""

from collections import defaultdict
from dataclasses import dataclass

from bulou.rosters.rules.coverage import fill
from bulou.rosters.rules.frame import Frame, counts
from bulou.rosters.rules.problem import Roster

KINDS = ("night", "weekend", "load")


@dataclass(frozen=True, slots=True)
class Price:
    """The parts of a cost. `missing` counts person-shifts and leaders short; the rest is in units of Weights."""

    missing: int
    short: int
    fixed: int
    travel: int
    fairness: int
    wishes: int

    @property
    def total(self) -> int:
        return self.short + self.fixed + self.travel + self.fairness + self.wishes


def price(frame: Frame, roster: Roster) -> Price:
    problem, weights = frame.problem, frame.problem.weights
    by_shift, by_person = defaultdict(list), defaultdict(list)
    for who, shift in dict.fromkeys(frame.pairs(roster)):
        by_shift[shift].append(who)
        by_person[who].append(shift)
    missing = 0
    for shift, leaders in enumerate(frame.leaders):
        here = by_shift[shift]
        missing += sum(each < 0 for each in fill(frame.roles_of(shift), [frame.people[who].roles for who in here]))
        missing += max(0, leaders - sum(frame.people[who].leads for who in here))
    fixed = wishes = travel = fairness = 0
    fair = {kind: frame.fair(kind) for kind in KINDS}
    for who, person in enumerate(frame.people):
        held = by_person[who]
        fixed += len(person.fixed & set(frame.which)) - len(person.fixed & {frame.shifts[each].id for each in held})
        for wish in person.wishes:
            met = any(wish.span.meets(frame.shifts[each].start, frame.shifts[each].end) for each in held)
            wishes += wish.weight * (met != wish.on)
        travel += sum(km_cost(frame, who, each) for each in held)
        for kind in KINDS:
            over = (
                sum(counts(duty, kind) for duty in [*frame.past[who], *(frame.times[each] for each in held)])
                - fair[kind]
            )
            fairness += getattr(weights, kind) * (over * (over + 1) // 2 if over > 0 else 0)
    return Price(
        missing, missing * weights.short, fixed * weights.fixed, travel, fairness, wishes * problem.weights.wish
    )


def km_cost(frame: Frame, who: int, shift: int) -> int:
    """Return what it costs that the person travels to the shift: whole kilometres times the weight."""
    km = frame.km[who].get(frame.shifts[shift].post, 0.0)
    return round(km) * frame.problem.weights.km
