"""Copies are made and put back by the command itself, on databases of their own."""

import hashlib
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

    assert put_back.returncode == 0 and "another key" not in put_back.stdout


def test_a_copy_is_sealed_and_goes_back_only_with_the_key(laptop: Installation, tmp_path: Path) -> None:
    """Whoever takes the copy away has nothing; whoever puts it back on another machine is told what is needed."""
    photo = laptop.folder / "attachments" / "610927" / "aa" / ("aa" * 32)
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photograph of a door")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    copy, key = shelf / "copy.bulou", laptop.folder / "secret.key"
    laptop.sql("INSERT INTO mfa_authenticator (user_id, type, data, created_at) SELECT "
               "'00000000000070008000000000000001', 'totp', '{\"secret\": \"JBSWY3DPEHPK3PXP\"}', '2026-01-01'")  # fmt: skip
    old_umask = os.umask(0o022)
    try:
        made = laptop.bulou("backup", copy)
    finally:
        os.umask(old_umask)
    assert made.returncode == 0, made.stderr
    assert str(key) in made.stdout
    kept = [path for path in shelf.rglob("*") if path.is_file()]
    assert len(kept) == 3
    for path in kept:
        raw = path.read_bytes()
        for said in (b"SQLite", b"ledger_entry (", b"JBSWY3", b"photograph", key.read_bytes()):
            assert said not in raw, (path, said)
        assert path.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in shelf.rglob("*"))
    assert not list(laptop.folder.glob("backup-*")), "nothing plain is left lying"

    mine = tmp_path / "kept elsewhere"
    mine.write_text(key.read_text() + "\n")
    key.write_text("of another machine")
    photo.unlink()
    refused = laptop.bulou("restore", copy, "--replace")
    assert refused.returncode == 1 and "--key" in refused.stderr and "secret.key" in refused.stderr
    assert laptop.entries() == 3 and not list(laptop.folder.glob("restore-*"))
    put_back = laptop.bulou("restore", copy, "--replace", "--key", mine)
    assert put_back.returncode == 0, put_back.stderr
    assert "another key" in put_back.stdout
    assert photo.read_bytes() == b"a photograph of a door"
    [(data,)] = laptop.sql("SELECT data FROM mfa_authenticator")
    assert "JBSWY3" not in str(data) and "sealed1:" in str(data)
    assert all(path.stat().st_mode & 0o077 == 0 for path in laptop.folder.glob("*") if path.name != "static")


def test_a_copy_cut_off_is_refused(laptop: Installation, tmp_path: Path) -> None:
    """Also if whoever cut it off wrote the manifest anew."""
    copy = tmp_path / "copy.bulou"
    assert laptop.bulou("backup", copy).returncode == 0
    copy.write_bytes(copy.read_bytes()[:-1])
    told = json.loads(Path(f"{copy}.json").read_bytes())
    told["sha256"] = hashlib.sha256(copy.read_bytes()).hexdigest()
    Path(f"{copy}.json").write_text(json.dumps(told))
    refused = laptop.bulou("restore", copy, "--replace")
    assert refused.returncode == 1 and "cut off" in refused.stderr
    assert laptop.entries() == 3


def test_a_plain_copy_of_an_older_version_still_goes_back(laptop: Installation, tmp_path: Path) -> None:
    copy, plain = tmp_path / "copy.bulou", tmp_path / "plain.bulou"
    with closing(sqlite3.connect(laptop.folder / "bulou.sqlite3")) as database:
        database.execute("VACUUM INTO ?", (str(plain),))
    assert laptop.bulou("backup", copy).returncode == 0
    told = json.loads(Path(f"{copy}.json").read_bytes())
    told["sha256"] = hashlib.sha256(plain.read_bytes()).hexdigest()
    Path(f"{plain}.json").write_text(json.dumps(told))
    laptop.record(4)
    put_back = laptop.bulou("restore", plain, "--replace")
    assert put_back.returncode == 0, put_back.stderr
    assert laptop.entries() == 3


def test_a_new_key_opens_what_the_old_one_sealed(laptop: Installation, tmp_path: Path) -> None:
    copy, key = tmp_path / "copy.bulou", laptop.folder / "secret.key"
    assert laptop.bulou("backup", copy).returncode == 0
    before = key.read_text()
    changed = laptop.bulou("key", "--new")
    assert changed.returncode == 0, changed.stderr
    [kept] = laptop.folder.glob("secret.key.until-*")
    assert kept.read_text() == before != key.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert str(kept) in laptop.bulou("key").stdout
    put_back = laptop.bulou("restore", copy, "--replace")
    assert put_back.returncode == 0, put_back.stderr


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

    put_back = fresh.bulou("restore", copy, "--key", old.folder / "secret.key")
    assert put_back.returncode == 0, put_back.stderr
    shown = fresh.sql(
        "SELECT count(*) FROM ledger_entry WHERE txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    assert shown == [(3,)]
    assert fresh.sql("SELECT txid, position FROM ledger_cursor WHERE consumer = 'reports'") == [(0, 2)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        fresh.sql("UPDATE ledger_entry SET kind = 'other'")

    fresh.record(4)
    again = fresh.bulou("restore", copy, "--key", old.folder / "secret.key")
    assert again.returncode == 1
    assert "not empty" in again.stderr
    replaced = fresh.bulou("restore", copy, "--replace", "--key", old.folder / "secret.key")
    assert replaced.returncode == 0, replaced.stderr
    assert fresh.entries() == 3
    (kept,) = fresh.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
    assert fresh.sql(f"SELECT count(*) FROM {kept[0]}.ledger_entry") == [(4,)]
    assert fresh.bulou("check").returncode == 0
