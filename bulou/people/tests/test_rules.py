from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.people.rules.columns import HEADERS, Field, field_of, fingerprint, problems_of, suggest
from bulou.people.rules.matching import Known, compare, household_key, match
from bulou.people.rules.places import Names, Unplaced, numeral
from bulou.people.rules.rows import normal_name, parse_date, read

ON = date(2020, 1, 26)
ANNA, ANNAS_ID = "安娜", "11010519491231002X"
VILLAGE = 610927_100_201 * 10**6
GROUP_1, GROUP_2 = VILLAGE + 1 * 10**4, VILLAGE + 2 * 10**4
TOWN = 610927_100 * 10**9
AREAS = [
    (610927 * 10**12, "镇坪县"),
    (TOWN, "城关镇"),
    (VILLAGE, "竹溪河社区"),
    (GROUP_1, "一组"),
    (GROUP_2, "第2组"),
    (VILLAGE + 10**6, "文彩村"),
    (VILLAGE + 10**6 + 10**4, "一组"),
]


def person(name=ANNA, *, id_number="", phone="", sure=None, new=False, home=None, n=1):
    values = {"name": name, "id_number": id_number, "phone": phone}
    return Known(UUID(int=n), GROUP_1, home, values, bool(id_number) if sure is None else sure, new)


def said(**cells):
    return read({Field(k): v for k, v in cells.items()}, on=ON)


def test_every_header_we_write_is_read_back_as_itself():
    for field, headers in HEADERS.items():
        assert field_of(headers[0]) is field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("身份证号码", Field.ID_NUMBER),
        ("*姓 名*", Field.NAME),
        ("联系电话（手机）", Field.PHONE),
        ("与户主关系：", Field.RELATION),
        ("家庭住址(详细到门牌)", Field.ADDRESS),
        ("村组", Field.GROUP),
        ("体温", None),
        ("", None),
    ],
)
def test_headers_go_by_many_names(header, field):
    assert field_of(header) is field


def test_each_field_is_taken_once_and_the_heads_columns_only_where_there_is_no_other_name():
    assert suggest(["户主", "姓名", "户主电话", "联系电话"]) == {
        "户主": Field.HEAD,
        "姓名": Field.NAME,
        "联系电话": Field.PHONE,
    }
    assert suggest(["户主姓名", "户主身份证号", "户主电话"]) == {
        "户主姓名": Field.HEAD,
        "户主身份证号": Field.ID_NUMBER,
        "户主电话": Field.PHONE,
    }
    assert problems_of({"a": Field.PHONE}) == ["no name"]
    assert problems_of({"a": Field.NAME, "b": Field.PHONE, "c": Field.PHONE}) == ["twice:phone"]
    assert fingerprint(["姓名", "电话"]) == fingerprint(["电话 ", "姓 名"])


@pytest.mark.parametrize(
    ("text", "value"), [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("12", 12), ("甲", None)]
)
def test_numerals(text, value):
    assert numeral(text) == value


@pytest.mark.parametrize(
    ("names", "where"),
    [
        (("城关镇", "竹溪河社区", "一组"), GROUP_1),
        (("城关", "竹溪河", "第一组"), GROUP_1),
        (("", "竹溪河社区", "1组"), GROUP_1),
        (("", "竹溪河社区", "1"), GROUP_1),
        (("", "竹溪河社区", "二组"), GROUP_2),
        (("", "", "竹溪河社区一组"), GROUP_1),
        (("", "竹溪河社区", "竹溪河社区二组"), GROUP_2),
        (("", "竹溪河社区居委会", ""), VILLAGE),
        (("", "", "610927100201020000"), GROUP_2),
        (("", "", ""), 610927 * 10**12),
    ],
)
def test_areas_go_by_many_names(names, where):
    assert Names(610927 * 10**12, AREAS).find(*names) == where


def test_an_area_nobody_knows_or_two_of_one_name_are_not_guessed():
    names = Names(610927 * 10**12, AREAS)
    for wanted, code in (
        (("", "竹溪河社区", "九组"), "unknown"),
        (("", "", "一组"), "several"),
        (("", "", "610927999999"), "unknown"),
    ):
        with pytest.raises(Unplaced) as failure:
            names.find(*wanted)
        assert failure.value.code == code


def test_a_villages_own_list_may_repeat_where_it_is():
    names = Names(VILLAGE, AREAS[2:5], above=["陕西省", "镇坪县", "城关镇"])
    assert names.find("城关镇", "竹溪河社区", "二组") == GROUP_2
    assert names.find("城关镇", "", "") == VILLAGE
    with pytest.raises(Unplaced):
        names.find("曾家镇", "竹溪河社区", "二组")


def test_a_row_says_what_it_says_and_the_id_number_fills_the_rest():
    row = said(name="安 娜", id_number="11010519491231002x", phone="138 1234 5678", relation="户主")
    assert row.person == {
        "name": ANNA,
        "id_number": ANNAS_ID,
        "phone": "13812345678",
        "sex": "female",
        "birth": date(1949, 12, 31),
        "relation": "户主",
    }
    assert row.is_head and row.id_sure and not row.errors and not row.warnings


def test_a_doubtful_number_is_never_a_reason_to_lose_the_row():
    row = said(name=ANNA, id_number="1.10105E+17", phone="12345")
    assert not row.errors
    assert [w.code for w in row.warnings] == ["id digits lost", "phone unknown"]
    assert "id_number" not in row.person
    assert row.person["phone"] == "12345"


def test_what_stands_for_nothing_says_nothing():
    row = said(name=ANNA, phone="无", address="—", note="不详", id_number="/")
    assert row.person == {"name": ANNA}
    assert row.household == {}


def test_a_masked_value_is_not_a_value():
    row = said(name="张*明", id_number="4115**********123X", phone="138****5678", person_id=str(UUID(int=7)))
    assert row.person == {} and not row.errors
    assert [e.code for e in said(name="张*明").errors] == ["masked name"]


def test_an_empty_house_is_a_household_and_a_nameless_person_is_a_mistake():
    assert not said(name="", address="3号", dwelling="空置").errors
    assert [e.code for e in said(name="", phone="13812345678", address="3号", dwelling="空置").errors] == ["no name"]
    assert [e.code for e in said(name="", address="3号").errors] == ["no name"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1980-01-02", date(1980, 1, 2)),
        ("1980/1/2", date(1980, 1, 2)),
        ("1980.1.2", date(1980, 1, 2)),
        ("19800102", date(1980, 1, 2)),
        ("1980年1月2日", date(1980, 1, 2)),
        ("1980-01-02 00:00:00", date(1980, 1, 2)),
        ("1980-02-31", None),
        ("八零年", None),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert parse_date(text) == day


def test_the_same_id_number_is_the_same_person_and_so_are_the_same_name_and_phone():
    anna = person(id_number=ANNAS_ID, phone="13812345678")
    row = said(name=ANNA, id_number=ANNAS_ID)
    assert match(row, same_id=[anna], same_phone=[], at_home=[]).known is anna
    row = said(name=ANNA, phone="13812345678")
    assert match(row, same_id=[], same_phone=[anna], at_home=[]).known is anna
    assert match(said(name="白桦", phone="13812345678"), same_id=[], same_phone=[anna], at_home=[]).known is None


def test_two_sound_id_numbers_are_two_persons_whatever_else_they_share():
    anna = person(id_number=ANNAS_ID, phone="13812345678")
    found = match(
        said(name=ANNA, phone="13812345678", id_number="440524188001010014"),
        same_id=[],
        same_phone=[anna],
        at_home=[anna],
    )
    assert found.known is None
    assert [w.code for w in found.warnings] == ["same name and phone"]


def test_another_name_in_another_list_is_shown_and_in_the_same_list_is_another_person():
    row = said(name="安那", id_number=ANNAS_ID)
    before = person(id_number=ANNAS_ID)
    found = match(row, same_id=[before], same_phone=[], at_home=[])
    assert found.known is before and [w.code for w in found.warnings] == ["other name"]
    above = person(id_number=ANNAS_ID, new=True)
    found = match(row, same_id=[above], same_phone=[], at_home=[])
    assert found.known is None and found.drop_id and [w.code for w in found.warnings] == ["id of another"]


def test_a_list_fills_blanks_and_overwrites_nothing():
    adds, differs = compare(
        {"name": ANNA, "phone": "", "sex": "female"}, {"name": ANNA, "phone": "1", "sex": "male", "birth": None}
    )
    assert adds == {"phone": "1"}
    assert [(d.field, d.known, d.said) for d in differs] == [("sex", "female", "male")]


def test_an_address_alone_is_a_household_only_if_it_ends_in_a_door():
    assert household_key(said(name=ANNA, address="幸福小区3栋2单元501")) == "a:幸福小区3栋2单元501"
    assert household_key(said(name=ANNA, address="竹溪河社区一组")) == ""
    assert household_key(said(name=ANNA, head="白桦", address="一组")) == "h:白桦|一组"
    assert household_key(said(name=ANNA, number="007", head="白桦")) == "n:007"


@given(st.dictionaries(st.sampled_from(list(Field)), st.text(max_size=80)))
def test_any_row_can_be_read(cells):
    row = read(cells, on=ON)
    assert row.errors or row.name or row.person_id or row.household_id or row.household


def test_names_are_compared_without_the_blanks_people_pad_them_with():
    assert normal_name("安　娜") == normal_name(" 安 娜 ") == ANNA
    assert normal_name("Anna  Bell") == "Anna Bell"
    assert normal_name("阿卜杜•热合曼") == "阿卜杜·热合曼"
