"""A village worker's day on the phone: enrolled, without a signal, the browser killed, and every number right after it."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.journeys.conftest import Site
from tests.journeys.phones import NOBODY, NORMAL, PATIENCE, WELL, Phone, compare, consent, enrol, offer
from tests.journeys.releases import Releases
from tests.journeys.test_browser_visit import missing_on

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def village(site: Site) -> str:
    return str(site.made["phones"]["village"])


# A record that is gone from the phone, as of a store that was damaged.
FORGET = """async (seq) => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("bulou");
    asked.onsuccess = () => done(asked.result);
  });
  await new Promise((done) => {
    const writing = opened.transaction("outbox", "readwrite");
    writing.objectStore("outbox").delete(seq);
    writing.oncomplete = done;
  });
  opened.close();
}"""

Make = Callable[..., Phone]


@pytest.fixture
def phone(playwright: Playwright, browser: Browser, site: Site) -> Iterator[Make]:
    """Return what makes a phone; with a folder, one that survives its browser's death."""
    made: list[Phone] = []

    def make(folder: Path | None = None, **more: int) -> Phone:
        made.append(Phone(site, browser, playwright, folder, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def home(site: Site, i: int) -> str:
    return f"/household/610927/{site.made['phones']['homes'][i]}/"


def test_a_day_without_a_signal(site, office, village, phone, tmp_path):
    made = site.made["phones"]
    before = missing_on(office, village)
    worker = phone(tmp_path / "phone")
    enrol(worker, office, village, "phone-a")
    office.screenshot(path=tmp_path / "notice.jpg", type="jpeg")
    worker.signal(False)
    page = worker.open()
    page.reload()  # the app itself comes from the phone
    expect(page.locator(".stop").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    # 367 is asked about. A temperature that cannot be and one left out are said at the question, and nothing is saved.
    worker.begin("石寨1号", WELL)
    worker.temperatures("367", "")
    expect(page.locator("input.bf-temperature").first).to_have_value("367")
    page.get_by_role("button", name="是 36.7 吗").tap()
    expect(page.locator("input.bf-temperature").first).to_have_value("36.7")
    worker.temperatures("57", "")
    page.locator(".bf-save").tap()
    expect(page.locator("#form-faults li")).to_have_count(2)
    expect(page.locator(".bf-fault").first).to_contain_text("这个体温不像真的")
    worker.temperatures("36.5", "36.6")
    worker.save()
    assert worker.counts() == [1, 0, 0, 0]

    # Nobody home: it stays owed.
    worker.begin("石寨2号", NOBODY)
    worker.save()
    worker.open()
    expect(worker.stop("石寨2号")).to_contain_text("去过，还要再去")
    expect(worker.stop("石寨1号")).to_have_count(0)

    # The person under follow-up, by the short way to a temperature.
    worker.open(f"#/card/person:{made['persons'][4][0]}")
    worker.stop("健康随访").first.get_by_role("link", name=NORMAL).tap()
    worker.temperatures("36.4")
    worker.save()

    # The whole form: one at home, the other has gone away.
    worker.open()
    worker.stop("石寨4号").get_by_role("link", name="完整表格").tap()
    worker.answer("走访结果", "在家")
    rows = page.locator(".bf-row")
    rows.nth(0).locator(".bf-row-head").tap()
    worker.answer("人在哪里", "在家", within=rows.nth(0))
    for question, choice in (("怎么核对的身份", "看了身份证"), ("近期从外地回来过吗", "否"), ("近期接触过谁", "没有"),
                             ("有没有不舒服", "没有")):  # fmt: skip
        worker.answer(question, choice, within=rows.nth(0))
    rows.nth(0).locator("input.bf-temperature").fill("36.7")
    rows.nth(1).locator(".bf-row-head").tap()
    worker.answer("人在哪里", "外出未归", within=rows.nth(1))
    rows.nth(1).get_by_label("去了哪里").fill("西安")
    worker.answer("确认没有人从外地回来", "是")
    worker.answer("怎么知道的", "问亲属")
    worker.save()

    # A photograph of a notice, on a form of the county's own.
    worker.open(f"#/card/household:{made['homes'][3]}")
    page.get_by_role("link", name="张贴告示拍照").tap()
    page.get_by_label("贴在哪里").fill("大门左边")
    page.locator('input[type="file"]').set_input_files(tmp_path / "notice.jpg")
    expect(page.locator(".bf-photo img")).to_be_visible()
    worker.save()
    assert worker.counts() == [5, 0, 0, 0]

    # Half a form filled in when the battery dies.
    worker.begin("石寨3号", WELL)
    page.locator("input.bf-temperature").first.fill("36.9")
    worker.on_disk("drafts", "36.9")
    worker.kill()
    worker.start(signal=False)
    assert worker.counts() == [5, 0, 0, 0]
    page = worker.page
    worker.begin("石寨3号", WELL)
    expect(page.get_by_text("没填完的内容")).to_be_visible()
    fields = page.locator("input.bf-temperature")
    expect(fields).to_have_count(2)  # the short way again, not the whole form
    expect(fields.first).to_have_value("36.9")
    fields.last.fill("36.8")
    worker.save()

    # A mistake: the first household's second temperature.
    worker.open("#/entry/1")
    page.get_by_role("link", name="更正").tap()
    page.get_by_label("更正原因").fill("体温看错了")
    rows = page.locator(".bf-row")
    expect(rows).to_have_count(2)
    rows.nth(1).locator(".bf-row-head").tap()
    expect(rows.nth(1).locator("input.bf-temperature")).to_have_value("36.6")
    rows.nth(1).locator("input.bf-temperature").fill("37.0")
    worker.save()
    assert worker.counts() == [7, 0, 0, 0]
    assert missing_on(office, village) == before

    worker.signal(True)
    worker.sent()
    assert worker.counts() == [7, 7, 7, 0]
    # Three households with their two people each; the one who was checked, found by it, and his check of the day. The
    # second household is owed as before, and somebody has to go there again.
    assert missing_on(office, village) == before - 3 * 3 - 2 + 1
    for i in (0, 2, 3):
        office.goto(home(site, i))
        expect(office.locator(".verdict.complete strong")).to_be_visible()
    office.goto(home(site, 1))
    expect(office.locator("section.verdict.incomplete li")).to_have_count(4)  # the visit, two people, going again
    office.goto(home(site, 0))
    expect(office.locator(".history li").first).to_contain_text("体温(℃) 37 ·")
    expect(office.locator(".history li").first).to_contain_text("体温看错了")
    office.goto(home(site, 3))
    shown = office.locator(".history img.photo")
    shown.scroll_into_view_if_needed()  # it is fetched only then
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    worker.open()
    expect(worker.stop("石寨2号")).to_be_visible()
    for words in ("石寨1号", "石寨3号", "石寨4号"):
        expect(worker.stop(words)).to_have_count(0)


def test_two_phones_on_one_village_and_one_of_them_lost(site, office, village, phone):
    first, second = phone(), phone()
    enrol(first, office, village, "phone-a")
    enrol(second, office, village, "phone-b")
    before = missing_on(office, village)
    for one in (first, second):
        one.signal(False)
        one.visit("石寨6号")
    for one in (first, second):
        one.signal(True)
        one.sent()
        assert one.counts() == [1, 1, 1, 0]
    assert missing_on(office, village) == before - 3  # a household and its two, once
    for one in (first, second):
        one.open()
        expect(one.stop("石寨7号")).to_be_visible()
        expect(one.stop("石寨6号")).to_have_count(0)

    # The second records two more visits; the first of them never leaves the phone.
    second.signal(False)
    second.visit("石寨7号")
    second.visit("石寨8号")
    assert second.counts() == [3, 1, 1, 0]
    second.page.evaluate(FORGET, 2)
    second.page.reload()
    second.signal(True)
    second.sent()
    assert missing_on(office, village) == before - 6
    second.signal(False)
    second.visit("石寨7号")

    # The phone is lost. The clerk sees the number that never came, and takes it out of use.
    office.goto(f"/phones/{village}/")
    row = office.locator("tbody tr").filter(has=office.get_by_role("link", name="phone-b", exact=True))
    expect(row.locator('td[data-label="未到的序号"]')).to_have_text("▲2")
    row.get_by_role("link", name="phone-b", exact=True).click()
    office.fill("#reason", "手机丢了")
    office.locator("button.danger").click()
    expect(row.locator(".state.waived")).to_be_visible()
    assert missing_on(office, village) == before - 6
    office.goto(f"/missing/{village}/")
    expect(office.locator(f'a[href="{home(site, 6)}"]')).to_have_count(1)
    expect(office.locator(f'a[href="{home(site, 7)}"]')).to_have_count(0)

    # It is found: what it still held arrives, for a person to decide, and it shows nobody's data any more.
    second.signal(True)
    second.open()
    expect(second.page.locator("[role=alert]").first).to_contain_text("停用", timeout=PATIENCE)
    expect(second.page.locator(".stop")).to_have_count(0)
    assert second.counts() == [3, 3, 2, 1]
    assert missing_on(office, village) == before - 6


def test_a_phone_is_let_in_once_by_who_compares_and_only_in_time(site, office, village, phone):
    # Turned away: the digits on the clerk's screen were another phone's.
    stranger = phone()
    address = offer(office, village, "phone-a")
    stranger.scan(address)
    expect(office.locator("#answer")).to_contain_text("别人不能代为确认", timeout=PATIENCE)
    expect(office.locator('button[value="same"]')).to_have_count(0)  # before the worker's word nobody lets it in
    consent(stranger.page, "phone-a", stranger.password)
    compare(stranger, office)
    office.locator('button[value="other"]').click()
    alert = stranger.page.locator("[role=alert]")
    expect(alert).to_contain_text("没有确认", timeout=PATIENCE)
    expect(stranger.page.locator(".digits")).to_have_count(0)

    # The same code again, by another phone.
    other = phone()
    other.scan(address)
    expect(other.page.locator("[role=alert]")).to_contain_text("另一部手机", timeout=PATIENCE)

    # One that nobody ever showed.
    other.page.get_by_label("链接或登记码").fill("no-such-code-at-all")
    other.page.get_by_role("button", name="登记这部手机").tap()
    expect(other.page.locator("[role=alert]")).to_contain_text("此码无效")

    # And one whose ten minutes are over.
    late = offer(office, village, "phone-a")
    with sqlite3.connect(site.folder / "bulou.sqlite3", timeout=30) as database:
        past = (datetime.now(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S")
        assert database.execute("UPDATE field_token SET expires_at = ? WHERE used_at IS NULL", [past]).rowcount == 1
    database.close()
    other.page.get_by_label("链接或登记码").fill(late)
    other.page.get_by_role("button", name="登记这部手机").tap()
    expect(other.page.locator("[role=alert]")).to_contain_text("十分钟")
    expect(office.locator("#answer .error")).to_be_visible(timeout=PATIENCE)


def test_what_the_phone_says_when_its_store_is_gone_or_too_old(site, office, village, phone):
    worker = phone()
    enrol(worker, office, village, "phone-a")
    worker.signal(False)
    page = worker.page
    # Three days without contact: the register goes, own records stay.
    worker.visit("石寨2号")
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=73))
    worker.open()
    page.reload()
    expect(page.locator("[role=alert]").filter(has_text="72 小时")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stop")).to_have_count(0)
    assert worker.counts() == [1, 0, 0, 0]
    # The browser clears the store: the app counts what was never sent.
    page.goto("about:blank")
    session = worker.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": worker.line.address, "storageTypes": "indexeddb"})
    worker.open()
    expect(page.locator("[role=alert]")).to_contain_text("有 1 条记录没来得及发送", timeout=PATIENCE)


@pytest.fixture
def releases(site: Site) -> Iterator[Releases]:
    made = Releases(site.address)
    yield made
    made.close()


def test_a_new_version_of_the_app_takes_no_draft_away(site, office, village, phone, releases):
    worker = phone(port=releases.port)
    enrol(worker, office, village, "phone-a", elsewhere=site.address)
    page = worker.page
    worker.begin("石寨5号", WELL)
    page.locator("input.bf-temperature").first.fill("36.9")
    worker.on_disk("drafts", "36.9")
    releases.put_out()
    page.evaluate("navigator.serviceWorker.getRegistration('/phone/').then((one) => one.update())")
    waits = "navigator.serviceWorker.getRegistration('/phone/').then((one) => Boolean(one.waiting))"
    for _ in range(120):  # `evaluate` waits for the promise; `wait_for_function` takes it for an answer
        if page.evaluate(waits):
            break
        page.wait_for_timeout(250)
    assert page.evaluate(waits)
    # The new version waits, and is not put in the way of the form that is open.
    notice = page.locator(".update")
    expect(notice).to_have_count(0)
    expect(page.locator("input.bf-temperature").first).to_have_value("36.9")
    assert page.locator("html").get_attribute("data-version") is None

    worker.signal(False)  # it is on the phone already
    worker.open()
    expect(notice).to_contain_text("新版本")
    notice.get_by_role("button").tap()
    expect(page.locator("html")).to_have_attribute("data-version", "2", timeout=PATIENCE)
    expect(notice).to_have_count(0)
    worker.begin("石寨5号", WELL)
    expect(page.get_by_text("没填完的内容")).to_be_visible()
    fields = page.locator("input.bf-temperature")
    expect(fields.first).to_have_value("36.9")
    fields.last.fill("36.8")
    # One of the two is under follow-up: what is on record leaves this open, and the short way asks it.
    followed = page.locator("article").first
    for question, choice in (("近期从外地回来过吗", "否"), ("近期接触过谁", "没有"), ("有没有不舒服", "没有")):
        worker.answer(question, choice, within=followed)
    worker.save()
    worker.signal(True)
    worker.sent()
    assert worker.counts() == [1, 1, 1, 0]
    office.goto(home(site, 4))
    expect(office.locator(".history li").first).to_contain_text("36.9")
