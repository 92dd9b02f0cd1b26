"""What a phone was told has arrived survives a power cut of the server: entries on both databases, photographs.

Each is also run with the safeguard taken away, and must then lose: else a zero means nothing.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests import postgres
from tests.faults.cutting import HERE, REASON, copy_of, cut_short, environment, forgetting, usable, wait_for
from tests.faults.forgetful import forget_names

CUTS = int(os.environ.get("BULOU_POWER_CUTS", "3"))
COMMAND = [sys.executable, "-W", "ignore", HERE / "pushing.py"]
pytestmark = pytest.mark.skipif(not usable() and not os.environ.get("CI"), reason=REASON)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a village and its phone on SQLite, made once and copied for each run."""
    folder = tmp_path_factory.mktemp("village")
    subprocess.run([*COMMAND, "make", folder], check=True, env=environment(folder))
    return folder


@pytest.fixture
def disk(village: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(village, tmp_path / "disk"))


def cut_sqlite(disk: Path, what: str, more: str = "", names: Path | None = None, seconds: float = 1.0) -> list[str]:
    mount = disk.with_name("mount")
    with forgetting(disk, mount, names) as cut:
        heard = cut_short([*COMMAND, what, mount, *([more] if more else [])], environment(mount), cut, seconds)
    (disk / "bulou.sqlite3-shm").unlink(missing_ok=True)  # shared memory does not survive a power cut
    return heard


def entries_in(disk: Path) -> set[str]:
    with sqlite3.connect(disk / "bulou.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = database.execute("SELECT id FROM ledger_entry UNION SELECT entry FROM ledger_held").fetchall()
        received = database.execute("SELECT received FROM field_device").fetchone()[0]
        count = database.execute(
            "SELECT count(*) FROM (SELECT seq FROM ledger_entry WHERE device <> '' UNION SELECT seq FROM ledger_held)"
        ).fetchone()[0]
    database.close()
    assert received in (f"[[1,{count}]]", "[]"), "what the clerk sees as received is what is there"
    return {str(UUID(id_)) for (id_,) in found}


def test_pushed_entries_survive_on_sqlite(disk: Path) -> None:
    heard, chance = set[str](), random.Random(5)
    for _ in range(CUTS):
        heard |= set(cut_sqlite(disk, "push", seconds=chance.uniform(0.3, 1.5)))
        assert heard - entries_in(disk) == set()
    print(f"{CUTS} cuts, {len(heard)} entries acknowledged, none lost")
    assert len(heard) > 5 * CUTS


def test_pushed_entries_are_lost_on_sqlite_without_synchronous_full(disk: Path) -> None:
    heard = set(cut_sqlite(disk, "push", "NORMAL"))
    assert heard - entries_in(disk)


def photographs(disk: Path, weakness: str = "") -> tuple[int, int]:
    """Return how many photographs were acknowledged, and how many of these are not whole after a cut."""
    names = disk.with_name("names")
    names.touch()
    heard = cut_sqlite(disk, "photos", weakness, names)
    forget_names(disk, names)
    folder = disk / "attachments"
    whole = {
        path.name for path in folder.rglob("*")
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == path.name
    }  # fmt: skip
    return len(heard), len(set(heard) - whole)


def test_photographs_survive(disk: Path) -> None:
    arrived, lost = photographs(disk)
    assert arrived > 3
    assert lost == 0


@pytest.mark.parametrize("weakness", ["content", "names"])
def test_photographs_are_lost_without_their_flush(disk: Path, weakness: str) -> None:
    arrived, lost = photographs(disk, weakness)
    assert arrived
    assert lost


# PostgreSQL: a private cluster whose data lie on the folder that forgets.

POSTGRES = pytest.mark.skipif(postgres.find_programs() is None or os.geteuid() != 0, reason="no PostgreSQL server here")
CONF = "listen_addresses='127.0.0.1'\nunix_socket_directories=''\nshared_buffers=32MB\nmin_wal_size=2MB\nmax_wal_size=16MB\n"


@contextmanager
def serving(data: Path, port: int, *, expected: bool = True) -> Iterator[str]:
    """Run the cluster in the folder; yield the URL of its database. It is killed at the end, never asked to stop."""
    programs = postgres.find_programs()
    assert programs
    (data / "postmaster.pid").unlink(missing_ok=True)
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port)], user="postgres", group="postgres", extra_groups=[],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp", start_new_session=True,
    )  # fmt: skip
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return server.poll() is not None
        return True

    try:
        wait_for(answers, "PostgreSQL did not come up", 60)
        assert server.poll() is None or not expected, "PostgreSQL stopped"
        yield url
    finally:
        kill(server)


def kill(server: subprocess.Popen[bytes]) -> None:
    """Kill the server and its children, which live in groups of their own."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    children = [int(each) for each in listed.read_text().split()] if listed.exists() else []
    for pid in (server.pid, *children):
        try:
            os.kill(pid, 9)
        except ProcessLookupError:
            continue
    server.wait()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), "PostgreSQL did not die")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A folder with a cluster in `pg` that holds a village with a phone. Where postgres may go, which is not tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="bulou-cut-"))
    try:
        folder.chmod(0o755)
        (folder / "village").mkdir()
        data = folder / "village" / "pg"
        data.mkdir()
        shutil.chown(folder / "village", "postgres", "postgres")
        shutil.chown(data, "postgres", "postgres")
        programs = postgres.find_programs()
        assert programs
        subprocess.run(
            [programs / "initdb", "-D", data, "-A", "trust", "-N", "--wal-segsize=1", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, user="postgres", group="postgres", extra_groups=[], cwd="/tmp", stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(CONF)
        with serving(data, free_port()) as url:
            subprocess.run([*COMMAND, "make", folder], check=True, env=environment(folder, url))
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    return postgres._free_port()


def cut_postgres(cluster: Path, fsync: str, cuts: int) -> tuple[int, int]:
    """Return how many entries were acknowledged and how many of these were lost; a cluster that does not come up again
    has lost all."""
    disk = cluster / f"disk-{fsync}"
    shutil.copytree(cluster / "village", disk, symlinks=True, copy_function=copied)
    own(disk)
    with (disk / "pg" / "postgresql.conf").open("a") as conf:
        conf.write(f"fsync={fsync}\n")
    heard, port = set[str](), free_port()
    for _ in range(cuts):
        with forgetting(disk, cluster / "mount") as cut, serving(cluster / "mount" / "pg", port, expected=False) as url:
            heard |= set(cut_short([*COMMAND, "push", cluster], environment(cluster, url), cut, 1.5))
        look = copy_of(disk, "look") if fsync == "off" else disk
        own(look)
        try:
            with serving(look / "pg", port) as url, psycopg.connect(url) as connection:
                found = connection.execute("SELECT id FROM ledger_entry UNION SELECT entry FROM ledger_held").fetchall()
        except (AssertionError, psycopg.Error):
            if fsync == "on":
                raise
            return len(heard), len(heard)
        time.sleep(0.1)
        if lost := heard - {str(id_) for (id_,) in found}:
            return len(heard), len(lost)
    return len(heard), 0


def copied(source: str, target: str) -> str:
    return str(shutil.copy2(source, target))


def own(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, *owner(), follow_symlinks=False)


def owner() -> tuple[int, int]:
    import pwd

    found = pwd.getpwnam("postgres")
    return found.pw_uid, found.pw_gid


@POSTGRES
def test_pushed_entries_survive_on_postgresql(cluster: Path) -> None:
    cuts = (CUTS + 1) // 3
    heard, lost = cut_postgres(cluster, "on", cuts)
    print(f"{cuts} cuts, {heard} entries acknowledged, {lost} lost")
    assert heard > 5
    assert lost == 0


@POSTGRES
def test_pushed_entries_are_lost_on_postgresql_without_fsync(cluster: Path) -> None:
    heard, lost = cut_postgres(cluster, "off", 1)
    assert heard
    assert lost
