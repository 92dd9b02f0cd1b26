"""A server put back from an old backup gets back from the phones all that they still hold, with nobody's help."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import cluster, find_programs

POSTGRES = pytest.param("postgresql", marks=pytest.mark.skipif(find_programs() is None, reason="no PostgreSQL server"))


@pytest.fixture(params=["sqlite", POSTGRES])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
    else:
        with cluster() as url:
            yield url


def test_phones_bring_everything_back(url: str, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bulou.site.tests.restored", str(tmp_path / "kept")],
        env={**os.environ, "BULOU_DATA": str(tmp_path / "data"), "DATABASE_URL": url, "BULOU_HOSTS": "testserver"},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {
        "safe after one backup": 0,
        "safe after two": 2,
        "lost by the restore": 6,
        "back": True,
        "outcomes the second time": ["duplicate"],
        "gaps": [[], []],
        "received": [[[1, 6]], [[1, 6]]],
        "photograph is back": True,
    }
