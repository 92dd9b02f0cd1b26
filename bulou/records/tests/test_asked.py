"""What a form asks while it is being filled in."""

from datetime import UTC, datetime
from uuid import UUID

from bulou.ledger.rules import Entry
from bulou.records.fields import Field
from bulou.records.kinds import Kind

VISIT = Kind(
    "doorstep",
    1,
    ("house",),
    fields=(
        Field("outcome", "select_one", choices=("in", "out"), required=True),
        Field("note", "text", relevant="${outcome} = 'out'", required="${outcome} = 'out'"),
        Field("guests", "integer"),
        Field("host", "text", default="if(${guests} > 1, 'many', 'one')"),
        Field("chairs", "calculate", calculation="${guests} + 1"),
        Field(
            "people",
            "repeat",
            relevant="${outcome} = 'in'",
            fields=(
                Field("well", "yes_no"),
                Field("what", "text", relevant="${well} = 'no'"),
            ),
        ),
    ),
)


def asked(**body):
    at = datetime(2020, 2, 1, tzinfo=UTC)
    entry = Entry(UUID(int=1), "doorstep", "house:1", 610927 * 10**12, at, at, "account:anna", body)
    return VISIT.law(lambda name: None).asked(entry)


def test_a_blank_form_asks_only_what_is_relevant_to_it():
    found = asked()
    assert {("note", 0), ("people", 0)} <= found.hidden
    assert found.required == {("outcome", 0)}


def test_answers_bring_questions_row_by_row():
    found = asked(outcome="in", people=[{"well": "yes"}, {"well": "no"}])
    assert ("people", 0) not in found.hidden
    assert ("people.what", 1) in found.hidden and ("people.what", 2) not in found.hidden
    assert ("note", 0) in asked(outcome="in").hidden and ("note", 0) in asked(outcome="out").required


def test_wrong_answers_do_not_stop_the_form():
    found = asked(outcome="nowhere", guests="many", unknown=1)
    assert ("note", 0) in found.hidden
    assert asked(guests=3).worked[("chairs", 0)] in (4, 4.0, "4")


def test_a_question_begins_with_its_default():
    assert asked(guests=5).preset == {("host", 0): "many"}
