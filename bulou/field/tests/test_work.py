import gzip
import json
from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access.actions import grant, revoke_grant
from bulou.access.queries import grants_of
from bulou.core.divisions import code_of, county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.field import actions
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.field.tests.world import VILLAGE, order
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.people.actions import merge_persons, move_household, register_household, register_person

pytestmark = pytest.mark.django_db
BY = "system:test"


class Shown:
    """What a phone shows: it takes page after page as the app does."""

    def __init__(self, phone: TestPhone) -> None:
        self.phone, self.cursor = phone, ""
        self.duties: dict[str, dict] = {}
        self.cards: dict[str, dict] = {}
        self.forms: list[dict] = []
        self.areas: list[dict] = []

    def pull(self) -> dict:
        while True:
            said = self.phone.pull(self.cursor)
            if said["reset"]:
                self.duties, self.cards = {}, {}
            self.duties.update({duty["id"]: duty for duty in said["duties"]})
            self.cards.update({card["subject"]: card for card in said["cards"]})
            for id_ in said["done"]:
                self.duties.pop(id_)
            for subject in said["gone"]:
                self.cards.pop(subject)
            self.forms, self.areas = said["forms"] or self.forms, said["areas"] or self.areas
            self.cursor = said["cursor"]
            if not said["more"]:
                return said

    def owed(self, name: str = "sweep.household") -> set[str]:
        return {duty["subject"] for duty in self.duties.values() if duty["name"] == name}


@pytest.fixture
def shown(anna) -> Shown:
    return Shown(anna)


def test_phone_is_told_what_its_worker_owes_and_nobody_elses(village, anna, shown):
    shown.pull()
    mine, others = {village.subject(i) for i in (0, 2, 4, 6, 8)}, {village.subject(i) for i in (1, 3, 5, 7, 9)}
    assert shown.owed() == mine
    assert mine <= set(shown.cards)
    assert not others & set(shown.cards)
    assert {duty["subject"] for duty in shown.duties.values()} <= set(shown.cards)
    assert [area["code"] for area in shown.areas] == [code_of(village.grids[0])]


def test_no_whole_name_or_number_is_on_a_phone(village, anna, shown):
    shown.pull()
    text = json.dumps([shown.cards, shown.duties], ensure_ascii=False)
    assert "王大勇" not in text and "13800000000" not in text
    card = shown.cards[f"person:{village.persons[village.households[0]][0]}"]
    assert (card["title"], card["phone_masked"]) == ("王*勇", "138****0000")
    assert card["household"] == village.subject(0)


def test_form_begins_with_the_order_and_the_members(village, anna, shown):
    shown.pull()
    duty = next(
        d for d in shown.duties.values() if d["subject"] == village.subject(0) and d["name"] == "sweep.household"
    )
    first = duty["answers"][0]
    assert first["kind"] == "household_visit"
    assert first["prefill"] == {"look_back_date": "2020-01-10", "look_back_included": "yes"}
    rows = shown.cards[village.subject(0)]["prefill"]["household_visit"]["members"]
    assert rows == [{"person": f"person:{one}"} for one in village.persons[village.households[0]]]
    assert [shown.cards[row["person"]]["title"] for row in rows] == ["王*勇", "李*英"]


def test_second_pull_says_nothing_and_a_third_only_what_changed(village, anna, shown):
    shown.pull()
    said = shown.pull()
    assert (said["duties"], said["cards"], said["done"], said["gone"], said["forms"], said["reset"]) == (
        [],
        [],
        [],
        [],
        [],
        False,
    )
    anna.record("household_visit", village.subject(0), village.grids[0], now(), village.visit(0))
    assert anna.outcomes() == ["applied"]
    said = shown.pull()
    assert len(said["done"]) >= 1 and said["cards"] == []
    assert village.subject(0) not in shown.owed()


def test_answer_lost_on_the_way_is_given_again(village, anna, shown):
    shown.pull()
    before = shown.cursor
    home = register_household(area=village.grids[0], by=BY, at=now(), list_name="补", number="99", address="99号")
    lost = anna.pull(before)
    assert [card["subject"] for card in lost["cards"]] == [f"household:{home}"]
    shown.pull()
    assert f"household:{home}" in shown.cards
    assert f"household:{home}" in shown.owed()
    assert anna.pull("never-heard-of")["reset"]


def test_household_that_moves_away_leaves_the_phone(village, anna, shown):
    bayong = Shown(enrolled(village.accounts["bayong"], [village.grids[1]], now()))
    shown.pull(), bayong.pull()
    move_household(county=county_of(VILLAGE), household=village.households[0], area=village.grids[1], by=BY, at=now())
    said = shown.pull()
    assert village.subject(0) in said["gone"]
    assert village.subject(0) not in shown.owed()
    bayong.pull()
    assert village.subject(0) in bayong.owed()
    assert village.subject(0) in bayong.cards


def test_person_merged_with_another_leaves_the_phone(village, anna, shown):
    shown.pull()
    home = village.households[0]
    twin = register_person(name="王大勇", by=BY, at=now(), household=home, county=county_of(VILLAGE), list_name="补")
    shown.pull()
    assert f"person:{twin}" in shown.cards
    merge_persons(county=county_of(VILLAGE), kept=village.persons[home][0], gone=twin, reason="同一人", by=BY, at=now())
    shown.pull()
    assert f"person:{twin}" not in shown.cards


def test_what_the_worker_may_no_longer_see_leaves_the_phone(village, anna, shown):
    shown.pull()
    revoke_grant(grant=grants_of(village.accounts["anna"])[0].id, by=BY, at=now())
    shown.pull()
    assert (shown.cards, shown.duties, shown.areas) == ({}, {}, shown.areas)
    grant(account=village.accounts["anna"], role="grid_worker", area=village.grids[1], by=BY, at=now())
    shown.pull()
    assert shown.cards == {}  # the phone is bound to the first grid
    actions.renew(device=UUID(anna.device), days=30, areas=[village.grids[1]], by=BY, at=now())
    shown.pull()
    assert shown.owed() == {village.subject(i) for i in (1, 3, 5, 7, 9)}


def test_new_order_reaches_the_phone_before_it_opens(village, anna, shown):
    shown.pull()
    before = len(shown.duties)
    order(village, now(), now() + timedelta(days=1))
    shown.pull()
    assert len(shown.duties) > before


def test_pages_come_one_after_the_other(village, anna, shown, monkeypatch):
    from bulou.field.rules import telling

    monkeypatch.setattr(telling.differ, "__kwdefaults__", {"most": 4})
    said = anna.pull("")
    assert said["more"] and len(said["cards"]) + len(said["duties"]) == 4
    shown.pull()
    assert len(shown.owed()) == 5


def test_too_many_households_are_said(village, anna, shown, monkeypatch):
    from bulou.field.queries import work

    monkeypatch.setattr(work, "MOST_HOUSEHOLDS", 3)
    said = shown.pull()
    assert "5" in said["notice"]["en"] and said["notice"]["zh_Hans"] != said["notice"]["en"]
    assert sum(card["type"] == "household" for card in shown.cards.values()) == 3
    assert {duty["subject"] for duty in shown.duties.values()} <= set(shown.cards)


def test_what_is_due_first_comes_first_and_fits_first(village, anna, shown, monkeypatch):
    from bulou.field.queries import work
    from bulou.field.rules import telling

    # The door last in the order of the tree has a fever: its report is due in half an hour.
    at, last = now(), village.households[8]
    body = village.visit(8, nobody_returned="yes")
    body["members"][0]["temperature"] = 38.2
    body["members"][0]["symptoms"] = ["fever"]
    entry = Entry(new_id(), "household_visit", f"household:{last}", village.grids[0], at, at, BY, body)
    assert append([entry], at=at)[0].outcome == "applied"
    monkeypatch.setattr(work, "MOST_HOUSEHOLDS", 2)
    shown.pull()
    assert f"household:{last}" in shown.cards
    assert shown.owed("symptom.report") == {f"person:{village.persons[last][0]}"}
    monkeypatch.setattr(telling.differ, "__kwdefaults__", {"most": 3})
    first = anna.pull("")
    assert [duty["name"] for duty in first["duties"]] == ["symptom.report"]


def test_form_is_fetched_by_its_hash(village, anna, shown):
    shown.pull()
    visit = next(form for form in shown.forms if form["kind"] == "household_visit")
    got = anna.ask("GET", visit["url"].removeprefix("/field/v1/")).json()
    assert got["xform"].startswith("<?xml") or "<h:html" in got["xform"]
    assert "members.person" in got["extra"]["hidden"]
    assert anna.ask("GET", "forms/household_visit/0000").status_code == 404


def test_answer_is_compressed_for_who_can_read_it(village, anna):
    answer = anna.ask("GET", "work", **{"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(answer.content))["cards"]
    assert answer["Cache-Control"] == "no-store"


def test_pull_costs_the_same_however_many_households(village, anna, django_assert_max_num_queries):
    anna.pull("")
    with django_assert_max_num_queries(30):
        anna.pull("")
