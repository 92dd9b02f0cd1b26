from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.moments import at_midnight
from bulou.core.reading import FAULTS, FIRST_DAY, LAST_DAY, Unread, day_or, read_day, read_moment, read_number


@pytest.mark.parametrize("text", ["36.5", "３６.５", "3６.５", "３６。５", "36,5", " 36 .5", "+36.5", "３６．５"])
def test_numbers_as_people_type_them(text):
    assert read_number(text) == 36.5


@pytest.mark.parametrize(("text", "number"), [("－５", -5), ("—5", -5), ("３６５", 365), ("", None), ("  ", None)])
def test_whole_numbers(text, number):
    assert read_number(text, whole=True) == number


@pytest.mark.parametrize("text", ["1e3", "3 6.5.5", "三十六", "nan", "36.5℃", "--5", "0x10", "1_000"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(Unread, match="is not a number"):
        read_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-03",
        "2020/2/3",
        "2020.2.3",
        "2020年2月3日",
        "２０２０－０２－０３",
        "20200203",
        "二〇二〇年二月三日",
        "2020年2月3号",
    ],
)
def test_days_as_people_write_them(text):
    assert read_day(text) == date(2020, 2, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2020-02-31", "day"), ("0001-01-01", "span"), ("9999-12-31", "span"), ("", "day"), ("正月初五", "lunar"),
     ("农历2020年1月5日", "lunar"), ("2020", "day"), ("31 February", "day"), ("1899-12-31", "span")],
)  # fmt: skip
def test_what_is_no_day_is_said(text, code):
    with pytest.raises(Unread) as refused:
        read_day(text)
    assert refused.value.code == code and code in FAULTS
    assert day_or(text, FIRST_DAY) == FIRST_DAY


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text):
    for read in (read_number, read_day, read_moment):
        try:
            read(text)
        except Unread as error:
            assert str(error)


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_every_day_that_is_read_can_be_counted_with(day):
    assert read_day(day.isoformat()) == day
    assert at_midnight(day) - timedelta(days=366) < at_midnight(day) + timedelta(days=366 * 10)
    assert read_moment(f"{day}T24:00") == at_midnight(day) + timedelta(days=1)
