"""What is drawn from a declaration: a card, a schema, columns, a phone's form."""

from typing import Any
from xml.etree import ElementTree

import pytest

from bulou.records.display import card, shown
from bulou.records.fields import Field, Personal
from bulou.records.schema import columns, openapi, schema
from bulou.records.tests.make import kind, ruleset
from bulou.records.timing import to_the_minute
from bulou.records.words import FieldWords, Words
from bulou.records.xforms import XFormError, xform, xlsform

PERSONAL = Personal("to know them again", 30, "incident")
FIELDS = (
    Field("outcome", "select_one", choices=("home", "out"), required=True),
    Field("seen", "dateTime"),
    Field("sure", "acknowledge"),
    Field("hello", "note", relevant="${outcome} = 'home'"),
    Field(
        "members",
        "repeat",
        relevant="${outcome} = 'home'",
        fields=(
            Field("name", "text", personal=PERSONAL),
            Field("heat", "decimal", constraint=". >= 34", relevant="${name} != ''"),
            Field("fever", "calculate", calculation="if(${heat} >= rule('fever.threshold_c'), 'yes', 'no')"),
            Field("signs", "select_multiple", choices=("cough", "ache")),
        ),
    ),
    Field("whole", "body"),
)


def said(language: str, **labels: str) -> Words:
    fields = {key.replace("__", "."): FieldWords(label, hint="…") for key, label in labels.items()}
    choices = {"outcome": {"home": "在家", "out": "外出"}, "members.signs": {"cough": "咳嗽", "ache": "疼痛"}}
    return Words("入户", "逐户", fields, choices if language == "zh_Hans" else {}, language=language)


WORDS = {
    "zh_Hans": said(
        "zh_Hans", outcome="结果", seen="时间", members="成员", members__name="姓名", members__signs="症状"
    ),
    "en": said("en", outcome="Outcome"),
}
VISIT = kind(*FIELDS, summary=("outcome", "members"), words=WORDS)
BODY: dict[str, Any] = {
    "outcome": "home",
    "seen": "2020-02-03T02:00:00Z",
    "sure": True,
    "members": [{"name": "安娜", "signs": ["cough", "ache"]}, {"heat": 36.50}],
}


def test_answers_are_shown_in_the_forms_order_with_labels_and_choices() -> None:
    found = [(each.row, each.label, each.text) for each in shown(VISIT, BODY)]
    assert found == [
        (0, "结果", "在家"),
        (0, "时间", "2020-02-03 10:00"),
        (0, "sure", "是"),
        (0, "成员", "2 条"),
        (1, "姓名", "安娜"),
        (1, "症状", "咳嗽、疼痛"),
        (2, "members.heat", "36.5"),
    ]
    assert [each.field.personal for each in shown(VISIT, BODY) if each.key == "members.name"] == [PERSONAL]
    assert [each.text for each in shown(VISIT, BODY, "en")][:2] == ["home", "2020-02-03 10:00"]


def test_a_card_shows_the_summary() -> None:
    assert [(each.label, each.text) for each in card(VISIT, BODY)] == [("结果", "在家"), ("成员", "2 条")]


def test_the_schema_says_what_it_can() -> None:
    made = schema(VISIT)
    assert made["required"] == ["outcome"]
    assert set(made["properties"]) == {"outcome", "seen", "sure", "members", "whole"}
    rows = made["properties"]["members"]["items"]
    assert rows["properties"]["name"]["x-personal"] == {
        "purpose": "to know them again",
        "keep_days": 30,
        "starts": "incident",
    }
    assert rows["properties"]["signs"]["x-labels"] == {"cough": "咳嗽", "ache": "疼痛"}
    assert not rows["additionalProperties"]
    entry = openapi([VISIT])["components"]["schemas"]["visit_entry"]
    assert entry["properties"]["kind"] == {"const": "visit"}
    assert entry["properties"]["subject"]["pattern"] == "^(household):.+$"


def test_no_two_columns_have_one_header() -> None:
    headers = [column.header for column in columns(VISIT)]
    assert headers == [
        "记录编号", "对象", "区划代码", "发生时间", "记录人", "结果", "时间", "sure", "成员·姓名", "成员·members.heat",
        "成员·members.fever", "成员·症状", "whole",
    ]  # fmt: skip


def test_the_phones_form_has_the_rules_written_in_and_both_languages() -> None:
    made = xform(VISIT, ruleset())
    root = ElementTree.fromstring(made)
    binds = {bind.get("nodeset"): bind for bind in root.iter("{http://www.w3.org/2002/xforms}bind")}
    assert "37.3" in str(binds["/data/members/fever"].get("calculate"))
    assert binds["/data/members/heat"].get("constraint") == ". >= 34"
    assert "/data/whole" not in binds
    languages = [each.get("lang") for each in root.iter("{http://www.w3.org/2002/xforms}translation")]
    assert languages == ["中文 (zh)", "English (en)"]
    assert 'version="1-test-2020"' in made
    assert "咳嗽" in made and "在家" in made


def test_a_form_that_pyxform_refuses_says_so_in_its_words() -> None:
    bad = kind(Field("a", "text", appearance="x", relevant="${nowhere} = 1"))
    with pytest.raises(XFormError, match=r"kind visit: .*nowhere"):
        xform(bad, None)


def test_rules_of_every_type_can_be_written_for_a_phone() -> None:
    fields = (Field("a", "text", relevant="rule('yes') and rule('word') != '' and rule('number') > 1"),)
    text = 'name="n"\ntitle="t"\nsource="s"\nvalid_from=2020-01-01\n'
    for name, value in (("yes", "true"), ("word", '"it\'s"'), ("number", "2.50")):
        text += f'[{name}]\nvalue={value}\nsource="s"\n'
    (row,) = xlsform(kind(*fields), ruleset(text))["survey"]
    assert row["relevant"] == """true() and "it's" != '' and 2.5 > 1"""


def test_like_headers_are_told_apart() -> None:
    twice = {"zh_Hans": Words("t", fields={"a": FieldWords("对象"), "b": FieldWords("对象")})}
    made = columns(kind(Field("a", "text"), Field("b", "text"), words=twice))
    assert [column.header for column in made if column.header.startswith("对象")] == ["对象", "对象 (2)", "对象 (3)"]


def test_a_default_that_a_rule_says_is_the_answer_itself() -> None:
    """pyxform takes a lone quoted text for the answer, quotes and all."""
    (row,) = xlsform(kind(Field("day", "date", default="rule('sweep.since')")), ruleset())["survey"]
    assert row["default"] == "2020-01-08"


def test_the_sum_of_nothing_is_nothing_rather_than_no_number() -> None:
    fields = (
        Field("members", "repeat", fields=(Field("n", "integer"),)),
        Field("all", "calculate", calculation="1 + sum(${n})"),
    )
    row = next(row for row in xlsform(kind(*fields), None)["survey"] if row["name"] == "all")
    assert row["calculation"] == "1 + if(count-non-empty(${n}) > 0, sum(${n}[. != '']), 0)"


def test_moments_are_compared_to_the_minute_in_collect_too() -> None:
    types = {"due": "dateTime", "seen": "dateTime", "day": "date", "n": "integer"}
    for said, written in (
        (". > now()", "decimal-date-time(.) > decimal-date-time(now())"),
        (". >= ${due} and ${n} > 3", "decimal-date-time(.) >= decimal-date-time(${due}) and ${n} > 3"),
        ("(now() - ${seen}) * 24 > 2", "(decimal-date-time(now()) - decimal-date-time(${seen})) * 24 > 2"),
        ("${day} <= now()", "decimal-date-time(${day}) <= decimal-date-time(now())"),
        ("${day} <= today()", "${day} <= today()"),
        ("${due} != ''", "${due} != ''"),
        ("int(decimal-date-time(now()) - ${n})", "int(decimal-date-time(now()) - ${n})"),
    ):
        assert to_the_minute(said, types, "dateTime") == written
