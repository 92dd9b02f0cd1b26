"""Takes the picture of the board that the README shows: `make run` in one terminal, `python -m docs.picture` in another."""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from docs.make import MADE, ROOT

CHROMIUM = "/usr/bin/chromium"


def main(address: str = "http://127.0.0.1:8000", folder: str = str(ROOT / "data" / "demo")) -> None:
    password = json.loads((Path(folder) / "demonstration.json").read_bytes())["password"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
        page.goto(address)
        page.fill("input[name=login]", "headquarters")
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-treemap] svg")
        page.screenshot(path=MADE / "board.png", animations="disabled")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
