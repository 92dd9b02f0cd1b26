"""Nothing a phone called saved is lost, doubled or wrongly called safe, whatever fails: many days played from seeds.

Each run is a process of its own with a database in memory. `python -m tests.faults.phones --seeds 5000` plays more.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.planted import FAULTS

ROOT = Path(__file__).parents[2]
SEEDS = int(os.environ.get("BULOU_SIMULATED_DAYS", "200"))
SECONDS = 40 if SEEDS <= 200 else 0  # a busy machine plays fewer; whoever asks for more gets them
ENOUGH = 80  # seeds within which a planted fault must show


def played(*arguments: str) -> dict[str, dict[str, object]]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.faults.phones", *arguments], cwd=ROOT,
        env={**kept, "BULOU_SECRET_KEY": "simulated"}, capture_output=True, text=True, check=False, timeout=280,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_is_lost_doubled_or_wrongly_called_safe():
    said = played("--seeds", str(SEEDS), "--seconds", str(SECONDS))["the product"]
    print(f"{said['days']} days played")
    assert said["found"] is None
    assert said["days"] >= 10


@pytest.mark.parametrize("half", [0, 1])
def test_every_planted_fault_is_found(half):
    names = list(FAULTS)[half::2]
    found = played("--seeds", str(ENOUGH), *(f"--plant={name}" for name in names))
    assert [name for name in names if not found[name]["found"]] == []
