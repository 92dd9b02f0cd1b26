"""A desk at a post without a signal: how long from the tap on the decision until the entry is on the disk, and until the
desk is blank for the next vehicle.

`python -m bench.desk [--vehicles N]`. The built app in headless Chromium, 360 px, network off, N vehicles (300) one after
the other through the screen itself: plate, temperature, recent trip, decision. Once as it runs, once with the processor
slowed four times. Each entry is signed, numbered and written with IndexedDB durability "strict"; none is ever sent, so the
outbox grows as it does in six hours of rush. Needs the web assets (`make web`) and Chromium.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring import option, say, table

ROOT = Path(__file__).parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ONE = """
async ([first, count]) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const all = (within) => [...document.querySelectorAll(within + " button")];
  const button = (text, within) => all(within).find((one) => one.textContent.trim() === text);
  const until = async (test) => { while (!test()) await frame(); };
  const took = [];
  for (let i = first; i < first + count; i++) {
    await until(() => button("陕", ".keys"));
    for (const key of "陕G" + String(10000 + i)) { button(key, ".keys").click(); await frame(); }
    button("36.5", ".temperatures").click();
    await frame();
    all(".chips").find((one) => one.textContent.includes("→")).click();
    await until(() => document.querySelector(".verdict .decide.pass:not([disabled])"));
    performance.clearMeasures("desk-save");
    const tapped = performance.now();
    document.querySelector(".verdict .decide.pass").click();
    await until(() => button("京", ".keys"));
    const [saved] = performance.getEntriesByName("desk-save", "measure");
    took.push([saved.duration, performance.now() - tapped]);
  }
  return took;
}
"""


def run() -> str:
    """Measure, and return the table as Markdown."""
    count = option("vehicles", 300)
    with TemporaryDirectory() as folder:
        made, server, address = _served(Path(folder))
        try:
            rows = _walk(Path(folder), made, address, count)
        finally:
            server.terminate()
            server.wait(20)
    head = ("processor", "vehicles", "on the disk, median", "p99", "longest", "blank desk, median", "p99")
    return f"### Desk of a post, offline (Chromium, IndexedDB strict)\n\n{table(head, rows)}\n"


def _served(folder: Path) -> tuple[dict[str, Any], "subprocess.Popen[bytes]", str]:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY", "BULOU_HOSTS")}
    env |= {"BULOU_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    (folder / "data").mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.county"], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "bulou.site", "run", "--port", str(port)], cwd=ROOT, env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    return json.loads(made.stdout), server, address


def _walk(folder: Path, made: dict[str, Any], address: str, count: int) -> list[list[str]]:
    from playwright.sync_api import sync_playwright

    from tests.journeys.conftest import chromium
    from tests.journeys.phones import consent

    with sync_playwright() as playwright:
        office = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page(
            base_url=address, locale="zh-CN"
        )
        office.goto("/account/login/")
        office.fill("#id_login", "headquarters")
        office.fill("#id_password", made["password"])
        office.click("main form button")
        office.goto(f"/phones/{made['desk']['village']}/enrol/")
        office.select_option("#account", label="desk-a")
        office.locator("main form button").click()
        phone = playwright.chromium.launch_persistent_context(
            folder / "phone", executable_path=chromium(), args=FLAGS, base_url=address, locale="zh-CN",
            viewport={"width": 360, "height": 740},
        )  # fmt: skip
        page = phone.pages[0]
        page.goto(office.locator("code.secret").text_content() or "")
        consent(page, "desk-a", made["password"])
        page.locator(".digits").wait_for()
        office.locator('button[value="same"]').click()
        page.get_by_role("link", name="岗位 · 关垭检查点").wait_for()
        page.goto(f"/phone/#/desk/post:{made['desk']['post']}")
        phone.set_offline(True)
        _first(page)
        rows, done = [], 0
        for slower in (1, 4):
            phone.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            took = page.evaluate(ONE, [done, count])
            done += count
            rows.append(_row("as it is" if slower == 1 else f"{slower}× slower", took))
            say(f"  {rows[-1]}")
        phone.close()
    return rows


def _first(page: Any) -> None:
    """Write one vehicle with a trip, so that the next ones find it among the recent."""
    for key in "陕G99999":
        page.locator(".keys").get_by_role("button", name=key, exact=True).click()
    page.locator(".temperatures").get_by_role("button", name="36.5", exact=True).click()
    page.locator(".asks button").nth(0).click()
    page.get_by_role("button", name="陕西", exact=True).click()
    page.get_by_role("button", name="陕西，不知何市").click()
    page.locator(".asks button").nth(1).click()
    page.get_by_role("button", name="文彩村").click()
    page.get_by_placeholder("几组几号、哪栋").fill("一组3号")
    page.get_by_role("button", name="回家").click()
    page.locator(".verdict .decide.pass").click()
    page.locator(".stub").wait_for()


def _row(name: str, took: list[list[float]]) -> list[str]:
    disk, blank = (sorted(one[i] for one in took) for i in (0, 1))
    half, last = len(took) // 2, min(len(took) - 1, int(len(took) * 0.99))
    said = [disk[half], disk[last], disk[-1], blank[half], blank[last]]
    return [name, f"{len(took):,}", *(f"{ms:.0f} ms" for ms in said)]


if __name__ == "__main__":
    print(run())
