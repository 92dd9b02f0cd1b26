"""Whoever is let in with a place to go to is expected there: two areas, one truth."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.checkpoints import queries
from bulou.checkpoints.actions import confirm_arrival, register_arrival, reveal_arrival
from bulou.checkpoints.rules.handoffs import arrival_places, read_arrival
from bulou.checkpoints.tests.made import (
    AT,
    COUNTY,
    HOUR,
    KEEP,
    LET_IN,
    MINUTE,
    OTHER_VILLAGE,
    RULES,
    SEEN,
    SYSTEM,
    VILLAGE,
    County,
    arrival,
)
from bulou.core.divisions import county_area, last_of, number_of
from bulou.core.ids import new_id
from bulou.core.scope import seeing
from bulou.ledger import law as installed
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append, rebuild
from bulou.ledger.rules import Entry, Law, State, fold
from bulou.people import actions as people_actions
from bulou.people import queries as people
from bulou.people.tests.counting import count_persons

VILLAGE_ONLY = ((VILLAGE, last_of(VILLAGE)),)
POST_ONLY = ((County.post_area, last_of(County.post_area)),)


def test_the_duty_lies_in_the_village_and_not_at_the_post(county: County) -> None:
    county.passes()
    with seeing(VILLAGE_ONLY):
        duties = ledger.missing(VILLAGE, now=AT, names=("arrival.confirm",))
    assert [d.area for d in duties] == [VILLAGE, VILLAGE]
    with seeing(POST_ONLY):
        assert ledger.missing(County.post_area, now=AT, names=("arrival.confirm",)) == []


def test_a_village_reads_who_is_coming_and_only_to_it(county: County) -> None:
    county.passes()
    county.passes(destination="610927101201")
    with seeing(VILLAGE_ONLY):
        found = queries.expected(VILLAGE, now=AT, keep_days=KEEP)
        assert [one.name for one in found] == ["安*", "巴*"]
        assert found[0].phone == "138****8000"
        assert (found[0].address, found[0].plate, found[0].follow_days) == ("一组3号", "鄂A12345", 14)
        assert queries.expected(OTHER_VILLAGE, now=AT, keep_days=KEEP) == []


def test_a_vehicle_that_lies_is_overdue_at_the_village_and_on_the_post(county: County) -> None:
    subject = arrival(county.passes())
    later = AT + 91 * MINUTE
    county.write("not_arrived", subject, {"tried": ["phoned"], "address_unknown": "yes"}, AT + HOUR)
    with seeing(VILLAGE_ONLY):
        assert {one.state for one in queries.expected(VILLAGE, now=later, keep_days=KEEP)} == {State.OVERDUE}
    with seeing(POST_ONLY):
        mine = queries.handed_off(COUNTY, county.post.subject, now=later, since=AT - HOUR, keep_days=KEEP)
        (line,) = queries.post_lines(County.post_area, now=later)
    assert [(one.state, one.answers[-1].kind if one.answers else "") for one in mine] == [
        (State.OVERDUE, "not_arrived"),
        (State.OVERDUE, ""),
    ]
    assert (line.unconfirmed, line.overdue) == (2, 2)
    found = [d for d in ledger.missing(county_area(COUNTY), now=later) if d.name == "arrival.find"]
    assert [(d.owed_by, d.area) for d in found] == [("role:county_desk", VILLAGE)]


def test_the_answer_goes_back_to_the_post(county: County) -> None:
    entry = county.passes()
    with seeing(VILLAGE_ONLY):
        receipt = confirm_arrival(
            county=COUNTY, subject=arrival(entry), body=SEEN, by=SYSTEM, at=AT + HOUR, keep_days=KEEP
        )
    assert receipt.outcome == "applied"
    with seeing(POST_ONLY):
        mine = queries.handed_off(COUNTY, county.post.subject, now=AT + 2 * HOUR, since=AT - HOUR, keep_days=KEEP)
    states = {one.subject: (one.state, [a.where for a in one.answers]) for one in mine}
    assert states[arrival(entry)] == (State.MET, ["here"])
    assert states[arrival(entry, 2)] == (State.OVERDUE, [])


def test_another_post_or_a_stranger_sees_nothing(county: County) -> None:
    county.passes()
    with seeing(((OTHER_VILLAGE, last_of(OTHER_VILLAGE)),)), pytest.raises(LookupError):
        queries.handed_off(COUNTY, county.post.subject, now=AT, since=AT - HOUR, keep_days=KEEP)
    with seeing(()):
        assert queries.expected(VILLAGE, now=AT, keep_days=KEEP) == []


def test_whoever_arrives_is_in_the_register_once(county: County) -> None:
    subject = arrival(county.passes())
    for _ in range(2):
        confirm_arrival(county=COUNTY, subject=subject, body=SEEN, by=SYSTEM, at=AT + HOUR, keep_days=KEEP)
    again = arrival(county.passes(AT + 5 * HOUR))
    confirm_arrival(county=COUNTY, subject=again, body=SEEN, by=SYSTEM, at=AT + 6 * HOUR, keep_days=KEEP)
    assert [p.name for p in people.persons_in(VILLAGE)] == ["安*"]


def test_the_register_recognises_by_name_and_phone_and_keeps_its_id(county: County) -> None:
    known = people_actions.register_person(name="巴勇", area=VILLAGE, phone="13800138001", by=SYSTEM, at=AT - HOUR)
    subject = arrival(county.passes(), 2)
    follow = {"follow": "yes", "follow_reason": "returnee", "basis": "表", "days": 2, "start": "2020-01-30",
              "checked_by": "village_doctor"}  # fmt: skip
    confirm_arrival(county=COUNTY, subject=subject, body={**SEEN, **follow}, by=SYSTEM, at=AT + HOUR, keep_days=KEEP)
    assert count_persons(VILLAGE) == 1
    assert {d.name for d in ledger.duties_about(COUNTY, [f"person:{known}"])} == {"followup.check"}


def test_what_a_phone_confirmed_is_registered_once(county: County) -> None:
    seen = county.write("arrival_confirmed", arrival(county.passes()), SEEN, AT + HOUR, VILLAGE).id
    for _ in range(2):
        register_arrival(ledger.get_entry(COUNTY, seen), at=AT + 2 * HOUR)
    assert count_persons(VILLAGE) == 1


def test_a_name_is_shown_in_full_only_on_record(county: County) -> None:
    subject = arrival(county.passes())
    with pytest.raises(ValueError):
        reveal_arrival(county=COUNTY, subject=subject, purpose=" ", by=SYSTEM, at=AT, keep_days=KEEP)
    shown = reveal_arrival(county=COUNTY, subject=subject, purpose="接人", by=SYSTEM, at=AT, keep_days=KEEP)
    assert (shown.name, shown.phone) == ("安娜", "13800138000")


def test_a_pass_is_a_number_only_after_its_days(county: County) -> None:
    county.passes()
    later = AT + timedelta(days=KEEP)
    (one, _) = queries.expected(VILLAGE, now=later, keep_days=KEEP)
    assert one.expired and not (one.name or one.phone or one.plate or one.address)
    assert queries.expected(VILLAGE, now=later - MINUTE, keep_days=KEEP)[0].name == "安*"
    assert queries.daily(county_area(COUNTY), first=AT.date(), days=1).count.people == 2


def test_a_destination_nobody_knows_falls_to_the_area_above(county: County) -> None:
    entry = county.passes(destination="610927100599")
    (duty, _) = ledger.missing(county_area(COUNTY), now=AT, names=("arrival.confirm",))
    assert duty.subject == arrival(entry, code="610927100599")
    assert duty.area == number_of("610927100000")


def test_a_rebuild_gives_the_same_hand_offs(county: County) -> None:
    subject = arrival(county.passes())
    county.write("arrival_confirmed", subject, SEEN, AT + HOUR, VILLAGE)
    before = ledger.duties_about(COUNTY, [subject])
    rebuild(COUNTY)
    assert ledger.duties_about(COUNTY, [subject]) == before != []


def test_a_withdrawn_pass_hands_nobody_over(county: County) -> None:
    entry = county.passes()
    written = ledger.get_entry(COUNTY, entry)
    body = {"withdrawn": True, "reason": "记错了卡点"}
    fix = Entry(new_id(), "correction", county.post.subject, written.area, AT, AT, SYSTEM, body, amends=entry)
    assert append([fix], at=AT)[0].outcome == "applied"
    assert queries.expected(VILLAGE, now=AT, keep_days=KEEP) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(0, 600), late=st.integers(-30, 30))
def test_the_window_is_the_drive_and_the_grace(minutes: int, late: int) -> None:
    """Judged by the kind alone: overdue exactly after the drive (the default without one) and half an hour."""
    law = Law(installed.current().kinds, lambda c, s: {}, lambda n, a: iter(()),
              lambda n, s: iter(()))  # fmt: skip
    body = {**LET_IN, "travel_minutes": minutes}
    entry = Entry(UUID(int=1), "vehicle_pass", "post:1", County.post_area, AT, AT, SYSTEM, body, rules=RULES.name)
    duties = fold([entry], law, COUNTY).values()
    due = AT + ((minutes or 120) + 30) * MINUTE
    assert {d.due_at for d in duties} == {due} and len(duties) == 2
    assert {d.state(due + late * MINUTE) for d in duties} == {State.OVERDUE if late > 0 else State.OPEN}


@given(st.text(max_size=60))
def test_any_subject_is_read_or_is_none(text: str) -> None:
    assert read_arrival(f"arrival:{text}") is None or text.count(".") >= 2
    arrival_places(COUNTY, [f"arrival:{text}"], lambda numbers: {})
