"""A roster is asked for, made, changed by hand, published."""

from datetime import date, timedelta

import pytest

from bulou.rosters import actions, queries
from bulou.rosters.queries.drafts import turns_of
from bulou.rosters.rules.checking import check
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.problem import Limits
from bulou.rosters.rules.registers import Demand, NewResponder, Refused
from bulou.rosters.rules.solving import solve
from bulou.rosters.tests.conftest import AT, BY, COUNTY, TOP, VILLAGE, clock
from bulou.rosters.tests.written import keep_off

LIMITS = Limits(timedelta(hours=11), clock("23:00").time(), clock("06:00").time(), timedelta(hours=2), 3, 6, 6, None)
PATTERN = ["07:00-15:00", "15:00-23:00", "23:00-07:00"]


def quick(problem, *, seconds):
    return greedy(problem)


def drafted(here, solver=quick, days=3):
    actions.set_needs(COUNTY, here.post, [Demand("police", start="07:00", end="07:00")], by=BY, at=AT)
    draft = actions.begin_draft(
        area=TOP, name="第一周", posts=[here.post], first=date(2020, 2, 6), days=days, pattern=PATTERN, by=BY, at=AT
    )
    assert queries.find_draft(TOP, draft).state == "running"
    actions.run_draft(COUNTY, draft, limits=LIMITS, clock=lambda: AT, solver=solver)
    return queries.find_draft(TOP, draft)


def test_it_is_made_and_published_and_leaves_no_gap(here):
    actions.add_responders(
        [NewResponder(f"民警{n}", VILLAGE, roles=("police", "leader")) for n in range(6)], by=BY, at=AT
    )
    draft = drafted(here)
    assert (draft.state, draft.said["missing"]) == ("ready", 0)
    assert len(draft.turns) == 9
    actions.publish_draft(COUNTY, draft.id, by=BY, at=AT)
    assert queries.find_draft(TOP, draft.id).state == "published"
    assert queries.gaps_ahead(TOP, since=clock("07:00"), until=clock("07:00", 9), only=[here.post]) == []
    with pytest.raises(Refused):
        actions.publish_draft(COUNTY, draft.id, by=BY, at=AT)


def test_who_cannot_serve_is_left_out_and_what_is_short_is_said(here):
    for who in here.people:
        keep_off(COUNTY, who, reason="exposed", first=date(2020, 2, 1), last=date(2020, 2, 14), by=BY, at=AT)
    draft = drafted(here)
    assert draft.turns == ()
    assert draft.said["missing"] == 9


def test_a_change_by_hand_shows_what_it_breaks(here):
    draft = drafted(here, days=1)
    problem = queries.problem_for(TOP, [here.post], first=draft.first, days=1, pattern=PATTERN, limits=LIMITS)
    assert not [f for f in check(problem, queries.roster_of(draft.turns)) if f.hard]
    all_by_one = [type(t)(t.post, here.people[0], t.starts, t.ends, t.role, t.lead) for t in draft.turns]
    actions.change_draft(COUNTY, draft.id, all_by_one, by=BY, at=AT)
    changed = queries.find_draft(TOP, draft.id)
    assert {f.code for f in check(problem, queries.roster_of(changed.turns)) if f.hard} == {"rest"}


def test_a_failure_is_written_down(here):
    def broken(problem, *, seconds):
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        drafted(here, solver=broken)
    assert [(each.state, each.said["failure"]) for each in queries.drafts(TOP)] == [
        ("failed", "RuntimeError: no memory")
    ]


def test_the_solver_itself_makes_one(here):
    problem = queries.problem_for(TOP, [here.other], first=date(2020, 2, 6), days=1, pattern=PATTERN, limits=LIMITS)
    roster = solve(problem, seconds=3)
    assert len({turn.starts for turn in turns_of(problem, roster)}) == 3
    assert len(problem.responders) == 6
    assert roster.missing == 0
