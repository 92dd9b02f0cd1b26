"""A regular expression in an uploaded form that a phone or we could not judge is refused, wherever it stands."""

import pytest

from bulou.records.uploaded.tests.made import sheet
from bulou.records.uploaded.tests.test_reading import read, said


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("regex(., '^(a+)+$')", "row 3 “code”: regex() ^(a+)+$: some texts keep a phone busy"),
        ("regex(., '(a+)+')", "some texts keep a phone busy"),
        ("regex(., '^(?=a)a$')", "looks ahead or behind"),
        ("string-length(.) > 2 or not(regex(concat(., 'x'), '^(a)\\1x$'))", "refers back"),
        ("regex(., ${how})", "written out in quotes"),
    ],
)
def test_a_pattern_that_no_phone_finishes_is_refused_with_its_question_and_row(constraint, words):
    draft = read(sheet(
        "type | name | label | constraint",
        "text | how | How | ",
        f"text | code | Code | {constraint}",
    ))  # fmt: skip
    assert draft.refused and draft.declaration is None
    [told] = said(draft, weight="refuses")
    assert words in told, told
    if "(a+)+$" in constraint:
        assert "the same is meant by ^a+$" in told and "^a+$" in said(draft, "zh_Hans", "refuses")[0]


def test_a_pattern_in_any_other_column_is_looked_at_too():
    for column in ("relevant", "calculation", "required", "default"):
        draft = read(sheet(
            f"type | name | label | {column}",
            f"{'calculate' if column == 'calculation' else 'text'} | code | Code | regex('aaa', '^(a+)+$')",
            "text | more | More | ",
        ))  # fmt: skip
        assert draft.refused, column
