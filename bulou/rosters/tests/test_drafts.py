"""A roster is asked for, made, changed by hand, published."""

from datetime import date, timedelta
from functools import partial

import pytest

from bulou.jobs import actions as jobs
from bulou.jobs.rules import Work
from bulou.jobs.tests.doing import do_waiting
from bulou.rosters import actions, queries
from bulou.rosters.queries.drafts import turns_of
from bulou.rosters.rules.checking import check
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.problem import Limits
from bulou.rosters.rules.registers import Demand, NewResponder, Refused
from bulou.rosters.rules.solving import solve
from bulou.rosters.rules.turns import Turn
from bulou.rosters.tests.conftest import AT, BY, COUNTY, TOP, VILLAGE, clock
from bulou.rosters.tests.written import keep_off

LIMITS = Limits(timedelta(hours=11), clock("23:00").time(), clock("06:00").time(), timedelta(hours=2), 3, 6, 6, None)
PATTERN = ["07:00-15:00", "15:00-23:00", "23:00-07:00"]


def quick(problem, *, seconds):
    return greedy(problem)


def make(solver=quick):
    do_waiting([Work(actions.MAKING, partial(actions.make_draft, solver=solver), 60)], clock=lambda: AT)


def drafted(here, solver=quick, days=3):
    actions.set_needs(COUNTY, here.post, [Demand("police", start="07:00", end="07:00")], by=BY, at=AT)
    draft = actions.begin_draft(
        area=TOP,
        name="第一周",
        posts=[here.post],
        first=date(2020, 2, 6),
        days=days,
        pattern=PATTERN,
        limits=LIMITS,
        by=BY,
        at=AT,
    )
    assert queries.find_draft(TOP, draft).state == "running"
    make(solver)
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


def test_a_failure_is_written_down_and_tried_again_it_is_made(here):
    def broken(problem, *, seconds):
        raise RuntimeError("no memory")

    draft = drafted(here, solver=broken)
    assert (draft.stands, draft.job.why) == ("failed", "error|RuntimeError")
    assert [each.stands for each in queries.drafts(TOP)] == ["failed"]
    make()
    assert queries.find_draft(TOP, draft.id).stands == "failed"  # not by itself: it would come to the same
    actions.try_draft_again(COUNTY, draft.id, limits=LIMITS, by=BY, at=AT)
    with pytest.raises(Refused):
        actions.try_draft_again(COUNTY, draft.id, limits=LIMITS, by=BY, at=AT)
    make()
    made = queries.find_draft(TOP, draft.id)
    assert (made.stands, made.job, len(made.turns)) == ("ready", None, 9)


def test_one_that_was_stopped_is_not_made_and_keeps_what_was_promised(here):
    promised = Turn(here.post, here.people[0], clock("07:00"), clock("15:00"), "police", True)
    draft = actions.begin_draft(area=TOP, name="停", posts=[here.post], first=date(2020, 2, 6), days=1, pattern=PATTERN,
                                limits=LIMITS,
                                by=BY, at=AT, fixed=[promised])  # fmt: skip

    def stopped(problem, *, seconds):
        actions.stop_draft(COUNTY, draft, by=BY, at=AT)
        return greedy(problem)

    make(stopped)
    found = queries.find_draft(TOP, draft)
    assert (found.stands, found.turns, found.job.changed_by) == ("stopped", (promised,), BY)
    with pytest.raises(Refused):
        actions.stop_draft(COUNTY, draft, by=BY, at=AT)
    actions.try_draft_again(COUNTY, draft, limits=LIMITS, by=BY, at=AT)
    make()
    turns = queries.find_draft(TOP, draft).turns
    assert (promised.post, promised.responder, promised.starts) in {(t.post, t.responder, t.starts) for t in turns}


def test_one_of_an_older_version_of_which_nothing_is_known_can_be_tried_again(here):
    draft = actions.begin_draft(area=TOP, name="旧", posts=[here.post], first=date(2020, 2, 6), days=1, pattern=PATTERN,
                                limits=LIMITS,
                                by=BY, at=AT)  # fmt: skip
    jobs.finish(jobs.take(actions.MAKING, at=AT))  # gone, and nothing came of it
    assert queries.find_draft(TOP, draft).stands == "lost"
    actions.try_draft_again(COUNTY, draft, limits=LIMITS, by=BY, at=AT)
    make()
    assert queries.find_draft(TOP, draft).stands == "ready"


def test_the_solver_itself_makes_one(here):
    problem = queries.problem_for(TOP, [here.other], first=date(2020, 2, 6), days=1, pattern=PATTERN, limits=LIMITS)
    roster = solve(problem, seconds=3)
    assert len({turn.starts for turn in turns_of(problem, roster)}) == 3
    assert len(problem.responders) == 6
    assert roster.missing == 0
