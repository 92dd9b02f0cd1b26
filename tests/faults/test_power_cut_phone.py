"""What the app called saved survives a power cut of the phone: its own store, in a Chromium whose profile forgets.

The same with IndexedDB's usual durability must lose: else a zero means nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cutting import HERE, REASON, copy_of, forgetting, usable, wait_for

WEB = HERE.parents[1] / "web" / "phone"
NODE = Path(sys.executable).parent / "node"
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), "")
MODULES = ("store", "outbox", "keys", "bytes", "chain", "clock", "locks")
STRIP = ("const {stripTypeScriptTypes: strip} = require('node:module');"
         "process.stdout.write(strip(require('node:fs').readFileSync(0, 'utf8'), {mode: 'transform'}))")  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not usable() and not os.environ.get("CI"), reason=REASON),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.skipif(not NODE.exists(), reason="needs the local environment's Node to read TypeScript"),
]


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    """The app's own modules as JavaScript."""
    found = {}
    for name in MODULES:
        done = subprocess.run([NODE, "--no-warnings", "-e", STRIP], input=(WEB / f"{name}.ts").read_text("utf-8"),
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        found[name] = done.stdout
    return found


class Heard:
    """What the page said."""

    def __init__(self) -> None:
        self.saved: set[int] = set()
        self.shown: Any = None


@contextmanager
def site(modules: dict[str, str], heard: Heard) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            if name in modules:
                self._answer(modules[name].encode(), "text/javascript")
            else:
                self._answer((HERE / "stored.html").read_bytes(), "text/html")

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/saved":
                heard.saved.add(said)
            else:
                heard.shown = said
            self._answer(b"", "text/plain")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium(profile: Path, address: str) -> Iterator[None]:
    for lock in profile.glob("Singleton*"):
        lock.unlink()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disk-cache-size=1",
             f"--user-data-dir={profile}"]  # fmt: skip
    browser = subprocess.Popen([CHROMIUM, *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    try:
        yield
    finally:
        os.killpg(browser.pid, 9)
        browser.wait()


def saved_and_lost(tmp_path: Path, modules: dict[str, str], cuts: int) -> tuple[int, int]:
    """Return how many entries were called saved over some power cuts, and how many of these are gone."""
    disk, heard, address_of = tmp_path / "disk", Heard(), "#show"
    disk.mkdir()
    lost: set[int] = set()
    with site(modules, heard) as address:
        for _ in range(cuts):
            before = len(heard.saved)
            with forgetting(disk, tmp_path / "mount") as cut, chromium(tmp_path / "mount" / "profile", address):
                wait_for(lambda before=before: len(heard.saved) > before + 5, "the app saved nothing", 90)
                time.sleep(0.5)
                cut()
            time.sleep(0.5)  # what the page had said before it was stopped is heard
            called = set(heard.saved)
            look, heard.shown = copy_of(disk, "look"), None
            with chromium(look / "profile", address + address_of):
                wait_for(lambda: heard.shown is not None, "the store does not open again", 90)
            assert "error" not in heard.shown, heard.shown
            kept = heard.shown["outbox"]
            lost |= called - {one["seq"] for one in kept}
            if lost:
                break
            assert [one["seq"] for one in kept] == list(range(1, len(kept) + 1)), "a number is missing"
            assert heard.shown["counter"]["seq"] == len(kept)
            shutil.rmtree(look)
    print(f"{cuts} cuts, {len(heard.saved)} called saved, {len(lost)} lost")
    return len(heard.saved), len(lost)


def test_what_the_app_called_saved_survives(tmp_path: Path, modules: dict[str, str]) -> None:
    saved, lost = saved_and_lost(tmp_path, modules, 2)
    assert saved > 10
    assert lost == 0


def test_it_is_lost_with_the_durability_browsers_use_otherwise(tmp_path: Path, modules: dict[str, str]) -> None:
    store = modules["store"].replace('durability: "strict"', 'durability: "relaxed"')
    assert store != modules["store"]
    _, lost = saved_and_lost(tmp_path, {**modules, "store": store}, 1)
    assert lost
