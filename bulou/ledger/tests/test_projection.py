"""The tables against the fold: any order, any duplication, corrections, waivers, register changes, any batch size."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.ledger import actions
from bulou.ledger import law as installed
from bulou.ledger.actions import Outcome
from bulou.ledger.models import Duty, Settled, Tally
from bulou.ledger.queries import duties
from bulou.ledger.rules import fold
from bulou.ledger.tests.library import COUNTY, HALL, OTHER_SHELF, SHELF, START, entry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = START + timedelta(days=60)
BOOKS = ("book:a", "book:b", "book:c")
HARD = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


def stored() -> dict:
    return {d.id: d for d in map(duties._duty, Duty.objects.all())}


def tallies() -> list:
    settled = Settled.objects.exclude(met=0, late=0, waived=0).values_list()
    return [*sorted(Tally.objects.filter(owed__gt=0).values_list()), *sorted(settled)]


def judged(entries) -> dict:
    return fold([e.received(NOW) for e in entries], installed.current(), COUNTY)


@st.composite
def histories(draw):
    """A few dozen entries about three books, with corrections and withdrawals of some of them."""
    kinds = st.sampled_from(["loan", "return", "course", "note", "reading_order"])
    entries = []
    for n in range(draw(st.integers(1, 14))):
        kind, hours = draw(kinds), draw(st.integers(0, 120))
        subject = f"area:{HALL}" if kind == "reading_order" else draw(st.sampled_from(BOOKS))
        body = {"page": 1, "also": draw(st.lists(st.sampled_from("abc"), max_size=2))} if kind == "note" else {}
        entries.append(entry(n + 1, kind, subject, hours, body, **draw(marks(hours))))
    for n, target in enumerate(draw(st.lists(st.sampled_from(entries), max_size=4))):
        moved = (START + draw(st.integers(0, 99)) * HOUR).isoformat()
        bodies = [{"withdrawn": True}, {"body": {"page": 2}}, {"body": {"page": 3}, "happened_at": moved}]
        recorded = START + draw(st.integers(0, 9)) * HOUR
        body = draw(st.sampled_from(bodies))
        more = {"amends": target.id, "recorded_at": recorded, **draw(marks(50))}
        entries.append(entry(100 + n, "correction", target.subject, 50, body, **more))
    return entries


@st.composite
def marks(draw, hours):
    """The mark a phone signed into an entry of that hour: mostly an old one, sometimes one given since, or none."""
    how = draw(st.sampled_from(["old", "old", "since", "none"]))
    if how == "old":
        return {}
    since = START + (hours + draw(st.integers(0, 80))) * HOUR
    return {"written_from": since, "recorded_at": since} if how == "since" else {"written_from": None, "marked": False}


@settings(max_examples=60, **HARD)
@given(histories(), st.randoms(use_true_random=False), st.integers(1, 7))
def test_any_arrival_gives_the_duties_of_the_fold(shelves, entries, chance, size):
    with transaction.atomic():
        sent = entries + chance.choices(entries, k=len(entries) // 2)
        chance.shuffle(sent)
        for start in range(0, len(sent), size):
            actions.append(sent[start : start + size], at=NOW)
        assert {r.outcome for r in actions.append(entries, at=NOW)} == {Outcome.DUPLICATE}  # nothing waits any more
        assert stored() == judged(entries)
        counted = tallies()
        actions.rebuild(COUNTY)
        assert stored() == judged(entries)
        assert tallies() == counted
        transaction.set_rollback(True)


@settings(max_examples=40, **HARD)
@given(histories(), st.booleans(), st.booleans(), st.booleans(), st.none() | st.integers(0, 90))
def test_registers_may_change_at_any_time(shelves, entries, moves, merges, splits, sold_after):
    """Books added, moved, sold and merged between entries leave what the fold over the present register says."""
    shelves.books = {"book:a": (SHELF, START), "book:b": (SHELF, START)}
    shelves.merged, shelves.sold = {}, {}
    with transaction.atomic():
        known = [e for e in entries if e.subject != "book:c"]
        half = len(known) // 2
        actions.append(known[:half], at=NOW)
        shelves.books["book:c"] = (OTHER_SHELF, START + 30 * HOUR)
        actions.follow_registers(COUNTY, {"book:c"}, names={"books"})
        actions.append(known[half:], at=NOW)
        if moves:
            shelves.books["book:b"] = (OTHER_SHELF, START)
            actions.follow_registers(COUNTY, {"book:b"}, names={"books"})
        if sold_after is not None:
            shelves.sold = {"book:b": START + sold_after * HOUR}
            actions.follow_registers(COUNTY, {"book:b"}, names={"books"})
        if merges:
            shelves.merged = {"book:a": "book:c"}
            actions.follow_registers(COUNTY, {"book:a", "book:c"}, names={"books"})
        if merges and splits:
            shelves.merged = {}
            actions.follow_registers(COUNTY, {"book:a", "book:c"}, names={"books"})
        assert stored() == judged(known)
        counted = tallies()
        actions.rebuild(COUNTY)
        assert stored() == judged(known)
        assert tallies() == counted
        transaction.set_rollback(True)
