"""A fast lane asserts nothing that the register or an earlier entry contradicts, on the phone and before the server."""

from datetime import timedelta

import pytest

from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.field.queries import standing
from bulou.field.tests.test_work import Shown
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.people import queries as people
from bulou.people.actions import change_household

pytestmark = pytest.mark.django_db
BY = "system:test"


def wrote(village, kind, subject, body, at=None):
    at = at or now() - timedelta(days=1)
    entry = Entry(new_id(), kind, subject, village.grids[0], at, at, BY, body)
    assert append([entry], at=at)[0].outcome == "applied"
    return entry


def open_on(shown, subject, kind="household_visit", lane="all_well"):
    return shown.cards[subject].get("lanes", {}).get(kind, {}).get(lane, {})


def test_a_household_with_nothing_against_it_is_offered_the_lane_as_it_is(village, anna):
    shown = Shown(anna)
    shown.pull()
    assert open_on(shown, village.subject(0)) == {}


def test_who_came_back_from_wuhan_ten_days_ago_is_asked(village, anna):
    at, shown = now() - timedelta(days=10), Shown(anna)
    person = f"person:{village.persons[village.households[0]][0]}"
    body = village.visit(0, nobody_returned="no")
    body["members"][0] |= {"returned": "yes", "returned_on": (at - timedelta(days=1)).date().isoformat(),
                           "returned_from": "湖北武汉", "contacts": ["outbreak_area"]}  # fmt: skip
    wrote(village, "household_visit", village.subject(0), body, at)
    shown.pull()
    assert open_on(shown, village.subject(0))["asks"] == [["members.returned", person], ["members.contacts", person]]

    fills = {"lane": "all_well"}
    lied = wrote(village, "household_visit", village.subject(0), village.visit(0, **fills))
    home = people.household_page(610927, village.households[0])
    before = ledger.entries_about(610927, [village.subject(0), person])
    doubts = standing.doubts_about(lied, [home.household], home.members, before, [])
    assert doubts == [("members.returned", person), ("members.contacts", person)]
    asked = wrote(village, "household_visit", village.subject(0),
                  village.visit(0, lane="all_well members.returned members.contacts"))  # fmt: skip
    assert standing.doubts_about(asked, [home.household], home.members, before, []) == []


def test_symptoms_and_follow_up_are_asked_about(village, anna):
    shown, second = Shown(anna), village.persons[village.households[2]][1]
    body = village.visit(2)
    body["members"][1] |= {"temperature": 38.1}
    wrote(village, "household_visit", village.subject(2), body)
    order = {"reason": "returnee", "basis": "令", "days": 14, "start_basis": "departure",
             "start": (now() - timedelta(days=2)).date().isoformat(), "checked_by": "grid_worker"}  # fmt: skip
    followed = f"person:{village.persons[village.households[4]][0]}"
    wrote(village, "followup_order", followed, order)
    shown.pull()
    assert open_on(shown, village.subject(2))["asks"] == [["members.symptoms", f"person:{second}"]]
    assert open_on(shown, f"person:{second}", "health_check", "normal")["asks"] == [["symptoms", ""]]
    assert {key for key, who in open_on(shown, village.subject(4))["asks"] if who == followed} == {
        "members.returned", "members.contacts", "members.symptoms"}  # fmt: skip


@pytest.mark.parametrize("dwelling", ["vacant", "unassigned"])
def test_nobody_is_at_home_where_nobody_lives(village, anna, dwelling):
    change_household(county=610927, household=village.households[0], dwelling=dwelling, by=BY, at=now())
    shown = Shown(anna)
    shown.pull()
    assert open_on(shown, village.subject(0)) == {"never": dwelling}
    assert open_on(shown, village.subject(0), lane="nobody_home") == {}
