"""Fever and the look-back day at their edges, and that nobody is found who was not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.core.moments import parse_moment
from bulou.kinds.household_visit.examples import ANNA, HOUSEHOLD, at_home, found, visit
from bulou.kinds.household_visit.kind import KIND
from bulou.records.rulesets import parse_ruleset

RULES = """
name = "edge"
title = "x"
source = "x"
valid_from = 2020-01-01
fever.threshold_c = {{ value = {threshold}, source = "x" }}
fever.inclusive = {{ value = {inclusive}, source = "x" }}
temperature.min_c = {{ value = 34.0, source = "x" }}
temperature.max_c = {{ value = 43.0, source = "x" }}
visit.return_hours = {{ value = 24, source = "x" }}
visit.refused_hours = {{ value = 24, source = "x" }}
person.note_hours = {{ value = 6, source = "x" }}
symptom.report_minutes = {{ value = 30, source = "x" }}
"""


def law(threshold=37.3, inclusive="true"):
    ruleset = parse_ruleset(RULES.format(threshold=threshold, inclusive=inclusive))
    return KIND.law(lambda name: ruleset)


LAW = law()


def effects(body, law=LAW):
    entry = visit(body).entry(1, "edge")
    assert law.problems(entry) == []
    return law.effects(entry)


@pytest.mark.parametrize(
    ("threshold", "inclusive", "temperature", "alarmed"),
    [
        (37.3, "true", 37.2, False),
        (37.3, "true", 37.3, True),  # 37.3℃(含)
        (37.3, "false", 37.3, False),  # 超过37.3℃
        (37.3, "false", 37.4, True),
        (37.2, "true", 37.2, True),
        (37.2, "true", 37.1, False),
    ],
)
def test_fever_begins_where_the_rule_set_says(threshold, inclusive, temperature, alarmed):
    opened = effects(at_home(found(temperature=temperature)), law(threshold, inclusive)).opens
    assert [(o.duty, o.subject) for o in opened] == ([("symptom.report", ANNA)] if alarmed else [])


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 30))


@settings(deadline=None)  # the first example compiles the kind
@given(DAYS, DAYS, st.sampled_from(["yes", "no"]))
def test_a_return_counts_from_the_look_back_day_and_on_it_if_the_order_says_so(returned_on, look_back, included):
    counts = returned_on >= look_back if included == "yes" else returned_on > look_back
    row = found(returned="yes", returned_on=str(returned_on), returned_from="湖北武汉")
    body = at_home(row, nobody="no" if counts else "yes", look_back_date=str(look_back), look_back_included=included)
    entry = visit(body).entry(1, "edge")
    assert LAW.problems(entry) == []
    assert LAW.answers(entry)["returned_count"] in (int(counts), str(int(counts)))
    other = {**body, "nobody_returned": "yes" if counts else "no", "established_by": ["asked_here"]}
    assert any("确认没有人从外地回来" in said for said in LAW.problems(visit(other).entry(1, "edge")))


PRESENCE = st.sampled_from(["present", "out_today", "away", "moved_out", "deceased", "unknown"])


@settings(deadline=None)  # the first example compiles the kind
@given(st.lists(PRESENCE, max_size=6), st.data())
def test_only_those_with_an_outcome_are_found(presences, data):
    people = [f"person:00000000-0000-7000-8000-{n:012}" for n in range(len(presences))]
    rows = []
    for person, presence in zip(people, presences, strict=True):
        row = {"person": person, "name": "安娜", "presence": presence}
        if presence == "present":
            row = found(person=person)
        elif presence in ("away", "moved_out"):
            row["away_where"] = "浙江温州"
        rows.append(row)
    outcome = "at_home" if "present" in presences else data.draw(st.sampled_from(["vacant", "sealed"]))
    met = effects({**at_home(*rows), "outcome": outcome}).meets
    done = {
        person for person, presence in zip(people, presences, strict=True) if presence not in ("out_today", "unknown")
    }
    assert {m.subject for m in met if m.duty == "sweep.person"} == done
    assert [m.subject for m in met if m.duty == "sweep.household"] == [HOUSEHOLD]


@pytest.mark.parametrize("outcome", ["unreachable", "refused"])
def test_rows_written_before_the_door_closed_find_nobody(outcome):
    """The rows are not asked for then, and what is not asked for is not said."""
    done = effects({**at_home(found()), "outcome": outcome, "tried": ["knocked"]})
    assert done.meets == []


def test_somebody_to_come_back_for_is_owed_from_the_visit_on():
    (back,) = effects({"outcome": "unreachable", "tried": ["phoned"]}).opens
    assert back.duty == "visit.return"
    assert back.due_at - back.opens_at == timedelta(hours=24)
    assert back.opens_at == parse_moment("2020-01-30 10:00")
