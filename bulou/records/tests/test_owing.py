"""What an entry opens, meets and waives."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.core.moments import CHINA, FAR
from bulou.ledger.rules import Effects, Meeting, Opening
from bulou.records.duties import Meets, Opens, Waives
from bulou.records.fields import Field
from bulou.records.tests.make import NOON, entry, kind, ruleset

FIELDS = (
    Field("outcome", "text"),
    Field("day", "date"),
    Field("until", "dateTime"),
    Field("clock", "text"),
    Field("count", "integer"),
    Field("person", "text"),
    Field("members", "repeat", fields=(Field("person", "text"), Field("found", "yes_no"))),
)


def effects(*duties: Any, body: dict[str, Any] | None = None, **changes: Any) -> Effects:
    bound = kind(*FIELDS, duties=duties).law(lambda name: ruleset())
    it = entry(body or {}, **changes)
    assert bound.problems(it) == []
    return bound.effects(it)


def opened(duty: Opens, **body: Any) -> list[Opening]:
    return list(effects(duty, body=body).opens)


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[arg-type]


def test_a_duty_opens_when_it_happened_about_the_entrys_subject() -> None:
    assert opened(Opens("visit", "role:grid_worker", within_hours="24")) == [
        Opening("visit", "role:grid_worker", "household:1", 610927100201000000, NOON, NOON + timedelta(hours=24), FAR)
    ]


def test_it_opens_only_when_asked_to() -> None:
    duty = Opens("visit", "role:grid_worker", when="${outcome} = 'out'", within_hours="24")
    assert opened(duty, outcome="home") == []
    assert len(opened(duty, outcome="out")) == 1


@pytest.mark.parametrize(
    ("duty", "body", "due"),
    [
        (Opens("d", "o", due="${until}"), {"until": "2020-02-04T09:30"}, china(2020, 2, 4, 9, 30)),
        (Opens("d", "o", due="${until}"), {"until": "2020-02-04T01:30:00Z"}, china(2020, 2, 4, 9, 30)),
        (Opens("d", "o", due="${day}"), {"day": "2020-02-04"}, china(2020, 2, 5)),
        (Opens("d", "o", due="${day}", at="10:00"), {"day": "2020-02-04"}, china(2020, 2, 4, 10)),
        (Opens("d", "o", due="${day}", at="24:00"), {"day": "2020-02-04"}, china(2020, 2, 5)),
        (
            Opens("d", "o", due="${day}", at="${clock}"),
            {"day": "2020-02-04", "clock": "18:30"},
            china(2020, 2, 4, 18, 30),
        ),
        (Opens("d", "o", due="today()", at="24:00"), {}, china(2020, 2, 4)),
        (Opens("d", "o", due="today() + 1"), {}, china(2020, 2, 5)),
        (Opens("d", "o", within_hours="rule('observation.days') * 24"), {}, china(2020, 2, 17, 12)),
        (Opens("d", "o", opens="${day}", within_hours="2"), {"day": "2020-02-05"}, china(2020, 2, 5, 2)),
        (Opens("d", "o", opens="${day}", within_hours="2"), {"day": "2020-02-01"}, china(2020, 2, 3, 14)),
    ],
)
def test_when_it_is_due(duty: Opens, body: dict[str, Any], due: datetime) -> None:
    assert opened(duty, **body)[0].due_at == due


@pytest.mark.parametrize(
    ("duty", "body"),
    [
        (Opens("d", "o", due="${until}"), {}),
        (Opens("d", "o", due="${day}", at="${clock}"), {"day": "2020-02-04", "clock": "25:00"}),
        (Opens("d", "o", within_hours="${count}"), {}),
        (Opens("d", "o", within_hours="${count}"), {"count": 2_000_000_000}),
        (Opens("d", "o", days="${count}", slots="observation.slots"), {}),
        (Opens("d", "o", days="${count}", slots="observation.slots"), {"count": 401}),
        (Opens("d", "o", within_hours="1", subject="concat('person:', ${person})"), {}),
    ],
)
def test_a_duty_whose_time_or_subject_cannot_be_told_is_a_problem_not_a_duty_lost(
    duty: Opens, body: dict[str, Any]
) -> None:
    problems = kind(*FIELDS, duties=(duty,)).law(lambda name: ruleset()).problems(entry(body))
    assert len(problems) == 1 and "d" in problems[0]


def test_twice_a_day_for_fourteen_days_is_twenty_eight_duties_without_a_gap() -> None:
    duty = Opens(
        "check", "role:village_doctor", opens="${day}", days="rule('observation.days')", slots="observation.slots"
    )
    found = opened(duty, day="2020-02-04")
    assert len(found) == 28
    assert (found[0].opens_at, found[0].due_at) == (china(2020, 2, 4), china(2020, 2, 4, 12))
    assert (found[1].opens_at, found[1].due_at) == (china(2020, 2, 4, 12), china(2020, 2, 5))
    assert [this.closes_at for this in found[:-1]] == [following.opens_at for following in found[1:]]
    assert found[-1].closes_at == china(2020, 2, 18)


def test_what_was_over_before_it_was_ordered_is_not_owed() -> None:
    duty = Opens("check", "o", opens="${day}", days="3", slots="observation.slots")
    found = opened(duty, day="2020-02-03")  # ordered at noon: the morning is over
    assert found[0].opens_at == china(2020, 2, 3, 12)
    assert len(found) == 5
    assert opened(duty, day="2020-01-01") == []


def test_a_duty_over_a_set_leaves_the_subjects_to_the_ledger() -> None:
    duty = Opens("visit", "role:grid_worker", over="households", due="${until}", grace_hours="rule('observation.days')")
    bound = kind(*FIELDS, duties=(duty,)).law(lambda name: ruleset())
    (opening,) = bound.effects(entry({"until": "2020-02-05T00:00"})).opens
    assert (opening.over, opening.subject, opening.grace) == ("households", "", timedelta(hours=14))
    assert bound.sets == {"households"}


def test_whose_and_about_whom_may_be_said_by_the_entry() -> None:
    duty = Opens("assignment.do", "role:${outcome}", subject="self", within_hours="1")
    (opening,) = opened(duty, outcome="township")
    assert (opening.owed_by, opening.subject) == ("role:township", f"entry:{UUID(int=1)}")
    other = Opens("see", "account:x", subject="concat('person:', ${person})", within_hours="1")
    assert opened(other, person="9")[0].subject == "person:9"


def test_evidence_of_every_row_that_says_so() -> None:
    met = Meets("check", each="members", when="${found} = 'yes'", subject="concat('person:', ${person})")
    rows = [{"person": "1", "found": "yes"}, {"person": "2", "found": "no"}, {"found": "yes"}]
    found = effects(met, Meets("visit"), body={"person": "outer", "members": rows}).meets
    assert found == [Meeting("check", "person:1"), Meeting("visit", "household:1")]


def test_a_waiver_names_its_duty_and_its_end() -> None:
    waiver = Waives("${outcome}", subject="${person}", until="${day}")
    found = effects(waiver, body={"outcome": "visit", "person": "household:7", "day": "2020-02-10"}).meets
    last = china(2020, 2, 11) - timedelta(microseconds=1)  # the window that opens at midnight is not waived
    assert found == [Meeting("visit", "household:7", True, last)]
    assert effects(Waives("visit"), body={}).meets == [Meeting("visit", "household:1", True, None)]


def test_duties_may_speak_of_the_envelope() -> None:
    duty = Opens("d", "${_by}", when="${_area} = '610927100201' and date(${_happened_at}) = today()", within_hours="1")
    assert opened(duty)[0].owed_by == "account:anna"


def test_slots_must_be_windows_in_order() -> None:
    for said in ('["12:00-24:00", "00:00-12:00"]', '["noon"]', '"x"', "[]"):
        rules = ruleset(f'name="n"\ntitle="t"\nsource="s"\nvalid_from=2020-01-01\n[s]\nvalue={said}\nsource="x"\n')
        bound = kind(duties=(Opens("d", "o", days="1", slots="s"),)).law(lambda name, r=rules: r)
        assert bound.problems(entry({})), said


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"due": "today()", "within_hours": "2"},
        {"slots": "x"},
        {"within_hours": "2", "at": "10:00"},
        {"within_hours": "2", "over": "households", "subject": "self"},
        {"within_hours": "2", "grace_hours": "1"},
    ],
)
def test_a_duty_that_contradicts_itself_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="duty d"):
        Opens("d", "o", **wrong)
