"""Six hours at a post without a signal: vehicles passed, turned back, held and referred, a rush counted, the browser killed
in the middle of it; then the line is back and headquarters, the post and the village read the same numbers.

A phone is a Chromium with a data folder of its own and a screen of 360 px, so that it can be killed and started again.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from tests.journeys.conftest import FLAGS, Site, chromium
from tests.journeys.phones import consent

pytestmark = pytest.mark.browser
CARD = re.compile(r"[A-Z0-9]{6}-\d{4}-[A-Z2-9]{4}-\d{3}")


class Desk:
    """A phone at a post. `taps` counts what the worker tapped for the vehicle at hand, plate keys apart."""

    def __init__(self, playwright: Playwright, site: Site, folder: Path, width: int = 360, height: int = 740) -> None:
        self._playwright, self._site, self._folder = playwright, site, folder
        self.size = {"width": width, "height": height}
        self.taps = 0
        self.start()

    def start(self, *, signal: bool = True) -> None:
        self.context = self._playwright.chromium.launch_persistent_context(
            self._folder, executable_path=chromium(), args=FLAGS, base_url=self._site.address, locale="zh-CN",
            viewport=self.size, has_touch=True, is_mobile=True,
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.page = self.context.pages[0]
        self.signal(signal)

    def signal(self, there: bool) -> None:
        self.context.set_offline(not there)

    def kill(self) -> None:
        """End the browser as a dead battery does: nothing is asked first."""
        with suppress(Exception):
            self.context.new_cdp_session(self.page).send("Browser.crash")
        with suppress(Exception):
            self.context.close()

    def open(self, screen: str) -> Page:
        self.page.goto(f"/phone/#/{screen}/post:{self._site.made['desk']['post']}")
        return self.page

    def plate(self, text: str) -> None:
        """Type a plate on the keyboard of plates."""
        self.taps = 0
        keys = self.page.get_by_role("group", name="车牌键盘")
        for key in text:
            keys.get_by_role("button", name=key, exact=True).tap()

    def tap(self, name: str | re.Pattern[str], *, within: str = "", exact: bool = True) -> None:
        place = self.page.get_by_role("group", name=within) if within else self.page
        place.get_by_role("button", name=name, exact=exact and isinstance(name, str)).first.tap()
        self.taps += 1

    def temperature(self, text: str) -> None:
        self.tap(text, within="体温（℃）")

    def fever(self, text: str) -> None:
        self.tap("≥37.3 其他", within="体温（℃）")
        self.temperature(text)

    def came_from(self, province: str, city: str) -> None:
        self.tap(re.compile("^从哪里来"))
        self.tap(province)
        self.tap(re.compile(f"^{city}"))

    def goes_to(self, village: str, address: str, purpose: str) -> None:
        self.tap(re.compile("^到哪里"))
        self.tap(re.compile(village))
        self.page.get_by_placeholder("几组几号、哪栋").fill(address)
        self.tap(purpose)

    def decide(self, words: str) -> None:
        """Take the decision that is proposed."""
        button = self.page.locator(".verdict .decide")
        expect(button).to_have_text(words)
        button.tap()
        self.taps += 1
        expect(self.page.locator("button.plate .hint")).to_be_visible()  # blank again; an older toast may still stand
        expect(self.page.locator(".toast")).to_have_count(1)
        expect(self.page.locator(".toast")).to_contain_text("已保存")


@pytest.fixture
def desk(playwright: Playwright, site: Site, office: Page, tmp_path: Path) -> Iterator[Desk]:
    """A phone enrolled for somebody who stands at the post."""
    phone = Desk(playwright, site, tmp_path / "desk")
    office.goto(f"/phones/{site.made['desk']['village']}/enrol/")
    office.select_option("#account", label="desk-a")
    office.locator("main form button").click()
    address = office.locator("code.secret").text_content()
    assert address
    phone.page.goto(address)
    consent(phone.page, "desk-a", str(site.made["password"]))
    expect(phone.page.locator(".digits")).to_be_visible()
    office.locator('button[value="same"]').click()
    expect(phone.page.get_by_role("link", name="岗位 · 关垭检查点")).to_be_visible()
    phone.page.goto("/phone/#/me")
    expect(phone.page.locator(".facts")).to_contain_text("没有信号也能用可以")
    expect(phone.page.locator(".status-line")).to_have_text("已联网")
    yield phone
    with suppress(Exception):
        phone.context.close()


def numbers_of(page: Page, prefix: str) -> dict[str, int]:
    return {
        name: int(page.locator(f"#{prefix}-{name}").inner_text())
        for name in ("vehicles", "people", "vehicles_back", "people_back")
    }


def test_six_hours_without_a_signal(site, office, desk):
    desk.signal(False)
    page = desk.open("post")
    page.reload()  # the app itself comes from the phone
    expect(page.get_by_role("heading", name="关垭检查点")).to_be_visible()
    page.get_by_role("button", name="我到岗了，身体正常").tap()
    expect(page.locator(".turn .tag.done").first).to_have_text("已到岗")

    desk.open("desk")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # A resident on the way home, from a place and to an address nobody has named before.
    desk.plate("陕G12345")
    desk.temperature("36.4")
    desk.came_from("陕西", "安康")
    desk.goes_to("文彩村", "一组3号", "回家")
    desk.decide("放行")
    first = page.locator(".stub .number")
    expect(first).to_have_text(CARD)
    # The same way with another car: at most four taps and a plate, for two people.
    desk.plate("陕GD1234")
    desk.temperature("36.5")
    desk.temperature("36.7")
    desk.tap(re.compile("安康 → 文彩村 一组3号"), within="最近的")
    desk.decide("放行")
    assert desk.taps <= 4
    stubs = page.locator(".stub .number")
    expect(stubs).to_have_text([CARD, CARD])
    numbers = stubs.all_inner_texts()
    assert len(set(numbers)) == 2

    # Somebody from the outbreak area without an address here.
    desk.plate("鄂A54321")
    desk.temperature("36.6")
    desk.came_from("湖北", "武汉")
    desk.decide("劝返")

    # Fever at the first measurement: wait; the second time to the clinic with whoever was in the car.
    desk.plate("陕A77889")
    desk.fever("37.6")
    desk.temperature("36.5")
    desk.came_from("陕西", "西安")
    desk.decide("留观复测")
    desk.tap(re.compile("^陕A77889 · 还等"), within="等候复测")
    desk.fever("37.8")
    desk.temperature("36.6")
    page.get_by_label("第 1 人姓名").fill("安娜")
    page.get_by_label("第 2 人姓名").fill("巴勇")
    button = page.locator(".verdict .decide")
    expect(button).to_have_text("转发热门诊")
    button.tap()
    expect(page.locator(".bf-save")).to_be_visible()  # the referral, filled in with what is known
    shown = page.locator("form, .form-screen").first
    values = page.evaluate("[...document.querySelectorAll('input, textarea')].map(one => one.value)")
    assert {"陕A77889", "安娜", "巴勇"} <= set(values), values
    assert any(value in ("37.6",) for value in values) and any(value == "37.8" for value in values), values
    expect(shown).to_be_visible()

    # The rush: three cars with two people each, one turned back.
    desk.open("counter")
    for _ in range(3):
        desk.tap("一车 2 人")
    desk.tap("下一个：放行")
    desk.tap("一车 1 人")
    expect(page.locator("#sum-vehicles")).to_have_text("8")
    before = numbers_of(page, "sum")
    assert before == {"vehicles": 8, "people": 13, "vehicles_back": 2, "people_back": 2}
    page.wait_for_timeout(300)
    desk.kill()  # nothing of the rush has been written down as an entry yet

    desk.start(signal=False)
    page = desk.open("post")
    expect(page.locator("#today-vehicles")).to_have_text("8")
    assert numbers_of(page, "today") == before
    page.goto("/phone/#/outbox")
    saved = int(page.locator(".numbers dd").first.inner_text())
    assert saved == 7  # check-in, five vehicles, one tally

    desk.signal(True)
    page.reload()
    expect(page.locator(".status-counts span").first).to_have_text("未发送 0")
    expect(page.locator(".status-line")).to_have_text("已联网")
    assert [int(text) for text in page.locator(".numbers dd").all_inner_texts()] == [saved, saved, saved, 0]

    # Headquarters reads the same.
    office.goto(f"/posts/{site.made['desk']['village']}/")
    row = office.locator("tr").filter(has_text="关垭检查点")
    assert row.locator('td[data-label="今天的车"], td.num').all_inner_texts()
    cells = [cell.strip() for cell in row.locator("td.num").all_inner_texts()]
    assert cells[2:5] == ["8", "13", "2 / 2"], cells
    # The village sees who is coming: three people in two cars.
    office.goto("/arriving/610927100201/")
    for card in numbers:
        expect(office.locator("main")).to_contain_text(card)
    # And so does the post, by its next visit to the server.
    page.goto("/phone/#/me")
    page.get_by_role("button", name="现在发送和更新").tap()
    page = desk.open("post")
    expect(page.get_by_role("heading", name="放行还没到的 3 人")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 768)])
@pytest.mark.parametrize("scheme", ["日间", "夜间"])
def test_the_desk_has_no_serious_fault(desk, width, height, scheme):
    page, axe, faults = desk.page, Axe(), []
    page.set_viewport_size({"width": width, "height": height})
    for screen in ("post", "desk", "counter"):
        desk.open(screen)
        page.wait_for_selector(".desk main")
        if (button := page.get_by_role("button", name="夜间" if scheme == "夜间" else "日间", exact=True)).count():
            button.tap()
        found = axe.run(page).response["violations"]
        faults += [f"{screen}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found
                   if one["impact"] in ("serious", "critical")]  # fmt: skip
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{screen} is wider than {width} pixels")
    assert not faults, "\n".join(faults)
