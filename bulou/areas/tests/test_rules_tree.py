import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.areas.rules.tree import NoNumberLeft, at_depth, kind_at, next_local, parent_of
from bulou.core.divisions import WIDTHS, ancestors_of, contains, depth_of, number_of

VILLAGE = number_of("610927100005")

# Digits of each level, the province always there, any other level possibly left out.
numbers = st.tuples(st.integers(11, 82), *(st.integers(0, 10**width - 1) for width in WIDTHS[1:])).map(
    lambda parts: int("".join(str(part).zfill(width) for part, width in zip(parts, WIDTHS, strict=True)))
)


@given(numbers)
def test_the_parent_is_the_last_ancestor(number):
    above = ancestors_of(number)
    assert parent_of(number) == (above[-1] if above else None)


@given(numbers)
def test_every_depth_has_one_ancestor_at_most_and_it_contains_the_area(number):
    found = [at_depth(number, depth) for depth in range(8)]
    assert found[depth_of(number)] == number
    assert [n for n in found if n is not None] == [*ancestors_of(number), number]
    assert all(contains(n, number) for n in found if n is not None)


@given(numbers.filter(lambda n: depth_of(n) < 7), st.sets(st.integers(1, 99), max_size=98))
def test_the_next_number_is_free_and_directly_under_the_parent(parent, used):
    step = 10 ** (4 if depth_of(parent) < 5 else 2 if depth_of(parent) == 5 else 0)
    taken = {parent + i * step for i in used}
    number = next_local(parent, taken)
    assert number not in taken
    assert parent_of(number) == parent
    if 99 not in used:
        assert number > max(taken, default=parent), "a number given up is not used again while there are others"


def test_ninety_nine_are_all_there_are():
    taken = {VILLAGE + i * 10_000 for i in range(1, 100)}
    with pytest.raises(NoNumberLeft) as caught:
        next_local(VILLAGE, taken)
    assert (caught.value.parent, caught.value.used) == (VILLAGE, 99)


def test_there_are_three_levels_below_the_village():
    number = VILLAGE
    for _ in range(3):
        number = next_local(number, ())
    with pytest.raises(NoNumberLeft):
        next_local(number, ())


@pytest.mark.parametrize(
    ("code", "name", "word"),
    [
        ("610000000000", "陕西省", "省"),
        ("110000000000", "北京市", "市"),
        ("450000000000", "广西壮族自治区", "自治区"),
        ("532600000000", "文山壮族苗族自治州", "自治州"),
        ("610927000000", "镇坪县", "县"),
        ("411502000000", "浉河区", "区"),
        ("610927100000", "城关镇", "镇"),
        ("411502001000", "老城街道", "街道"),
        ("110105040000", "首都机场街道办事处", "街道"),
        ("110105015000", "小关地区", "街道"),
        ("110116400000", "北京雁栖经济开发区", "乡级单位"),
        ("610927100005", "竹溪河社区居委会", "社区"),
        ("610927100200", "蔬菜村委会", "村"),
        ("110105020400", "机场工作区社区", "社区"),
        ("150421200200", "哈日朝鲁嘎查村民委员会", "嘎查"),
        ("659001500500", "一分场一队", "村级单位"),
    ],
)
def test_the_word_for_a_level_is_the_countrys_own(code, name, word):
    number = number_of(code)
    assert kind_at(number, name, depth_of(number)) == word


def test_only_the_county_knows_the_word_below_the_village():
    with pytest.raises(ValueError, match="must be given"):
        kind_at(VILLAGE + 10_000, "一组", depth_of(VILLAGE + 10_000))
