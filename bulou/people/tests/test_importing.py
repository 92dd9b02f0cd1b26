import pytest

from bulou.core.identity import normal_id_number
from bulou.core.scope import seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.people import actions, queries
from bulou.people.actions import importing
from bulou.people.rules.columns import suggest
from bulou.people.rules.rows import Line, Verdict
from bulou.people.tests.conftest import (
    ANNA,
    ANNAS_ID,
    AT,
    BY,
    COUNTY,
    GROUP_1,
    GROUP_2,
    HOUR,
    OTHER_GROUP,
    TOP,
    VILLAGE,
    sweep,
)

pytestmark = pytest.mark.django_db

OTHER_ID, THIRD_ID = "440524188001010014", "34052419800101001X"
COLUMNS = ("组", "户主", "姓名", "与户主关系", "身份证号", "联系电话", "住址")
FAMILY = [
    ("一组", ANNA, ANNA, "户主", ANNAS_ID, "13812345678", "3号"),
    ("一组", ANNA, "白桦", "配偶", OTHER_ID, "", "3号"),
    ("一组", ANNA, "小禾", "子", "", "", "3号"),
]


def lines(rows, columns=COLUMNS, sheet="户籍表"):
    return [Line(sheet, n, dict(zip(columns, row, strict=True))) for n, row in enumerate(rows, 2)]


def load(rows, columns=COLUMNS, *, at=AT, list_name="户籍表", area=VILLAGE, **more):
    told = []
    counts = actions.import_rows(
        lines(rows, columns),
        list_name=list_name,
        area=area,
        mapping=suggest(columns),
        by=BY,
        at=at,
        report=lambda line, verdict, problems: told.append((line.number, verdict, [p.code for p in problems])),
        **more,
    )
    assert counts.read == counts.added + counts.changed + counts.unchanged + counts.bad == len(rows)
    return counts, told


def everyone():
    return {(p.name, p.area) for p in queries.persons_in(TOP, masked=False)}


def one(name):
    return next(p for p in queries.persons_in(TOP, masked=False) if p.name == name)


def test_a_family_becomes_a_household_with_its_head(county):
    counts, told = load(FAMILY)
    assert (counts.added, counts.households, counts.bad, told) == (3, 1, 0, [])
    (home,) = queries.households_in(TOP, masked=False)
    assert (home.area, home.address, home.head_name, home.members) == (GROUP_1, "3号", ANNA, 3)
    page = queries.person_page(COUNTY, one("白桦").id, masked=False)
    assert page.sources[0].list_name == "户籍表" and page.sources[0].said["身份证号"] == OTHER_ID
    assert page.person.sex == "male" and page.person.birth.isoformat() == "1880-01-01"


def test_reading_the_list_again_changes_nothing(county):
    load(FAMILY)
    before = queries.persons_in(TOP, masked=False), queries.households_in(TOP, masked=False)
    counts, told = load(FAMILY, at=AT + HOUR)
    assert (counts.unchanged, counts.read, told) == (3, 3, [])
    assert (queries.persons_in(TOP, masked=False), queries.households_in(TOP, masked=False)) == before


def test_batches_of_one_line_give_the_same_registers(county, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    counts, _ = load([*FAMILY, ("一组", "", "小麦", "女", "", "", "")])
    assert (counts.added, counts.households) == (4, 1)
    assert queries.households_in(TOP)[0].members == 4


def test_one_person_of_many_lists_has_many_sources(county):
    load(FAMILY)
    counts, _told = load([("安 娜", "110105491231002", "返乡")], ("姓名", "身份证号", "人员类别"), list_name="返乡人员")
    assert (counts.changed, counts.added) == (1, 0)
    counts, _ = load([(ANNA, "+86 13812345678", "白桦厂")], ("姓名", "手机", "备注"), list_name="工厂名单")
    assert counts.added == 0
    page = queries.person_page(COUNTY, one(ANNA).id, masked=False)
    assert {s.list_name for s in page.sources} == {"户籍表", "返乡人员", "工厂名单"}
    assert page.person.resident == "返乡"


def test_where_lists_differ_the_register_stands_and_both_are_shown(county):
    load(FAMILY)
    counts, told = load([(ANNA, ANNAS_ID, "13900000000")], ("姓名", "身份证号", "手机"), list_name="返乡人员")
    assert (counts.unchanged, counts.differing) == (1, 1)
    assert ("differs" in told[0][2]) and told[0][1] is Verdict.UNCHANGED
    page = queries.person_page(COUNTY, one(ANNA).id, masked=False)
    assert page.person.phone == "13812345678"
    (difference,) = page.sources[1].differs
    assert (difference.field, difference.known, difference.said) == ("phone", "13812345678", "13900000000")
    masked = queries.person_page(COUNTY, one(ANNA).id)
    assert "13900000000" not in str(masked)


def test_nobody_vanishes_behind_a_number_copied_from_the_line_above(county):
    rows = [FAMILY[0], ("一组", ANNA, "白桦", "配偶", ANNAS_ID, "", "3号")]
    for at in (AT, AT + HOUR):
        _, told = load(rows, at=at)
        assert {name for name, _ in everyone()} == {ANNA, "白桦"}
        assert told == [(3, told[0][1], ["id of another"])]
    assert one("白桦").id_number == ""


def test_a_wrong_number_or_phone_keeps_its_row(county):
    counts, told = load(
        [
            ("一组", ANNA, ANNA, "户主", "1.10105E+17", "12", "3号"),
            ("一组", "", "白桦", "妻", "110105194912310021", "", ""),
        ]
    )
    assert (counts.added, counts.bad, counts.doubtful) == (2, 0, 2)
    assert [codes for _, _, codes in told] == [["id digits lost", "phone unknown"], ["id check"]]
    assert one("白桦").id_number == "110105194912310021" and not one("白桦").id_sure


def test_bad_rows_are_reported_and_good_rows_kept(county):
    counts, told = load([*FAMILY, ("九组", "", "小麦", "", "", "", ""), ("一组", "", "", "", THIRD_ID, "", "")])
    assert (counts.added, counts.bad) == (3, 2)
    assert told == [(5, Verdict.BAD, ["unknown area"]), (6, Verdict.BAD, ["no name"])]


def test_two_of_one_name_in_one_household_with_nothing_to_tell_them_apart_are_not_taken_for_one(county):
    _, told = load([*FAMILY, ("一组", ANNA, "小禾", "女", "", "", "3号")])
    assert told == [(5, Verdict.BAD, ["twice in one household"])]


def test_namesakes_who_head_two_households_of_a_group_stay_two(county):
    rows = [
        ("一组", ANNA, ANNA, "户主", ANNAS_ID, "", ""),
        ("一组", "", "小禾", "子", "", "", ""),
        ("一组", ANNA, ANNA, "户主", THIRD_ID, "", ""),
        ("一组", "", "小麦", "女", "", "", ""),
    ]
    for at, added in ((AT, 4), (AT + HOUR, 0)):
        counts, told = load(rows, at=at)
        assert (counts.added, counts.bad, told) == (added, 0, [])
        homes = {p.name if p.name != ANNA else p.id_number: p.household for p in queries.persons_in(TOP, masked=False)}
        assert homes[ANNAS_ID] == homes["小禾"] != homes["小麦"] == homes[THIRD_ID]


def test_households_by_number_by_door_by_relation_and_empty_ones(county):
    load(
        [("一组", "001", ANNA, ""), ("一组", "001", "白桦", ""), ("一组", "002", "", "空置")],
        ("组", "户号", "姓名", "住房情况"),
    )
    assert {(h.number, h.members, h.dwelling) for h in queries.households_in(TOP)} == {
        ("001", 2, ""),
        ("002", 0, "vacant"),
    }
    load([("二组", "小禾", "户主"), ("二组", "小麦", "妻"), ("二组", "小米", "户主")], ("组", "姓名", "与户主关系"))
    assert [h.members for h in queries.households_in(GROUP_2)] in ([2, 1], [1, 2])
    load([("幸福小区3栋501", "阿禾"), ("幸福小区3栋501", "阿麦"), ("竹溪河社区", "阿米")], ("住址", "姓名"))
    homes = {p.name: p.household for p in queries.persons_in(VILLAGE, masked=False)}
    assert homes["阿禾"] == homes["阿麦"] is not None and homes["阿米"] is None


def test_one_line_a_household(county):
    counts, _ = load([(ANNA, ANNAS_ID, "13812345678", "一组")], ("户主姓名", "户主身份证号", "户主电话", "组别"))
    assert counts.added == 1
    assert queries.households_in(GROUP_1, masked=False)[0].head_name == ANNA
    assert one(ANNA).phone == "13812345678"


def test_a_county_list_names_townships_villages_and_groups(county):
    columns = ("乡镇", "村", "组", "姓名", "身份证号")
    _counts, told = load(
        [
            ("城关镇", "竹溪河", "1组", ANNA, ANNAS_ID),
            ("城关镇", "文彩村", "一组", "白桦", OTHER_ID),
            ("城关镇", "", "", "小禾", ""),
            ("城关镇", "文采村", "一组", "小麦", ""),
        ],
        columns,
        area=TOP,
    )
    assert everyone() == {(ANNA, GROUP_1), ("白桦", OTHER_GROUP)}
    assert [codes for _, _, codes in told] == [["no village"], ["unknown area"]]


def test_groups_that_do_not_exist_are_made_only_when_asked(county):
    rows, columns = [("三组", ANNA), ("三组", "白桦")], ("组", "姓名")
    assert load(rows, columns)[0].bad == 2
    counts, _ = load(rows, columns, create_groups=True)
    assert counts.added == 2
    assert len({p.area for p in queries.persons_in(VILLAGE)}) == 1


def test_what_a_list_adds_during_a_sweep_is_owed_at_once(county):
    append([sweep(VILLAGE)], at=AT)
    load(FAMILY, at=AT + HOUR)
    owed = ledger.missing(VILLAGE, now=AT + 2 * HOUR)
    assert sorted(d.name for d in owed) == ["seen", "seen", "seen", "visit"]
    load(FAMILY, at=AT + 2 * HOUR)
    assert len(ledger.missing(VILLAGE, now=AT + 2 * HOUR)) == 4


def test_a_person_registered_elsewhere_gives_nothing_away(county):

    actions.register_person(name="白桦", area=OTHER_GROUP, id_number=OTHER_ID, phone="13912345678", by=BY, at=AT)
    told = []
    with seeing([(VILLAGE, VILLAGE + 10**6 - 1)]):
        counts = actions.import_rows(
            lines([("一组", "", "白华", "", OTHER_ID, "13800000000", "")]),
            list_name="返乡",
            area=VILLAGE,
            mapping=suggest(COLUMNS),
            by=BY,
            at=AT + HOUR,
            report=lambda line, verdict, problems: told.extend(problems),
        )
    assert counts.unchanged == 1
    assert "白桦" not in str(told) and "13912345678" not in str(told)
    assert {p.code for p in told} == {"other name", "registered elsewhere"}
    assert one("白桦").phone == "13912345678"
    assert [s.list_name for s in queries.person_page(COUNTY, one("白桦").id).sources] == ["返乡"]


def test_a_person_taken_out_of_the_register_comes_back_with_a_list(county):
    load(FAMILY)
    append([sweep(VILLAGE)], at=AT)
    actions.end_person(county=COUNTY, person=one("白桦").id, by=BY, at=AT, reason="迁出")
    assert len(ledger.missing(VILLAGE, now=AT, names=["seen"])) == 2
    _, told = load(FAMILY, at=AT + HOUR)
    assert told == [(3, Verdict.CHANGED, ["back again"])]
    assert len(ledger.missing(VILLAGE, now=AT + HOUR, names=["seen"])) == 3


def test_a_list_with_the_number_of_a_merged_row_finds_the_kept_person(county):
    kept = actions.register_person(name=ANNA, area=GROUP_1, id_number=ANNAS_ID, by=BY, at=AT)
    gone = actions.register_person(name=ANNA, area=GROUP_1, id_number=THIRD_ID, by=BY, at=AT)
    actions.merge_persons(county=COUNTY, kept=kept, gone=gone, by=BY, at=AT)
    counts, _ = load([("一组", "", ANNA, "", THIRD_ID, "", "")])
    assert counts.added == 0 and counts.differing == 1
    assert [p.id for p in queries.persons_in(TOP)] == [kept]


def test_the_registers_written_out_and_read_back_change_nothing(county):
    load([*FAMILY, ("二组", "赤松", "赤松", "户主", THIRD_ID, "0915-8822123", "")])
    actions.register_household(area=GROUP_2, address="二组", dwelling="vacant", by=BY, at=AT)
    actions.register_household(area=GROUP_2, by=BY, at=AT)
    actions.register_person(name="小满", area=VILLAGE, away=True, away_to="武汉", by=BY, at=AT)
    before = queries.persons_in(TOP, masked=False), queries.households_in(TOP, masked=False)
    for masked in (False, True):
        rows = [{str(k): v for k, v in row.items()} for row in queries.register_rows(TOP, masked=masked)]
        assert len(rows) == 7
        mapping = {str(f): f for f in queries.EXPORTED}
        counts = actions.import_rows(
            (Line("x", n, row) for n, row in enumerate(rows)),
            list_name="导出",
            area=TOP,
            mapping=mapping,
            by=BY,
            at=AT + HOUR,
        )
        assert (counts.unchanged, counts.read) == (7, 7)
        assert (queries.persons_in(TOP, masked=False), queries.households_in(TOP, masked=False)) == before


def test_numbers_used_here_are_what_they_seem():
    assert all(normal_id_number(n)[1] is None for n in (ANNAS_ID, OTHER_ID, THIRD_ID))
