from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.command.queries import template
from bulou.command.rules import (
    Problem,
    Refused,
    Seat,
    check_due,
    check_filled,
    check_owner,
    check_seat,
    in_force,
    latest_due,
    nights,
    numeral,
    read_template,
)
from bulou.core.moments import CHINA

NINE = datetime(2020, 2, 3, 9, tzinfo=CHINA)


@dataclass(frozen=True)
class Declared:
    name: str
    since: date


def test_one_office_and_eight_groups_without_invented_names():
    units = template().units
    assert [u.sort for u in units] == ["office"] + ["group"] * 8
    assert [u.name for u in units][1:] == [f"第{n}组" for n in "一二三四五六七八"]
    assert [u.named for u in units] == [True] + [False] * 8


@pytest.mark.parametrize(
    "text", ["", "unit = 3", '[[unit]]\nsort = "room"\nname = "x"', '[[unit]]\nsort="group"\nname="x"\nnumber=2']
)
def test_broken_template_is_refused(text):
    with pytest.raises((ValueError, TypeError, AttributeError)):
        read_template(text)


def test_numerals():
    assert [numeral(n) for n in (1, 8, 10, 11, 18, 20, 99)] == ["一", "八", "十", "十一", "十八", "二十", "九十九"]


@pytest.mark.parametrize(
    ("seat", "unit", "fine"),
    [
        (Seat.COMMANDER, None, True),
        (Seat.COMMANDER, UUID(int=1), False),
        (Seat.LEAD, UUID(int=1), True),
        (Seat.LEAD, None, False),
        (Seat.MEMBER, None, False),
    ],
)
def test_a_seat_is_in_a_unit_or_above_them(seat, unit, fine):
    if fine:
        check_seat(seat, unit)
    else:
        with pytest.raises(Refused) as refused:
            check_seat(seat, unit)
        assert refused.value.problem is Problem.SEAT


def test_latest_declaration_is_in_force():
    january, february = Declared("I", date(2020, 1, 25)), Declared("III", date(2020, 2, 25))
    assert in_force([february, january], date(2020, 1, 24)) is None
    assert in_force([february, january], date(2020, 2, 24)) == january
    assert in_force([january, february], date(2020, 2, 25)) == february


def test_of_one_day_the_last_declared_is_in_force():
    first, second = Declared("II", date(2020, 1, 25)), Declared("I", date(2020, 1, 25))
    assert in_force([first, second], date(2020, 1, 25)) == second


def test_no_issue_is_left_overnight():
    midnight = datetime(2020, 2, 4, tzinfo=CHINA)
    assert latest_due(NINE) == midnight
    check_due(midnight, at=NINE)
    with pytest.raises(Refused, match="due late"):
        check_due(midnight + timedelta(seconds=1), at=NINE)
    with pytest.raises(Refused, match="due past"):
        check_due(NINE, at=NINE)


def test_nights_are_midnights_in_china():
    evening = datetime(2020, 2, 3, 23, 59, tzinfo=CHINA)
    assert nights(evening, evening) == 0
    assert nights(evening, evening + timedelta(minutes=1)) == 1
    assert nights(NINE, NINE + timedelta(days=3)) == 3


@given(st.datetimes(datetime(2020, 1, 1), datetime(2022, 1, 1)))
def test_what_is_due_today_is_carried_over_no_night(naive):
    at = naive.replace(tzinfo=CHINA)
    assert nights(at, latest_due(at) - timedelta(microseconds=1)) == 0
    assert nights(at, latest_due(at)) == 1


def test_owner_is_a_role_or_an_account():
    check_owner("role:township")
    for nobody in ("", "role:", "anna"):
        with pytest.raises(Refused):
            check_owner(nobody)


def test_the_empty_field_is_named():
    with pytest.raises(Refused) as refused:
        check_filled(name="疫情", disease=" ")
    assert refused.value.params == {"field": "disease"}
