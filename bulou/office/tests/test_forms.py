"""From a browser's answers to a body, and from a declaration to what a page draws."""

from django.http import QueryDict

from bulou.office.forms.drawing import deciding
from bulou.office.forms.reading import read_body, with_row_changes
from bulou.records.fields import Field

FIELDS = (
    Field("outcome", "select_one", choices=("in", "out")),
    Field("tried", "select_multiple", choices=("knocked", "phoned"), relevant="${outcome} = 'out'"),
    Field("seen_at", "dateTime"),
    Field("sure", "acknowledge"),
    Field("people", "repeat", fields=(Field("name", "text"), Field("heat", "decimal"), Field("age", "integer"),
                                      Field("hot", "calculate", calculation="if(${heat} > 37, 1, 0)"))),
    Field("hot_ones", "calculate", calculation="sum(${hot})"),
    Field("doctor", "text", relevant="${hot_ones} > 0"),
    Field("note", "text"),
)  # fmt: skip


def test_answers_become_a_body_and_what_cannot_be_read_stays_as_typed():
    sent = QueryDict("outcome=out&tried=knocked&tried=phoned&seen_at=2020-02-03T14:30&sure=yes&note=+&people.rows=2"
                     "&people.0.name=安娜&people.0.heat=37,2&people.0.age=8"
                     "&people.1.heat=warm&people.1.age=8.5")  # fmt: skip
    assert read_body(FIELDS, sent) == {
        "outcome": "out", "tried": ["knocked", "phoned"], "seen_at": "2020-02-03T14:30:00+08:00", "sure": True,
        "people": [{"name": "安娜", "heat": 37.2, "age": 8}, {"heat": "warm", "age": "8.5"}],
    }  # fmt: skip


def test_nothing_sent_is_an_empty_body_and_a_forged_count_makes_no_million_rows():
    assert read_body(FIELDS, QueryDict("")) == {}
    assert len(read_body(FIELDS, QueryDict("people.rows=999999999"))["people"]) == 200


def test_rows_are_added_and_removed():
    body = {"people": [{"name": "a"}, {"name": "b"}]}
    assert with_row_changes(body, QueryDict("_add=people"))["people"][2] == {}
    assert with_row_changes(body, QueryDict("_remove=people.0"))["people"] == [{"name": "b"}]
    assert with_row_changes(body, QueryDict("_remove=people.9")) == body


def test_only_answers_that_change_what_is_asked_draw_the_form_again():
    assert deciding(FIELDS) == {"outcome", "hot_ones", "hot", "heat"}
