"""Every page headquarters opens has no serious fault and fits its screen. And the keyboard alone is enough."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
PAGES = (
    "/", "/missing/", "/today/", "/held/", "/imports/", "/?wall=1",
    "/board/610927100201010000/", "/missing/?view=area", "/find/", "/nowhere/", "/areas/", "/headquarters/",
    "/record/sweep_order/610927/area:610927000000/", "/areas/610927100201/households/",
)  # fmt: skip


@pytest.mark.parametrize(("locale", "width"), [("en-US", 360), ("zh-CN", 1920)])
def test_no_page_has_a_serious_fault_or_scrolls_sideways(site, open_as, width, locale):
    page, axe, faults = open_as("headquarters", locale=locale, width=width), Axe(), []
    for address in PAGES:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = axe.run(page, options=OPTIONS).response["violations"]
        faults += [f"{address}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found
                   if one["impact"] in ("serious", "critical")]  # fmt: skip
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{address} is wider than {width} pixels")
    assert not faults, "\n".join(faults)


def test_the_keyboard_is_enough(site, open_as):
    page = open_as("headquarters", width=1920)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
