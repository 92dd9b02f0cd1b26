"""How duties stood at a moment that is over, against the fold: whatever was written since, in whatever order."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.core.moments import at_midnight, day_of
from bulou.ledger import actions, queries
from bulou.ledger.rules import Duty, State
from bulou.ledger.tests.library import HALL, START, entry
from bulou.ledger.tests.test_projection import HARD, HOUR, NOW, histories, judged

pytestmark = pytest.mark.django_db
NAMES = ("return", "note", "read")
COLUMNS = ("owed", "waiting", "open", "overdue", "met", "met_late", "waived", "lapsed", "overnight")


def column_then(duty: Duty, then: datetime) -> str:
    """Return what the duty was counted as at the moment."""
    if duty.met_at is not None and duty.met_at <= then:
        return "met" if duty.met_at <= duty.due_at else "met_late"
    if duty.waived_at is not None and duty.waived_at <= then:
        return "waived"
    if duty.opens_at > then:
        return "waiting"
    if duty.closes_at <= then:
        return "lapsed"
    return "overdue" if duty.due_at < then else "open"


def counted(found) -> dict:
    return {(one.area, one.name): {name: getattr(one, name) for name in COLUMNS if getattr(one, name)} for one in found}


def expected(duties, then: datetime) -> dict:
    sums: dict = {}
    for duty in duties:
        numbers = sums.setdefault((duty.area, duty.name), Counter())
        column = column_then(duty, then)
        numbers.update(["owed", column])
        if column == "overdue" and duty.due_at <= at_midnight(day_of(then)):
            numbers.update(["overnight"])
    return {place: dict(numbers) for place, numbers in sums.items()}


def after_itself(one) -> bool:
    """Tell whether a correction moves a record to later than the correction was made: no screen lets anybody."""
    moved = one.body.get("happened_at")
    return bool(moved) and datetime.fromisoformat(moved) > one.happened_at


@settings(max_examples=60, **HARD)
@given(histories(), st.integers(0, 130))
def test_counts_of_a_moment_that_is_over(shelves, entries, hours):
    entries = [one for one in entries if not after_itself(one)]
    then = START + hours * HOUR
    with transaction.atomic():
        actions.append(entries, at=NOW)
        duties = judged(entries).values()
        later = queries.settled_since(HALL, then, names=NAMES)
        found = queries.counts(HALL, now=then, since=START - HOUR, names=NAMES, later=later)
        assert counted(found) == expected(duties, then)
        rounds = {(d.area, d.name): d.opens_at for d in sorted(duties, key=lambda d: d.opens_at) if d.opens_at <= then}
        latest = [d for d in duties if rounds.get((d.area, d.name)) == d.opens_at]
        assert counted(queries.latest_round(HALL, now=then, names=NAMES, later=later)) == expected(latest, then)
        transaction.set_rollback(True)


def test_nothing_is_taken_back_of_what_may_not_be_seen(shelves):
    from bulou.core.scope import seeing

    actions.append([entry(1, "loan", "book:a", 0), entry(2, "return", "book:a", 9)], at=NOW)
    then = START + timedelta(hours=1)
    assert queries.settled_since(HALL, then, names=["return"])
    with seeing([]):
        assert queries.settled_since(HALL, then, names=["return"]) == {}


@settings(max_examples=40, **HARD)
@given(histories(), st.integers(0, 130))
def test_what_is_counted_is_what_is_listed(shelves, entries, hours):
    """Rounds, one round by area, and who owes what is missing: each against the duties themselves."""
    now = START + hours * HOUR
    with transaction.atomic():
        actions.append(entries, at=NOW)
        missing = queries.missing(HALL, now=now)
        night = at_midnight(day_of(now))
        owing: dict = {}
        for duty in missing:
            late = duty.due_at < now
            numbers = owing.setdefault((duty.area, duty.name, duty.owed_by), Counter())
            numbers.update({"open": not late, "overdue": late, "overnight": late and duty.due_at <= night})
        found = queries.owing(HALL, now=now, names=NAMES)
        assert {(o.area, o.name, o.owed_by): (o.open, o.overdue, o.overnight) for o in found} == {
            key: (n["open"], n["overdue"], n["overnight"]) for key, n in owing.items()
        }
        rounds = queries.rounds(HALL, now=now, names=NAMES)
        assert sum(sum(one.missing.values()) for one in rounds) == len(missing)
        for one in rounds:
            its = queries.round_counts(HALL, now=now, names=NAMES, opens_at=one.opens_at)
            listed = queries.missing(HALL, now=now, opens_at=one.opens_at)
            assert sum(c.missing for c in its) == sum(one.missing.values()) == len(listed)
            assert sum(c.owed for c in its) == sum(one.owed.values())
            overnight = queries.missing(HALL, now=now, opens_at=one.opens_at, due_by=night, state=State.OVERDUE)
            assert sum(c.overnight for c in its) == len(overnight)
        transaction.set_rollback(True)
