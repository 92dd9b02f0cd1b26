"""Headquarters: an incident, its level, its rule set, one office and eight groups, who sits where."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from bulou.command import actions, queries
from bulou.command.rules import Problem, Refused, Seat, in_force
from bulou.command.tests.county import COUNTY, DAY, ELSEWHERE, NINE, TOWN, VILLAGES
from bulou.core.divisions import last_of, number_of
from bulou.core.scope import seeing

pytestmark = pytest.mark.django_db
BY = {"by": "account:anna", "at": NINE}
START = date(2020, 1, 24)
PROVINCE = number_of("610000000000")
FIRST, LATER = "cn-2020-02-community", "cn-2022-06-ninth-edition"


def level_on(incident, day):
    return in_force(queries.levels(incident), day)


@pytest.fixture
def incident():
    actions.open_incident(area=COUNTY, name="新冠肺炎疫情", disease="新冠肺炎", opened_on=START, **BY)
    return queries.find_incident(COUNTY, START)


def test_an_incident_concerns_every_area_below(incident):
    assert queries.find_incident(VILLAGES[0], START) == incident
    assert queries.find_incident(VILLAGES[0], START - DAY) is None
    assert queries.find_incident(ELSEWHERE, START) is None


def test_own_incident_before_one_above(incident):
    own = actions.open_incident(area=TOWN, name="聚集性疫情", disease="流感", opened_on=START - DAY, **BY)
    assert queries.find_incident(VILLAGES[0], START).id == own
    assert queries.find_incident(COUNTY, START) == incident


def test_a_closed_incident_lasts_to_its_last_day(incident):
    end = date(2020, 3, 1)
    actions.set_level(area=COUNTY, incident=incident.id, level=1, since=START, basis="省政府公告", **BY)
    actions.close_incident(area=COUNTY, incident=incident.id, closed_on=end, basis="终止公告", **BY)
    assert queries.find_incident(COUNTY, end).closed_on == end
    assert queries.find_incident(COUNTY, end + DAY) is None
    assert level_on(incident, end).level == 1
    assert level_on(incident, end + DAY).level == 0


def test_an_incident_cannot_end_before_it_began(incident):
    with pytest.raises(Refused, match="dates"):
        actions.close_incident(area=COUNTY, incident=incident.id, closed_on=START - DAY, basis="公告", **BY)


def test_level_on_a_date(incident):
    for level, day in ((1, date(2020, 1, 25)), (3, date(2020, 2, 28)), (2, date(2020, 2, 20))):
        actions.set_level(area=COUNTY, incident=incident.id, level=level, since=day, basis="省政府公告", **BY)
    assert level_on(incident, date(2020, 1, 24)) is None
    assert [level_on(incident, date(2020, 2, d)).level for d in (1, 19, 20, 27, 28)] == [1, 1, 2, 2, 3]


def test_a_level_needs_a_document_and_a_number(incident):
    with pytest.raises(Refused) as refused:
        actions.set_level(area=COUNTY, incident=incident.id, level=1, since=START, basis=" ", **BY)
    assert refused.value.problem is Problem.BASIS
    with pytest.raises(Refused, match="level"):
        actions.set_level(area=COUNTY, incident=incident.id, level=5, since=START, basis="公告", **BY)


def test_headquarters_lists_the_units_without_a_lead(incident):
    day = date(2020, 1, 26)
    who = {"area": COUNTY, "incident": incident.id, **BY}
    units = actions.set_up_headquarters(template=queries.template(), **who)
    assert len(units) == 9
    bare = queries.headquarters(incident, day)
    assert bare.commander is None
    assert len(bare.missing_leads) == 9
    actions.appoint(seat=Seat.COMMANDER, person="安书记", post="县委书记", since=START, **who)
    actions.appoint(seat=Seat.FIRST_DEPUTY, person="白县长", post="县长", since=START, **who)
    for n, unit in enumerate(units[:-1]):
        actions.appoint(seat=Seat.LEAD, unit=unit, person=f"常委{n}", since=START, **who)
    actions.appoint(seat=Seat.MEMBER, unit=units[0], person="安娜", since=START, **who)
    found = queries.headquarters(incident, day)
    assert (found.commander.person, found.first_deputy.person) == ("安书记", "白县长")
    assert [u.name for u in found.missing_leads] == ["第八组"]
    assert [m.person for m in found.units[0].members] == ["安娜"]
    actions.appoint(seat=Seat.LEAD, unit=units[-1], person="常委8", since=START, **who)
    full = queries.headquarters(incident, day)
    assert len(full.units) == 9
    assert all(unit.lead for unit in full.units)


def test_a_successor_ends_the_appointment_before(incident):
    who = {"area": COUNTY, "incident": incident.id, **BY}
    actions.appoint(seat=Seat.COMMANDER, person="安书记", since=START, **who)
    actions.appoint(seat=Seat.COMMANDER, person="代书记", since=START + 10 * DAY, **who)
    names = [queries.headquarters(incident, START + n * DAY).commander.person for n in (0, 9, 10)]
    assert names == ["安书记", "安书记", "代书记"]
    first = queries.appointments(incident)[0]
    assert first.until == START + 10 * DAY


def test_an_appointment_ends(incident):
    who = {"area": COUNTY, "incident": incident.id, **BY}
    seat = actions.appoint(seat=Seat.COMMANDER, person="安书记", since=START, **who)
    actions.end_appointment(appointment=seat, until=START + 2 * DAY, **who)
    assert queries.headquarters(incident, START + DAY).commander.person == "安书记"
    assert queries.headquarters(incident, START + 2 * DAY).commander is None
    with pytest.raises(Refused, match="no appointment"):
        actions.end_appointment(appointment=seat, until=START + 3 * DAY, **who)


def test_a_group_is_given_its_name_and_headquarters_is_set_up_once(incident):
    who = {"area": COUNTY, "incident": incident.id, **BY}
    units = actions.set_up_headquarters(template=queries.template(), **who)
    actions.rename_unit(unit=units[1], name="医疗救治组", **who)
    unit = queries.headquarters(incident, START).units[1]
    assert (unit.name, unit.named) == ("医疗救治组", True)
    with pytest.raises(Refused, match="set up"):
        actions.set_up_headquarters(template=queries.template(), **who)


def test_rule_set_in_force_by_day(incident):
    say = {"basis": "机制发〔2020〕5号", **BY}
    summer = NINE + timedelta(days=900)
    assert queries.rules_at(610927, NINE) == FIRST  # the latest that ships and has begun, until one is declared
    assert (queries.rules_at(610927, summer), queries.rules_at(610927, NINE - timedelta(days=90))) == (LATER, "")
    actions.use_ruleset(area=COUNTY, name=FIRST, since=date(2020, 2, 1), **say)
    assert queries.rules_at(610927, summer) == FIRST
    actions.use_ruleset(area=PROVINCE, name=LATER, since=date(2022, 8, 1), **say)
    assert queries.rules_at(610927, summer) == FIRST
    assert queries.rules_at(610927, summer + timedelta(days=30)) == LATER
    assert queries.find_ruleset(VILLAGES[0], date(2020, 2, 5)).name == FIRST


def test_of_one_day_the_countys_own_rule_set_holds(incident):
    say = {"since": date(2022, 7, 1), "basis": "通知", **BY}
    actions.use_ruleset(area=COUNTY, name=FIRST, **say)
    actions.use_ruleset(area=PROVINCE, name=LATER, **say)
    assert queries.rules_at(610927, NINE + timedelta(days=900)) == FIRST


def test_a_rule_set_holds_for_a_county_or_more(incident):
    with pytest.raises(Refused, match="below county"):
        actions.use_ruleset(area=TOWN, name=FIRST, since=START, basis="通知", **BY)


@pytest.mark.parametrize(
    ("name", "since", "problem"),
    [("cn-1910", START, Problem.UNKNOWN_RULESET), (FIRST, START - DAY, Problem.RULESET_BEGINS)],
)
def test_a_rule_set_must_exist_and_have_begun(name, since, problem):
    with pytest.raises(Refused) as refused:
        actions.use_ruleset(area=COUNTY, name=name, since=since, basis="通知", **BY)
    assert refused.value.problem is problem


def test_a_batch_asks_once_for_its_rule_set(law, django_assert_num_queries):
    actions.use_ruleset(area=COUNTY, name=FIRST, since=START, basis="通知", **BY)
    with transaction.atomic(), django_assert_num_queries(1):
        assert {queries.rules_at(610927, NINE + n * DAY) for n in range(500)} == {FIRST}
    actions.use_ruleset(area=COUNTY, name=LATER, since=date(2022, 7, 1), basis="通知", **BY)
    with transaction.atomic():
        assert queries.rules_at(610927, NINE + timedelta(days=900)) == LATER


def test_who_may_see_nothing_finds_nothing(incident):
    with seeing([]):
        assert queries.find_incident(COUNTY, START) is None
        assert queries.levels(incident) == []
        assert queries.headquarters(incident, START).units == ()
        with pytest.raises(Refused, match="no area"):
            actions.open_incident(area=COUNTY, name="疫情", disease="新冠肺炎", opened_on=START, **BY)
    with seeing([(VILLAGES[0], last_of(VILLAGES[0]))]):
        assert queries.find_incident(VILLAGES[0], START) == incident
        with pytest.raises(Refused, match="no incident"):
            actions.set_level(area=COUNTY, incident=incident.id, level=1, since=START, basis="公告", **BY)
