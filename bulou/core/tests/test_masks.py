import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.masks import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张小明", "张*明"), ("张明", "张*"), ("欧阳小明", "欧**明"), ("明", "*"), ("", ""), ("  张明 ", "张*"),
     ("Maria Lopez", "M********z"), ("Li", "L*"), ("买买提·吐尔逊", "买****逊")],
)  # fmt: skip
def test_names(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("138 1234 5678", "138****5678"), ("+86 138-1234-5678", "138****5678"),
     ("008613812345678", "138****5678"), ("１３８１２３４５６７８", "138****5678"), ("0915-8822123", "091******23"),
     ("8822123", "88****3"), ("不详", "不*"), ("📵", "*"), ("", ""), ("110", "1**")],
)  # fmt: skip
def test_phones(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("41152119800101123X", "4115**********123X"), ("41152119800101123x", "4115**********123X"),
     ("612401540301123", "61***********23"), ("E12345678", "E1*****78"), ("无", "*"), ("", ""), ("12", "1*")],
)  # fmt: skip
def test_ids(number, shown):
    assert mask_id(number) == shown


@pytest.mark.parametrize("mask", [mask_name, mask_phone, mask_id])
@given(text=st.text(max_size=40) | st.text(alphabet="0123456789-+ xX", max_size=25))
def test_no_mask_ever_reveals_the_whole(mask, text):
    shown = mask(text)
    if not text.strip():
        assert shown == ""
        return
    assert "*" in shown
    whole = [c for c in unicodedata.normalize("NFKC", text) if c.isalnum()]
    assert len(shown.replace("*", "")) < max(len(whole), 1) or mask is mask_id  # ß becomes SS in capitals


@pytest.mark.parametrize("mask", [mask_name, mask_phone, mask_id])
@given(text=st.text(alphabet="0123456789张王李赵Xabc", min_size=4, max_size=60))
def test_a_third_at_least_is_hidden(mask, text):
    assert mask(text).count("*") * 3 >= len(text)
