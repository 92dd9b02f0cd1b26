"""The database is asked over no more connections than threads serve; full, or away, everybody is told to try again.

On a PostgreSQL server of its own, whatever the other tests run on.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgres
from tests.faults import crowd

ROUNDS, CLIENTS = 10, 32
WORKERS, THREADS = 2, 6
MOST = WORKERS * (THREADS + 2)  # and for each process its jobs, and a list read in the background

pytestmark = pytest.mark.skipif(postgres.find_programs() is None, reason="no PostgreSQL server here")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, dict[str, Any], Path]]:
    folder = tmp_path_factory.mktemp("connections")
    with postgres.cluster() as url:
        made, port = crowd.make_crowd(folder, url), postgres._free_port()
        with crowd.served(folder, port, url, "--workers", str(WORKERS), "--threads", str(THREADS)):
            yield url, port, made, folder


def connections(url: str) -> int:
    with psycopg.connect(url) as database:
        row = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row
    return int(row[0])


def test_ten_bursts_leave_no_connection_behind(site: tuple[str, int, dict[str, Any], Path]) -> None:
    url, port, made, _folder = site
    [desk] = crowd.desks(port, made, 1)
    many = [crowd.Desk(port, desk.name, desk.password, dict(desk.cookies)) for _ in range(CLIENTS)]
    counted = []
    for _ in range(ROUNDS):
        worked = crowd.work([lambda one=one: one.look("/missing/") for one in many], 0.4)  # type: ignore[misc]
        assert set(worked.statuses) == {200}, worked
        assert len(worked.each) >= CLIENTS
        counted.append(connections(url))
        for one in many:
            one.line.close()
        time.sleep(0.3)
    print(f"\nconnections after each burst of {CLIENTS}: {counted}")
    assert max(counted) <= MOST
    assert counted[-1] <= max(counted[:3]) + 2


def take_all(url: str) -> list["psycopg.Connection[Any]"]:
    """Take every connection the server gives, its own from the product too."""
    taken: list[psycopg.Connection[Any]] = []
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> ALL(%s) AND pid <> pg_backend_pid()"
    )
    for _ in range(50):
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(url, autocommit=True))
        mine = [one.info.backend_pid for one in taken]
        if not taken[0].execute(kill, (mine,)).fetchall():
            break
        time.sleep(0.05)
    return taken


def test_a_full_database_is_answered_with_try_again_and_nothing_is_lost(
    site: tuple[str, int, dict[str, Any], Path],
) -> None:
    url, port, made, _folder = site
    [desk], [phone, *_others] = crowd.desks(port, made, 1), crowd.senders(port, made)
    assert desk.look("/missing/") == phone.push() == 200
    taken = take_all(url)
    try:
        until = time.monotonic() + 20
        while (asked := desk.ask("GET", "/missing/"))[0] != 503 and time.monotonic() < until:
            time.sleep(0.2)
        status, page = asked
        assert status == 503
        assert "连不上数据库".encode() in page and b"try again in half a minute" in page
        before = phone.pen.seq
        assert phone.push(3) == 503
        status, said = phone.ask("POST", "entries", b'{"entries": []}')
        told = json.loads(said)
        assert status == 503 and told["error"] == "away" and told["words"]["zh_Hans"] and told["words"]["en"]
        phone.line.request("POST", "/field/v1/entries", b"x" * 2**17, phone.headers)
        answer = phone.line.getresponse()
        assert answer.status == 503 and answer.headers["Retry-After"] == "30"
        answer.read()
        phone.line.request("HEAD", "/odk/no-such-token/submission")
        answer = phone.line.getresponse()
        assert answer.status == 503 and answer.headers["X-OpenRosa-Version"]
        answer.read()
    finally:
        for one in taken:
            one.close()
    assert phone.pen.seq == before + 3
    until = time.monotonic() + 30
    while (status := phone.push(1)) != 200 and time.monotonic() < until:
        time.sleep(0.5)
    assert status == 200
    sent = json.dumps({"entries": phone.pen.kept}, ensure_ascii=False).encode()
    status, said = phone.ask("POST", "entries", sent)  # what it kept, once more: nothing is missing, nothing doubled
    assert status == 200
    receipts = json.loads(said)["receipts"]
    assert len(receipts) == len(phone.pen.kept) and {one["outcome"] for one in receipts} <= {"applied", "duplicate"}
    with psycopg.connect(url) as database:
        [[count]] = database.execute(
            "SELECT count(*) FROM ledger_entry WHERE device = %s", (str(phone.pen.device),)
        ).fetchall()
    assert count == len({entry["id"] for entry in phone.pen.kept})
    assert connections(url) <= MOST
