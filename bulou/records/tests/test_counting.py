"""A library again: a visit to a shelf, with a row for every book that was looked at."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bulou.ledger.rules import Entry
from bulou.records.counting import Condition, make_counter
from bulou.records.expressions import ExpressionError
from bulou.records.fields import Field
from bulou.records.kinds import Kind
from bulou.records.rulesets import parse_ruleset

RULES = parse_ruleset(
    'name = "n"\ntitle = "t"\nsource = "s"\nvalid_from = 2020-01-01\n[torn.pages]\nvalue = 3\nsource = "x"\n'
)
BOOK = (
    Field("book", "text"),
    Field("state", "select_one", choices=("here", "gone")),
    Field("torn", "integer", relevant="${state} = 'here'"),
    Field("spoilt", "calculate", calculation="if(${torn} >= rule('torn.pages'), 1, 0)"),
)
VISIT = Kind(
    "shelf_visit",
    1,
    ("shelf",),
    (
        Field("open", "yes_no", required=True),
        Field("books", "repeat", fields=BOOK, relevant="${open} = 'yes'"),
        Field("here", "calculate", calculation="count(${books})"),
    ),
)
AT = datetime(2020, 1, 26, tzinfo=UTC)


def visit(**body):
    return Entry(UUID(int=1), "shelf_visit", "shelf:a", 610927 * 10**12, AT, AT, "account:anna", body)


def count(entry, *conditions):
    return make_counter(VISIT, RULES, conditions)(entry)


THREE = [
    {"book": "book:1", "state": "here", "torn": 3},
    {"book": "", "state": "here", "torn": 2},
    {"book": "book:3", "state": "gone", "torn": 9},
]


def test_records_and_rows_are_counted_with_whom_they_are_about():
    found = count(
        visit(open="yes", books=THREE),
        Condition(),
        Condition(when="${open} = 'no'"),
        Condition(each="books", subject="${book}", when="${state} = 'here'"),
        Condition(each="books", subject="${book}", when="${spoilt} = 1"),
        Condition(when="${here} > 2"),
    )
    nameless = f"{UUID(int=1)}#2"
    assert found == [(0, "shelf:a"), (4, "shelf:a"), (2, "book:1"), (3, "book:1"), (2, nameless)]


def test_rows_are_counted_that_no_condition_looks_into():
    assert count(visit(open="yes", books=THREE), Condition(each="books")) == [(0, "shelf:a")] * 3


def test_what_is_not_relevant_is_not_counted():
    assert count(visit(open="no", books=THREE), Condition(each="books")) == []


def test_an_answer_left_out_is_no_answer():
    assert count(visit(), Condition(when="${open} = 'no'"), Condition(when="${open} = ''")) == [(1, "shelf:a")]


def test_the_envelope_can_be_spoken_of():
    said = Condition(subject="concat('area:', ${_area})", when="${_by} = 'account:anna'")
    assert count(visit(open="yes"), said) == [(0, "area:610927000000")]


@pytest.mark.parametrize(
    "condition", [Condition(when="${opne} = 'yes'"), Condition(each="boks"), Condition(when="${state} = 'here')")]
)
def test_a_condition_that_makes_no_sense_says_so(condition):
    with pytest.raises((ExpressionError, ValueError)):
        count(visit(open="yes"), condition)


def test_rules_a_condition_speaks_of():
    assert Condition(when="${torn} > rule('torn.pages')").rules() == {"torn.pages"}
