"""Measure what the phone's app costs: bytes of the first visit as sent, and the first screen with a CPU four times slower.

    python web/phone/measure.py http://127.0.0.1:8000
"""

import shutil
import sys

from playwright.sync_api import sync_playwright

SLOWER = 4
FIRST_SCREEN = "main:not([aria-busy]) button"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{address}/phone/", wait_until="commit")
        page.wait_for_selector(FIRST_SCREEN)
        ready = page.evaluate("performance.now()")
        sizes = page.evaluate(
            """async () => {
              await navigator.serviceWorker.ready;
              const [name] = (await caches.keys()).filter((key) => key.includes("precache"));
              const all = [];
              for (const { url } of await (await caches.open(name)).keys()) {
                const body = (await (await fetch(url)).blob()).stream().pipeThrough(new CompressionStream("gzip"));
                all.push([new URL(url).pathname, (await new Response(body).blob()).size]);
              }
              return all;
            }"""
        )
        for path, size in sorted(sizes, key=lambda one: -one[1]):
            print(f"{size / 1000:9.1f} kB  {path}")
        print(f"{sum(size for _, size in sizes) / 1000:9.1f} kB in all, compressed, forms engine included")
        print(f"{ready:9.0f} ms until the first screen can be used, CPU {SLOWER} times slower")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
