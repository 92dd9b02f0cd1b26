from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.areas.actions import add_area, assign_responsibilities, close
from bulou.areas.queries import (
    at_level,
    children,
    find_area,
    get_area,
    household_responsible,
    leaves,
    names,
    owners,
    path,
    responsibility_list,
    responsible,
    subtree,
)
from bulou.areas.rules.answering import Assignment
from bulou.areas.tests.conftest import AT, BY, COUNTY, DAY, DOCTOR, TOWN, VILLAGE
from bulou.core.divisions import contains, last_of
from bulou.core.scope import seeing

pytestmark = pytest.mark.django_db
OTHER = TOWN + 200 * 10**6  # 蔬菜村, also of 城关镇
OTHER_TOWN = COUNTY + 101 * 10**9  # 曾家镇
HOME = "household:019f0000-0000-7000-8000-000000000001"
ACCOUNT = UUID(int=7)


@pytest.fixture
def grid(zhenping):
    """A community with two grids, a building in the first, and who answers for them."""
    first = add_area(VILLAGE, name="第一网格", kind="网格", by=BY, at=AT).number
    second = add_area(VILLAGE, name="第二网格", kind="网格", by=BY, at=AT).number
    building = add_area(first, name="一号楼", kind="楼", by=BY, at=AT).number
    assign_responsibilities(
        [
            Assignment(COUNTY, "县长", "王县安", DAY, tier=1, unit="县政府"),
            Assignment(COUNTY, "县指挥部值班员", "何值安", DAY, tier=3),
            Assignment(TOWN, "镇长", "赵镇安", DAY, tier=1),
            Assignment(TOWN, "副镇长", "钱镇宁", DAY, tier=2),
            Assignment(TOWN, DOCTOR, "孙医安", DAY),
            Assignment(VILLAGE, "社区主任", "李文博", DAY, tier=2),
            Assignment(first, "网格员", "张安娜", DAY, tier=3, phone="13812345678", account=ACCOUNT),
            Assignment(first, DOCTOR, "周医宁", DAY),
            Assignment(building, "包户干部", "吴小安", DAY, tier=3, household=HOME),
        ],
        by=BY, at=AT,
    )  # fmt: skip
    return first, second, building


def test_the_tree(grid):
    first, second, building = grid
    assert next(a.name for a in children(COUNTY)) == "城关镇"
    assert len(children(COUNTY)) == 7
    assert [a.number for a in subtree(VILLAGE)] == [VILLAGE, first, building, second]
    assert [a.number for a in subtree(VILLAGE, 1)] == [VILLAGE, first, second]
    assert [a.name for a in path(building)] == [
        "陕西省",
        "安康市",
        "镇坪县",
        "城关镇",
        "竹溪河社区居委会",
        "第一网格",
        "一号楼",
    ]
    assert len(at_level(COUNTY, 4)) == 65
    assert [a.number for a in leaves(VILLAGE)] == [building, second]
    assert names([TOWN, first, 1]) == {TOWN: "城关镇", first: "第一网格"}
    assert get_area(VILLAGE).subject == "area:610927100005"


@pytest.mark.unscoped
def test_nothing_is_seen_until_a_scope_is_bound(grid):
    assert find_area(VILLAGE) is None
    assert [children(COUNTY), subtree(COUNTY), at_level(COUNTY, 4), leaves(COUNTY), path(VILLAGE)] == [[]] * 5
    assert names([VILLAGE]) == {}
    assert responsible([VILLAGE], on=DAY) == {}
    assert owners([VILLAGE], "role:village", on=DAY) == {}
    assert household_responsible([HOME], COUNTY, on=DAY) == {}
    assert responsibility_list(COUNTY, on=DAY) == []
    with pytest.raises(LookupError):
        get_area(VILLAGE)


def test_a_village_sees_its_own_and_the_names_above(grid):
    first, _second, building = grid
    with seeing([(VILLAGE, last_of(VILLAGE))]):
        assert find_area(OTHER) is None
        assert find_area(TOWN) is None
        assert {a.number for a in subtree(COUNTY)} == {a.number for a in subtree(VILLAGE)}
        assert len(path(building)) == 7
        assert path(OTHER) == []
        assert names([TOWN, OTHER, first]) == {TOWN: "城关镇", first: "第一网格"}
        assert [p.person for p in responsible([VILLAGE, OTHER], on=DAY)[VILLAGE]] == ["赵镇安", "李文博", "何值安"]
        assert OTHER not in responsible([VILLAGE, OTHER], on=DAY)
        assert {row.village for row in responsibility_list(COUNTY, on=DAY)} == {"竹溪河社区居委会"}
    with seeing([(OTHER, last_of(OTHER))]):
        assert household_responsible([HOME], COUNTY, on=DAY) == {}
        assert owners([first], "role:grid_worker", on=DAY) == {}


def test_three_tiers_with_the_nearest_above_where_an_area_has_nobody(grid):
    first, second, _building = grid
    found = responsible([first, second, OTHER_TOWN], on=DAY)
    assert [(p.tier, p.person, p.inherited) for p in found[first]] == [
        (1, "赵镇安", True), (2, "李文博", True), (3, "张安娜", False),
    ]  # fmt: skip
    assert [(p.tier, p.person, p.area) for p in found[second]] == [
        (1, "赵镇安", TOWN), (2, "李文博", VILLAGE), (3, "何值安", COUNTY),
    ]  # fmt: skip
    assert [(p.tier, p.person) for p in found[OTHER_TOWN]] == [(1, "王县安"), (3, "何值安")]
    assert responsible([first], on=date(2020, 1, 25)) == {first: []}


def test_one_query_however_many_areas(grid):
    numbers = [a.number for a in subtree(COUNTY)]
    for ask in (
        lambda: responsible(numbers, on=DAY),
        lambda: owners(numbers, "role:grid_worker", on=DAY),
        lambda: names(numbers),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ask()
        assert len(queries) == 1


def test_who_owes_by_name(grid):
    first, second, building = grid
    who = {
        role: {n: p.person if p else None for n, p in owners([first, second, building, VILLAGE, OTHER, TOWN],
                                                              f"role:{role}", on=DAY).items()}
        for role in ("grid_worker", "village", "township", "village_doctor", "county_desk", "headquarters")
    }  # fmt: skip
    assert who["grid_worker"] == {
        first: "张安娜",
        second: None,
        building: "张安娜",
        VILLAGE: None,
        OTHER: None,
        TOWN: None,
    }
    assert who["village"][building] == who["village"][VILLAGE] == "李文博"
    assert who["village"][OTHER] is who["village"][TOWN] is None
    assert set(who["township"].values()) == {"钱镇宁"}
    assert who["village_doctor"] == {first: "周医宁", building: "周医宁", second: "孙医安", VILLAGE: "孙医安",
                                     OTHER: "孙医安", TOWN: "孙医安"}  # fmt: skip
    assert set(who["county_desk"].values()) == {"何值安"}
    assert set(who["headquarters"].values()) == {"王县安"}
    assert owners([OTHER_TOWN], "role:village_doctor", on=DAY) == {OTHER_TOWN: None}


def test_a_role_the_table_does_not_know_is_looked_for_by_its_word(grid):
    assert owners([VILLAGE], "role:镇长", on=DAY)[VILLAGE].person == "赵镇安"
    assert owners([VILLAGE], "role:storekeeper", on=DAY) == {VILLAGE: None}
    with pytest.raises(ValueError, match="not a role"):
        owners([VILLAGE], f"account:{ACCOUNT}", on=DAY)


def test_the_longest_there_answers_first(grid):
    second = grid[1]
    assign_responsibilities(
        [
            Assignment(second, "网格员", "后来安", date(2020, 2, 1), tier=3),
            Assignment(second, "网格长", "先到安", date(2020, 1, 28), tier=3),
        ],
        by=BY, at=AT,
    )  # fmt: skip
    assert owners([second], "role:grid_worker", on=date(2020, 2, 2))[second].person == "先到安"
    assert owners([second], "role:grid_worker", on=date(2020, 1, 27)) == {second: None}


def test_who_answers_for_a_household(grid):
    found = household_responsible([HOME, "household:none"], COUNTY, on=DAY)
    assert [p.person for p in found[HOME]] == ["吴小安"]


def test_the_responsibility_list(grid):
    first, _second, building = grid
    rows = responsibility_list(VILLAGE, on=DAY, masked=False)
    assert [(r.kind, r.place, r.household) for r in rows] == [
        ("社区", "", ""), ("网格", "第一网格", ""), ("楼", "第一网格 一号楼", ""), ("楼", "第一网格 一号楼", HOME),
        ("网格", "第二网格", ""),
    ]  # fmt: skip
    assert {(r.township, r.village) for r in rows} == {("城关镇", "竹溪河社区居委会")}
    home = rows[3]
    assert ([p.person for p in home.first], [p.person for p in home.direct]) == (["赵镇安"], ["李文博"])
    assert [(p.person, p.inherited) for p in home.specific] == [("吴小安", False)]
    masked = {r.number: r for r in responsibility_list(VILLAGE, on=DAY)}[first].specific[0]
    assert (masked.person, masked.phone, masked.account) == ("张*娜", "138****5678", ACCOUNT)
    with CaptureQueriesContext(connection) as queries:
        assert len(responsibility_list(COUNTY, on=DAY)) == 7 + 65 + 3 + 1
    assert len(queries) == 3
    close(building, until=date(2020, 2, 1), by=BY, at=AT)
    assert building not in {r.number for r in responsibility_list(VILLAGE, on=date(2020, 2, 1))}


def test_every_area_of_a_subtree_lies_in_its_range(zhenping):
    for area in children(COUNTY):
        assert all(contains(area.number, below.number) for below in subtree(area.number))
