"""How long whoever sent wrong passwords or codes waits: the rules, without a database."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.access.rules import (
    Slowing,
    TooSoon,
    Tried,
    check_try,
    left_of,
    most_counted,
    one_more,
    rates_on,
    source_of_address,
    wait_after,
)
from bulou.access.trying import paces

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PACE = rates_on(paces(), AT.date())
slowings = st.builds(Slowing, st.integers(0, 40), st.integers(1, 10), st.integers(10, 900), st.integers(1, 900))


def test_four_slips_cost_nothing_then_each_costs_twice_the_one_before_up_to_ten_minutes() -> None:
    waits = [wait_after(wrong, PACE.pair).total_seconds() for wrong in range(16)]
    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert most_counted(PACE.pair) == 14


def test_the_paces_are_dated_and_say_where_they_come_from() -> None:
    for one in paces():
        assert one.source and one.since <= date.today()
        for slowing in (one.pair, one.browser, one.address, one.account):
            assert 0 < slowing.first <= slowing.most <= 900 and slowing.forget > 0
        assert one.account.most <= 120, "somebody may stand at a new computer while their name is guessed at"


@given(slowing=slowings, gaps=st.lists(st.integers(0, 4000), max_size=60))
def test_the_wait_never_passes_its_most_and_all_is_forgotten_in_the_end(slowing, gaps) -> None:
    tried, at = None, AT
    for gap in gaps:
        at += timedelta(seconds=gap)
        tried = one_more(tried, slowing, at)
        assert 1 <= tried.wrong <= most_counted(slowing)
        assert wait_after(tried.wrong, slowing) <= timedelta(seconds=slowing.most)
    if tried:
        assert left_of(tried, slowing, at + timedelta(seconds=slowing.forget * most_counted(slowing))) == 0
    assert all(wait_after(n, slowing) <= wait_after(n + 1, slowing) for n in range(60))


@given(
    own=st.none() | st.builds(Tried, st.integers(0, 30), st.just(AT)),
    strangers=st.lists(st.integers(0, 900), max_size=80), place=slowings, slowing=slowings,
)  # fmt: skip
def test_whoever_waits_the_longest_wait_is_looked_at_whatever_strangers_do_meanwhile(
    own, strangers, place, slowing
) -> None:
    with suppress(TooSoon):
        check_try(own, slowing, [], AT)
    own = own or Tried(0, AT)  # told to wait, and written down
    around, at = None, AT
    for gap in strangers:
        at += timedelta(seconds=gap)
        around = one_more(around, place, at)
    until = AT + timedelta(seconds=max(slowing.most, place.most))
    check_try(own, slowing, [(around, place)], max(until, at))
    for sooner in range(0, 900, 97):
        try:
            check_try(own, slowing, [(around, place)], AT + timedelta(seconds=sooner))
        except TooSoon as refused:
            assert AT < refused.again <= until and refused.seconds(AT) >= 1


def test_a_clock_that_was_put_back_keeps_nobody_out() -> None:
    with pytest.raises(TooSoon) as refused:
        check_try(Tried(30, AT + timedelta(days=300)), PACE.pair, [], AT)
    assert refused.value.again <= AT + timedelta(minutes=10)


def test_an_address_is_counted_as_whoever_has_it_has_it() -> None:
    assert source_of_address("192.0.2.7") == source_of_address(" ::ffff:192.0.2.7") == "192.0.2.7"
    assert source_of_address("2001:db8:1:2:3::4") == source_of_address("[2001:db8:1:2::9]") == "2001:db8:1:2::/64"
    assert source_of_address("2001:db8:1:3::4") != source_of_address("2001:db8:1:2::4")
    assert source_of_address("") == "" and len(source_of_address("x" * 999)) == 64
