"""The Excel a village really has, from the file to the registers and back."""

import io
import sys

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.queries import audit_rows
from bulou.exchange import actions, words
from bulou.exchange.actions import Choice
from bulou.exchange.queries import inspect
from bulou.exchange.rules.files import Refused
from bulou.exchange.rules.writing import write_table
from bulou.people import actions as people
from bulou.people import queries
from bulou.people.rules.columns import Field
from bulou.people.tests.conftest import ANNA, ANNAS_ID, AT, BY, COUNTY, GROUP_1, GROUP_2, HOUR, TOP, VILLAGE

pytestmark = pytest.mark.django_db

OTHER_ID, THIRD_ID = "440524188001010014", "34052419800101001X"
HEADERS = [
    "序号",
    "备注",
    "户主",
    "家庭成员",
    "性别",
    "身份证号码（18位）",
    "联系 电话",
    "与户主关系",
    "家庭住址",
    "村组",
    "人员类别",
]


def messy():
    """Return the workbook: a title over two rows, headers of two storeys, a note, merged households, numbers as
    numbers,
    the headers again, a line of totals, a signature, another sheet, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "户籍表"
    sheet["A1"] = "竹溪河社区新冠肺炎疫情防控人员登记表"
    sheet.merge_cells("A1:K2")
    for column, header in enumerate(HEADERS, 1):
        if column in (4, 5, 6):
            sheet.cell(3, column, "成员情况" if column == 4 else None)
            sheet.cell(4, column, header)
        else:
            sheet.cell(3, column, header)
            sheet.merge_cells(start_row=3, start_column=column, end_row=4, end_column=column)
    sheet.merge_cells("D3:F3")
    rows = [
        [
            "填写说明",
            "选填",
            "必填",
            "必填",
            "填写男或女",
            "18位，文本格式",
            "11位",
            "例如：户主",
            "必填",
            "必填",
            "下拉选择",
        ],
        [1, "低保", ANNA, ANNA, "女", ANNAS_ID, 13812345678, "户主", "3号", "一组", "常住"],
        [2, None, None, "白桦", "男", 440524188001010014, None, "配偶", None, None, "常住"],
        [3, None, None, "小禾", "男", None, None, "子", None, None, None],
        [4, "在武汉", "赤松", "赤松", "男", THIRD_ID, "0915-8822123", "户主", "5号", "第2组", "外出"],
        HEADERS,
        [5, None, "小麦", "小麦", "女", "11010519491231", "无", "户主", "6号", "九组", None],
        ["合计", None, None, "5人", None, None, None, None, None, None, None],
        ["填表人：安娜", None, None, None, None, None, None, None, None, None, None],
    ]
    for number, row in enumerate(rows, 5):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    for column in (3, 9, 10):
        sheet.merge_cells(start_row=6, start_column=column, end_row=8, end_column=column)
    second = book.create_sheet("外来人员")
    for row in (["姓名", "手机号", "组别", "说明"], ["小满", "+86 139 0000 0001", "一组", "来自武汉"]):
        second.append(row)
    book.create_sheet("隐藏").sheet_state = "hidden"
    book["隐藏"].append(["姓名", "电话"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(path, name="村表.xlsx", **more):
    more = {"list_name": "村表", "area": VILLAGE, "by": BY, "at": AT} | more
    return actions.import_list(path, file_name=name, **more)


@pytest.fixture
def village_file(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(messy())
    return path


def read_back(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[c or "" for c in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_what_the_file_holds_is_shown_before_anything_is_taken(county, village_file):
    seen = inspect(village_file, file_name="村表.xlsx", county=COUNTY)
    first, second, hidden = seen.sheets
    assert (seen.kind, first.header_row, first.problems, hidden.hidden) == ("xlsx", 4, [], True)
    assert first.mapping == {
        "备注": Field.NOTE,
        "户主": Field.HEAD,
        "家庭成员": Field.NAME,
        "性别": Field.SEX,
        "身份证号码（18位）": Field.ID_NUMBER,
        "联系 电话": Field.PHONE,
        "与户主关系": Field.RELATION,
        "家庭住址": Field.ADDRESS,
        "村组": Field.GROUP,
        "人员类别": Field.RESIDENT,
    }
    assert [row[3] for row in first.sample[:2]] == [ANNA, "白桦"]
    assert second.mapping["说明"] is Field.NOTE
    assert queries.runs(TOP) == []


def test_the_excel_a_village_really_has(county, village_file):
    run = take(village_file)
    assert (run.state, run.read, run.added, run.bad, run.households) == ("done", 6, 5, 1, 2)
    assert run.read == run.added + run.changed + run.unchanged + run.bad
    assert {(n.why, n.sheet) for n in run.left_out} == {
        ("note", "户籍表"),
        ("header again", "户籍表"),
        ("total", "户籍表"),
        ("foot", "户籍表"),
        ("hidden sheet", "隐藏"),
    }
    assert all(words.note(n) for n in run.left_out)
    people_ = {p.name: p for p in queries.persons_in(TOP, masked=False)}
    assert {n: p.area for n, p in people_.items()} == {
        ANNA: GROUP_1,
        "白桦": GROUP_1,
        "小禾": GROUP_1,
        "赤松": GROUP_2,
        "小满": GROUP_1,
    }
    assert people_["白桦"].id_number == ""  # Excel had kept fifteen of its digits
    assert (people_[ANNA].phone, people_[ANNA].sex, people_["小满"].phone) == ("13812345678", "female", "13900000001")
    homes = {h.head_name: h for h in queries.households_in(TOP, masked=False)}
    assert (homes[ANNA].members, homes[ANNA].address, homes["赤松"].members) == (3, "3号", 1)
    assert people_["赤松"].note == "在武汉"
    (row,) = audit_rows(action="import").rows
    assert row.detail["run"] == str(run.id)


def test_bad_rows_come_back_in_a_file_that_can_be_corrected_and_imported_again(county, village_file, tmp_path):
    run = take(village_file)
    sheets = read_back(queries.get_run_report(TOP, run.id))
    bad = sheets["需更正"]
    header = bad.index(next(row for row in bad if "家庭成员" in row))
    row = dict(zip(bad[header], bad[header + 1], strict=True))
    assert row["家庭成员"] == "小麦" and "九组" in row[bad[header][-3]] and row[bad[header][-1]] == "11"
    kept = sheets["已导入待核对"]
    assert any("白桦" in r and "1.10105" not in str(r) for r in kept)
    book = openpyxl.load_workbook(io.BytesIO(queries.get_run_report(TOP, run.id)))
    sheet = book["需更正"]
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value == "九组":
                cell.value = "二组"
    book.save(tmp_path / "again.xlsx")
    again = take(tmp_path / "again.xlsx", "again.xlsx", at=AT + HOUR)
    assert (again.read, again.added, again.bad) == (1, 1, 0)
    assert "小麦" in {p.name for p in queries.persons_in(GROUP_2, masked=False)}


def test_a_mapping_is_remembered_for_lists_with_the_same_columns(county, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("甲,乙,丙\n安娜,13812345678,一组\n", encoding="gb18030")
    seen = inspect(path, file_name="a.csv", county=COUNTY, header_rows={"CSV": 1})
    assert seen.sheets[0].headers == ["甲", "乙", "丙"] and not seen.usable
    choice = Choice({"甲": Field.NAME, "乙": Field.PHONE, "丙": None}, header_row=1)
    assert take(path, "a.csv", choices={"CSV": choice}).added == 1
    path.write_text("丙,甲,乙\n一组,白桦,13912345678\n", encoding="utf-8")
    seen = inspect(path, file_name="a.csv", county=COUNTY, header_rows={"CSV": 1})
    assert seen.sheets[0].remembered and seen.sheets[0].mapping == {"甲": Field.NAME, "乙": Field.PHONE}


def test_a_file_without_a_list_is_a_failed_run_that_says_why(county, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("天气,温度\n晴,3\n", encoding="utf-8")
    run = take(path, "a.csv")
    assert run.state == "failed" and "姓名" in words.failure(run.failure)
    with pytest.raises(Refused) as refused:
        take(path, "a.xlsx")
    assert words.explain(refused.value)


def fill(homes):
    for n in range(homes):
        home = people.register_household(
            area=GROUP_1 if n % 2 else GROUP_2,
            number=f"{n:04}",
            address=f"={n}号",
            by=BY,
            at=AT,
            dwelling="vacant" if n % 7 == 0 else "owner",
            latitude=31.9,
            longitude=109.5,
        )
        for m in range(n % 7):
            people.register_person(
                household=home,
                county=COUNTY,
                name=f"安{n}号{m}",
                phone=f"138{n:04}{m:04}",
                by=BY,
                at=AT,
                is_head=m == 0,
                relation="户主" if m == 0 else "子",
                away=m == 3,
                note="+86 说明",
            )


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("masked", [False, True])
def test_the_register_exported_and_imported_again_changes_nothing(county, tmp_path, form, masked):
    fill(15)
    before = queries.persons_in(TOP, masked=False, limit=999), queries.households_in(TOP, masked=False, limit=999)
    out = actions.export_register(TOP, by=BY, exporter="王主任", purpose="核对", at=AT, masked=masked, form=form)
    path = tmp_path / out.name
    path.write_bytes(out.content)
    run = take(path, out.name, area=TOP, list_name="导出", at=AT + HOUR)
    assert (run.read, run.unchanged) == (out.rows, out.rows)
    assert run.left_out == []
    after = queries.persons_in(TOP, masked=False, limit=999), queries.households_in(TOP, masked=False, limit=999)
    assert after == before
    assert ("安1号0" in out.content.decode("utf-8-sig")) is not masked if form == "csv" else True
    (row,) = audit_rows(action="export").rows
    assert (row.detail["rows"], row.detail["sha256"], row.purpose) == (out.rows, out.sha256, "核对")


def test_an_export_says_who_took_it_and_whether_it_is_whole(county, tmp_path):
    fill(3)
    out = actions.export_register(TOP, by=BY, exporter="王主任", purpose="核对", at=AT)
    sheets = read_back(out.content)
    assert any("王主任" in str(row) and "2020-01-26 10:00" in str(row) for row in sheets["人口台账"][:2])
    manifest = dict(row[:2] for row in sheets["导出说明"])
    assert manifest["行数 rows"] == str(out.rows)
    book = openpyxl.load_workbook(io.BytesIO(out.content))
    book["人口台账"].delete_rows(book["人口台账"].max_row)
    book.save(tmp_path / "cut.xlsx")
    run = take(tmp_path / "cut.xlsx", "cut.xlsx", area=TOP, at=AT + HOUR)
    assert [n.why for n in run.left_out] == ["rows differ"]
    with pytest.raises(people.Refused):
        actions.export_register(TOP, by=BY, exporter="王主任", purpose=" ", at=AT)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("=+-@\t|%＝安娜1(\"'"), max_size=12), min_size=1, max_size=20))
def test_nothing_written_out_can_run(names):
    sheet = openpyxl.load_workbook(io.BytesIO(write_table(["姓名"], [[n] for n in names], title="表").content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [sheet.cell(n, 1).value or "" for n in range(3, 3 + len(names))] == names


def test_more_rows_than_a_sheet_holds_go_to_another_sheet(monkeypatch):
    from bulou.exchange.rules import writing

    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    out = write_table(["数"], ([str(n)] for n in range(7)), title="表", manifest=[("谁", "安娜")])
    sheets = read_back(out.content)
    assert list(sheets) == ["表", "表(2)", "表(3)", "导出说明"]
    assert [row[0] for name in ("表", "表(2)", "表(3)") for row in sheets[name][2:]] == [str(n) for n in range(7)]
    assert out.rows == 7
    with pytest.raises(ValueError, match="would be cut"):
        write_table(["数"], [["x" * 40_000]], title="表")


def test_uploads_wait_for_whoever_brought_them_and_for_a_day(settings, tmp_path):
    import os

    settings.DATA = tmp_path
    upload = actions.keep_upload([b"a", b"b"], by=BY, at=AT)
    path = actions.find_upload(upload, by=BY)
    assert path and path.read_bytes() == b"ab"
    assert actions.find_upload(upload, by="account:other") is None
    os.utime(path, (AT.timestamp() - 90_000,) * 2)
    other = actions.keep_upload([b"c"], by=BY, at=AT)
    assert actions.find_upload(upload, by=BY) is None
    actions.drop_upload(other, by=BY, at=AT)
    assert actions.find_upload(other, by=BY) is None
    with pytest.raises(Refused):
        actions.keep_upload([b"x" * 2**20] * 20, by=BY, at=AT)


def test_every_code_has_words():
    from bulou.core.identity import Flaw
    from bulou.exchange.words import _REFUSALS
    from bulou.people.rules.rows import Problem
    from bulou.people.words import _SENTENCES, describe

    assert {str(f) for f in Flaw} <= set(_SENTENCES)
    for code in _SENTENCES:
        assert describe(Problem(code, "phone", "13812345678", "13912345678"))
    assert "13912345678" not in describe(Problem("differs", "phone", "13812345678", "13912345678"))
    assert all(words.refusal(code, "x") for code in _REFUSALS)
    assert sys.modules
