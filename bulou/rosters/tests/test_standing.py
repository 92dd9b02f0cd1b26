"""Seconds a post stood empty, days in a row, who signs."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulou.rosters.rules.standing import Signer, Turn, days_in_row, empty_spans, presence, signers
from bulou.rosters.tests.conftest import clock

NIGHT = clock("23:00")


def moments(most=24 * 3600):
    return st.integers(0, most).map(lambda s: clock("00:00") + timedelta(seconds=s))


def empty_seconds(present, since, until):
    return sum((end - start).total_seconds() for start, end in empty_spans(present, since, until))


spans = st.lists(st.tuples(moments(), moments()).filter(lambda pair: pair[0] < pair[1]), max_size=8)


def test_leaving_before_the_relief_comes_leaves_the_post_empty_to_the_second():
    early = Turn(clock("07:00"), clock("15:00"), clock("06:55"), clock("14:50"))
    late = Turn(clock("15:00"), clock("23:00"), clock("15:02") + timedelta(seconds=7))
    present = [span for turn in (early, late) if (span := presence(turn, NIGHT))]
    assert empty_seconds(present, clock("07:00"), clock("23:00")) == 12 * 60 + 7


def test_who_stays_until_the_relief_comes_leaves_no_gap():
    early = Turn(clock("07:00"), clock("15:00"), clock("06:55"), clock("15:20"))
    late = Turn(clock("15:00"), clock("23:00"), clock("15:20"))
    present = [span for turn in (early, late) if (span := presence(turn, NIGHT))]
    assert empty_seconds(present, clock("07:00"), clock("23:00")) == 0


def test_who_signs_nothing_is_counted_to_the_end_of_the_turn_and_no_longer():
    early = Turn(clock("07:00"), clock("15:00"), clock("07:00"))
    assert presence(early, NIGHT) == (clock("07:00"), clock("15:00"))
    assert presence(early, clock("09:00")) == (clock("07:00"), clock("09:00"))
    assert presence(Turn(clock("07:00"), clock("15:00")), NIGHT) is None


@given(spans, moments(), moments())
def test_empty_and_occupied_make_up_the_whole(present, since, until):
    if since > until:
        since, until = until, since
    free = empty_spans(present, since, until)
    assert all(since <= start < end <= until for start, end in free)
    # second by second, the slow way
    total = int((until - since).total_seconds())
    step = max(1, total // 500)
    for n in range(0, total, step):
        at = since + timedelta(seconds=n)
        occupied = any(start <= at < end for start, end in present)
        assert occupied != any(start <= at < end for start, end in free)


@given(spans, spans)
def test_one_more_on_duty_never_makes_a_post_emptier(some, more):
    since, until = clock("00:00"), clock("24:00")
    assert empty_seconds([*some, *more], since, until) <= empty_seconds(some, since, until)


def test_days_in_row_end_with_a_day_off():
    days = [date(2020, 2, d) for d in (1, 3, 4, 5)]
    assert days_in_row(days, date(2020, 2, 5)) == 3
    assert days_in_row(days, date(2020, 2, 6)) == 3  # today's turn may still come
    assert days_in_row(days, date(2020, 2, 7)) == 0


def test_the_leader_signs_or_the_first_if_there_is_none():
    turns = [
        Signer("a", "post", clock("07:00"), clock("15:00"), lead=False),
        Signer("b", "post", clock("07:00"), clock("15:00"), lead=True),
        Signer("c", "post", clock("15:00"), clock("23:00"), lead=False),
        Signer("d", "post", clock("15:00"), clock("23:00"), lead=False),
    ]
    assert signers(turns) == ({"b", "c"}, {"b", "c"})
