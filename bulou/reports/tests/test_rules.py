"""Counting on a toy plan: a library's visits to its shelves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.divisions import number_of
from bulou.ledger.rules import Entry
from bulou.reports.queries import PLAN
from bulou.reports.rules import (
    Coverage,
    Figure,
    NotZero,
    Tally,
    Tracked,
    check_zero,
    child_under,
    read_plan,
)

COUNTY, TOWN = number_of("610927000000"), number_of("610927100000")
VILLAGES = [number_of("610927100201"), number_of("610927100202"), number_of("610927101201")]
START = datetime(2020, 2, 3, tzinfo=UTC)
TOY = """
[[indicator]]
name = "shelves"
unit = "户"
zh = "书架"
en = "Shelves"
counts = "latest"
from = [{ kind = "visit" }]
[[indicator]]
name = "readers"
unit = "人"
zh = "读者"
en = "Readers"
finding = true
from = [{ kind = "visit", each = "people" }]
[[indicator]]
name = "greetings"
unit = "人次"
zh = "问候"
en = "Greetings"
counts = "rows"
from = [{ kind = "visit", each = "people" }]
"""
TOYS = read_plan(TOY)


def visit(n, subject="shelf:a", area=VILLAGES[0]):
    at = START + timedelta(minutes=n)
    return Entry(UUID(int=n), "visit", subject, area, at, at, "account:anna")


NAMES = [i.name for i in TOYS.indicators]


def add(tally, entry, counted):
    tally.add(entry, [(NAMES.index(name), whom) for name, whom in counted], NAMES)


def test_one_person_is_one_and_attendances_are_many():
    tally = Tally(TOYS.indicators)
    for n, whom in enumerate(["person:1", "person:2", "person:1"]):
        add(tally, visit(n), [("readers", whom), ("greetings", whom)])
    assert tally.value("readers") == 2
    assert tally.value("greetings") == 3


def test_the_last_record_about_a_subject_decides():
    tally = Tally(TOYS.indicators)
    add(tally, visit(1), [("shelves", "shelf:a")])
    add(tally, visit(2, "shelf:b"), [("shelves", "shelf:b")])
    assert tally.value("shelves") == 2
    add(tally, visit(3), [])
    assert [e.subject for e, _ in tally.behind("shelves")] == ["shelf:b"]


def test_who_was_made_one_is_counted_once():
    tally = Tally(TOYS.indicators)
    add(tally, visit(1), [("readers", "person:1")])
    add(tally, visit(2), [("readers", "person:2")])
    tally.rename({"person:2": "person:1"})
    assert tally.value("readers") == 1


def test_the_area_directly_below():
    under = child_under(COUNTY)
    assert [under(v) for v in VILLAGES] == [TOWN, TOWN, number_of("610927101000")]
    assert under(COUNTY) == COUNTY
    assert child_under(TOWN)(VILLAGES[0] + 10_000) == VILLAGES[0]
    section = COUNTY + 10_000  # a 片区 hung directly under the county
    assert under(section) == section


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=30))
def test_numbers_open_to_as_many_rows_and_areas_add_up(visits):
    tally = Tally(TOYS.indicators)
    for n, (whom, where, seen) in enumerate(visits):
        said = [("readers", f"person:{whom}"), ("greetings", f"person:{whom}"), ("shelves", f"shelf:{whom}")]
        add(tally, visit(n, f"shelf:{whom}", VILLAGES[where]), said if seen else [])
    for indicator in TOYS.indicators:
        value = tally.value(indicator.name)
        assert len(tally.behind(indicator.name)) == value
        assert sum(tally.by_area(indicator.name, child_under(COUNTY)).values()) == value
    assert tally.value("readers") == len({w for w, _, seen in visits if seen})
    last = {w: seen for w, _, seen in visits}
    assert tally.value("shelves") == sum(last.values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("人次", "人"), "cannot count rows"),
        (('"rows"', '"subjects"'), "cannot count subjects"),
        (('name = "greetings"', 'name = "readers"'), "there twice"),
        (('zh = "书架"', 'zh = ""'), "zh is missing"),
        (('from = [{ kind = "visit" }]', ""), "from which kind"),
        (('from = [{ kind = "visit" }]', 'from = [{ kind = "visit", each = "people" }]'), "latest counts"),
        (('counts = "latest"', 'counts = "latest"\ntotal_duty = "sweep"'), "standing duties"),
        (("[[indicator]]", "[[indicator"), "not TOML"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        read_plan(TOY.replace(*change, 1) if change[0] != "人次" else TOY.replace(*change))


def test_people_and_attendances_stay_apart_in_what_ships():
    units = {i.unit: i.counts.value for i in read_plan(PLAN.read_text("utf-8")).indicators}
    assert units["人"] in ("subjects", "latest")
    assert units["人次"] in ("rows", "entries")


def test_a_zero_report_names_what_was_found():
    shelves, readers, _ = (Figure(i, n, None) for i, n in zip(TOYS.indicators, (3, 2, 5), strict=True))
    check_zero([shelves])
    with pytest.raises(NotZero, match="readers 2人") as refused:
        check_zero([shelves, readers])
    assert refused.value.found == (readers,)


def test_complete_means_nobody_is_left_out():
    duty = Tracked("sweep.household", "户", {"zh": "排查", "en": "Swept"}, daily=False)
    assert Coverage(duty, owed=3, met=2, met_late=1).complete
    assert Coverage(duty, owed=3, met=2, waived=1).complete
    assert not Coverage(duty, owed=3, met=2, overdue=1).complete
    assert not Coverage(duty, owed=3, met=2, lapsed=1).complete
    assert not Coverage(duty).complete
