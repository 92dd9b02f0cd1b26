"""Two checks a day, every day of them its own, and none nobody could have kept."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.core.moments import at_midnight
from bulou.kinds.followup_order.examples import ordered
from bulou.kinds.followup_order.kind import KIND
from bulou.records.rulesets import parse_ruleset

RULES = parse_ruleset("""
name = "days"
title = "x"
source = "x"
valid_from = 2020-01-01
observation.days = { value = 14, source = "x" }
observation.days_most = { value = 28, source = "x" }
observation.slots = { value = ["00:00-12:00", "12:00-24:00"], source = "x" }
""")
LAW = KIND.law(lambda name: RULES)
START = date(2020, 1, 20)


def checks(days, days_ago, hour):
    at = f"{START + timedelta(days=days_ago)} {hour:02}:30"
    entry = ordered(at=at, start=str(START), days=days).entry(1, "days")
    assert LAW.problems(entry) == []
    return entry.happened_at, LAW.effects(entry).opens


@settings(deadline=None)  # the first example compiles the kind
@given(st.integers(1, 28), st.data())
def test_what_is_left_of_the_days_is_owed_twice_a_day(days, data):
    days_ago, hour = data.draw(st.integers(0, days - 1)), data.draw(st.integers(0, 23))
    given_at, opened = checks(days, days_ago, hour)
    assert len(opened) == 2 * (days - days_ago) - (1 if hour >= 12 else 0)
    assert all(check.due_at > given_at for check in opened)
    assert opened[-1].due_at == at_midnight(START + timedelta(days=days))


@settings(deadline=None)  # the first example compiles the kind
@given(st.integers(1, 28))
def test_no_moment_belongs_to_two_checks(days):
    _, opened = checks(days, 0, 8)
    for check, following in pairwise(opened):
        assert check.closes_at == following.opens_at
        assert check.due_at <= check.closes_at


def test_the_owner_is_who_the_order_names():
    for role in ("grid_worker", "village_doctor"):
        entry = ordered(checked_by=role).entry(1, "days")
        assert {check.owed_by for check in LAW.effects(entry).opens} == {f"role:{role}"}


def test_the_last_day_is_said():
    assert LAW.answers(ordered().entry(1, "days"))["last_day"] == "2020-02-10"
