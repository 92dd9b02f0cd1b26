"""Teams: findings at the threshold, counts that never add what overlaps, the contact matrix as of a day."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.rosters import actions, queries
from bulou.rosters.actions import NewContact, NewStand, NewTeam
from bulou.rosters.rules.registers import NewResponder, Refused
from bulou.rosters.rules.teams import Team, count, findings
from bulou.rosters.rules.turns import Turn
from bulou.rosters.tests.conftest import AT, BY, COUNTY, TOP, VILLAGE, clock

DAY = date(2020, 2, 6)
RULES = {"team.minimum": ("joint_defence:10",), "team.wanted": ("shock:3",)}
PEOPLE = [UUID(int=n) for n in range(1, 30)]


def team(members, *labels, **more):
    return Team(uuid4(), "队", frozenset(labels), frozenset(members), lead=PEOPLE[0], **more)


def codes(teams, party_at=None, kept=True):
    return [(f.code, f.found, f.asked) for f in findings(teams, party_at or {}, RULES.__getitem__, party_is_kept=kept)]


def test_nine_are_no_joint_defence_team_and_ten_are():
    assert codes([team(PEOPLE[:9], "joint_defence")]) == [("small", 9, 10)]
    assert codes([team(PEOPLE[:10], "joint_defence")]) == []
    assert codes([team([], "joint_defence", head_count=10)]) == []


def test_two_party_members_at_a_post_ask_for_no_team_and_three_do():
    post = UUID(int=99)
    assert codes([], {post: 2}) == []
    assert codes([], {post: 3}) == [("no_team", 3, 3)]
    assert codes([team(PEOPLE[:3], "shock", post=post)], {post: 3}) == []
    assert codes([team(PEOPLE[:3], "vanguard", post=post)], {post: 3}) == [("no_team", 3, 3)]
    assert codes([], {post: 3}, kept=False) == []


def test_a_team_with_two_labels_is_one_team():
    counted = count([team(PEOPLE[:5], "shock", "vanguard"), team(PEOPLE[3:8], "vanguard")])
    assert counted.distinct == 2
    assert counted.by_label == {"shock": 1, "vanguard": 2}
    assert (counted.persons, counted.places) == (8, 10)


@given(st.lists(st.tuples(st.frozensets(st.sampled_from(PEOPLE)), st.frozensets(st.sampled_from("abc"), min_size=1))))
def test_persons_are_never_more_than_memberships_and_kinds_never_fewer_than_teams(drawn):
    counted = count([team(members, *labels) for members, labels in drawn])
    assert counted.persons <= counted.places
    assert counted.distinct == len(drawn) == sum(counted.by_labels.values())
    assert sum(counted.by_label.values()) >= counted.distinct


def test_findings_from_the_registers(here):
    actions.declare(county=COUNTY, name="party", value=True, basis="通知", by=BY, at=AT)
    members = actions.add_responders([NewResponder(f"测试{n}", VILLAGE, party=True) for n in range(3)], by=BY, at=AT)
    turns = [Turn(here.post, who, clock("07:00"), clock("15:00")) for who in members]
    actions.publish(turns[:2], county=COUNTY, by=BY, at=AT)
    assert queries.team_findings(TOP, on=DAY, get=RULES.__getitem__) == []
    actions.publish(turns[2:], county=COUNTY, by=BY, at=AT)
    found = queries.team_findings(TOP, on=DAY, get=RULES.__getitem__)
    assert [(each.code, each.post, each.found) for each in found] == [("no_team", here.post, 3)]
    new = NewTeam("东沟垭突击队", VILLAGE, ("shock",), DAY, post=here.post, lead=members[0], members=tuple(members))
    made = actions.add_teams([new], by=BY, at=AT)
    assert queries.team_findings(TOP, on=DAY, get=RULES.__getitem__) == []
    assert queries.team_counts(TOP, on=DAY).persons == 3
    actions.end_member(COUNTY, made[0], members[2], until=date(2020, 2, 10), by=BY, at=AT)
    assert queries.team_counts(TOP, on=date(2020, 2, 9)).persons == 3
    assert queries.team_counts(TOP, on=date(2020, 2, 10)).persons == 2


def test_a_label_must_be_on_the_countys_list(here):
    new = NewTeam("敢死队", VILLAGE, ("dare",), DAY)
    with pytest.raises(Refused, match="no such label"):
        actions.add_teams([new], by=BY, at=AT)
    actions.declare(
        county=COUNTY, name="labels", value=[["dare", "敢死队", "Forlorn hope"]], basis="县里自定", by=BY, at=AT
    )
    actions.add_teams([new], by=BY, at=AT)


def test_zones_and_the_matrix_as_of_a_day(here):
    actions.add_stands([NewStand("zone", f"责任区{n}", VILLAGE, DAY) for n in range(103)], by=BY, at=AT)
    actions.add_stands([NewStand("pioneer", f"先锋岗{n}", VILLAGE, DAY) for n in range(97)], by=BY, at=AT)
    assert queries.stand_counts(TOP, on=DAY) == {"zone": 103, "pioneer": 97, "service": 0}
    ids = actions.add_contacts(
        COUNTY, [NewContact("林*", DAY, department="卫健局"), NewContact("林*", DAY, area=VILLAGE)], by=BY, at=AT
    )
    actions.end_contact(COUNTY, ids[0], until=date(2020, 2, 10), by=BY, at=AT)
    assert len(queries.contacts(COUNTY, on=date(2020, 2, 9))) == 2
    assert [line.area for line in queries.contacts(COUNTY, on=date(2020, 2, 10))] == [VILLAGE]
    with pytest.raises(Refused):
        actions.add_contacts(COUNTY, [NewContact("林*", DAY)], by=BY, at=AT)
