"""Turns published are owed; posts left without people are seen."""

from datetime import timedelta

import pytest

from bulou.ledger import queries as ledger
from bulou.ledger.actions import rebuild
from bulou.ledger.rules import State
from bulou.rosters import actions, queries
from bulou.rosters.models import Shift
from bulou.rosters.rules.registers import NewPost, NewResponder, Refused
from bulou.rosters.rules.turns import Turn
from bulou.rosters.tests.conftest import AT, BY, COUNTY, HOUR, TOP, VILLAGE, clock
from bulou.rosters.tests.written import empty_seconds


def day(here, day=6):
    """Return a day of three turns: a leader and one other in each."""
    a, b, c, d, e, f = here.people
    return [
        Turn(here.post, a, clock("07:00", day), clock("15:00", day), "police", True),
        Turn(here.post, b, clock("07:00", day), clock("15:00", day), "health"),
        Turn(here.post, c, clock("15:00", day), clock("23:00", day), "police", True),
        Turn(here.post, d, clock("15:00", day), clock("23:00", day)),
        Turn(here.post, f, clock("23:00", day), clock("07:00", day + 1), "police", True),
        Turn(here.post, e, clock("23:00", day), clock("07:00", day + 1), "health"),
    ]


def published(here, **more):
    actions.publish(day(here), county=COUNTY, by=BY, at=AT, **more)
    found = queries.shifts(TOP, since=clock("07:00"), until=clock("07:00", 7))
    return {(each.starts_at, each.lead): each for each in found}


def gaps(here, since="07:00", until=("07:00", 7)):
    return queries.gaps_ahead(TOP, since=clock(since), until=clock(*until), only=[here.post])


def test_every_turn_is_a_duty_of_its_own_at_the_post(here):
    its = published(here)
    assert len(its) == 6
    duties = ledger.missing(VILLAGE, now=clock("06:45"), names=["shift.stand"])
    assert len(duties) == 2
    assert {each.area for each in duties} == {VILLAGE}
    first = its[clock("07:00"), True]
    assert first.state(clock("06:00")) is State.WAITING
    assert first.state(clock("07:10")) is State.OPEN
    assert first.state(clock("07:16")) is State.OVERDUE
    assert first.take and first.give
    assert its[clock("07:00"), False].take is None


def test_a_full_roster_leaves_no_gap_and_a_sick_call_shows_one_today(here):
    its = published(here)
    assert gaps(here) == []
    sick = its[clock("15:00"), True]
    actions.report_absence(COUNTY, sick.id, reason="ill", by=BY, at=clock("10:00"))
    found = gaps(here)
    assert [(each.start, each.end, each.role, each.missing) for each in found] == [
        (clock("15:00"), clock("23:00"), "police", 1)
    ]
    actions.give_turn(COUNTY, sick.id, here.people[0], reason="absence", by=BY, at=clock("11:00"))
    assert gaps(here) == []
    owed = ledger.duties_about(COUNTY, [sick.subject])
    assert {each.state(clock("16:00")) for each in owed} == {State.WAIVED}


def test_who_falls_ill_in_the_middle_of_a_turn_leaves_a_gap_until_somebody_takes_over(here):
    ill = published(here)[clock("15:00"), True]
    actions.check_in(COUNTY, ill.id, by="system:c", at=clock("14:50"))
    assert gaps(here) == []
    actions.report_absence(COUNTY, ill.id, reason="ill", by=BY, at=clock("17:00"))
    found = gaps(here, since="17:30")
    assert [(each.start, each.end, each.role, each.missing) for each in found] == [
        (clock("17:30"), clock("23:00"), "police", 1)
    ]
    actions.give_turn(COUNTY, ill.id, here.people[0], reason="absence", by=BY, at=clock("18:00"), starts=clock("18:00"))
    assert gaps(here, since="18:00") == []


def test_the_minute_a_roster_ends_is_a_gap(here):
    published(here)
    assert [(each.start, each.role) for each in gaps(here, until=("08:00", 7))] == [
        (clock("07:00", 7), ""),
        (clock("07:00", 7), "police"),
    ]


def test_a_post_without_stated_needs_must_still_not_be_empty(here):
    found = queries.gaps_ahead(TOP, since=clock("00:00"), until=clock("12:00"), only=[here.other])
    assert [(each.start, each.end, each.missing) for each in found] == [(clock("00:00"), clock("12:00"), 1)]


def test_seconds_empty_from_check_ins_and_signatures(here):
    its = published(here)
    early, late, night = (its[clock(at), True] for at in ("07:00", "15:00", "23:00"))
    actions.sign(COUNTY, early.id, side="take", present=2, open_matters="无", by="system:a", at=clock("06:58"))
    actions.sign(COUNTY, early.id, side="give", present=2, open_matters="无", by="system:a", at=clock("14:50"))
    actions.sign(COUNTY, late.id, side="take", present=2, open_matters="无", by="system:c", at=clock("15:01"))
    empty = empty_seconds(TOP, here.post, since=clock("07:00"), until=clock("23:00"))
    assert empty == 11 * 60
    # the second of the late turn had been there since 14:40: nobody missed anything
    beside = its[clock("15:00"), False]
    actions.check_in(COUNTY, beside.id, by="system:d", at=clock("14:40"))
    assert empty_seconds(TOP, here.post, since=clock("07:00"), until=clock("23:00")) == 0
    # nobody came at night, which is empty from the end of the late turn, and not counted beyond what is known
    assert empty_seconds(TOP, here.post, since=clock("07:00"), until=clock("07:00", 7), now=clock("23:30")) == 30 * 60
    assert night.came_at is None


def test_somebody_unfit_who_came_leaves_a_gap_and_is_not_there(here):
    its = published(here)
    first = its[clock("07:00"), True]
    actions.check_in(COUNTY, first.id, by=BY, at=clock("06:50"), unfit_why="38.1℃")
    assert [each.role for each in gaps(here) if each.start == clock("07:00")] == ["police"]
    now = next(each for each in queries.posts_now(TOP, clock("07:05")) if each.post.id == here.post)
    assert now.empty
    assert [each.responder for each in now.expected] == [here.people[1]]


def test_who_is_on_now(here):
    its = published(here)
    actions.check_in(COUNTY, its[clock("07:00"), False].id, by=BY, at=clock("06:50"))
    now = next(each for each in queries.posts_now(TOP, clock("07:05")) if each.post.id == here.post)
    assert [each.responder for each in now.present] == [here.people[1]]
    assert [each.responder for each in now.expected] == [here.people[0]]
    assert now.present[0].name == "柏*"


def test_nobody_stands_twice_at_once(here):
    published(here)
    twice = [Turn(here.other, here.people[0], clock("14:00"), clock("18:00"))]
    with pytest.raises(Refused, match="already stands"):
        actions.publish(twice, county=COUNTY, by=BY, at=AT)
    with pytest.raises(Refused, match="two posts at once"):
        actions.publish([*day(here, 10), *day(here, 10)], county=COUNTY, by=BY, at=AT)
    assert Shift.objects.count() == 6


def test_a_swap_lets_two_turns_go_and_opens_two(here):
    its = published(here)
    one, other = its[clock("07:00"), False], its[clock("23:00"), False]
    actions.swap(COUNTY, one.id, other.id, by=BY, at=clock("06:00"))
    now = {
        (e.starts_at, e.responder)
        for e in queries.shifts(TOP, since=clock("07:00"), until=clock("07:00", 7))
        if not e.gone
    }
    assert (clock("07:00"), here.people[4]) in now
    assert (clock("23:00"), here.people[1]) in now
    assert len(now) == 6


def test_the_same_duties_come_back_when_the_county_is_folded_again(here):
    its = published(here)
    actions.report_absence(COUNTY, its[clock("15:00"), True].id, reason="ill", by=BY, at=clock("10:00"))
    before = ledger.duties_about(COUNTY, [each.subject for each in its.values()])
    rebuild(COUNTY)
    assert ledger.duties_about(COUNTY, [each.subject for each in its.values()]) == before


def test_days_on_duty_are_counted(here):
    for d in range(6, 20):
        actions.publish(
            [Turn(here.post, here.people[0], clock("07:00", d), clock("15:00", d))], county=COUNTY, by=BY, at=AT
        )
    assert queries.days_on_duty(COUNTY, here.people[:2], on=clock("08:00", 19)) == {
        here.people[0]: 14,
        here.people[1]: 0,
    }
    for days in (1, 2, 5, 13, 14, 15):  # however far it was looked back: whoever was on longer said sixty days for ever
        back = timedelta(days=days)
        assert queries.days_on_duty(COUNTY, here.people[:1], on=clock("08:00", 19), back=back) == {here.people[0]: 14}


def test_a_thousand_turns_are_published_at_once(here):
    posts = actions.add_posts([NewPost(f"卡点{n}", VILLAGE, "village", opened_at=AT) for n in range(20)], by=BY, at=AT)
    people = actions.add_responders([NewResponder(f"测试{n}", VILLAGE) for n in range(60)], by=BY, at=AT)
    turns = [
        Turn(post, people[3 * n + third], clock("00:00", 6 + d) + third * 8 * HOUR, clock("08:00", 6 + d) + third * 8 * HOUR)
        for n, post in enumerate(posts) for d in range(14) for third in range(3)
    ]  # fmt: skip
    made = actions.publish(turns, county=COUNTY, by=BY, at=AT)
    assert len(made) == 20
    assert queries.gaps_ahead(TOP, since=clock("00:00"), until=clock("00:00", 20), only=posts) == []
    assert timedelta(days=14) == max(t.ends for t in turns) - min(t.starts for t in turns)


@pytest.mark.unscoped
def test_nothing_is_seen_without_a_scope(here):
    assert queries.posts(TOP) == []
    assert queries.responders(TOP) == []


def test_party_membership_is_refused_until_the_county_declares_it(here):
    with pytest.raises(Refused, match="party"):
        actions.add_responder(NewResponder("何田", VILLAGE, party=True), by=BY, at=AT)
    actions.declare(county=COUNTY, name="party", value=True, basis="县委组织部通知", by=BY, at=AT)
    actions.add_responder(NewResponder("何田", VILLAGE, party=True), by=BY, at=AT)
    assert queries.keeps_party(COUNTY)


def test_a_closed_post_needs_nobody(here):
    actions.close_post(COUNTY, here.other, closed_at=clock("06:00"), order="entry:x", by=BY)
    found = queries.gaps_ahead(TOP, since=clock("00:00"), until=clock("12:00"), only=[here.other])
    assert [(each.start, each.end) for each in found] == [(clock("00:00"), clock("06:00"))]
