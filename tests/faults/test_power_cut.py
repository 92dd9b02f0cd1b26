"""An acknowledged entry survives a power cut, and what is found afterwards is whole.

The same harness is run against SQLite's usual advice (synchronous=NORMAL), which must lose: else a zero means nothing.
"""

import ctypes.util
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections

HERE = Path(__file__).parent
CUTS = int(os.environ.get("BULOU_POWER_CUTS", "12"))


def usable() -> bool:
    return Path("/dev/fuse").exists() and os.geteuid() == 0 and bool(ctypes.util.find_library("fuse3"))


pytestmark = pytest.mark.skipif(
    not usable() and not os.environ.get("CI"), reason="needs root, /dev/fuse and libfuse3 to forget what was not synced"
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A migrated, empty SQLite database, made once and copied for each run."""
    folder = tmp_path_factory.mktemp("empty")
    command = [sys.executable, "-m", "django", "migrate", "ledger", "--verbosity=0", "--settings=bulou.site.settings"]
    subprocess.run(command, check=True, env=environment(folder))
    return folder / "bulou.sqlite3"


def environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    root = str(HERE.parent.parent)
    return kept | {"BULOU_DATA": str(folder), "BULOU_SECRET_KEY": "test", "PYTHONPATH": root}


def wait_for(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "the file system did not come up"
        time.sleep(0.01)


def cut_power(disk: Path, mount: Path, first: int, synchronous: str, seconds: float) -> set[int]:
    """Write until the power goes; return the numbers of the entries that were acknowledged."""
    filesystem = subprocess.Popen([sys.executable, HERE / "forgetful.py", disk, mount], stderr=subprocess.DEVNULL)
    wait_for(mount.is_mount)
    writer = subprocess.Popen(
        [sys.executable, HERE / "writer.py", str(first), synchronous],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(mount),
    )  # fmt: skip
    heard = writer.stdout.readline()
    time.sleep(seconds)
    filesystem.kill()
    filesystem.wait()
    writer.kill()
    heard += writer.communicate()[0]
    subprocess.run(["fusermount3", "-uz", mount], stderr=subprocess.DEVNULL, check=False)
    wait_for(lambda: not mount.is_mount())
    (disk / "bulou.sqlite3-shm").unlink(missing_ok=True)  # shared memory does not survive a power cut
    return {int(line) for line in heard.split(b"\n")[:-1] if line}


def surviving(disk: Path) -> set[int]:
    with sqlite3.connect(disk / "bulou.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = {UUID(row[0]).int for row in database.execute("SELECT id FROM ledger_entry")}
        tallied = database.execute("SELECT coalesce(sum(owed), 0), coalesce(sum(met + late), 0) FROM ledger_tally")
        counted = database.execute("SELECT count(*), count(met_by) FROM ledger_duty")
        assert tallied.fetchone() == counted.fetchone()
    database.close()
    return found


def run(tmp_path: Path, empty: Path, synchronous: str, cuts: int) -> tuple[set[int], set[int]]:
    """Return what was acknowledged and what of it was lost, over several cuts of one database."""
    disk, mount = tmp_path / "disk", tmp_path / "mount"
    disk.mkdir()
    mount.mkdir()
    shutil.copy(empty, disk)
    chance = random.Random(7)
    acknowledged: set[int] = set()
    lost: set[int] = set()
    first = 1
    for _ in range(cuts):
        acknowledged |= cut_power(disk, mount, first, synchronous, chance.uniform(0.02, 0.4))
        found = surviving(disk)
        lost |= acknowledged - found
        first = max(acknowledged | found) + 1
    print(f"synchronous={synchronous}: {cuts} cuts, {len(acknowledged)} acknowledged, {len(lost)} lost")
    return acknowledged, lost


def test_no_acknowledged_entry_is_lost_in_a_power_cut(tmp_path, empty):
    acknowledged, lost = run(tmp_path, empty, "FULL", CUTS)
    assert len(acknowledged) > 10 * CUTS
    assert lost == set()


def test_the_harness_finds_the_loss_that_weaker_settings_allow(tmp_path, empty):
    _, lost = run(tmp_path, empty, "NORMAL", 4)
    assert lost


def test_weak_settings_are_refused_at_the_start(db, settings):
    from bulou.ledger.queries import weak_durability

    assert list(weak_durability()) == []
    if connections["default"].vendor == "sqlite":
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] >= 2
    assert call_command("check") is None
