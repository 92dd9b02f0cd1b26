"""The areas as the ledger sees them, under a toy law: a call opens one duty to answer for every village or township."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from bulou.areas.actions import add_area, close, import_areas
from bulou.areas.queries import joined, members, places
from bulou.areas.rules.rows import RawRow
from bulou.areas.tests.conftest import AT, BY, COUNTY, DAY, TOWN, VILLAGE
from bulou.core.divisions import number_of
from bulou.ledger import law as installed
from bulou.ledger.actions import Outcome, append, rebuild
from bulou.ledger.queries import counties_begun, duties_opened_by
from bulou.ledger.rules import Effects, Entry, Law, Opening

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)
NEW = "area:610927100900"


@dataclass(frozen=True)
class Call:
    """A roll call: everyone of the set answers within two days."""

    name: str
    over: str

    @property
    def sets(self):
        return frozenset({self.over})

    def problems(self, entry):
        return []

    def effects(self, entry):
        due = entry.happened_at + timedelta(days=2)
        return Effects(
            [Opening("answer", "role:village", entry.subject, entry.area, entry.happened_at, due, over=self.over)]
        )


@pytest.fixture
def calls(zhenping, monkeypatch):
    kinds = {k.name: k for k in (Call("village_call", "villages"), Call("township_call", "townships"))}
    monkeypatch.setattr(installed, "_installed", [Law(kinds, places, members, joined)])


def call(n, kind, subject="area:610927000000", at=AT):
    entry = Entry(UUID(int=n), kind, subject, COUNTY, at, at, BY)
    assert append([entry], at=at)[0].outcome is Outcome.APPLIED
    return entry.id


def answering(entry_id):
    return {duty.subject for duty in duties_opened_by(610927, entry_id)}


def test_every_village_and_every_township_is_called(calls):
    assert len(answering(call(1, "village_call"))) == 65
    assert len(answering(call(2, "township_call"))) == 7
    assert len(answering(call(3, "village_call", "area:610927100000"))) == 14


def test_a_village_added_later_is_called_too_and_has_its_full_time(calls):
    order = call(1, "village_call")
    add_area(TOWN, name="新设村", kind="村", code="610927100900", by=BY, at=LATER)
    duty = next(d for d in duties_opened_by(610927, order) if d.subject == NEW)
    assert duty.due_at == LATER + timedelta(hours=24)
    assert duty.area == number_of("610927100900")


def test_a_village_that_comes_with_an_import_is_called_too(calls):
    order = call(1, "village_call")
    row = RawRow("x", 2, "610927100900", "新设村", "village", "610927100000")
    import_areas([row], by=BY, at=LATER)
    assert NEW in answering(order)
    import_areas([row], by=BY, at=LATER)
    assert len(answering(order)) == 66


def test_a_grid_is_no_village(calls):
    order = call(1, "village_call")
    add_area(VILLAGE, name="第一网格", kind="网格", by=BY, at=LATER)
    assert len(answering(order)) == 65


def test_a_closed_village_is_called_no_more(calls):
    order = call(1, "village_call")
    close(VILLAGE, until=DAY, by=BY, at=LATER)
    assert "area:610927100005" not in answering(order)


def test_the_ledger_folded_again_says_the_same(calls):
    order = call(1, "village_call")
    add_area(TOWN, name="新设村", kind="村", code="610927100900", by=BY, at=LATER)
    close(VILLAGE, until=DAY, by=BY, at=LATER)
    before = duties_opened_by(610927, order)
    rebuild(610927)
    assert duties_opened_by(610927, order) == before


@pytest.mark.unscoped
def test_the_ledger_is_told_whoever_is_looking(zhenping):
    assert len(list(members("villages", COUNTY))) == 65
    assert [m.subject for m in joined("villages", {"area:610927100005", "area:610927100000"})] == ["area:610927100005"]
    assert places(610927, {"area:610927100005"})["area:610927100005"].area == VILLAGE


def test_places_of_areas_only_in_their_proper_spelling(zhenping):
    found = places(610927, {"area:610927100005000000", "area:610927100999", "area:x", "household:1", "area"})
    assert {s: p.subject for s, p in found.items()} == {"area:610927100005000000": "area:610927100005"}


def test_only_two_sets_are_kept_here(zhenping):
    for ask in (lambda: list(members("households", COUNTY)), lambda: list(joined("persons", set()))):
        with pytest.raises(KeyError):
            ask()


def test_a_county_without_entries_is_not_asked(calls):
    assert counties_begun({610927, 410000}) == set()
    call(1, "village_call")
    assert counties_begun({610927, 410000}) == {610927}
