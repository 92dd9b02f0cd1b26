"""The traps of the published figures: each quantity reads, means and prints what the newspaper said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.quantities import AFTER, BEFORE, Bound, Mean, UnitMismatch, count, read_quantity

PUBLISHED = [
    ("1400余名", 1400, "名", Bound.AT_LEAST),
    ("近300辆", 300, "辆", Bound.BELOW),
    ("1600多万元", 16_000_000, "元", Bound.AT_LEAST),
    ("8万余份", 80_000, "份", Bound.AT_LEAST),
    ("600多名", 600, "名", Bound.AT_LEAST),
    ("2000多斤", 2000, "斤", Bound.AT_LEAST),
    ("50余家", 50, "家", Bound.AT_LEAST),
    ("不少于10人", 10, "人", Bound.AT_LEAST),
    ("3人以上", 3, "人", Bound.AT_LEAST),
    ("5317人次", 5317, "人次", Bound.EXACT),
    ("15.9万元", 159_000, "元", Bound.EXACT),
    ("30万只", 300_000, "只", Bound.EXACT),
    ("65桶", 65, "桶", Bound.EXACT),
    ("约190,000m²", 190_000, "m²", Bound.ABOUT),
]


@pytest.mark.parametrize(("text", "value", "unit", "bound"), PUBLISHED)
def test_what_was_written_is_read_and_printed_back(text, value, unit, bound):
    quantity = read_quantity(text)
    assert (quantity.value, quantity.unit, quantity.bound) == (value, unit, bound)
    assert str(quantity) == text


@pytest.mark.parametrize("text", ["", "近辆", "若干人", "近300余辆", "300 400"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(ValueError, match="not a quantity"):
        read_quantity(text)


def test_almost_300_is_not_300():
    assert read_quantity("近300辆") != count(300, "辆")
    assert not read_quantity("近300辆").allows(300)
    assert read_quantity("近300辆").allows(298)
    assert not read_quantity("近300辆").allows(200)


def test_1400_and_more_stays_below_the_next_round_number():
    assert [n for n in (1399, 1400, 1431, 1499, 1500) if read_quantity("1400余名").allows(n)] == [1400, 1431, 1499]
    assert read_quantity("不少于10人").allows(500)
    assert not read_quantity("不少于10人").allows(9)


def test_people_and_attendances_are_never_added():
    with pytest.raises(UnitMismatch, match="人次"):
        count(5317, "人次") + count(385, "人")


def test_units_without_a_conversion_stay_apart():
    with pytest.raises(UnitMismatch):
        read_quantity("3车") + read_quantity("4000斤")


def test_sum_keeps_the_weaker_claim():
    assert str(read_quantity("100余人") + count(3, "人")) == "103余人"
    assert str(read_quantity("近300人") + read_quantity("近200人")) == "近500人"
    assert (read_quantity("近300人") + read_quantity("100余人")).bound is Bound.ABOUT


def test_big_data_list_sums_exactly():
    parts = [98, 47, 12, 29, 16, 25, 38, 8]
    assert sum((count(n, "人") for n in parts), count(0, "人")) == count(273, "人")


def test_daily_mean_keeps_its_denominator():
    assert str(Mean(count(31_000, "辆"), 31)) == "日均1000辆(31天共31000辆)"
    assert Mean(count(0, "辆"), 0).value == 0


@given(st.integers(0, 10**9), st.sampled_from(["人", "人次", "户", "元"]), st.sampled_from(["", *BEFORE, *AFTER]))
def test_computed_quantities_read_back_as_themselves(value, unit, word):
    quantity = type(count(1, ""))(Decimal(value), unit, word)
    assert read_quantity(str(quantity)) == quantity
