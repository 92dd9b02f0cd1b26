import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.masks import mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张小明", "张*明"), ("安娜", "安*"), ("欧阳安娜", "欧**娜"), ("安", "*"), ("", "")],
)
def test_a_name_keeps_its_first_and_last_character(name, masked):
    assert mask_name(name) == masked


def test_phone_and_id_number():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("8822123") == "*****23"
    assert mask_id_number("41150019900307123X") == "4115**********123X"
    assert mask_id_number("E12345678") == "*******78"


@given(st.text(min_size=1, max_size=30))
def test_every_mask_keeps_the_length_and_hides_something(text):
    for mask in (mask_name, mask_phone, mask_id_number):
        masked = mask(text)
        assert len(masked) == len(text)
        assert masked.count("*") > text.count("*") or set(text) & {"*"}
