import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.areas.rules.rows import AreaRow, Problem, RawRow, RowProblem, check_rows
from bulou.areas.words import describe
from bulou.core.divisions import number_of

GOOD = [
    ("610000000000", "陕西省", "province", ""),
    ("610900000000", "安康市", "prefecture", "610000000000"),
    ("610927000000", "镇坪县", "county", "610900000000"),
    ("610927100000", "城关镇", "township", "610927000000"),
    ("610927100005", "竹溪河社区居委会", "village", "610927100000"),
    ("610927100005010000", "一组", "组", "610927100005"),
    ("610927000000010000", "城区片区", "片区", "610927000000"),
    ("610927100005010200", "二号楼", "楼", "610927100005010000"),
]


def rows(*said):
    return [RawRow("list.csv", line, *cells) for line, cells in enumerate(said, start=2)]


def check(raws, known=()):
    return list(check_rows(raws, exist=lambda numbers: numbers & set(known)))


def problems(found):
    return [(p.line, p.problem, p.said, p.wanted) for p in found if isinstance(p, RowProblem)]


def test_a_good_list_is_loaded_whole_with_the_countys_words():
    found = check(rows(*GOOD))
    assert not problems(found)
    assert [r.kind for r in found] == ["省", "市", "县", "镇", "社区", "组", "片区", "楼"]
    assert found[6].parent == number_of("610927000000"), "a section may hang directly under the county"


@given(st.permutations(GOOD))
def test_any_order_of_rows_gives_the_same_areas_parents_first(order):
    found = check(rows(*order))
    assert {r.number for r in found} == {number_of(code) for code, *_ in GOOD}
    place = {r.number: i for i, r in enumerate(found)}
    assert all(r.parent is None or place[r.parent] < place[r.number] for r in found)


@pytest.mark.parametrize(
    ("row", "problem", "said", "wanted"),
    [
        (("", "某镇", "township", "610927000000"), Problem.CODE_MISSING, "", ""),
        (("6.10927E+11", "某镇", "township", "610927000000"), Problem.CODE_DIGITS_LOST, "6.10927E+11", ""),
        (("61092710九000", "某镇", "township", "610927000000"), Problem.CODE_DIGITS, "61092710九000", ""),
        (("610927", "镇坪县", "county", "610900000000"), Problem.CODE_LENGTH, "610927", ""),
        (("990927000000", "某县", "county", "990900000000"), Problem.CODE_PROVINCE, "990927000000", ""),
        (("610927101000", " ", "township", "610927000000"), Problem.NAME_MISSING, "", ""),
        (("610927101000", "长" * 101, "township", "610927000000"), Problem.NAME_LONG, "101", "100"),
        (("610927101000", "曾家镇", "镇", "610927000000"), Problem.LEVEL_UNKNOWN, "镇", "township"),
        (("610927101000", "曾家镇", "village", "610927000000"), Problem.LEVEL_MISMATCH, "village", "township"),
        (("610927100005010000", "一组", "local1", "610927100005"), Problem.KIND_MISSING, "", ""),
        (("610927100005010000", "一组", "组" * 21, "610927100005"), Problem.KIND_LONG, "组" * 21, "20"),
        (("610927101000", "曾家镇", "township", ""), Problem.PARENT_MISSING, "", "610927000000"),
        (("610927101000", "曾家镇", "township", "镇坪"), Problem.PARENT_CODE, "镇坪", "610927000000"),
        (
            ("610927101000", "曾家镇", "township", "610926000000"),
            Problem.PARENT_MISMATCH,
            "610926000000",
            "610927000000",
        ),
        (("610928100000", "某镇", "township", "610928000000"), Problem.PARENT_UNKNOWN, "610928000000", ""),
        (("620000000000", "甘肃省", "province", "610000000000"), Problem.PARENT_NEEDLESS, "610000000000", ""),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_costs_no_other_row(row, problem, said, wanted):
    found = check(rows(*GOOD[:5], row))
    wrong = next(p for p in found if isinstance(p, RowProblem))
    assert (wrong.line, wrong.problem) == (7, problem)
    assert len([r for r in found if isinstance(r, AreaRow)]) == 5
    if problem is not Problem.PARENT_UNKNOWN:
        assert (wrong.said, wrong.wanted) == (said, wanted)
    else:
        assert wrong.said == said
    assert "%(" not in describe(wrong)


def test_a_code_twice_is_refused_the_second_time():
    assert problems(check(rows(*GOOD[:4], GOOD[3]))) == [(6, Problem.DUPLICATE, "", "")]


def test_a_parent_loaded_before_is_enough():
    assert not problems(check(rows(GOOD[4]), known={number_of("610927100000")}))
    assert problems(check(rows(GOOD[4])))[0][1] is Problem.PARENT_UNKNOWN


def test_the_children_of_a_refused_row_are_refused_with_it():
    bad = ("610927100000", "", "township", "610927000000")
    assert [p[1] for p in problems(check(rows(*GOOD[:3], bad, GOOD[4])))] == [
        Problem.NAME_MISSING,
        Problem.PARENT_UNKNOWN,
    ]


def test_a_prefecture_without_counties_is_not_loaded_twice():
    found = check(
        rows(
            ("440000000000", "广东省", "province", ""),
            ("441900000000", "东莞市", "prefecture", "440000000000"),
            ("441900000000", "东莞市", "county", "441900000000"),
            ("441900003000", "东城街道", "township", "441900000000"),
        )
    )
    assert problems(found) == [(4, Problem.REPEATS_PARENT, "东莞市", "")]
    assert len(found) == 4


def test_a_county_with_nothing_under_it_in_the_national_list():
    """金门县 has one township and one village there, both with its own code."""
    found = check(rows(*JINMEN))
    assert problems(found) == [
        (5, Problem.REPEATS_PARENT, "金门县", ""),
        (6, Problem.REPEATS_PARENT, "金门县", ""),
    ]


JINMEN = [
    ("350000000000", "福建省", "province", ""),
    ("350500000000", "泉州市", "prefecture", "350000000000"),
    ("350527000000", "金门县", "county", "350500000000"),
    ("350527000000", "金门县", "township", "350527000000"),
    ("350527000000", "金门县", "village", "350527000000"),
]


def test_a_character_nobody_can_read_is_loaded_and_noted():
    found = check(rows(*GOOD[:4], ("610927100006", "高\ue170社区", "village", "610927100000")))
    assert [type(r) for r in found[-2:]] == [AreaRow, RowProblem]
    assert found[-1].problem is Problem.ODD_CHARACTER


def test_every_problem_has_words():
    for problem in Problem:
        assert "%(" not in describe(RowProblem("list.csv", 2, "610927101000", problem, "county", "township"))


@given(st.lists(st.tuples(*[st.text(max_size=20)] * 4), max_size=20))
def test_whatever_a_file_holds_every_row_is_answered(said):
    found = check(rows(*said))
    assert {p.line for p in found} == set(range(2, len(said) + 2))


def test_more_rows_out_of_order_than_are_held_back(monkeypatch):
    monkeypatch.setattr("bulou.areas.rules.rows.WAITING", 3)
    villages = [(f"610927100{i:03}", f"{i}村", "village", "610927100000") for i in range(200, 260)]
    order = [*villages, *GOOD[:4]]
    random.Random(1).shuffle(order)
    found = check(rows(*order))
    assert not problems(found)
    assert len(found) == len(order)
