"""What the phone's app costs: bytes of the first visit as the server sends them, and seconds until a screen can be used
on a processor four times slower than this one.

`python -m bench.phone [--port N] [--rounds N]`. A Chromium of 360 px opens the app as the product serves it: for the
first time (nothing kept), and again without a signal (everything comes from the service worker). A screen can be used
once a button on it answers a tap: the time is the page's own, from the address to the frame after the answer.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring import option, say, table

SLOWER = 4
# The language button answers at once and needs no server.
ANSWERED = """() => new Promise((done) => {
  const look = () => {
    const button = document.querySelector("main.alone button.quiet");
    if (!button) return requestAnimationFrame(look);
    const before = button.textContent;
    button.click();
    const changed = () => button.textContent === before
      ? requestAnimationFrame(changed)
      : requestAnimationFrame(() => done(performance.now()));
    changed();
  };
  look();
})"""
TAKEN = """() => navigator.serviceWorker.controller ? 1 : new Promise((done) => {
  navigator.serviceWorker.addEventListener("controllerchange", () => done(1));
})"""
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const [name] = (await caches.keys()).filter((key) => key.includes("precache"));
  return (await (await caches.open(name)).keys()).map((request) => request.url.replace(/[?]__WB_REVISION__=.*/, ""));
}"""


def run() -> str:
    """Measure, and return the tables as Markdown."""
    from playwright.sync_api import sync_playwright

    with serving(option("port", 8118)) as address, sync_playwright() as playwright:
        say("The phone's app, opened for the first time and again")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        rounds = [measure(browser, address) for _ in range(option("rounds", 5))]
        browser.close()
        kept: list[str] = rounds[0][2]
        sizes = sorted(((sent(url), whole(url), url.removeprefix(address)) for url in kept), reverse=True)
    first, again = median(one[0] for one in rounds), median(one[1] for one in rounds)
    times = [
        ["first time, over the line of this machine", f"{first / 1000:.2f}"],
        ["again, without a signal", f"{again / 1000:.2f}"],
    ]
    lines = [[f"`{path}`", f"{on_line / 1000:,.1f}", f"{plain / 1000:,.1f}"] for on_line, plain, path in sizes[:6]]
    rest = sizes[6:]
    lines.append([f"{len(rest)} more", f"{sum(one[0] for one in rest) / 1000:,.1f}",
                  f"{sum(one[1] for one in rest) / 1000:,.1f}"])  # fmt: skip
    lines.append(["**all, forms engine included**", f"**{sum(one[0] for one in sizes) / 1000:,.0f}**",
                  f"{sum(one[1] for one in sizes) / 1000:,.0f}"])  # fmt: skip
    slow = f"first screen that answers, processor {SLOWER} times slower"
    return (
        f"### The phone's app\n\nMedian of {len(rounds)}.\n\n{table((slow, 'seconds'), times)}\n\n"
        f"{table(('downloaded once', 'kB as sent', 'kB unpacked'), lines)}\n"
    )


def measure(browser: Any, address: str) -> tuple[float, float, list[str]]:
    """Return ms until the first screen answers, ms when it is opened again offline, and the addresses of what is kept."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    context.set_default_timeout(120_000)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{address}/phone/", wait_until="commit")
    first = page.evaluate(ANSWERED)
    kept = page.evaluate(KEPT)
    page.evaluate(TAKEN)
    context.set_offline(True)
    page.goto("about:blank")
    page.goto(f"{address}/phone/", wait_until="commit")
    again = page.evaluate(ANSWERED)
    context.close()
    return first, again, sorted(set(kept))


def sent(url: str) -> int:
    """Return how many bytes the server sends of an address to a browser."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return len(answer.read())


def whole(url: str) -> int:
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "identity"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        content = answer.read()
        return len(gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content)


@contextmanager
def serving(port: int) -> Iterator[str]:
    """Serve the product, empty, as `bulou run` does; yield its address."""
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="bulou-bench-") as folder, Path(folder, "log").open("w") as log:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY")}
        server = subprocess.Popen(
            [sys.executable, "-m", "bulou.site", "run", "--port", str(port)],
            env=kept | {"BULOU_DATA": folder}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(f"{address}/phone/", server, Path(folder, "log"))
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError as error:
            if server.poll() is not None or getattr(error, "code", 0) == 503:
                raise SystemExit(f"{error}\n{log.read_text()}") from None
            time.sleep(0.2)
        else:
            return
    raise SystemExit("nothing answered within two minutes")


if __name__ == "__main__":
    print(run())
