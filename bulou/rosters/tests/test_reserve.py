"""A post calls, the reserve is matched, sent, and arrives; who was called back and is missing."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.ledger.rules import State
from bulou.rosters import actions, queries
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.reserve import Call, Reservist, match
from bulou.rosters.rules.turns import Turn
from bulou.rosters.tests.conftest import AT, BY, COUNTY, HOUR, TOP, clock
from bulou.rosters.tests.written import excuse, keep_off, report_returns

REST = 11 * HOUR
FIRST, LAST = date(2020, 2, 5), date(2020, 2, 29)


def signed_up(here, people, skills=("health",), contact=False, accepted=True):
    made = actions.sign_up(COUNTY, people, skills=skills, first=FIRST, last=LAST, contact=contact, by=BY, at=AT)
    actions.answer_signups(COUNTY, made, accepted=accepted, by=BY, at=AT + HOUR, reason="另有安排")
    return made


def called(here, **changes):
    said = {"how_many": 2, "skills": ["general"], "reasons": ["traffic"], "until": clock("08:00", 20), **changes}
    actions.call_for_help(COUNTY, here.post, by=BY, at=clock("15:00", 5), **said)
    return queries.calls(TOP, now=clock("15:00", 5))[0]


def test_called_on_one_day_relieved_on_the_next(here):
    signed_up(here, here.people[:3])
    call = called(here)
    assert call.dispatch.state(clock("16:00", 5)) is State.OPEN
    found = queries.candidates(call, now=clock("16:00", 5), rest=REST)
    assert {name for _, name in found} == {"安*", "柏*", "陈*"}
    turns = actions.send(COUNTY, call.entry, here.people[:2], until=clock("08:00", 20), by=BY, at=clock("18:00", 5))
    actions.arrive(COUNTY, turns[0], by=BY, at=clock("09:00", 6))
    now = queries.calls(TOP, now=clock("19:00", 6))[0]
    assert now.dispatch.state(clock("19:00", 6)) is State.MET
    assert now.arrived == 1
    assert [one.state(clock("19:00", 6)) for one in now.sent] == [State.MET, State.OVERDUE]
    assert [one.id for one, _ in queries.candidates(now, now=clock("19:00", 6), rest=REST)] == [str(here.people[2])]


def test_the_declined_the_exposed_and_the_ill_are_not_sent(here):
    signed_up(here, here.people[:1], accepted=False)
    signed_up(here, here.people[1:2], contact=True)
    signed_up(here, here.people[2:4])
    keep_off(COUNTY, here.people[2], reason="exposed", first=FIRST, last=date(2020, 2, 18), by=BY, at=AT)
    found = queries.candidates(called(here), now=clock("16:00", 5), rest=REST)
    assert [one.id for one, _ in found] == [str(here.people[3])]


def test_nobody_is_sent_straight_from_a_night(here):
    signed_up(here, here.people[:1])
    night = Turn(here.other, here.people[0], clock("23:00", 4), clock("07:00", 5))
    actions.publish([night], county=COUNTY, by=BY, at=AT - 12 * HOUR)
    call = called(here)
    assert queries.candidates(call, now=clock("16:00", 5), rest=REST) == []
    assert len(queries.candidates(call, now=clock("18:00", 5), rest=REST)) == 1


def test_a_call_without_an_end_is_refused(here):
    with pytest.raises(Refused):
        called(here, until=clock("14:00", 5))


def test_who_was_called_back_and_is_missing(here):
    import_file(division_files()["zhenping"], by=BY, at=AT)
    actions.call_back(
        area=TOP, title="返岗", basis="通知", deadline=clock("18:00", 5), responders=here.people, by=BY, at=AT
    )
    report_returns(COUNTY, here.people[:3], by=BY, at=clock("12:00", 5))
    excuse(COUNTY, here.people[3], reason="exposed", until=date(2020, 2, 18), by=BY, at=clock("12:00", 5))
    muster = queries.musters(TOP, now=clock("19:00", 5))[0]
    assert (muster.called, muster.returned, muster.excused, muster.missing, muster.share) == (6, 3, 1, 2, 0.5)
    rows = queries.called_back(muster, now=clock("19:00", 5))
    assert [row.name for row in rows if row.state is State.OVERDUE] == ["方*", "顾*"]


hours = st.integers(0, 200).map(lambda n: clock("00:00") + timedelta(hours=n))
people = st.lists(
    st.builds(
        Reservist,
        id=st.uuids().map(str),
        skills=st.frozensets(st.sampled_from(["health", "police", "driver"])),
        free_from=st.none() | hours,
        busy_from=st.none() | hours,
        km=st.none() | st.floats(0, 300),
        served=st.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # of the machine, not of the rule
@given(people, st.frozensets(st.sampled_from(["health", "police", "general"]), min_size=1), hours, st.integers(1, 240))
def test_whoever_is_matched_can_do_it_has_rested_and_lives_near_enough(reserve, skills, starts, length):
    call = Call(2, skills, starts, starts + timedelta(hours=length))
    by_id = {one.id: one for one in reserve}
    found = match(call, reserve, rest=REST, most_km=100)
    assert len({one.id for one in found}) == len(found)
    for one in (by_id[each.id] for each in found):
        assert "general" in skills or one.skills & skills
        assert one.free_from is None or one.free_from + REST <= starts
        assert one.busy_from is None or one.busy_from >= call.ends
        assert one.km is None or one.km <= 100
    assert found == match(call, reversed(reserve), rest=REST, most_km=100)
