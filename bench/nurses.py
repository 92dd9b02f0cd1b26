"""Published nurse rostering instances, solved with the rosters' search settings: how far from the best known.

`bench/instances` says where they come from. `--seconds 60` for each. The cost is counted again by a checker that shares
nothing with the model, and refuses a roster that breaks a hard rule of the instance.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

from ortools.sat.python import cp_model

from bench.measuring import option, say, table
from bulou.rosters.rules.model import prepared_solver

BEST_KNOWN = {1: 607, 2: 828, 3: 1001}
Roster = dict[tuple[str, int], str]  # (nurse, day) -> shift


@dataclass(frozen=True)
class Nurse:
    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_row: int
    least_in_row: int
    least_off: int
    most_weekends: int


@dataclass
class Instance:
    days: int = 0
    minutes: dict[str, int] = field(default_factory=dict)
    not_after: dict[str, list[str]] = field(default_factory=dict)
    nurses: dict[str, Nurse] = field(default_factory=dict)
    off: set[tuple[str, int]] = field(default_factory=set)
    wants: dict[tuple[str, int, str], int] = field(default_factory=dict)
    shuns: dict[tuple[str, int, str], int] = field(default_factory=dict)
    cover: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)


def read(path: Path) -> Instance:
    one, section = Instance(), ""
    for line in path.read_text().split():
        cells = line.split(",")
        if line.startswith("SECTION_"):
            section = line
        elif section == "SECTION_HORIZON":
            one.days = int(line)
        elif section == "SECTION_SHIFTS":
            one.minutes[cells[0]] = int(cells[1])
            one.not_after[cells[0]] = [each for each in cells[2].split("|") if each]
        elif section == "SECTION_STAFF":
            most = {key: int(value) for key, value in (each.split("=") for each in cells[1].split("|"))}
            one.nurses[cells[0]] = Nurse(most, *map(int, cells[2:]))
        elif section == "SECTION_DAYS_OFF":
            one.off |= {(cells[0], int(day)) for day in cells[1:]}
        elif section == "SECTION_COVER":
            one.cover[int(cells[0]), cells[1]] = (int(cells[2]), int(cells[3]), int(cells[4]))
        else:
            into = one.wants if section == "SECTION_SHIFT_ON_REQUESTS" else one.shuns
            into[cells[0], int(cells[1]), cells[2]] = int(cells[3])
    return one


def solve(one: Instance, seconds: float, seed: int) -> tuple[Roster, int, float]:
    """Return the best roster found, the proven bound and the seconds taken."""
    cp = cp_model.CpModel()
    on = {(n, d, s): cp.new_bool_var("") for n in one.nurses for d in range(one.days) for s in one.minutes}
    cost: list[cp_model.LinearExprT] = []
    for name, nurse in one.nurses.items():
        works = []
        for day in range(one.days):
            here = [on[name, day, shift] for shift in one.minutes]
            at_work = cp.new_bool_var("")
            cp.add(sum(here) == at_work)
            works.append(at_work)
            if (name, day) in one.off:
                cp.add(at_work == 0)
            for shift, barred in one.not_after.items():
                for after in barred if day + 1 < one.days else ():
                    cp.add_at_most_one(on[name, day, shift], on[name, day + 1, after])
        for shift, most in nurse.most_of.items():
            cp.add(sum(on[name, day, shift] for day in range(one.days)) <= most)
        total = sum(on[name, day, shift] * one.minutes[shift] for day in range(one.days) for shift in one.minutes)
        cp.add(total <= nurse.most_minutes)
        cp.add(total >= nurse.least_minutes)
        for first in range(one.days - nurse.most_in_row):
            cp.add(sum(works[first : first + nurse.most_in_row + 1]) <= nurse.most_in_row)
        for length in range(1, nurse.least_in_row):  # no stretch of work as short as this between two days off
            for first in range(1, one.days - length):
                middle = works[first : first + length]
                cp.add_bool_or([works[first - 1], works[first + length], *(each.negated() for each in middle)])
        for length in range(1, nurse.least_off):
            for first in range(1, one.days - length):
                middle = works[first : first + length]
                cp.add_bool_or([works[first - 1].negated(), works[first + length].negated(), *middle])
        weekends = []
        for saturday in range(5, one.days, 7):
            weekend = cp.new_bool_var("")
            for each in works[saturday : saturday + 2]:
                cp.add_implication(each, weekend)
            weekends.append(weekend)
        cp.add(sum(weekends) <= nurse.most_weekends)
    for (day, shift), (wanted, under, over) in one.cover.items():
        short, extra = cp.new_int_var(0, wanted, ""), cp.new_int_var(0, len(one.nurses), "")
        cp.add(sum(on[name, day, shift] for name in one.nurses) + short - extra == wanted)
        cost += [short * under, extra * over]
    cost += [weight * (1 - on[key]) for key, weight in one.wants.items()]
    cost += [weight * on[key] for key, weight in one.shuns.items()]
    cp.minimize(sum(cost))
    solver = prepared_solver(seconds, seed)
    if solver.solve(cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, round(solver.best_objective_bound), solver.wall_time
    found = {(name, day): shift for (name, day, shift), variable in on.items() if solver.boolean_value(variable)}
    return found, round(solver.best_objective_bound), solver.wall_time


def price(one: Instance, roster: Roster) -> int:
    """Return the cost of the roster, counted nurse by nurse. Raise ValueError, naming the rule, on a broken one."""

    def must(kept: bool, rule: str, name: str) -> None:
        if not kept:
            raise ValueError(f"{rule} broken for {name}")

    for name, nurse in one.nurses.items():
        line = [roster.get((name, day), "") for day in range(one.days)]
        for before, after in pairwise(line):
            must(not before or after not in one.not_after[before], "order of shifts", name)
        for day, shift in enumerate(line):
            must(not shift or (name, day) not in one.off, "day off", name)
        for shift, most in nurse.most_of.items():
            must(line.count(shift) <= most, f"most {shift}", name)
        minutes = sum(one.minutes[shift] for shift in line if shift)
        must(nurse.least_minutes <= minutes <= nurse.most_minutes, "minutes", name)
        stretches = [(working, len(list(days))) for working, days in groupby(bool(shift) for shift in line)]
        for at, (working, length) in enumerate(stretches):
            inside = 0 < at < len(stretches) - 1  # the first and the last go on beyond the horizon
            must(not working or length <= nurse.most_in_row, "most in a row", name)
            must(not inside or length >= (nurse.least_in_row if working else nurse.least_off), "fewest in a row", name)
        weekends = sum(any(line[day : day + 2]) for day in range(5, one.days, 7))
        must(weekends <= nurse.most_weekends, "weekends", name)
    there: dict[tuple[int, str], int] = defaultdict(int)
    for (_, day), shift in roster.items():
        there[day, shift] += 1
    cost = sum(weight for (name, day, shift), weight in one.wants.items() if roster.get((name, day)) != shift)
    cost += sum(weight for (name, day, shift), weight in one.shuns.items() if roster.get((name, day)) == shift)
    for key, (wanted, under, over) in one.cover.items():
        cost += under * max(0, wanted - there[key]) + over * max(0, there[key] - wanted)
    return cost


def main() -> None:
    lines = []
    for number, best in BEST_KNOWN.items():
        one = read(Path(__file__).parent / "instances" / f"Instance{number}.txt")
        roster, bound, took = solve(one, option("seconds", 60), option("seed", 1))
        cost = price(one, roster)
        say(f"Instance{number}: {cost}, bound {bound}, best known {best}")
        lines.append(
            [f"Instance{number}", f"{one.days} × {len(one.nurses)} × {len(one.minutes)}", f"{took:.1f}", str(cost),
             str(bound), str(best), f"{(cost - best) / best:.1%}"]
        )  # fmt: skip
    print("### Published nurse rostering instances (Curtois and Qu)\n")
    print(table(["instance", "days × staff × shifts", "s", "cost", "bound", "best known", "gap to best known"], lines))


if __name__ == "__main__":
    main()
