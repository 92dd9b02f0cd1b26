"""The product served as `bulou run` serves it, over a small county of its own, and a Chromium to walk through it.

The server is another process: nothing of it is shared with the tests but its address. The browser is stopped after each
file, because its event loop must not be running when tests that use the database come after it.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SECONDS = 180  # for a server to answer on a loaded machine
expect.set_options(timeout=15_000)


@dataclass
class Site:
    """A served county: its address, what was put into it, its data folder, and who has signed in already."""

    address: str
    made: dict[str, Any]
    folder: Path
    signed_in: dict[str, StorageState] = field(default_factory=dict)

    def household(self, i: int) -> str:
        return f"/household/610927/{self.made['households'][i]}/"

    def person(self, i: int, member: int) -> str:
        return f"/person/610927/{self.made['persons'][self.made['households'][i]][member]}/"

    def visit(self, i: int) -> str:
        return f"/record/household_visit/610927/household:{self.made['households'][i]}/"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journeys")
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY", "BULOU_HOSTS")}
    env |= {"BULOU_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.county"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    port = _free_port()
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "bulou.site", "run", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, server, folder / "server.log")
        yield Site(address, json.loads(made.stdout), folder)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=5).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nothing answered within {SECONDS} s:\n{log.read_text()}")


def chromium() -> str:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium: `make test` installs it"
    return program


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def office(browser: Browser, site: Site) -> Iterator[Page]:
    """Headquarters at a desk, which gives the phones out."""
    context = browser.new_context(base_url=site.address, locale="zh-CN")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("#id_login", "headquarters")
    page.fill("#id_password", site.made["password"])
    page.click("main form button")
    page.wait_for_url(lambda url: "/login" not in url)
    yield page
    context.close()


Open = Callable[..., Page]


@pytest.fixture
def open_as(site: Site, browser: Browser) -> Iterator[Open]:
    """Return what gives a page signed in as an account ("" for nobody); a fault in any console fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(name: str = "", *, locale: str = "zh-CN", width: int = 1280, height: int = 900) -> Page:
        state = site.signed_in.get(name)
        context = browser.new_context(
            base_url=site.address, locale=locale, viewport={"width": width, "height": height},
            storage_state=state, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _heard(faults, page, message))
        if name and state is None:
            page.goto("/account/login/")
            page.fill("#id_login", name)
            page.fill("#id_password", site.made["password"])
            page.click("main form button")
            page.wait_for_url(lambda url: "/login" not in url)
            site.signed_in[name] = context.storage_state()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _heard(faults: list[str], page: Page, message: Any) -> None:
    # Chromium writes an error for every answer of 4xx, which some journeys ask for on purpose; htmx writes two for a
    # drawing of a form that the next answer has made out of date.
    expected = re.search(r"a status of 4\d\d|htmx:sendAbort|htmx:afterRequest", message.text)
    if message.type == "error" and not expected:
        faults.append(f"{page.url}: {message.text} {message.location}")
