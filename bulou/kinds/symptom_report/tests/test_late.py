"""A report is late by the rule set's minutes, not by ours."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.core.moments import parse_moment
from bulou.kinds.symptom_report.examples import reported
from bulou.kinds.symptom_report.kind import KIND
from bulou.records.rulesets import parse_ruleset

RULES = """
name = "late"
title = "x"
source = "x"
valid_from = 2020-01-01
temperature.min_c = {{ value = 34.0, source = "x" }}
temperature.max_c = {{ value = 43.0, source = "x" }}
symptom.report_minutes = {{ value = {minutes}, source = "x" }}
symptom.doctor_minutes = {{ value = 60, source = "x" }}
symptom.county_minutes = {{ value = 120, source = "x" }}
"""
SEEN = parse_moment("2020-01-27T09:00")


def law(minutes):
    ruleset = parse_ruleset(RULES.format(minutes=minutes))
    return KIND.law(lambda name: ruleset)


LAWS = {minutes: law(minutes) for minutes in (0, 30, 120)}


@settings(deadline=None)  # the first example compiles the kind
@given(st.sampled_from(sorted(LAWS)), st.integers(0, 3000))
def test_lateness_is_counted_to_the_minute(allowed, minutes):
    at = (SEEN + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
    entry = reported(at, late_reason="山上没有信号").entry(1, "late")
    said = LAWS[allowed].answers(entry)
    assert said["late"] == ("yes" if minutes > allowed else "no")
    assert int(said["delay_minutes"]) == minutes


@pytest.mark.parametrize("contacts", [["none"], ["unknown"], ["case", "returnee"]])
def test_doctor_and_county_are_told_at_once_side_by_side(contacts):
    opened = LAWS[30].effects(reported(contacts=contacts).entry(1, "late")).opens
    assert [(o.duty, o.owed_by) for o in opened] == [
        ("symptom.doctor", "role:village_doctor"),
        ("symptom.county", "role:county_desk"),
    ]
    assert {o.opens_at for o in opened} == {parse_moment("2020-01-27 09:20")}
