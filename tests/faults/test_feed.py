"""A consumer of the feed misses nothing while several counties write at once; a cursor over numbers alone does."""

import random
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bulou import store
from bulou.core.divisions import county_area
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import actions, law, queries
from bulou.ledger.tests.library import START, Shelves, entry
from bulou.ledger.tests.library import law as library_law

COUNTIES = (610927, 411523, 621121, 530629)
BATCHES = 60

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library(monkeypatch):
    books = {f"book:{county}": (county_area(county), START) for county in COUNTIES}
    monkeypatch.setattr(law, "_installed", [library_law(Shelves(books))])


def write(county: int, wrote: list[int]) -> None:
    chance = random.Random(county)
    try:
        for n in range(1, BATCHES + 1):
            made = entry(county * 1000 + n, "note", f"book:{county}", n, {"page": n})
            with transaction.atomic():
                actions.append([replace(made, area=county_area(county))], at=START)
                time.sleep(chance.choice([0, 0.001, 0.02]))  # the commit comes late
            wrote.append(made.id.int)
    finally:
        connection.close()


def consume(read, cursor, writers: list[threading.Thread], wrote: list[int], patience: float) -> list[int]:
    """Follow the feed until the writers are done and everything came, or nothing more has come for `patience` seconds.

    A feed waits for the oldest transaction of the whole server, another database's too: late is not missed.
    """
    got: list[int] = []
    heard = time.monotonic()
    while any(writer.is_alive() for writer in writers) or (
        len(set(got)) < len(wrote) and time.monotonic() - heard < patience
    ):
        rows = read(cursor)
        got += [row[-1] for row in rows]
        if rows or any(writer.is_alive() for writer in writers):
            heard = time.monotonic()
        cursor = rows[-1][:-1] if rows else cursor
        time.sleep(0.003)
    return got


def follow(cursor):
    with seeing(EVERYTHING):
        return [(txid, position, found.id.int) for txid, position, found in queries.feed(*cursor, limit=50)]


def follow_numbers(cursor):
    rows = store.query("SELECT position, id FROM ledger_entry WHERE position > %s ORDER BY position LIMIT 50", *cursor)
    return [(position, store.read_id(id_).int) for position, id_ in rows]


@pytest.mark.parametrize(
    ("read", "start", "misses", "patience"), [(follow, (0, 0), False, 120), (follow_numbers, (0,), True, 2)]
)
def test_a_late_commit_is_not_skipped(library, read, start, misses, patience):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: nothing commits out of order")
    wrote: list[int] = []
    writers = [threading.Thread(target=write, args=(county, wrote)) for county in COUNTIES]
    for writer in writers:
        writer.start()
    got = consume(read, start, writers, wrote, patience)
    assert len(wrote) == len(COUNTIES) * BATCHES
    assert len(got) == len(set(got))
    assert bool(set(wrote) - set(got)) is misses, "the naive cursor is the control: it must miss something"


def test_two_phones_proving_the_same_duty_at_once_are_counted_once(library):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: nothing happens at once")
    county = COUNTIES[0]
    area, book = county_area(county), f"book:{county}"
    loans = [replace(entry(n, "loan", book, 0), area=area) for n in range(1, 21)]
    actions.append(loans, at=START)
    barrier = threading.Barrier(4)

    def give_back(first: int) -> None:
        try:
            for n in range(5):
                barrier.wait()
                actions.append(
                    [replace(entry(first + n, "return", book, n + 1), area=area)], at=START + timedelta(hours=9)
                )
        finally:
            connection.close()

    phones = [threading.Thread(target=give_back, args=(100 * k,)) for k in range(1, 5)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    with seeing(EVERYTHING):
        before = queries.counts(area, now=START, since=START)
        assert [(c.owed, c.met) for c in before] == [(20, 20)]
        actions.rebuild(county)
        assert queries.counts(area, now=START, since=START) == before
