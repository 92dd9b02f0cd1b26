from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.moments import at_clock
from bulou.ledger.rules import State, fold
from bulou.ledger.tests.gaps import missing_ranges
from bulou.ledger.tests.library import COUNTY, HALL, SHELF, START, entry, law

HOUR = timedelta(hours=1)


def only(duties):
    (duty,) = duties.values()
    return duty


@pytest.mark.parametrize(
    ("entries", "at_hours", "state"),
    [
        ([entry(1, "loan", "book:a", 0)], -1, State.WAITING),
        ([entry(1, "loan", "book:a", 0)], 168, State.OPEN),
        ([entry(1, "loan", "book:a", 0)], 168.1, State.OVERDUE),
        ([entry(1, "loan", "book:a", 0), entry(2, "return", "book:a", 168)], 500, State.MET),
        ([entry(1, "loan", "book:a", 0), entry(2, "return", "book:a", 169)], 500, State.MET_LATE),
        ([entry(1, "loan", "book:a", 1), entry(2, "return", "book:a", 0)], 5, State.OPEN),
    ],
)
def test_state_is_a_function_of_entries_and_now(shelves, entries, at_hours, state):
    duty = only(fold(entries, law(shelves), COUNTY))
    assert duty.state(START + at_hours * HOUR) is state


def test_done_in_time_but_reported_late_is_met_and_says_so(shelves):
    late = entry(2, "return", "book:a", 10, received_at=START + timedelta(days=30))
    duty = only(fold([entry(1, "loan", "book:a", 0), late], law(shelves), COUNTY))
    assert duty.state(START + timedelta(days=31)) is State.MET
    assert duty.reported_late


def test_days_never_collapse(shelves):
    """A note missed on the first day stays missed when the second day's is written."""
    duties = fold([entry(1, "course", "book:a", 0), entry(2, "note", "book:a", 30, {"page": 1})], law(shelves), COUNTY)
    states = [d.state(START + 31 * HOUR) for d in sorted(duties.values(), key=lambda d: d.opens_at)]
    assert states == [State.OVERDUE, State.MET, State.WAITING, State.WAITING, State.WAITING]


def test_a_waiver_lets_go_of_what_is_still_to_come_but_not_of_what_was_missed(shelves):
    duties = fold([entry(1, "course", "book:a", 0), entry(2, "return", "book:a", 30)], law(shelves), COUNTY)
    states = [d.state(START + 31 * HOUR) for d in sorted(duties.values(), key=lambda d: d.opens_at)]
    assert states == [State.OVERDUE, State.WAIVED, State.WAIVED, State.WAIVED, State.WAIVED]


def test_an_order_reaches_books_added_later_and_leaves_them_time(shelves):
    shelves.books["book:d"] = (SHELF, START + 100 * HOUR)
    duties = fold([entry(1, "reading_order", f"area:{HALL}", 0)], law(shelves), COUNTY)
    by_book = {d.subject: d for d in duties.values()}
    assert set(by_book) == {"book:a", "book:b", "book:c", "book:d"}
    assert by_book["book:d"].due_at == START + 124 * HOUR
    assert by_book["book:a"].due_at == START + 48 * HOUR


def test_a_withdrawn_entry_does_nothing(shelves):
    entries = [
        entry(1, "loan", "book:a", 0),
        entry(2, "return", "book:a", 5),
        entry(3, "correction", "book:a", 6, {"withdrawn": True}, amends=entry(2, "return", "book:a", 5).id),
    ]
    assert only(fold(entries, law(shelves), COUNTY)).met_by is None


def test_a_corrected_moment_without_an_offset_is_china_time(shelves):
    moved = {"body": {}, "happened_at": "2020-01-27T09:00", "reason": "the clock was wrong"}
    entries = [
        entry(1, "loan", "book:a", 0),
        entry(2, "return", "book:a", 5),
        entry(3, "correction", "book:a", 30, moved, amends=entry(2, "return", "book:a", 5).id),
    ]
    assert only(fold(entries, law(shelves), COUNTY)).met_at == at_clock(date(2020, 1, 27), "09:00")


@given(st.sets(st.integers(1, 60)))
def test_missing_ranges_are_exactly_the_numbers_not_received(received):
    gaps = {n for first, last in missing_ranges(received) for n in range(first, last + 1)}
    assert gaps == set(range(1, max(received, default=0) + 1)) - received
