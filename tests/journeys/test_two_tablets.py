"""Two tablets at one post: whoever was told to wait on the one is measured again on the other, a clinic answers, a shift is
handed over by two people on two phones, one of whom has no signal."""

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.conftest import Site
from tests.journeys.phones import PATIENCE, Phone, compare, consent, offer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tablets(playwright: Playwright, browser: Browser, site: Site, office: Page) -> Iterator[tuple[Phone, Phone]]:
    """Who goes and who comes, each with a phone of their own."""
    made = []
    for account in ("shift-a", "shift-b"):
        one = Phone(site, browser, playwright)
        made.append(one)
        one.scan(offer(office, site.made["shared"]["village"], account))
        consent(one.page, account, one.password)
        compare(one, office)
        office.locator('button[value="same"]').click()
        expect(one.page.get_by_role("link", name="岗位 · 界岭检查点")).to_be_visible(timeout=PATIENCE)
        one.open("#/me")
        expect(one.page.locator(".facts")).to_contain_text("没有信号也能用可以", timeout=PATIENCE)
        one.sent()
    yield made[0], made[1]
    for one in made:
        one.close()


def post_of(phone: Phone, site: Site, screen: str = "post") -> Page:
    return phone.open(f"#/{screen}/post:{site.made['shared']['post']}")


def refresh(phone: Phone) -> None:
    """Hear what the server has to say."""
    phone.open("#/me")
    phone.page.get_by_role("button", name="现在发送和更新").tap()
    phone.sent()


def tap(page: Page, name: str | re.Pattern[str], within: str = "") -> None:
    place = page.get_by_role("group", name=within) if within else page
    place.get_by_role("button", name=name, exact=isinstance(name, str)).first.tap()


def decide(page: Page, words: str) -> None:
    button = page.locator(".verdict .decide")
    expect(button).to_have_text(words)
    button.tap()
    expect(page.locator(".toast")).to_contain_text("已保存")


def test_who_was_told_to_wait_on_one_tablet_is_measured_again_on_the_other(site, tablets):
    first, second = tablets
    page = post_of(first, site, "desk")
    for key in "陕A77889":
        tap(page, key, "车牌键盘")
    tap(page, "≥37.3 其他", "体温（℃）")
    tap(page, "37.6", "体温（℃）")
    tap(page, re.compile("^从哪里来"))
    tap(page, "陕西")
    tap(page, re.compile("^西安"))
    decide(page, "留观复测")
    first.sent()

    refresh(second)
    page = second.open()
    page.get_by_role("button", name=re.compile("^点位")).tap()  # what is owed at posts
    stop = second.stop("陕A77889")
    expect(stop).to_be_visible()
    second.signal(False)
    page = post_of(second, site)
    expect(page.locator(".item", has_text="陕A77889")).to_contain_text("37.6 ℃")
    expect(page.locator(".item", has_text="陕A77889")).to_contain_text("shift-a")  # who wrote it
    page.get_by_role("link", name="去复测").tap()
    tap(page, re.compile("^陕A77889 · .*37.6"), "等候复测")
    expect(page.locator(".plate")).to_have_text("陕A77889")
    expect(page.get_by_role("button", name=re.compile("^从哪里来"))).to_contain_text("西安")
    tap(page, "36.6", "体温（℃）")
    tap(page, re.compile("^到哪里"))
    tap(page, re.compile("文彩村"))
    page.get_by_placeholder("几组几号、哪栋").fill("二组8号")
    tap(page, "回家")
    decide(page, "放行")
    expect(page.get_by_role("group", name="等候复测")).to_have_count(0)
    second.signal(True)
    second.sent()

    # The first tablet hears that it is done.
    page = post_of(first, site)
    expect(page.locator(".item", has_text="陕A77889")).to_have_count(1)
    refresh(first)
    page = post_of(first, site)
    expect(page.get_by_role("heading", name="界岭检查点")).to_be_visible()
    expect(page.locator(".item", has_text="陕A77889").filter(has_text="℃")).to_have_count(0)
    with sqlite3.connect(site.folder / "bulou.sqlite3", timeout=30) as database:
        open_ones = database.execute(
            "SELECT count(*) FROM ledger_duty WHERE name = 'pass.remeasure' AND met_at IS NULL AND subject IN"
            " (SELECT 'entry:' || lower(substr(id,1,8)||'-'||substr(id,9,4)||'-'||substr(id,13,4)||'-'||substr(id,17,4)"
            "||'-'||substr(id,21)) FROM ledger_entry WHERE subject = ?)", [f"post:{site.made['shared']['post']}"]
        ).fetchone()  # fmt: skip
    database.close()
    assert open_ones == (0,)


def sign(page: Page, link: str, present: str, matters: str) -> None:
    page.get_by_role("link", name=link).tap()
    page.get_by_label("在场几人").fill(present)
    page.get_by_label("未了的事").fill(matters)
    page.locator(".bf-q").filter(has_text="设备物资齐全").get_by_text("是", exact=True).tap()
    page.locator(".bf-q").filter(has_text="本人签字确认").locator("label.bf-choice, .bf-choice").first.tap()
    page.locator(".bf-save").tap()
    expect(page.locator(".toast")).to_contain_text("已保存", timeout=PATIENCE)
    expect(page.locator(".bf-save")).to_have_count(0)


def empty_today(office: Page) -> int:
    figure = office.locator(".figures div").filter(has_text="今天空岗").locator("dd")
    return int(figure.inner_text().split()[0])


def seconds_without_anybody(site: Site) -> float:
    """Return for how long nobody was there today, from the raw entries alone: until one came, and between the two."""
    shared = site.made["shared"]
    with sqlite3.connect(site.folder / "bulou.sqlite3", timeout=30) as database:
        (opened,) = database.execute(
            "SELECT opened_at FROM rosters_post WHERE id = ?", [shared["post"].replace("-", "")]
        ).fetchone()
        entries = database.execute(
            "SELECT happened_at, kind, body FROM ledger_entry"
            " WHERE area = ? AND kind IN ('shift_checkin', 'shift_handover')",
            [shared["village"]],
        ).fetchall()
    database.close()
    signed = {(json.loads(body).get("side") or kind): datetime.fromisoformat(at) for at, kind, body in entries}
    assert signed.keys() == {"shift_checkin", "give", "take"}
    midnight = (datetime.now(UTC) + timedelta(hours=8)).replace(hour=0, minute=0, second=0, microsecond=0)
    since = max(datetime.fromisoformat(opened), (midnight - timedelta(hours=8)).replace(tzinfo=None))
    return (signed["shift_checkin"] - since).total_seconds() + (signed["take"] - signed["give"]).total_seconds()


def test_a_shift_is_handed_over_by_two_phones_one_of_them_without_a_signal(site, office, tablets):
    goes, comes = tablets
    page = post_of(goes, site)
    page.get_by_role("button", name="我到岗了，身体正常").tap()
    expect(page.locator(".turn .tag.done").first).to_have_text("已到岗")
    sign(page, "签交班", "1", "一辆货车等复检")
    expect(page.locator(".turn", has_text="已签交班")).to_be_visible()
    goes.sent()

    comes.signal(False)
    page = post_of(comes, site)
    sign(page, "签接班", "1", "知道货车的事")
    expect(page.locator(".turn", has_text="已签接班")).to_be_visible()

    # The server has one of the two signatures, and knows that nobody has said to be there since.
    office.goto(f"/duty/post/610927/{site.made['shared']['post']}/")
    rows = office.locator("tbody tr")
    expect(rows.filter(has_text="丁")).to_contain_text(re.compile(r"交班 \d\d:\d\d"))
    expect(rows.filter(has_text="柏")).not_to_contain_text(re.compile(r"接班 \d\d:\d\d"))

    comes.signal(True)
    comes.sent()
    office.reload()
    expect(rows.filter(has_text="柏")).to_contain_text(re.compile(r"接班 \d\d:\d\d"))
    expect(office.locator("main")).not_to_contain_text("同一账号签了双方")
    assert empty_today(office) == pytest.approx(seconds_without_anybody(site), abs=1)


def test_what_the_clinic_found_comes_back_to_the_post(site, office, tablets):
    post, (first, _) = site.made["shared"]["post"], tablets
    office.goto(f"/record/fever_referral/610927/post:{post}/")
    office.select_option('[name="_from"]', "telephone")  # the post rang: headquarters writes it down for them
    office.select_option('[name="_whom"]', "role:post_staff")
    office.fill('[name="_name"]', "丁一")
    for name, value in (("name", "丁小一"), ("first_temperature", "38.4"), ("clinic", "县医院")):
        office.fill(f'[name="{name}"]', value)
    for name, value in (("transport", "ambulance"), ("headquarters_told", "yes"), ("alone", "yes")):
        office.locator(f'input[name="{name}"][value="{value}"]').check()
    office.get_by_role("button", name="提交").click()
    expect(office.locator("main")).to_contain_text("记录编号")
    expect(office.locator("main")).to_contain_text("代值守人员 丁一记录,根据:电话")

    refresh(first)
    sent = post_of(first, site).locator(".item", has_text="丁*一")
    expect(sent).to_contain_text("县医院")
    expect(sent.locator(".tag.open")).to_be_visible()

    office.goto(f"/post/610927/{post}/")
    office.locator("tr", has_text="县医院").get_by_role("link", name="填结果").click()
    office.locator('input[name="result"][value="excluded"]').check()
    office.fill('[name="clinic"]', "县医院")
    office.get_by_role("button", name="提交").click()
    expect(office.locator("main")).to_contain_text("记录编号")
    refresh(first)
    expect(post_of(first, site).locator(".item", has_text="丁*一").locator(".tag.done")).to_have_text("排除")
