"""What is believed of an entry's moments, and that the order in which entries come changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.ledger import actions, trust
from bulou.ledger import law as installed
from bulou.ledger.actions import Outcome
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.models import Held
from bulou.ledger.rules import State, belief_in, fold, last_word
from bulou.ledger.tests.library import COUNTY, HALL, START, Shelves, entry, law
from bulou.ledger.tests.test_projection import HARD, NOW, histories, judged, stored, tallies
from bulou.ledger.trust import DRIFT, Doubt, believe, counted, written_down

HOUR = timedelta(hours=1)
moments = st.integers(-200, 200).map(lambda hours: START + hours * HOUR)
spans = st.tuples(moments, st.integers(0, 100)).map(lambda one: (one[0], one[0] + one[1] * HOUR))


@given(moments, moments, spans, st.booleans())
def test_nothing_counts_outside_the_span(happened, recorded, span, marked):
    since, until = span
    belief = believe(happened, recorded, written_from=since, received_at=until, marked=marked, writing_up=48 * HOUR)
    assert since <= belief.counts_at <= until
    assert belief.counts_at == counted(happened, since, until)
    assert since <= max(since, written_down(recorded, written_from=since, received_at=until, marked=marked)) <= until
    if happened > until + DRIFT or recorded > until + DRIFT:
        assert not belief.meets and belief.effects_at <= until
    if since <= happened <= until and since <= recorded <= until:
        assert belief == (happened, happened, happened, happened, True, Doubt.NONE)
    if marked and happened < since - 48 * HOUR:
        assert not belief.meets


@given(moments, spans, moments)
def test_without_a_mark_nothing_overdue_is_met_in_time(happened, span, due):
    until = span[1]
    belief = believe(happened, happened, written_from=until, received_at=until, marked=False, writing_up=48 * HOUR)
    assert not (due < until and belief.counts_at <= due)


@pytest.mark.parametrize(
    ("hours_ago", "mark_hours_ago", "state"),
    [
        (1, 5, State.MET),  # no signal since
        (9, 3, State.MET),  # written up in the evening, before it was due
        (60, 3, State.OPEN),  # long before its mark
        (-9, 3, State.OPEN),  # it has not come yet
        (1, None, State.MET),
    ],
)
def test_a_loan_and_its_return(hours_ago, mark_hours_ago, state):
    book, now = law(Shelves({"book:a": (HALL, START)})), START + 100 * HOUR
    said = {"written_from": now - mark_hours_ago * HOUR} if mark_hours_ago else {"written_from": None, "marked": False}
    came = [entry(1, "loan", "book:a", 0), entry(2, "return", "book:a", 100 - hours_ago, **said)]
    came[1] = replace(came[1], recorded_at=now)
    (duty,) = fold([one.received(now) for one in came], book, COUNTY).values()
    assert duty.state(now) is state


def test_a_date_in_2099_does_not_win_for_ever():
    first = entry(1, "note", "book:a", 0).received(START)
    wild = entry(2, "correction", "book:a", 0, recorded_at=datetime(2099, 1, 1, tzinfo=UTC)).received(START + HOUR)
    later = entry(3, "correction", "book:a", 3).received(START + 4 * HOUR)
    assert last_word(first, [wild, later]) is later and last_word(first, [later, wild]) is later


def test_a_correction_makes_nothing_earlier():
    book = law(Shelves({"book:a": (HALL, START)}))
    note = entry(1, "note", "book:a", 50, {"page": 1}).received(START + 51 * HOUR)
    moved = {"body": {"page": 1}, "happened_at": (START + 9 * HOUR).isoformat()}
    fix = entry(2, "correction", "book:a", 60, moved, amends=note.id).received(START + 61 * HOUR)
    from bulou.ledger.rules import effective

    stands = effective(note, [fix])
    assert belief_in(stands, book).counts_at == START + 50 * HOUR


@st.composite
def tangled(draw):
    """A history with corrections of corrections, of what never comes, of another subject, and with bad bodies."""
    entries = draw(histories())
    for n, target in enumerate(draw(st.lists(st.sampled_from(entries), max_size=4))):
        body = draw(st.sampled_from([{"withdrawn": True}, {"body": {}}, {"body": {"page": 9}}]))
        subject = draw(st.sampled_from([target.subject, "book:b"]))
        entries.append(entry(200 + n, "correction", subject, 70 + n, body, amends=target.id))
    for n in range(draw(st.integers(0, 2))):
        entries.append(
            entry(300 + n, "correction", "book:a", 70, {"withdrawn": True}, amends=entry(999 - n, "", "", 0).id)
        )
    return entries


def tray() -> list:
    rows = Held.objects.filter(resolved_at__isnull=True)
    return sorted((row.entry, row.reason, row.detail, row.waits_for) for row in rows)


@pytest.mark.django_db
@settings(max_examples=40, **HARD)
@given(tangled(), st.randoms(use_true_random=False), st.integers(1, 9))
def test_any_permutation_gives_the_same_tables_and_the_same_tray(shelves, entries, chance, size):
    ends = []
    for _ in range(2):
        with transaction.atomic():
            for start in range(0, len(entries), size):
                actions.append(entries[start : start + size], at=NOW)
            kept = [one for one in entries if EntryRow.objects.filter(id=one.id).exists()]
            assert stored() == judged(kept)
            ends.append((stored(), tallies(), tray(), {one.id for one in kept}))
            actions.rebuild(COUNTY)
            assert (stored(), tallies()) == ends[-1][:2]
            transaction.set_rollback(True)
        chance.shuffle(entries)
    assert ends[0] == ends[1]


CHINA = timezone(timedelta(hours=8))
ABSURD = [datetime(1, 1, 1, tzinfo=CHINA), datetime(1900, 1, 1, tzinfo=CHINA), datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
          datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=8)))]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ABSURD)
@pytest.mark.parametrize("marked", [True, False])
def test_a_moment_nobody_can_mean_is_held_and_raises_nothing(shelves, moment, marked):
    def never(*asked):
        raise AssertionError("asked of a moment that no calendar knows")

    installed.install(replace(installed.current(), rules_at=never))
    note = entry(1, "note", "book:a", 0, {"page": 1}, marked=marked)
    for n, one in enumerate([replace(note, happened_at=moment), replace(note, recorded_at=moment)]):
        (receipt,) = actions.append([replace(one, id=entry(10 + n, "", "", 0).id)], at=NOW)
        assert (receipt.outcome, receipt.reason) == (Outcome.HELD, "clock")


@pytest.mark.django_db
@pytest.mark.parametrize("said", [*(one.isoformat() for one in ABSURD), "0001-01-01", "nonsense", "2020-02-30", 7])
def test_a_correction_to_a_moment_nobody_can_mean_is_held(shelves, said):
    note = entry(1, "note", "book:a", 0, {"page": 1})
    fix = entry(2, "correction", "book:a", 1, {"body": {"page": 1}, "happened_at": said}, amends=note.id)
    first, second = actions.append([note, fix], at=NOW)
    assert first.outcome is Outcome.APPLIED and (second.outcome, second.reason) == (Outcome.HELD, "body")


@pytest.mark.django_db
def test_before_the_first_rule_set_is_held_in_words(shelves):
    installed.install(replace(installed.current(), ruled=True))
    (receipt,) = actions.append([entry(1, "note", "book:a", 0, {"page": 1})], at=NOW)
    assert (receipt.outcome, receipt.reason) == (
        Outcome.HELD,
        "clock",
    ) and "before the first rule set" in receipt.detail


def test_every_year_is_judged():
    for moment in ABSURD:
        assert not trust.is_writable(moment)
