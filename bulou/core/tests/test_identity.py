from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.identity import Flaw, birth_of, normal_id_number, normal_phone, sex_of


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "34052419800101001X"])
def test_published_id_numbers_are_valid(number):
    assert normal_id_number(number) == (number, None)


@given(st.sampled_from(["11010519491231002X", "440524188001010014", "34052419800101001X"]),
       st.integers(0, 16), st.integers(1, 9))  # fmt: skip
def test_one_wrong_digit_is_noticed_and_kept(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    kept, flaw = normal_id_number(wrong)
    assert kept == wrong
    assert flaw is not None


@pytest.mark.parametrize(
    ("text", "kept", "flaw"),
    [
        ("11010519491231002x", "11010519491231002X", None),
        (" １１０１０５ １９４９１２３１ ００２Ｘ ", "11010519491231002X", None),
        ("'11010519491231002X", "11010519491231002X", None),
        ("110105491231002", "11010519491231002X", None),  # fifteen digits, upgraded
        ("1.10105E+17", "1.10105E+17", Flaw.ID_DIGITS_LOST),
        ("110105194912310000", "110105194912310000", Flaw.ID_DIGITS_LOST),
        ("11010519491231", "11010519491231", Flaw.ID_LENGTH),
        ("无", "无", Flaw.ID_LENGTH),
        ("E12345678", "E12345678", Flaw.ID_OTHER),
        ("H1234567890", "H1234567890", Flaw.ID_OTHER),
        ("", "", None),
    ],
)
def test_id_numbers_as_people_write_them(text, kept, flaw):
    assert normal_id_number(text) == (kept, flaw)


def test_nobody_is_born_on_the_31st_of_february_or_tomorrow():
    from stdnum.iso7064 import mod_11_2

    impossible = "61092719800231001"
    assert normal_id_number(impossible + mod_11_2.calc_check_digit(impossible))[1] is Flaw.ID_BIRTH
    assert normal_id_number("11010519491231002X", on=date(1949, 12, 30))[1] is Flaw.ID_BIRTH
    assert normal_id_number("11010519491231002X", on=date(1949, 12, 31))[1] is None


def test_birth_and_sex_come_from_the_number():
    assert birth_of("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "female"
    assert sex_of("440524188001010014") == "male"
    assert birth_of("E12345678") is None
    assert sex_of("") == ""


@pytest.mark.parametrize(
    ("text", "kept", "flaw"),
    [
        ("13812345678", "13812345678", None),
        ("+86 138-1234-5678", "13812345678", None),
        ("008613812345678", "13812345678", None),
        ("8613812345678", "13812345678", None),
        ("１３８１２３４５６７８", "13812345678", None),
        ("0915-8822123", "0915-8822123", None),
        ("(0915)8822123", "0915-8822123", None),
        ("+86 915 8822123", "0915-8822123", None),
        ("01012345678", "010-12345678", None),
        ("8822123", "8822123", None),
        ("13812345678/13987654321", "13812345678", Flaw.PHONE_SEVERAL),
        ("13812345678 13987654321", "13812345678", Flaw.PHONE_SEVERAL),
        ("1381234567", "1381234567", Flaw.PHONE_UNKNOWN),
        ("无", "无", Flaw.PHONE_UNKNOWN),
        ("", "", None),
    ],
)
def test_phones_as_people_write_them(text, kept, flaw):
    assert normal_phone(text) == (kept, flaw)


@given(st.text(max_size=30))
def test_anything_at_all_is_kept_somehow(text):
    for normal in (normal_id_number, normal_phone):
        kept, flaw = normal(text)
        assert normal(kept)[0] == kept or flaw is not None
