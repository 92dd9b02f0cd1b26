from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bulou import store
from bulou.core.divisions import county_area
from bulou.core.scope import seeing
from bulou.ledger import actions, queries
from bulou.ledger.rules import State
from bulou.ledger.tables import ENTRY
from bulou.ledger.tests.gaps import device_gaps
from bulou.ledger.tests.library import COUNTY, HALL, OTHER_SHELF, SHELF, START, entry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = START + timedelta(days=60)
BOOKS = ("book:a", "book:b", "book:c")


def test_the_same_id_with_another_body_is_held_and_nothing_is_merged(shelves):
    first = entry(1, "note", "book:a", 1, {"page": 1})
    other = replace(first, body={"page": 2})
    assert [r.outcome for r in actions.append([first, other, first], at=NOW)] == ["applied", "held", "duplicate"]
    assert [r.reason for r in actions.append([other], at=NOW)] == ["clash of ids"]
    assert queries.get_entry(COUNTY, first.id).body == {"page": 1}
    (held,) = queries.held(HALL)
    assert '"page":2' in held.sent


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry(1, "sonnet", "book:a", 1), "unknown kind"),
        (entry(1, "note", "book:a", 1, {}), "body"),
        (entry(1, "note", "book:z", 1, {"page": 1}), "unknown subject"),
    ],
)
def test_what_cannot_be_applied_is_held_with_a_reason_and_nothing_else_suffers(shelves, bad, reason):
    good = entry(2, "note", "book:a", 1, {"page": 1})
    receipts = actions.append([bad, good], at=NOW)
    assert [(r.outcome, r.reason) for r in receipts] == [("held", reason), ("applied", "")]
    actions.append([bad, good], at=NOW)
    assert len(queries.held(HALL)) == 1


def test_a_replay_stays_a_duplicate_even_when_it_could_no_longer_be_applied(shelves):
    note = entry(1, "note", "book:a", 1, {"page": 1})
    actions.append([note], at=NOW)
    del shelves.books["book:a"]
    assert [r.outcome for r in actions.append([note], at=NOW)] == ["duplicate"]


def test_a_correction_that_breaks_the_entry_it_corrects_is_held(shelves):
    note = entry(1, "note", "book:a", 1, {"page": 1})
    broken = entry(2, "correction", "book:a", 2, {"body": {}}, amends=note.id)
    again = entry(4, "correction", "book:a", 4, {"withdrawn": True}, amends=entry(3, "note", "book:a", 3).id)
    fine = entry(3, "correction", "book:a", 3, {"body": {"page": 2}}, amends=note.id)
    assert [r.outcome for r in actions.append([note], at=NOW)] == ["applied"]
    assert [r.outcome for r in actions.append([broken, fine], at=NOW)] == ["held", "applied"]
    assert actions.append([again], at=NOW)[0].detail.startswith("this corrects a correction")


def test_a_number_used_twice_by_a_device_is_held(shelves):
    one = entry(1, "note", "book:a", 1, {"page": 1}, device="d1", seq=1)
    two = entry(2, "note", "book:a", 2, {"page": 1}, device="d1", seq=1)
    assert [r.reason for r in actions.append([one, two], at=NOW)] == ["", "used number"]


def test_the_exact_numbers_a_device_never_delivered_are_known(shelves):
    sent = [entry(n, "note", "book:a", n, {"page": 1}, device="d1", seq=n) for n in (1, 2, 5, 6, 9)]
    sent.append(entry(7, "sonnet", "book:a", 7, device="d1", seq=7))  # held counts as received
    actions.append(sent, at=NOW)
    assert device_gaps(COUNTY, "d1") == [(3, 4), (8, 8)]


def test_held_entries_are_resolved_by_a_person_and_kept(shelves):
    actions.append([entry(1, "note", "book:a", 1, {}), entry(2, "note", "book:z", 1, {"page": 1})], at=NOW)
    first, second = sorted(queries.held(HALL), key=lambda held: held.reason)
    with pytest.raises(ValueError, match="why"):
        actions.resolve_held(COUNTY, first.id, by="account:li", at=NOW, note=" ", dismiss=True)
    fixed = entry(1, "note", "book:a", 1, {"page": 4})
    applied = actions.resolve_held(COUNTY, first.id, by="account:li", at=NOW, note="page 4", instead=fixed)
    assert applied.outcome == "applied"
    still = actions.resolve_held(COUNTY, second.id, by="account:li", at=NOW, note="try")
    assert still.outcome == "held"
    shelves.books["book:z"] = (SHELF, START)
    known = actions.resolve_held(COUNTY, second.id, by="account:li", at=NOW, note="now known")
    assert known.outcome == "applied"
    assert queries.held(HALL) == []
    assert {h.resolution for h in queries.held(HALL, resolved=True)} == {"corrected", "applied"}
    with pytest.raises(LookupError):
        actions.resolve_held(COUNTY, second.id, by="account:li", at=NOW, note="again", dismiss=True)


def test_held_entry_that_is_sent_again_and_now_fits_leaves_the_tray(shelves):
    unknown = entry(2, "note", "book:z", 1, {"page": 1})
    assert [actions.append([unknown], at=NOW)[0].reason for _ in range(2)] == ["unknown subject"] * 2
    assert len(queries.held(HALL)) == 1
    shelves.books["book:z"] = (SHELF, START)
    assert actions.append([unknown], at=NOW)[0].outcome == "applied"
    assert queries.held(HALL) == []
    (left,) = queries.held(HALL, resolved=True)
    assert (left.resolution, left.resolved_by) == ("applied", "system:replay")


def test_what_a_person_decided_against_does_not_come_back_when_it_is_sent_again(shelves):
    unknown = entry(2, "note", "book:z", 1, {"page": 1})
    actions.append([unknown], at=NOW)
    (held,) = queries.held(HALL)
    actions.resolve_held(COUNTY, held.id, by="account:li", at=NOW, note="no such book", dismiss=True)
    shelves.books["book:z"] = (SHELF, START)
    receipt = actions.append([unknown], at=NOW)[0]
    assert (receipt.outcome, receipt.reason) == ("held", "unknown subject")
    assert queries.held(HALL) == []


def test_what_could_not_be_read_at_all_is_kept(shelves):
    actions.hold("{not json", area=HALL, by="account:anna", device="d1", reason="unreadable", detail="…", at=NOW)
    (held,) = queries.held(HALL)
    assert (held.sent, held.entry) == ("{not json", None)


@pytest.mark.parametrize("sql", ["UPDATE ledger_entry SET body = '{}'", "DELETE FROM ledger_entry"])
def test_the_database_itself_refuses_to_change_the_past(shelves, sql):
    actions.append([entry(1, "note", "book:a", 1, {"page": 1})], at=NOW)
    refused = pytest.raises(DatabaseError, match=r"append-only|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.get_entry(COUNTY, entry(1, "note", "book:a", 1).id).body == {"page": 1}


def test_a_batch_belongs_to_one_county(shelves):
    elsewhere = replace(entry(2, "note", "book:a", 1), area=county_area(411523))
    with pytest.raises(ValueError, match="one county"):
        actions.append([entry(1, "note", "book:a", 1), elsewhere], at=NOW)


@pytest.mark.parametrize("size", [1, 40])
def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(shelves, django_assert_max_num_queries, size):
    actions.append([entry(500, "reading_order", f"area:{HALL}", 0)], at=NOW)
    batch = [entry(n, "loan" if n % 2 else "note", BOOKS[n % 3], n / 10, {"page": 1}) for n in range(1, size + 1)]
    with django_assert_max_num_queries(15):
        actions.append(batch, at=NOW)


def test_counts_and_lists_need_a_scope(shelves):
    actions.append([entry(1, "reading_order", f"area:{HALL}", 0), entry(2, "note", "book:a", 1, {"page": 1})], at=NOW)
    at = START + 5 * HOUR
    assert sum(c.owed for c in queries.counts(HALL, now=at, since=START)) == 3
    assert {d.subject for d in queries.missing(HALL, now=at)} == {"book:b", "book:c"}
    with seeing([]):
        assert queries.counts(HALL, now=at, since=START) == []
        assert queries.missing(HALL, now=at) == []
        assert queries.held(HALL) == []
        assert queries.find_entry(COUNTY, entry(2, "note", "book:a", 1).id) is None
        assert queries.entries_about(COUNTY, ["book:a"]) == []
        assert queries.duties_about(COUNTY, ["book:a"]) == []
    with seeing([(SHELF, SHELF)]):
        assert {d.subject for d in queries.missing(HALL, now=at)} == {"book:b"}


def test_counts_by_state(shelves):
    batch = [
        entry(1, "reading_order", f"area:{HALL}", 0),
        entry(2, "note", "book:a", 1, {"page": 1}),
        entry(3, "note", "book:c", 60, {"page": 1}),
    ]
    actions.append(batch, at=NOW)
    shelf, other = queries.counts(HALL, now=START + 61 * HOUR, since=START)
    assert (shelf.owed, shelf.met, shelf.overdue, shelf.open, shelf.missing) == (2, 1, 1, 0, 1)
    assert (other.owed, other.met_late, other.missing) == (1, 1, 0)


def test_the_feed_gives_every_entry_once_in_order(shelves):
    if connection.vendor == "postgresql":
        pytest.skip("inside a test's own transaction nothing is committed; tests/faults asks this of real writers")
    for n in range(1, 8):
        actions.append([entry(n, "note", "book:a", n, {"page": n})], at=NOW)
    got, cursor = [], (0, 0)
    while rows := queries.feed(*cursor, limit=3):
        got += [e.body["page"] for _, _, e in rows]
        cursor = rows[-1][:2]
    assert got == [1, 2, 3, 4, 5, 6, 7]
    actions.advance("test", txid=cursor[0], position=cursor[1])
    assert queries.cursor_of("test") == cursor


@pytest.mark.parametrize("hours", [1, 13, 30, 61])
def test_counts_and_the_list_of_the_missing_agree(shelves, hours):
    note = entry(3, "note", "book:a", 25, {"page": 1})
    actions.append([entry(1, "course", "book:a", 0), entry(2, "loan", "book:b", 0), note], at=START + 61 * HOUR)
    now = START + hours * HOUR
    found = queries.counts(HALL, now=now, since=START)
    assert sum(c.missing for c in found) == len(queries.missing(HALL, now=now))
    for state, column in ((State.OPEN, "open"), (State.OVERDUE, "overdue")):
        listed = queries.missing(HALL, now=now, state=state)
        assert sum(getattr(c, column) for c in found) == len(listed)
        assert {duty.state(now) for duty in listed} <= {state}
    assert all(c.overnight <= c.overdue for c in found)
    assert all(sum((c.waiting, c.open, c.overdue, c.met, c.met_late, c.waived, c.lapsed)) == c.owed for c in found)


def test_what_can_no_longer_be_done_lapses_and_is_not_listed(shelves):
    actions.append([entry(1, "course", "book:a", 0)], at=START)
    (found,) = queries.counts(HALL, now=START + 61 * HOUR, since=START)
    assert found.lapsed == 2 and found.missing == 1


def test_the_missing_of_some_shelves_only(shelves):
    actions.append([entry(1, "reading_order", f"area:{HALL}", 0)], at=START)
    now = START + HOUR
    assert {d.subject for d in queries.missing(HALL, now=now, only={("read", ""): [OTHER_SHELF]})} == {"book:c"}
    assert queries.missing(HALL, now=now, only={("return", ""): [SHELF]}) == []


def test_what_was_overdue_when_the_day_began_was_left_overnight(shelves):
    actions.append([entry(1, "reading_order", f"area:{HALL}", 0)], at=START)  # 16:00 in China, due at 16:00 two days on
    at_dusk, next_morning = START + 50 * HOUR, START + 64 * HOUR
    assert sum(c.overnight for c in queries.counts(HALL, now=at_dusk, since=START)) == 0
    assert sum(c.overnight for c in queries.counts(HALL, now=next_morning, since=START)) == 3


def test_a_scan_reads_what_entries_of_reads(shelves):
    loans = [entry(n, "loan", f"book:{'abc'[n % 3]}", n) for n in range(6)]
    notes = [entry(10 + n, "note", "book:a", n, {"page": n}) for n in range(3)]
    withdrawn = entry(20, "correction", "book:b", 9, {"withdrawn": True, "reason": "x"}, amends=loans[1].id)
    moved = entry(21, "correction", "book:c", 9, {"happened_at": (START + 99 * 24 * HOUR).isoformat(), "reason": "x"},
                  amends=loans[2].id)  # fmt: skip
    changed = entry(22, "correction", "book:a", 9, {"body": {"page": 7}, "reason": "x"}, amends=notes[0].id)
    actions.append([*loans, *notes, withdrawn, moved, changed], at=START + 24 * HOUR)
    span = {"kinds": ["loan", "note"], "since": START + HOUR / 2, "until": START + 24 * HOUR}
    for window in (span, {**span, "since": START}):
        read = queries.entries_of(HALL, **window)
        scanned = list(queries.scan(HALL, **window))
        said = [(e.kind, e.happened_at, e.id, e.subject, e.area, e.by, e.body, e.rules) for e in scanned]
        assert said == sorted((e.kind, e.happened_at, e.id, e.subject, e.area, e.by, e.body, e.rules) for e in read)
    assert len(said) == 7
    with seeing([]):
        assert list(queries.scan(HALL, **span)) == []


def test_what_two_grants_let_one_see_is_counted_once(shelves):
    actions.append([entry(1, "reading_order", f"area:{HALL}", 0)], at=START)
    now = START + HOUR
    with seeing([(SHELF, OTHER_SHELF), (SHELF, SHELF), (OTHER_SHELF, OTHER_SHELF)]):
        assert [(c.area, c.owed) for c in queries.counts(HALL, now=now, since=START)] == [(SHELF, 2), (OTHER_SHELF, 1)]
        assert queries.counts(HALL, now=now, since=START, names=["return"]) == []
        assert queries.counts(HALL, now=now, since=START, names=[]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL numbers entries by a sequence")
def test_the_next_position_is_found_in_one_step():
    """A scan of all that was ever written, once a batch, would make every phone wait longer each day."""
    sql = store._inserting(ENTRY.name, tuple(ENTRY.columns.items()), ENTRY.numbered, "")
    plan = [row[3] for row in store.query(f"EXPLAIN QUERY PLAN {sql}", "[]")]
    (found,) = [step for step in plan if "ledger_entry" in step]
    assert "ledger_entry_feed (txid=?)" in found, plan
