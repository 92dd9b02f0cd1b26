"""The schema accepts every body that validation accepts, also rows nobody asked for."""

import pytest
from jsonschema import Draft202012Validator

from bulou.records.fields import Field
from bulou.records.schema import schema
from bulou.records.tests.make import entry, kind

ROWS = (Field("name", "text", required=True),)


@pytest.mark.parametrize(
    ("people", "accepted"),
    [
        (Field("people", "repeat", fields=ROWS), False),
        (Field("people", "repeat", fields=ROWS, relevant="${outcome} = 'in'"), True),
        (Field("home", "group", relevant="${outcome} = 'in'", fields=(Field("people", "repeat", fields=ROWS),)), True),
    ],
)
def test_rows_of_an_irrelevant_repeat_may_be_unfinished(people, accepted):
    visit = kind(Field("outcome", "select_one", choices=("in", "out")), people)
    body = {"outcome": "out", "people": [{}]}
    assert (visit.law(lambda name: None).problems(entry(body)) == []) is accepted
    assert Draft202012Validator(schema(visit)).is_valid(body) is accepted
