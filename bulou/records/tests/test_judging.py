"""What is wrong with an entry, and in which words."""

from typing import Any

import pytest

from bulou.records.fields import Field
from bulou.records.judging import make_judge
from bulou.records.kinds import Kind
from bulou.records.law import BoundKind
from bulou.records.tests.make import entry, kind, ruleset
from bulou.records.words import FieldWords, Words


def law(asked: Kind) -> BoundKind:
    return asked.law(lambda name: ruleset())


def codes(asked: Kind, body: dict[str, Any], **changes: Any) -> list[tuple[str, int, str]]:
    return [fault[:3] for fault in law(asked).faults(entry(body, **changes))]


@pytest.mark.parametrize(
    ("type_", "right", "wrong"),
    [
        ("text", ["安娜", "", None, "x" * 10_000, "🙂\n\t"], [1, True, ["x"], "x" * 10_001, "a\0b", "\ud800"]),
        ("integer", [0, -5, 2**31 - 1, None], [1.0, "1", True, 2**31, ""]),
        ("decimal", [36.5, 36, None], [float("nan"), float("inf"), "36.5", True, 10**400]),
        ("date", ["2020-02-29", "", None], ["2020-02-30", "20200203", "2020-W05-1", "2020-02-03T10:00", 5]),
        ("dateTime", ["2020-02-03T10:00", "2020-02-03T10:00:00.123+08:00"], ["2020-02-03", "2020-02-03T25:00", "x"]),
        ("time", ["08:30", "23:59:59.5", "08:30:00+08:00"], ["24:00", "8:30", "08:60", 830]),
        ("geopoint", ["31.9 109.5", "-31.9 109.5 900 5"], ["109.5 31.9 x", "91 0", "0 181", "31.9", "1 2 3 4 5"]),
        ("yes_no", ["yes", "no", ""], ["maybe", True]),
        ("acknowledge", [True, "OK", False, None], ["yes", 1.5]),
        ("select_one", ["a", ""], ["c", ["a"], 1]),
        ("select_multiple", [["a", "b"], [], None], [["a", "a"], ["c"], "a", [["a"]], [1]]),
        ("repeat", [[], [{}], None], [{}, "x", [1], [None], [{}] * 1001]),
        ("body", [{"any": 1}, None], [[], "x"]),
    ],
)
def test_an_answer_is_of_its_type(type_: Any, right: list[Any], wrong: list[Any]) -> None:
    choices = ("a", "b") if type_ in ("select_one", "select_multiple") else ()
    inner = (Field("x", "text"),) if type_ == "repeat" else ()
    asked = kind(Field("it", type_, choices=choices, fields=inner))
    for value in right:
        assert codes(asked, {"it": value}) == [], value
    for value in wrong:
        assert codes(asked, {"it": value}) == [("it", 0, type_)], value


def test_a_question_is_required_only_where_it_is_relevant() -> None:
    asked = kind(
        Field("outcome", "select_one", choices=("home", "out"), required=True),
        Field("why", "text", relevant="${outcome} = 'out'", required=True),
        Field("later", "text", required="${outcome} = 'home'"),
    )
    assert codes(asked, {}) == [("outcome", 0, "required")]
    assert codes(asked, {"outcome": "out"}) == [("why", 0, "required")]
    assert codes(asked, {"outcome": "home"}) == [("later", 0, "required")]
    assert codes(asked, {"outcome": "out", "why": "搬走了"}) == []


def test_what_is_not_relevant_reads_as_unanswered() -> None:
    """As on the phone: a temperature left from before the door was found shut says nothing."""
    asked = kind(
        Field("found", "yes_no"),
        Field("temperature", "decimal", relevant="${found} = 'yes'", constraint=". < 43"),
        Field("fever", "calculate", calculation="if(${temperature} >= rule('fever.threshold_c'), 1, 0)"),
    )
    assert codes(asked, {"found": "no", "temperature": 99}) == []
    assert law(asked).answers(entry({"found": "no", "temperature": 38})) == {"found": "no", "fever": "0"}
    assert law(asked).answers(entry({"found": "yes", "temperature": 38}))["fever"] == "1"


def test_relevance_goes_down_into_groups_and_may_depend_on_later_questions() -> None:
    asked = kind(
        Field(
            "away",
            "group",
            relevant="${ill} = 'yes'",
            fields=(Field("hospital", "text", required=True), Field("ward", "text", relevant="${hospital} != ''")),
        ),
        Field("ill", "yes_no"),
    )
    assert codes(asked, {"ill": "no"}) == []
    assert codes(asked, {"ill": "yes"}) == [("hospital", 0, "required")]
    assert law(asked).answers(entry({"ill": "no", "hospital": "县医院", "ward": "3"})) == {"ill": "no"}


def test_rows_see_themselves_first_and_the_form_after() -> None:
    asked = kind(
        Field("name", "text"),
        Field("limit", "integer"),
        Field(
            "members",
            "repeat",
            fields=(
                Field("name", "text", required=True),
                Field("age", "integer", constraint=". <= ${limit}"),
                Field("number", "calculate", calculation="position(..)"),
                Field("known", "calculate", calculation="concat(${name}, '/', ${number}, '/', count(${members}))"),
            ),
        ),
        Field("oldest", "calculate", calculation="max(${age})"),
    )
    body = {"name": "户主", "limit": 90, "members": [{"name": "安娜", "age": 40}, {"name": "巴科", "age": 91}]}
    assert codes(asked, body) == [("members.age", 2, "constraint")]
    body["limit"] = 100
    said = law(asked).answers(entry(body))
    assert [row["known"] for row in said["members"]] == ["安娜/1/2", "巴科/2/2"]
    assert said["oldest"] == "91"
    assert codes(asked, {"limit": 9, "members": [{"age": 1}]}) == [("members.name", 1, "required")]


def test_what_the_form_does_not_ask_is_pointed_out() -> None:
    asked = kind(Field("temperature", "decimal"), Field("rows", "repeat", fields=(Field("a", "text"),)))
    assert codes(asked, {"temperatur": 36}) == [("temperatur", 0, "unknown")]
    assert codes(asked, {"rows": [{"a": "x"}, {"b": "x"}]}) == [("rows.b", 2, "unknown")]
    assert "temperature" in law(asked).problems_in(entry({"temperatur": 36}), "en")[0]


def test_the_entry_must_be_about_what_the_kind_is_about_and_of_a_version_that_is_known() -> None:
    asked = kind(Field("a", "text"))
    assert codes(asked, {}, subject="person:1") == [("", 0, "subject type")]
    assert codes(asked, {}, version=2) == [("", 0, "version")]
    assert codes(kind(Field("a", "text"), version=3), {}, version=2) == []


def test_a_rule_set_that_is_lacking_is_a_problem_and_not_a_crash() -> None:
    def none(name: str) -> Any:
        raise LookupError(f"there is no rule set {name!r}")

    asked = kind(Field("t", "decimal", constraint=". < rule('fever.threshold_c')"))
    problems = asked.law(none).problems(entry({"t": 36}, rules="gone"))
    assert len(problems) == 1 and "gone" in problems[0]
    assert kind(Field("t", "decimal")).law(none).problems(entry({"t": 36}, rules="gone")) == []


def test_each_entry_is_judged_under_its_own_rules() -> None:
    other = ruleset().values | {"fever.threshold_c": ruleset().rule("fever.threshold_c").__class__(38.0, "℃", "x")}
    sets = {"old": ruleset(), "new": ruleset().__class__("new", "t", "s", ruleset().valid_from, other)}
    asked = kind(Field("t", "decimal", constraint=". < rule('fever.threshold_c')")).law(sets.__getitem__)
    assert asked.problems(entry({"t": 37.5}, rules="old"))
    assert not asked.problems(entry({"t": 37.5}, rules="new"))


def test_fields_that_wait_for_each_other_are_refused() -> None:
    asked = kind(Field("a", "calculate", calculation="${b}"), Field("b", "calculate", calculation="${a}"))
    with pytest.raises(ValueError, match="wait for each other"):
        make_judge(asked, None)


WORDS = {
    "zh_Hans": Words(
        "入户排查",
        fields={
            "outcome": FieldWords("结果"),
            "members": FieldWords("家庭成员"),
            "members.temperature": FieldWords("体温", constraint="应在 34 到 43 之间"),
        },
        choices={"outcome": {"home": "在家", "out": "外出"}},
    ),
    "en": Words(
        "Visit",
        fields={
            "outcome": FieldWords("Outcome"),
            "members": FieldWords("Members"),
            "members.temperature": FieldWords("Temperature", constraint="must be between 34 and 43"),
        },
        language="en",
    ),
}
VISIT = kind(
    Field("outcome", "select_one", choices=("home", "out"), required=True),
    Field("members", "repeat", fields=(Field("temperature", "decimal", constraint=". >= 34 and . <= 43"),)),
    words=WORDS,
)


def test_a_problem_names_the_question_and_says_what_to_do() -> None:
    def said(body: dict[str, Any], language: str) -> list[str]:
        return law(VISIT).problems_in(entry(body), language)

    assert said({}, "zh_Hans") == ["「结果」必须填写"]
    assert said({}, "en") == ["Outcome must be answered"]
    assert said({"outcome": "gone"}, "zh_Hans") == ["「结果」只能从选项中选一项:在家(home)、外出(out)"]
    hot = {"outcome": "home", "members": [{}, {"temperature": 370}]}
    assert said(hot, "zh_Hans") == ["“家庭成员”第 2 行「体温」应在 34 到 43 之间"]
    assert said(hot, "en") == ["Members, row 2: Temperature must be between 34 and 43"]
    assert law(VISIT).problems(entry({})) == said({}, "zh_Hans")
