from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from bulou.rosters.rules import solving
from bulou.rosters.rules.bounding import relax
from bulou.rosters.rules.checking import check, served
from bulou.rosters.rules.coverage import coverage
from bulou.rosters.rules.explaining import broken_promises, explain
from bulou.rosters.rules.frame import Frame
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.model import Model
from bulou.rosters.rules.patterns import Demand
from bulou.rosters.rules.pricing import price
from bulou.rosters.rules.problem import Roster, Span, Wish
from bulou.rosters.rules.solving import solve
from bulou.rosters.rules.tests.problems import FAR, LIMITS, at, person, problem, problems

NIGHT = [Demand(role, 1, at(0, 23).time(), at(0, 6).time()) for role in ("police", "health", "village_cadre")]
unhurried = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@unhurried
@given(problems())
def test_no_roster_breaks_a_limit_and_explains_exactly_what_is_short(asked) -> None:  # type: ignore[no-untyped-def]
    for made in (greedy(asked), solve(asked, seconds=1)):
        assert [each for each in check(asked, made) if each.hard] == []
        gaps = coverage(asked.needs, served(asked, made))
        assert bool(explain(asked, made)) == bool(gaps)
        worth = price(Frame(asked), made)
        assert (worth.total, worth.missing) == (made.cost, made.missing)
        assert made.bound <= made.cost


@unhurried
@given(problems(most_people=5))
def test_the_solver_is_never_dearer_than_the_clerk_and_its_sum_is_the_real_one(asked) -> None:  # type: ignore[no-untyped-def]
    frame = Frame(asked)
    done = Model(frame, range(len(frame.people)), range(len(frame.shifts))).solve(2, 1)
    made = solve(asked, seconds=2)
    assert made.cost <= greedy(asked).cost
    if done.proven and done.chosen is not None:
        assert price(frame, Roster(frame.finish(done.chosen))).total <= done.cost
        assert relax(frame, 5).bound <= done.cost


def test_enough_people_leave_no_second_uncovered() -> None:
    people = [
        person(f"{role}{index}", role, leads=index == 0)
        for role in ("police", "health", "village_cadre")
        for index in range(5)
    ]
    asked = problem(people, days=7, demands=[*NIGHT, Demand(count=2), Demand(leads=True)])
    made = solve(asked, seconds=20)
    assert [gap for gap in explain(asked, made) if not gap.leads] == []
    assert [each for each in check(asked, made) if each.hard] == []


def test_one_seed_gives_one_roster() -> None:
    asked = problem([person(f"人{index}", "police") for index in range(6)], days=4, demands=[Demand("police")])
    first, second = (solve(asked, seconds=0.3, seed=7, repeatable=True) for _ in range(2))
    assert first.assignments == second.assignments


def test_a_shortage_says_who_was_kept_away_and_why() -> None:
    people = [
        person("安娜", "health", unavailable=(Span(at(-1, 0), at(9, 0), "leave"),)),
        person("王强", "health", home=FAR),
        person("李雪", "health", past=(Span(at(0, 0), at(0, 6)),)),
        person("赵敏", "police"),
    ]
    asked = problem(people, days=1, demands=[Demand("health", 1, at(0, 7).time(), at(0, 15).time())])
    made = solve(asked, seconds=5)
    [short] = explain(asked, made)
    assert (short.post, short.start, short.end, short.role, short.missing) == (
        "卡点1",
        at(0, 7),
        at(0, 15),
        "health",
        1,
    )
    assert {(reason.code, reason.count) for reason in short.reasons} == {("leave", 1), ("far", 1), ("rest", 1)}


def test_the_pigeonhole_is_counted() -> None:
    asked = problem([person("安娜", "police"), person("王强", "police")], days=7, demands=[Demand("police")])
    made = solve(asked, seconds=5)
    hole = explain(asked, made)[0].pigeonhole
    assert hole is not None
    assert (hole.people, hole.most, hole.need) == (2, 12, 21)
    assert made.missing == 9
    assert made.bound == made.cost


def test_a_need_at_an_hour_without_shift_and_a_role_nobody_holds() -> None:
    asked = problem([person("安娜")], days=1, demands=[Demand("doctor")])
    assert explain(asked, solve(asked, seconds=2))[0].reasons[0].code == "no_holder"
    asked = replace(asked, shifts=asked.shifts[:1], needs=tuple(replace(need, role="") for need in asked.needs))
    assert [each.reasons[0].code for each in explain(asked, solve(asked, seconds=2))] == ["no_shift"]


def test_nobody_at_all_is_answered() -> None:
    asked = problem([], days=1)
    made = solve(asked, seconds=1)
    assert made.assignments == ()
    assert made.missing == 3


def test_promises_are_kept_unless_a_limit_forbids() -> None:
    shifts = [shift.id for shift in problem([], days=2).shifts]
    people = [person("安娜", fixed=frozenset(shifts[:2])), person("王强"), person("李雪"), person("赵敏")]
    asked = problem(people, days=2)
    made = solve(asked, seconds=5)
    held = {one.shift for one in made.assignments if one.responder == "安娜"}
    assert len(held & set(shifts[:2])) == 1  # no eleven hours lie between them
    [lost] = broken_promises(asked, made)
    assert (lost.responder, lost.code) == ("安娜", "rest")


def test_wishes_and_nights_are_shared_out() -> None:
    day_off = Wish(Span(at(2, 0), at(3, 0)), weight=5)
    people = [person("安娜", wishes=(day_off,)), *(person(f"人{index}") for index in range(6))]
    asked = problem(people, days=7)
    made = solve(asked, seconds=15)
    held = {one.shift: one.responder for one in made.assignments}
    off = [shift for shift in asked.shifts if shift.start < at(3, 0) and at(2, 0) < shift.end]
    assert made.missing == 0
    assert "安娜" not in {held[shift.id] for shift in off}
    nights = [who for shift, who in held.items() if shift.endswith("T2300")]
    assert max(nights.count(who) for who in nights) == 1


def test_many_posts_are_made_apart_and_then_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "EXACT", 0)
    people = [person(f"人{index}", "police" if index % 2 else "health", leads=index % 3 == 0) for index in range(24)]
    asked = problem(people, posts=3, days=3, demands=[Demand("police"), Demand("health"), Demand(leads=True)])
    told: list[str] = []
    made = solve(asked, seconds=8, progress=lambda now: told.append(now.stage))
    assert made.method == "decomposed"
    assert [each for each in check(asked, made) if each.hard] == []
    assert 0 < made.bound <= made.cost or made.cost == 0
    assert made.cost <= greedy(asked).cost
    assert {"greedy", "bound", "exchange"} <= set(told)
    assert LIMITS.rest.total_seconds() == 11 * 3600


def test_the_bound_knows_that_one_day_can_hold_several_shifts() -> None:
    """Without rest to keep, one person may serve 15:00-23:00 and 23:00-07:00 of the one day the limits allow."""
    free = replace(LIMITS, rest=timedelta(0), nights_in_row=1, days_in_row=1, shifts_in_week=2)
    asked = problem([person("甲", "police")], days=1, demands=[Demand("police", 1)], limits=free)
    made = solve(asked, seconds=5)
    assert (made.missing, made.bound) == (1, made.cost)
    assert relax(Frame(asked), 5).bound <= made.cost
