"""An acknowledged entry survives a power cut, and what is found afterwards is whole.

The same harness is run against SQLite's usual advice (synchronous=NORMAL), which must lose: else a zero means nothing.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections

from tests.faults.cutting import HERE, REASON, cut_short, environment, forgetting, usable

CUTS = int(os.environ.get("BULOU_POWER_CUTS", "12"))


pytestmark = pytest.mark.skipif(not usable() and not os.environ.get("CI"), reason=REASON)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A migrated, empty SQLite database, made once and copied for each run."""
    folder = tmp_path_factory.mktemp("empty")
    command = [sys.executable, "-m", "django", "migrate", "ledger", "--verbosity=0", "--settings=bulou.site.settings"]
    subprocess.run(command, check=True, env=environment(folder))
    return folder / "bulou.sqlite3"


def cut_power(disk: Path, mount: Path, first: int, synchronous: str, seconds: float) -> set[int]:
    """Write until the power goes; return the numbers of the entries that were acknowledged."""
    command = [sys.executable, HERE / "writer.py", first, synchronous]
    with forgetting(disk, mount) as cut:
        heard = cut_short(command, environment(mount), cut, seconds)
    (disk / "bulou.sqlite3-shm").unlink(missing_ok=True)  # shared memory does not survive a power cut
    return {int(line) for line in heard}


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
