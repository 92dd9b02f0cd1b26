"""Copies are made and put back by the command itself, on databases of their own."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.postgres import cluster, find_programs

INSERT = """INSERT INTO ledger_entry (county, id, position, txid, kind, version, subject, area, happened_at,
    recorded_at, received_at, "by", device, prev_hash, signature, body, rules, digest)
    VALUES (610927, '{id}', {position}, {txid}, 'loan', 1, 'household:1', 610927100201000000, '2020-02-03 00:00:00',
    '2020-02-03 00:00:00', '2020-02-03 00:00:00', 'account:1', '', '', '', '{{}}', '', '')"""


def entry_id(number: int) -> str:
    return f"0000000000007000800000000000{number:04d}"


class Installation:
    """A data folder or a database, and the `bulou` command run on it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self.url = folder, url
        self.environment = {**os.environ, "BULOU_DATA": str(folder), "DATABASE_URL": url}
        self.environment.pop("BULOU_SECRET_KEY", None)

    def bulou(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bulou.site", *map(str, arguments)],
            env=self.environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        if self.url:
            with psycopg.connect(self.url) as database:
                done = database.execute(statement)
                return done.fetchall() if done.description else []
        with closing(sqlite3.connect(self.folder / "bulou.sqlite3")) as database, database:
            return database.execute(statement).fetchall()

    def record(self, *numbers: int) -> None:
        for number in numbers:
            txid = "pg_current_xact_id()::text::bigint" if self.url else "0"
            self.sql(INSERT.format(id=entry_id(number), position=number, txid=txid))

    def entries(self) -> int:
        return int(str(self.sql("SELECT count(*) FROM ledger_entry")[0][0]))


def new(folder: Path, url: str = "") -> Installation:
    installation = Installation(folder, url)
    made = installation.bulou("migrate")
    assert made.returncode == 0, made.stderr
    return installation


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    installation = new(tmp_path_factory.mktemp("fresh") / "data")
    installation.record(1, 2, 3)
    return installation.folder


@pytest.fixture
def laptop(fresh: Path, tmp_path: Path) -> Installation:
    return Installation(shutil.copytree(fresh, tmp_path / "data"))


def test_copy_goes_back_and_what_was_there_is_kept(laptop: Installation, tmp_path: Path) -> None:
    copy = tmp_path / "copy.bulou"
    made = laptop.bulou("backup", copy)
    assert made.returncode == 0, made.stderr
    assert "3 entries" in made.stdout
    laptop.record(4)

    refused = laptop.bulou("restore", copy)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert laptop.entries() == 4

    put_back = laptop.bulou("restore", copy, "--replace")
    assert put_back.returncode == 0, put_back.stderr
    assert laptop.entries() == 3
    (kept,) = laptop.folder.glob("bulou.sqlite3.before-restore-*")
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM ledger_entry").fetchone() == (4,)

    # The key is in no backup, and whoever puts one back under another key is told what that costs.
    key = laptop.folder / "secret.key"
    assert str(key) in made.stdout and key.read_text() not in copy.with_name("copy.bulou.json").read_text()
    assert "another key" not in put_back.stdout
    key.write_text("of another machine")
    elsewhere = laptop.bulou("restore", copy, "--replace")
    assert "another key" in elsewhere.stdout and elsewhere.returncode == 0


def test_copy_that_is_not_what_its_manifest_says_is_refused_and_nothing_changes(
    laptop: Installation, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.bulou"
    laptop.bulou("backup", copy)
    manifest, whole = Path(f"{copy}.json"), copy.read_bytes()
    told = json.loads(manifest.read_bytes())
    told["tables"]["ledger_entry"] += 1
    manifest.write_text(json.dumps(told))
    refused = laptop.bulou("restore", copy, "--replace")
    assert refused.returncode == 1
    assert "ledger_entry" in refused.stderr

    copy.write_bytes(whole[: len(whole) // 2] + b"?" + whole[len(whole) // 2 + 1 :])
    refused = laptop.bulou("restore", copy, "--replace")
    assert refused.returncode == 1
    assert "damaged or exchanged" in refused.stderr
    assert laptop.entries() == 3


def test_backup_never_overwrites(laptop: Installation, tmp_path: Path) -> None:
    copy = tmp_path / "copy.bulou"
    copy.write_text("last year's")
    refused = laptop.bulou("backup", copy)
    assert refused.returncode == 1
    assert copy.read_text() == "last year's"


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[str, str]]:
    if find_programs() is None:
        pytest.skip("no PostgreSQL server is installed")
    with cluster() as first, cluster() as second:
        yield first, second


def test_feed_of_a_restored_server_hides_nothing(servers: tuple[str, str], tmp_path: Path) -> None:
    """The old server had counted far more transactions than the new one ever has."""
    old, fresh = new(tmp_path / "old", servers[0]), Installation(tmp_path / "new", servers[1])
    with psycopg.connect(servers[0], autocommit=True) as busy:
        for _ in range(300):
            busy.execute("SELECT pg_current_xact_id()")
    old.record(1, 2, 3)
    (third,) = old.sql("SELECT txid FROM ledger_entry WHERE position = 2")
    old.sql(f"INSERT INTO ledger_cursor (consumer, txid, position) VALUES ('reports', {third[0]}, 2)")
    copy = tmp_path / "copy.bulou"
    made = old.bulou("backup", copy)
    assert made.returncode == 0, made.stderr

    put_back = fresh.bulou("restore", copy)
    assert put_back.returncode == 0, put_back.stderr
    shown = fresh.sql(
        "SELECT count(*) FROM ledger_entry WHERE txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    assert shown == [(3,)]
    assert fresh.sql("SELECT txid, position FROM ledger_cursor WHERE consumer = 'reports'") == [(0, 2)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        fresh.sql("UPDATE ledger_entry SET kind = 'other'")

    fresh.record(4)
    again = fresh.bulou("restore", copy)
    assert again.returncode == 1
    assert "not empty" in again.stderr
    replaced = fresh.bulou("restore", copy, "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert fresh.entries() == 3
    (kept,) = fresh.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
    assert fresh.sql(f"SELECT count(*) FROM {kept[0]}.ledger_entry") == [(4,)]
    assert fresh.bulou("check").returncode == 0
