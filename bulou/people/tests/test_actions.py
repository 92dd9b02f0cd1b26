from datetime import date, timedelta
from uuid import uuid4

import pytest

from bulou.access.queries import audit_rows
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import State
from bulou.people import actions, queries
from bulou.people.actions import Refused
from bulou.people.tests.conftest import (
    ANNA,
    ANNAS_ID,
    AT,
    BY,
    COUNTY,
    GROUP_1,
    GROUP_2,
    HOUR,
    OTHER_GROUP,
    TOP,
    VILLAGE,
    entry,
    sweep,
)

pytestmark = pytest.mark.django_db


def household(area=GROUP_1, **values):
    return actions.register_household(area=area, by=BY, at=AT, **values)


def person(home=None, name=ANNA, **values):
    return actions.register_person(household=home, county=COUNTY, name=name, by=BY, at=values.pop("at", AT), **values)


def owed(area, name, now=AT + HOUR):
    return {d.subject for d in ledger.missing(area, now=now, names=[name])}


def test_a_household_registered_during_a_sweep_is_owed_a_visit_at_once(county):
    append([sweep(VILLAGE)], at=AT)
    home = actions.register_household(area=GROUP_1, address="3号", dwelling="owner", by=BY, at=AT + HOUR)
    anna = person(home, at=AT + HOUR)
    assert {d.subject for d in ledger.missing(VILLAGE, now=AT + 2 * HOUR)} == {f"household:{home}", f"person:{anna}"}


def test_a_moved_household_takes_everybody_and_everything_owed_along(county):
    home = household()
    anna = person(home)
    append([sweep(VILLAGE)], at=AT)
    actions.move_household(county=COUNTY, household=home, area=GROUP_2, by=BY, at=AT)
    assert owed(GROUP_1, "visit") == set()
    assert owed(GROUP_2, "visit") == {f"household:{home}"}
    assert owed(GROUP_2, "seen") == {f"person:{anna}"}
    assert queries.person_page(COUNTY, anna).person.area == GROUP_2
    with pytest.raises(ValueError, match="leaves the county"):
        actions.move_household(county=COUNTY, household=home, area=410000 * 10**12, by=BY, at=AT)


def test_two_persons_merged_owe_once_and_what_was_done_for_either_counts(county):
    home = household()
    one = person(home, id_number=ANNAS_ID, is_head=True)
    other = person(home, phone="13812345678", resident="常住")
    append([sweep(VILLAGE)], at=AT)
    append([entry(2, "seen", f"person:{other}")], at=AT + HOUR)
    assert owed(VILLAGE, "seen") == {f"person:{one}"}
    merge = actions.merge_persons(county=COUNTY, kept=one, gone=other, by=BY, at=AT + HOUR, reason="同一人")
    assert owed(VILLAGE, "seen") == set()
    page = queries.person_page(COUNTY, other, masked=False)
    assert page.person.id == one and page.also == [other]
    assert (page.person.phone, page.person.resident, page.person.id_number) == ("13812345678", "常住", ANNAS_ID)
    assert [m.gone for m in page.merges] == [other]
    actions.unmerge(county=COUNTY, merge=merge, by=BY, at=AT + HOUR)
    assert owed(VILLAGE, "seen") == {f"person:{one}"}
    page = queries.person_page(COUNTY, one, masked=False)
    assert (page.person.phone, page.person.resident) == ("", "")
    assert page.merges[0].undone_at == AT + HOUR
    assert queries.person_page(COUNTY, other, masked=False).person.id == other


def test_a_merge_is_undone_only_once_and_leaves_what_was_changed_since(county):
    one, other = person(household()), person(household(), name="安 娜", phone="13812345678", birth=date(1950, 1, 1))
    merge = actions.merge_persons(county=COUNTY, kept=one, gone=other, by=BY, at=AT)
    actions.change_person(county=COUNTY, person=one, phone="13900000000", by=BY, at=AT)
    actions.unmerge(county=COUNTY, merge=merge, by=BY, at=AT)
    page = queries.person_page(COUNTY, one, masked=False)
    assert (page.person.phone, page.person.birth) == ("13900000000", None)
    with pytest.raises(LookupError):
        actions.unmerge(county=COUNTY, merge=merge, by=BY, at=AT)
    with pytest.raises(Refused, match="different"):
        actions.merge_persons(county=COUNTY, kept=one, gone=one, by=BY, at=AT)


def test_merging_gives_the_kept_person_the_id_number_and_the_head_of_the_household(county):
    home = household()
    one, other = person(home), person(home, id_number=ANNAS_ID, is_head=True)
    merge = actions.merge_persons(county=COUNTY, kept=one, gone=other, by=BY, at=AT)
    assert queries.household_page(COUNTY, home).household.head == one
    assert queries.person_page(COUNTY, one, masked=False).person.id_sure
    actions.unmerge(county=COUNTY, merge=merge, by=BY, at=AT)
    assert queries.household_page(COUNTY, home).household.head == other
    back = queries.person_page(COUNTY, one, masked=False).person
    assert (back.id_number, back.id_sure) == ("", False)


def test_merges_undone_from_the_last_to_the_first_leave_everybody_as_they_were(county):
    home = household()
    ids = [
        person(home, name=name, **more)
        for name, more in (
            (ANNA, {"phone": "13812345678"}),
            ("安那", {"id_number": ANNAS_ID}),
            ("安 娜", {"resident": "常住", "is_head": True}),
        )
    ]
    before = {i: queries.person_page(COUNTY, i, masked=False).person for i in ids}, queries.household_page(COUNTY, home)
    first = actions.merge_persons(county=COUNTY, kept=ids[0], gone=ids[1], by=BY, at=AT)
    second = actions.merge_persons(county=COUNTY, kept=ids[2], gone=ids[0], by=BY, at=AT, take=["name"])
    page = queries.person_page(COUNTY, ids[1], masked=False)
    assert (page.person.id, set(page.also), page.person.name) == (ids[2], {ids[0], ids[1]}, ANNA)
    assert queries.places(COUNTY, {f"person:{ids[1]}"})[f"person:{ids[1]}"].subject == f"person:{ids[2]}"
    with pytest.raises(Refused, match="undo that merge first"):
        actions.unmerge(county=COUNTY, merge=first, by=BY, at=AT)
    actions.unmerge(county=COUNTY, merge=second, by=BY, at=AT)
    actions.unmerge(county=COUNTY, merge=first, by=BY, at=AT)
    after = {i: queries.person_page(COUNTY, i, masked=False).person for i in ids}, queries.household_page(COUNTY, home)
    assert after == before


def test_those_who_may_be_the_same_person_are_shown_on_their_page(county):
    one, other = person(household(), phone="13812345678"), person(household(GROUP_2), phone="13812345678")
    person(household(OTHER_GROUP), phone="13812345678", name="白桦")
    assert [t.id for t in queries.person_page(COUNTY, one).twins] == [other]
    with seeing([(GROUP_1, GROUP_1)]):
        assert queries.person_page(COUNTY, one).twins == []


def test_one_sound_id_number_is_one_person_of_the_county(county):
    person(household(), id_number=ANNAS_ID)
    with pytest.raises(Refused) as refusal:
        person(household(), name="白桦", id_number=ANNAS_ID)
    assert refusal.value.code == "id of another"
    doubtful = "110105194912310021"
    person(household(), name="白桦", id_number=doubtful)
    person(household(), name="赤松", id_number=doubtful)  # a wrong digit is a reason to lose nobody


def test_an_ended_household_is_no_longer_visited_but_its_people_stay(county):
    home = household()
    anna = person(home)
    append([sweep(VILLAGE)], at=AT)
    actions.end_household(county=COUNTY, household=home, by=BY, at=AT, reason="写重了")
    assert owed(VILLAGE, "visit") == set()
    assert owed(VILLAGE, "seen") == {f"person:{anna}"}
    assert f"household:{home}" in queries.places(COUNTY, {f"household:{home}"})
    with pytest.raises(Refused):
        actions.end_household(county=COUNTY, household=home, by=BY, at=AT, reason=" ")


def test_what_was_missed_before_a_household_ended_stays_missed_and_can_no_longer_be_made_good(county):
    home = household()
    append([sweep(VILLAGE)], at=AT)
    [due] = {d.due_at for d in ledger.duties_about(COUNTY, {f"household:{home}"})}
    actions.end_household(county=COUNTY, household=home, by=BY, at=due + timedelta(days=1), reason="拆迁")
    [duty] = ledger.duties_about(COUNTY, {f"household:{home}"})
    assert duty.state(due + timedelta(days=9)) is State.OVERDUE
    assert duty.closes_at == due + timedelta(days=1)
    assert owed(VILLAGE, "visit", now=due + timedelta(days=2)) == set()


def test_what_is_registered_outside_the_scope_cannot_be_seen(county):
    home = household(OTHER_GROUP)
    anna = person(home, id_number=ANNAS_ID)
    with seeing([(VILLAGE, VILLAGE + 10**6 - 1)]):
        assert queries.persons_in(TOP) == [] and queries.households_in(TOP) == []
        assert queries.counts_by_area(TOP) == {}
        assert queries.search(ANNAS_ID, TOP).persons == []
        assert list(queries.register_rows(TOP)) == []
        assert queries.persons_by_id(TOP, [anna]) == {}
        for page, id_ in ((queries.person_page, anna), (queries.household_page, home)):
            with pytest.raises(LookupError):
                page(COUNTY, id_)
        assert not actions.reveal(
            county=COUNTY, persons=[anna], households=[home], by=BY, at=AT, purpose="看看"
        ).persons
    with seeing(()):
        assert queries.persons_in(TOP) == []
    assert {m.subject for m in queries.members("persons", TOP)} == {f"person:{anna}"}


def test_names_numbers_and_phones_are_masked_until_a_reveal_is_on_record(county):
    home = household()
    anna = person(
        home, name="张小明", id_number=ANNAS_ID, phone="13812345678", note="电话13987654321", list_name="户籍表"
    )
    shown = queries.person_page(COUNTY, anna)
    assert (shown.person.name, shown.person.phone) == ("张*明", "138****5678")
    assert "1231" not in shown.person.id_number and "13987654321" not in shown.person.note
    assert ANNAS_ID not in str(shown) and "13812345678" not in str(shown) and "张小明" not in str(shown)
    with pytest.raises(Refused):
        actions.reveal(county=COUNTY, persons=[anna], by=BY, at=AT, purpose="")
    full = actions.reveal(county=COUNTY, persons=[anna], by=BY, at=AT, purpose="上门核对")
    assert full.persons[anna].phone == "13812345678"
    (row,) = audit_rows(action="reveal").rows
    assert (row.account, row.subject, row.purpose, row.area) == (BY, f"person:{anna}", "上门核对", GROUP_1)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (ANNAS_ID, "id number"),
        ("11010519491231002x", "id number"),
        ("138 1234 5678", "phone"),
        ("安", "name"),
        ("安 娜", "name"),
    ],
)
def test_a_search_finds_by_number_phone_or_name_and_is_on_record(county, text, by):
    anna = person(household(address="幸福小区3栋501"), id_number=ANNAS_ID, phone="13812345678")
    found = actions.search(text, within=TOP, by=BY, at=AT)
    assert ([p.id for p in found.persons], found.by) == ([anna], by)
    assert found.persons[0].masked
    (row,) = audit_rows(action="search").rows
    assert row.detail["persons"] == 1 and text not in str(row.detail)


def test_a_search_finds_a_door(county):
    home = household(address="幸福小区3栋501")
    found = queries.search("3栋501", VILLAGE)
    assert [h.id for h in found.households] == [home] and found.by == "address"
    assert queries.search("  ", VILLAGE).persons == []


def test_lists_go_on_where_the_page_before_ended_and_counts_are_by_area(county):
    homes = [household(GROUP_1, address=f"{n}号", dwelling="vacant" if n == 1 else "owner") for n in range(5)]
    person(homes[0])
    first = queries.households_in(VILLAGE, limit=2)
    second = queries.households_in(VILLAGE, limit=9, after=queries.HouseholdCursor(first[-1].area, first[-1].id))
    assert [h.id for h in first + second] == sorted(homes)
    counts = queries.counts_by_area(TOP)[GROUP_1]
    assert (counts.households, counts.persons, counts.vacant) == (5, 1, 1)


def test_changing_and_the_many_ways_to_ask_wrongly(county):
    home = household()
    anna, bai = person(home), person(household(GROUP_2), name="白桦")
    actions.change_household(county=COUNTY, household=home, address="4号", head=anna, by=BY, at=AT)
    assert queries.household_page(COUNTY, home).household.address == "4号"
    with pytest.raises(Refused):
        actions.change_household(county=COUNTY, household=home, head=bai, by=BY, at=AT)
    actions.change_person(county=COUNTY, person=bai, household=home, by=BY, at=AT)
    assert {p.id for p in queries.household_page(COUNTY, home).members} == {anna, bai}
    with pytest.raises(ValueError, match="no such field"):
        actions.change_person(county=COUNTY, person=bai, area=1, by=BY, at=AT)
    with pytest.raises(LookupError):
        actions.change_person(county=COUNTY, person=uuid4(), note="x", by=BY, at=AT)
    with pytest.raises(Refused):
        actions.register_person(name=" ", area=GROUP_1, by=BY, at=AT)
    with pytest.raises(LookupError):
        person(uuid4())
    actions.end_person(county=COUNTY, person=bai, by=BY, at=AT, reason="迁出")
    assert {p.id for p in queries.persons_in(TOP)} == {anna}


def test_nobody_is_shown_unless_told(county):
    with seeing(EVERYTHING):
        assert queries.places(COUNTY, {"person:nonsense", f"person:{uuid4()}", "area:610927", "x"}) == {}
