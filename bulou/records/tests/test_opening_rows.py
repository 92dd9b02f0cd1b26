"""A row of a repeat can open a duty of its own."""

import pytest

from bulou.records.duties import Opens
from bulou.records.fields import Field
from bulou.records.tests.make import entry, kind, ruleset

PEOPLE = Field("people", "repeat", fields=(Field("who", "text"), Field("heat", "decimal")))
TELL = Opens(
    "tell",
    "role:anyone",
    each="people",
    when="${heat} >= rule('fever.threshold_c')",
    subject="if(${who} != '', ${who}, ${_subject})",
    within_hours="2",
)


def opened(*rows):
    law = kind(PEOPLE, duties=(TELL,)).law(lambda name: ruleset())
    said = entry({"people": list(rows)})
    assert law.problems(said) == []
    return [opening.subject for opening in law.effects(said).opens]


def test_every_row_the_condition_holds_for_opens_one():
    rows = {"who": "person:1", "heat": 37.3}, {"who": "person:2", "heat": 36.5}, {"who": "person:3", "heat": 39.0}
    assert opened(*rows) == ["person:1", "person:3"]
    assert opened() == []


def test_rows_of_the_same_subject_open_the_duty_once():
    assert opened({"heat": 38.0}, {"heat": 39.0}, {"who": "person:1", "heat": 38.0}) == ["household:1", "person:1"]


def test_a_repeat_that_is_not_there_is_a_fault_of_the_kind():
    with pytest.raises(ValueError, match="there is no repeat 'people'"):
        kind(duties=(TELL,)).law(lambda name: ruleset()).problems(entry({}))


def test_rows_and_a_set_cannot_be_asked_for_at_once():
    with pytest.raises(ValueError, match="each and over"):
        Opens("tell", "role:anyone", each="people", over="households", within_hours="2")
