"""The product served as `bulou run` serves it, on SQLite and, where there is a server of it, on PostgreSQL."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120  # for a server to answer on a loaded machine


@dataclass
class Server:
    """A served village: the address a phone with Collect is given, and what lies in it."""

    address: str
    made: dict[str, Any]
    environment: dict[str, str]

    @property
    def odk(self) -> str:
        return f"{self.address}/odk/{self.made['token']}"

    def ledger(self) -> dict[str, Any]:
        """Return what stands in the ledger and in the held tray."""
        said: dict[str, Any] = json.loads(_told("tests.openrosa.tray", self.environment))
        return said


def _told(module: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("openrosa")
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY", "BULOU_HOSTS")}
    environment |= {"BULOU_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    if request.param == "sqlite":
        with _served(folder, environment) as served:
            yield served
    elif not (url := os.environ.get("DATABASE_URL", "")):
        pytest.skip("asked on PostgreSQL where DATABASE_URL names one")
    else:
        with _database(url) as own, _served(folder, environment | {"DATABASE_URL": own}) as served:
            yield served


@contextmanager
def _database(url: str) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    said = urlsplit(url)
    name = f"openrosa_{os.getpid()}"
    with psycopg.connect(urlunsplit(said._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(said._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _served(folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    made = json.loads(_told("tests.openrosa.county", environment))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "bulou.site", "run", "--port", str(port)], cwd=ROOT,
                                   env=environment, stdout=log, stderr=log)  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, folder / "server.log")
        yield Server(address, made, environment)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"{address}/odk/nobody/formList", timeout=20)
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text())
