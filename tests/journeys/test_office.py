"""A morning at headquarters in a real browser: one household goes from missing to visited, and every page is usable.

Runs on the made county of bulou/office/tests. Every screen is asked of axe-core at 360 and at 1920 pixels, in Chinese and
in English, and must load nothing its content policy refuses.
"""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.tests.people import sign_in
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.office.tests.made import County, make_county, visit, visit_body, write

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = os.environ.get("BULOU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: set BULOU_CHROMIUM to one"),
]
SERIOUS = {"serious", "critical"}
WIDE = """[...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".scroll"))
    .map((one) => one.outerHTML.slice(0, 80)).slice(0, 3)"""
SIZES = {360: 740, 1920: 1080}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    # Playwright's loop would make Django refuse the database in this thread; the test's own queries are in between.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def made(transactional_db: None) -> County:
    with seeing(EVERYTHING):
        county = make_county(now() - timedelta(minutes=1))
        visit(county, 1, county.at)
        write(
            county, "household_visit", county.subject(2), county.grids[2], county.at, visit_body(county, 2, outcome="?")
        )
    return county


def browse(chromium: Any, live_server: Any, client: Client, width: int, language: str) -> Any:
    """Return a page signed in as the client, that fails the test on any error of a script or of the content policy."""
    context = chromium.new_context(viewport={"width": width, "height": SIZES[width]}, reduced_motion="reduce")
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
               settings.LANGUAGE_COOKIE_NAME: language}  # fmt: skip
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if "Policy" in said.text else None)
    return page


def addresses(made: County) -> list[str]:
    home, person = made.households[1], made.persons[made.households[1]][0]
    return [
        "/", "/?wall=1", "/board/610927100201010000/", "/missing/", "/missing/?view=owner", "/missing/?view=area",
        f"/household/610927/{home}/", f"/person/610927/{person}/", f"/record/household_visit/610927/{made.subject(0)}/",
        "/record/sweep_order/610927/area:610927000000/", "/held/", "/today/", "/find/", "/imports/", "/nowhere/",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", SIZES)
def test_every_page_can_be_used_by_everybody(made, live_server, chromium, width, language):
    page = browse(chromium, live_server, sign_in(made.accounts["headquarters"]), width, language)
    wrong = []
    for address in addresses(made):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        for fault in axe.Axe().run(page).response["violations"]:
            if fault["impact"] in SERIOUS:
                wrong.append(f"{address} {fault['id']}: {fault['nodes'][0]['html'][:160]}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{address} is wider than {width} pixels: {page.evaluate(WIDE)}")
    assert wrong == []
    assert page.faults == []


def missing_on(page: Any) -> int:
    return int(re.match(r"\d+", page.locator(".figure.open .value").inner_text()).group())


def test_one_household_goes_from_missing_to_visited(made, live_server, chromium):
    page = browse(chromium, live_server, sign_in(made.accounts["headquarters"]), 1920, "en")
    page.goto(live_server.url + "/")
    before = missing_on(page)
    page.get_by_role("link", name="Missing list").click()
    page.get_by_role("link", name="赵*厚").first.click()
    page.locator("summary.button").first.click()
    page.locator(".page-actions li a").first.click()
    page.locator("label", has_text="At home").first.click()
    page.wait_for_selector("[name='members.0.presence']")
    for name, value in (("presence", "present"), ("identity", "known_person"), ("returned", "no"), ("contacts", "none"),
                        ("symptoms", "none")):  # fmt: skip
        choice = page.locator(f"[name='members.0.{name}'][value='{value}']")
        choice.wait_for(state="attached")
        choice.check(force=True)  # at once: a redraw that comes back late must not take the next answer away
    page.locator("[name='members.0.temperature']").fill("36.4")
    page.locator("[name='nobody_returned'][value='yes']").check(force=True)
    page.wait_for_selector("[name='established_by']", state="attached")
    page.locator("[name='established_by'][value='asked_here']").check(force=True)
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("#errors").all_inner_texts() == []
    page.get_by_text("It settled:").wait_for(timeout=5_000)
    page.goto(live_server.url + "/")
    assert missing_on(page) == before - 2
    assert page.faults == []


def test_the_keyboard_is_enough(made, live_server, chromium):
    page = browse(chromium, live_server, sign_in(made.accounts["headquarters"]), 1920, "en")
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_screenshots_of_the_guide(made, live_server, chromium):
    """Take the pictures of README and guide, where BULOU_SHOTS says; elsewhere there is nothing to do."""
    folder = os.environ.get("BULOU_SHOTS")
    if not folder:
        pytest.skip("BULOU_SHOTS names no folder")
    page = browse(chromium, live_server, sign_in(made.accounts["headquarters"]), 1920, "zh-hans")
    for name, address in (("board", "/"), ("missing", "/missing/"), ("today", "/today/")):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png")
