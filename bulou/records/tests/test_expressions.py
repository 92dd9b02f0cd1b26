"""Expressions against XPath 1.0 as ODK's engines read it.

Every row was also run through @getodk/xforms-engine 0.22. It differs in four: a sum with a blank row is NaN there; `or`
gives the operand that was true, so that string(1 or 0) is "1"; date() of a moment keeps the time, where JavaRosa drops
it as we do; and number() of a date is text without its part of a day. JavaRosa in turn writes 1 for true, "NaN" for no
number and 1.0E11, makes -2 of round(-2.5), leaves blanks out of max('', 1), and compares moments by their days only.
"""

from math import isnan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.records.coercion import number_of_text, text_of_number
from bulou.records.expressions import ExpressionError, parse
from bulou.records.fields import Field
from bulou.records.judging import make_judge
from bulou.records.tests.make import entry, kind, ruleset

FIELDS = (
    Field("text", "text"),
    Field("age", "integer"),
    Field("temperature", "decimal"),
    Field("symptoms", "select_multiple", choices=("fever", "cough", "fatigue")),
    Field("outcome", "select_one", choices=("home", "out")),
    Field("returned", "date"),
    Field("seen", "dateTime"),
    Field("sure", "acknowledge"),
    Field("members", "repeat", fields=(Field("name", "text"), Field("heat", "decimal"))),
)
BODY: dict[str, Any] = {
    "text": "安娜 Anna",
    "age": 7,
    "temperature": 37.3,
    "symptoms": ["fever", "cough"],
    "outcome": "home",
    "returned": "2020-01-23",
    "seen": "2020-02-03T10:30:00+08:00",
    "sure": True,
    "members": [{"name": "安娜", "heat": 36.5}, {"name": "巴科", "heat": 38}],
}


def value_of(expression: str, body: dict[str, Any]) -> str:
    """Return what a calculation of the expression shows."""
    asked = kind(*FIELDS, Field("it", "calculate", calculation=f"string({expression})"))
    return asked.law(lambda name: ruleset()).answers(entry(body)).get("it", "")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 div 2", "3.5"),
        ("1 div 0", "Infinity"),
        ("0 div 0", ""),
        ("7 mod 3", "1"),
        ("-7 mod 3", "-1"),
        ("10 - 3 - 2", "5"),
        ("- - 3", None),  # XPath's, but not the phone's
        ("2 - -3", "5"),
        (".5 + 1.", "1.5"),
        ("'it''s' = 'x'", None),
        ('"it\'s"', "it's"),
        ("1 = 1.0", "true"),
        ("'1' = 1", "true"),
        ("'01' = '1'", "false"),
        ("'01' = 1", "true"),
        ("'a' < 'b'", "false"),  # text is compared as numbers, which these are not
        ("'10' > '9'", "true"),
        ("true() = 'x'", "true"),
        ("true() + 1", "2"),
        ("1 < 2 and 2 < 3 or false()", "true"),
        ("1 or 0 and 0", "true"),
        ("not(1 = 2)", "true"),
        ("not('')", "true"),
        ("boolean('false')", "true"),
        ("boolean(0)", "false"),
        ("${age} = 7", "true"),
        ("${age} = '7'", "true"),
        ("${age} != ''", "true"),
        ("${age} >= 7", "true"),
        ("${temperature} >= 37.3", "true"),
        ("${temperature} > 37.3", "false"),
        ("${temperature} + 1", "38.3"),
        ("${temperature} = ${temperature}", "true"),
        ("${outcome} = 'home'", "true"),
        ("${sure} = 'OK'", "true"),
        ("selected(${symptoms}, 'fever')", "true"),
        ("selected(${symptoms}, 'fatigue')", "false"),
        ("selected(${symptoms}, concat('co', 'ugh'))", "true"),
        ("selected('a b', 'b')", "true"),
        ("selected('ab', 'b')", "false"),
        ("selected(${outcome}, 'home')", "true"),
        ("count-selected(${symptoms})", "2"),
        ("selected-at(${symptoms}, 1)", "cough"),
        ("selected-at(${symptoms}, 5)", ""),
        ("${symptoms} = 'fever cough'", "true"),
        ("string-length(${text})", "7"),
        ("string-length('𠮷')", "2"),  # UTF-16 units, as on phones
        ("substr(${text}, 0, 2)", "安娜"),
        ("substr(${text}, -4)", "Anna"),
        ("substr(${text}, 3, -1)", "Ann"),
        ("substr(${text}, 5, 2)", ""),
        ("contains(${text}, 'Ann')", "true"),
        ("starts-with(${text}, '安')", "true"),
        ("ends-with(${text}, 'na')", "true"),
        ("concat(${text}, 1, true())", "安娜 Anna1true"),
        ("concat(${name})", "安娜巴科"),
        ("coalesce('', 'b')", "b"),
        ("coalesce(${text}, 'b')", "安娜 Anna"),
        ("if(${age} > 6, 'big', 'small')", "big"),
        ("if(${age} > 6, 1, 0) + 1", "2"),
        ("regex('13800138000', '^1[0-9]{10}$')", "true"),
        ("regex('1380013800x', '^1[0-9]{10}$')", "false"),
        ("int(3.9)", "3"),
        ("int(-3.9)", "-3"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(2.345, 2)", "2.35"),
        ("abs(-2)", "2"),
        ("number('x')", ""),
        ("number(' 12 ')", "12"),
        ("number('')", ""),
        ("max(1, 3, 2)", "3"),
        ("min(${heat})", "36.5"),
        ("min(1, 'x')", ""),
        ("count(${members})", "2"),
        ("count(${heat})", "2"),
        ("sum(${heat})", "74.5"),
        ("${heat} > 37.3", "true"),  # of any row
        ("${heat} < 36", "false"),
        ("${name} = '巴科'", "true"),
        ("${name} != '巴科'", "true"),
        ("37.3 <= ${heat}", "true"),
        ("today() > ${returned}", "true"),
        ("today() - ${returned}", "11"),
        ("${returned} >= '2020-01-08'", "true"),
        ("${returned} >= rule('sweep.since')", "true"),
        ("${returned} < date('2020-01-08')", "false"),
        ("date('2020-02-03')", "2020-02-03"),
        ("today()", "2020-02-03"),
        ("now()", "2020-02-03T12:00:00.000+08:00"),
        ("date(today() + 1)", "2020-02-04"),
        ("date(${seen})", "2020-02-03"),
        ("date-time(${seen})", "2020-02-03T10:30:00.000+08:00"),
        ("date(18000)", "2019-04-14"),
        ("date('2020-02-03') = ${returned}", "false"),
        ("today() = '2020-02-03'", "true"),
        ("${returned} = today() - 11", "true"),
        ("if(true(), today(), '')", "2020-02-03"),
        ("format-date('2020-02-03T23:30:00Z', '%d')", "04"),  # days are China's
        ("${temperature} = '37.30'", "false"),  # an answer and a text are compared as texts
        ("5 mod -3", "2"),
        ("-5.5 mod 2", "-1.5"),
        ("round(-0.5)", "-1"),
        ("round(1.005, 2)", "1"),
        ("2 = true()", "true"),
        ("2 > true()", "true"),
        ("substr('abcdef', '1', 3)", "bc"),
        ("selected('', '')", "true"),
        ("count-non-empty(${name})", "2"),
        ("123456789 * 1000", "123456789000"),
        ("${seen} < now()", "true"),
        ("${seen} > today()", "true"),
        ("(now() - ${seen}) * 24", "1.5"),
        ("format-date(${returned}, '%Y年%n月%e日')", "2020年1月23日"),
        ("format-date-time(${seen}, '%H:%M %a %b %d')", "10:30 Mon Feb 03"),
        ("format-date('x', '%Y')", ""),
        ("decimal-date-time('1970-01-02T08:00:00+08:00')", "1"),
        ("rule('fever.threshold_c') + 0", "37.3"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1000000 * 1000000", "1000000000000"),
        ("0.00001", "0.00001"),
        ("0.0000001", "1e-7"),
        ("100000000000 * 100000000000", "1e+22"),
    ],
)
def test_an_expression_gives_what_xpath_says(expression: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            value_of(expression, BODY)
    else:
        assert value_of(expression, BODY) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("${age} = ''", "true"),
        ("${age} != ''", "false"),
        ("${age} = 0", "false"),
        ("${age} != 0", "true"),
        ("${age} < 1 or ${age} >= 1", "false"),
        ("${age} + 1", ""),
        ("${age} = ${temperature}", "true"),  # both blank
        ("${text} = ''", "true"),
        ("${symptoms} = ''", "true"),
        ("count-selected(${symptoms})", "0"),
        ("selected(${symptoms}, 'fever')", "false"),
        ("selected-at(${symptoms}, 0)", ""),
        ("count(${members})", "0"),
        ("${heat} > 1", "false"),
        ("${heat} != 1", "false"),  # there is no row of which it holds
        ("sum(${heat})", "0"),  # XPath and JavaRosa; xforms-engine says NaN, so xforms.py writes it out
        ("max(${heat})", ""),
        ("string(${heat})", ""),
        ("today() > ${returned}", "false"),
        ("coalesce(${age}, 5)", "5"),
        ("concat(${age}, 'x')", "x"),
        ("${sure} = 'OK'", "false"),
        ("string-length(${text})", "0"),
    ],
)
def test_a_missing_answer_is_empty_text_and_no_number(expression: str, expected: str) -> None:
    assert value_of(expression, {}) == expected


@pytest.mark.parametrize(
    ("expression", "position", "said"),
    [
        ("${age} >", 9, "expected a value, not the end"),
        ("${age} > > 1", 10, "expected a value, not >"),
        ("(1 + 2", 7, "expected a closing )"),
        ("1 2", 3, "expected an operator or the end, not 2"),
        ("'abc", 1, "expected a closing '"),
        ("age > 1", 1, "write ${age} for the field"),
        ("${agee} > 1", 1, "did you mean 'age'"),
        ("selectd(${age}, 1)", 1, "did you mean 'selected'"),
        ("selected(${symptoms})", 1, "expected 2 arguments in selected(), not 1"),
        ("1 ! 2", 3, "expected != or not(…)"),
        ("1 && 2", 3, "expected and"),
        ("${age", 1, "expected a field, such as ${temperature}"),
        ("rule('fever.treshold_c') > 1", 1, "the nearest is 'fever.threshold_c'"),
        ("rule(${age})", 1, "takes one path in quotes"),
        ("not(${age})", 5, "an answer alone is neither true nor false"),
        ("${age} and 1", 1, "an answer alone is neither true nor false"),
        ("regex(${text}, '[0-9]+')", 16, "from ^ to $"),
        ("regex(${text}, '^[0-9+$')", 16, "expected a regular expression"),
        (". > 1 and ..", 11, "position(..)"),
        ("position(..)", 1, "a repeat around"),
        ("count(${age})", 7, "expected a repeat"),
        ("${_by} = 'x'", 1, "known in duties only"),
        ("", 1, "expected a value, not the end"),
    ],
)
def test_an_error_says_where_and_what_was_expected(expression: str, position: int, said: str) -> None:
    asked = kind(*FIELDS, Field("it", "text", relevant=expression))
    with pytest.raises(ExpressionError) as raised:
        make_judge(asked, ruleset()) if expression else parse(expression)
    assert said in str(raised.value)
    assert f"at character {position} of" in str(raised.value)


def test_a_very_deep_expression_is_refused_not_crashed_on() -> None:
    with pytest.raises(ExpressionError, match="levels of brackets"):
        parse("(" * 1500 + "1" + ")" * 1500)


@given(st.text(alphabet="${}age()'\"<>=!+-*,. 12andortsum:;%[]", max_size=40))
def test_no_text_breaks_the_parser_other_than_by_its_own_error(text: str) -> None:
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.sampled_from(["+", "-", "*", "<", "<=", "=", "!="]))
def test_arithmetic_is_arithmetic(a: int, b: int, operator: str) -> None:
    python = {"=": "==", "!=": "!="}.get(operator, operator)
    expected = eval(f"{a} {python} {b}")
    shown = str(expected).lower() if isinstance(expected, bool) else str(expected)
    assert value_of(f"{a} {operator} {b}", {}) == shown


@given(st.floats(allow_infinity=False))
def test_a_number_written_as_text_reads_as_the_same_number(number: float) -> None:
    read = number_of_text(text_of_number(number))
    assert read == number or (isnan(read) and isnan(number))


def test_rules_are_written_into_the_text_for_the_phone() -> None:
    expression = parse("${temperature} >= rule('fever.threshold_c') and rule('sweep.since') != ''")
    assert expression.rules() == {"fever.threshold_c", "sweep.since"}
    assert (
        expression.with_rules(lambda path: f"<{path}>")
        == "${temperature} >= <fever.threshold_c> and <sweep.since> != ''"
    )
