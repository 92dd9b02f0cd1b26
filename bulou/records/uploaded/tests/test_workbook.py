"""What pyxform refuses of a form is said in plain words, row by row, all of it at once."""

from bulou.records.uploaded.complaints import said_of
from bulou.records.uploaded.findings import sentence
from bulou.records.uploaded.reading import read_form
from bulou.records.uploaded.tests.made import sheet
from bulou.records.uploaded.workbook import convert_workbook


def test_pyxform_is_heard_in_plain_words():
    for wrong, zh in (
        (sheet("type | name | label", "texxt | a | A"), "没有叫“texxt”的题型"),
        (sheet("type | name | label", "begin group | g | G", "text | a | A"), "开始了却没有结束"),
        (sheet("type | name | label | relevant", "text | a | A | ${b} = 1"), "不存在的题目"),
        (sheet("type | name | label", "select_one no | a | A", choices=("c | x | X",)), "选项清单"),
        (sheet("type | name | label", "text | a b | A"), "name 只能"),
        (sheet("type | name | label", "text | a | A", "text | a | B"), "相同"),
    ):
        made = convert_workbook(wrong, ".md")
        assert made.findings[0].weight == "refuses" and zh in sentence(made.findings[0], "zh_Hans"), made.findings
    assert said_of("something quite new", "en") == "pyxform says: something quite new"


def test_all_that_pyxform_refuses_is_said_at_once_and_row_by_row():
    made = convert_workbook(
        sheet(
            "type | name | label | relevant | constraint", "texxt | a | A", "integer | b | B | ${nobody} = 1 | . > 0 and",
            "select_one none | c | C", "text | a | D", "note | e | ${a}", "datte | f | F",
            choices=("c | x | X",),
        ), ".md",
    )  # fmt: skip
    said = [sentence(finding, "zh_Hans") for finding in made.findings]
    for row, words in zip((2, 3, 4, 5, 7), ("“texxt”", "“nobody”", "“none”", "相同", "“datte”"), strict=True):
        assert any(f"第 {row} 行" in one and words in one for one in said), said
    assert len(said) == 5
    more = read_form(made.xform, name="own_610927_x", version=1, rows=made.rows, keep_days=30)
    assert any(finding.row == 3 and "constraint" in sentence(finding, "zh_Hans") for finding in more.findings)
