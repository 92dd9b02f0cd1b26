"""Every page can be used by anybody, on a phone and on a wall, in both languages: axe finds no serious fault."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = {
    "board": "/board/610927000000/",
    "missing": "/missing/610927000000/",
    "owners": "/missing/610927000000/?view=owner",
    "held": "/held/",
    "imports": "/imports/",
    "today": "/today/610927000000/",
}


# What reaches past the right edge of the screen, outside what may scroll by itself.
TOO_WIDE = """() => [...document.querySelectorAll("main *, header *")].filter((one) =>
    one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest(".scroll, .off-screen")
  ).slice(0, 4).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 360), ("en-US", 1920)])
def test_no_page_has_a_serious_fault_or_scrolls_sideways(site, open_as, width, locale):
    faults = []
    axe = Axe()

    def look(page, name):
        assert page.locator("html").get_attribute("lang") == {"zh-CN": "zh-Hans", "en-US": "en"}[locale]
        found = axe.run(page, options=OPTIONS).response["violations"]
        faults.extend(
            f"{name}: {one['id']} ({one['impact']}): {node['html'][:160]} {node['any'][:1] and node['any'][0]['message']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"][:3]
        )
        page.set_viewport_size({"width": 360, "height": 900})
        wide = page.evaluate("() => document.scrollingElement.scrollWidth")
        if wide > 360:
            faults.append(f"{name}: {wide} px wide on a screen of 360: {page.evaluate(TOO_WIDE)}")
        page.set_viewport_size({"width": width, "height": 900})

    nobody = open_as(locale=locale, width=width)
    nobody.goto("/account/login/")
    look(nobody, "login")
    page = open_as("headquarters", locale=locale, width=width)
    for name, address in (PAGES | {"household": site.household(1), "person": site.person(1, 0)}).items():
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        look(page, name)
    page.goto(site.visit(1))
    look(page, "form")
    page.locator('input[name="outcome"][value="at_home"]').check()
    page.locator('[name="members.0.presence"]').first.wait_for()
    page.locator("form[data-once] .buttons button:not([name])").last.click()
    page.locator("#errors").wait_for()
    look(page, "form with errors")
    assert not faults, "\n".join(faults)
