"""Answers destroyed on record: no duty changes, the database refuses everything else, and the bytes are gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.ledger import actions, queries
from bulou.ledger.models import Entry, Erasure
from bulou.ledger.rules import Fading
from bulou.ledger.tests.library import COUNTY, HALL, START, entry
from bulou.ledger.tests.test_projection import histories, judged, stored, tallies

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=60)
NUMBERS = st.integers(1, 14) | st.integers(100, 103)
BASIS = "house rules, reader.days = 14"


def left(entry, kind):
    """All is about people but how an entry corrects another; a note without its page no longer passes its kind."""
    return {
        key: {} if key == "body" else said
        for key, said in entry.body.items()
        if key in ("body", "happened_at", "withdrawn")
    }


def erase(*ids, held=False, left=left):
    due = [Fading(id_, "note", START, held) for id_ in ids]
    actions.watch(COUNTY, due)
    return actions.erase(
        COUNTY, due, left=left, hash_of=lambda link: f"hash of {link.seq} {link.body}", basis=BASIS, at=NOW
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(histories(), st.randoms(use_true_random=False), st.integers(1, 7), st.sets(NUMBERS))
def test_erasing_anything_at_any_time_changes_no_duty(shelves, entries, chance, size, chosen):
    """A correction is erased once what it corrects is there: before, nobody knows what it speaks of."""
    with transaction.atomic():
        sent = entries + chance.choices(entries, k=len(entries) // 2)
        chance.shuffle(sent)
        for start in range(0, len(sent), size):
            actions.append(sent[start : start + size], at=NOW)
            here = {e.id: e for e in sent[: start + size]}
            known = (e for e in here.values() if e.amends is None or e.amends in here)
            erase(*(e.id for e in known if e.id.int in chosen))
        assert stored() == judged(entries)
        counted = tallies()
        actions.rebuild(COUNTY)
        assert stored() == judged(entries)
        assert tallies() == counted
        transaction.set_rollback(True)


def test_an_erased_entry_keeps_its_id_and_comes_back_by_no_replay(shelves):
    note = entry(1, "note", "book:a", 1, {"page": 1, "by": "安娜"})
    actions.append([note], at=NOW)
    assert erase(note.id, left=lambda e, kind: {"page": 1}) == 1
    assert queries.get_entry(COUNTY, note.id).body == {"page": 1}
    other = replace(note, body={"page": 2})
    assert [(r.outcome, r.reason) for r in actions.append([note, other], at=NOW)] == [
        ("duplicate", ""), ("held", "clash of ids")]  # fmt: skip
    assert queries.get_entry(COUNTY, note.id).body == {"page": 1}
    assert queries.erasures(COUNTY, [note.id])[note.id].basis == BASIS
    (told,) = queries.destroyed(COUNTY, since=START)
    assert (told.kind, told.count, told.held, told.day.isoformat()) == ("note", 1, False, "2020-01-26")
    assert queries.fading(COUNTY, kind="note", before=NOW, limit=9) == []
    actions.watch(COUNTY, [Fading(note.id, "note", START)])  # a feed read again
    assert queries.fading(COUNTY, kind="note", before=NOW, limit=9) == []


def test_what_says_nothing_of_people_is_no_erasure(shelves):
    note = entry(1, "note", "book:a", 1, {"page": 1})
    actions.append([note], at=NOW)
    assert erase(note.id, left=lambda e, kind: {"page": 1}) == 0
    assert queries.destroyed(COUNTY, since=START) == [] and queries.counties_fading() == []


def test_copies_in_the_tray_are_erased_too_and_still_known(shelves):
    unknown = entry(
        2, "note", "book:z", 1, {"page": 1, "by": "安娜"}, device="d1", seq=1, signature="s", text='{"page": 1}'
    )
    actions.append([unknown], at=NOW)
    actions.hold('{"by": "安娜"', area=HALL, by="account:anna", device="", reason="unreadable", detail="", at=NOW)
    assert erase(*(one.id for one in queries.held(HALL)), held=True) == 2
    assert all("安娜" not in one.sent for one in queries.held(HALL))
    assert actions.append([unknown], at=NOW)[0].outcome == "held" and len(queries.held(HALL)) == 2
    (link,) = queries.chain([COUNTY], "d1")
    assert link.hash == 'hash of 1 {"page": 1}'


def test_the_hash_an_entry_has_in_its_chain_outlives_its_text(shelves):
    signed = {"device": "d1", "signature": "s", "text": '{"page":  1}'}
    actions.append([entry(1, "note", "book:a", 1, {"page": 1}, seq=1, **signed),
                    entry(2, "note", "book:a", 2, {"page": 1}, seq=2, **signed)], at=NOW)  # fmt: skip
    erase(entry(1, "note", "book:a", 1).id)
    one, two = sorted(queries.chain([COUNTY], "d1"), key=lambda link: link.seq)
    assert (one.hash, one.body, two.hash, two.body) == ('hash of 1 {"page":  1}', "{}", None, '{"page":  1}')


CHANGES = {
    "another body": "UPDATE ledger_entry SET body = '{\"page\":2}'",
    "back to what it was": 'UPDATE ledger_entry SET body = \'{"by":"安娜"}\'',
    "the body of one that has no erasure": "UPDATE ledger_entry SET body = '{}' WHERE body <> '{}'",
    "more than the body": "UPDATE ledger_entry SET kind = 'loan', body = '{}'",
    "the digest": "UPDATE ledger_entry SET digest = ''",
    "when it came": "UPDATE ledger_entry SET received_at = happened_at",
    "its place": "UPDATE ledger_entry SET position = position + 10",
    "gone": "DELETE FROM ledger_entry",
    "an erasure taken back": "DELETE FROM ledger_erasure",
    "an erasure of another time": "UPDATE ledger_erasure SET erased_at = '2021-01-01'",
    "an erasure that leaves something else": "UPDATE ledger_erasure SET remains = '{\"page\":2}'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_refuses_everything_else(shelves, change):
    actions.append([entry(1, "note", "book:a", 1, {"page": 1}), entry(2, "note", "book:a", 2, {"page": 1})], at=NOW)
    erase(entry(1, "note", "book:a", 1).id)
    before = list(queries.feed(0, 0)) if connection.vendor == "sqlite" else queries.entries_about(COUNTY, ["book:a"])
    refused = pytest.raises(DatabaseError, match=r"append-only|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHANGES[change])
    after = list(queries.feed(0, 0)) if connection.vendor == "sqlite" else queries.entries_about(COUNTY, ["book:a"])
    assert after == before and Erasure.objects.get().basis == BASIS


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_erasure"])
def test_nothing_is_replaced_by_an_insert_on_sqlite(shelves, table):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    actions.append([entry(1, "note", "book:a", 1, {"page": 1})], at=NOW)
    erase(entry(1, "note", "book:a", 1).id)
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_erasure"])
def test_nothing_is_emptied_on_postgresql(shelves, table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    refused = pytest.raises(DatabaseError, match=r"append-only|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def test_the_trigger_watches_every_column_there_is(shelves):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's compares whole rows")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_entry_no_update'")
        (trigger,) = cursor.fetchone()
    columns = {field.column for field in Entry._meta.concrete_fields} - {"pk", "body", None}
    assert {name for name in columns if f'NEW."{name}" IS OLD."{name}"' not in trigger} == set() and len(columns) > 15
