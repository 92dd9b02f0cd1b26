"""The day's cycle, a list brought in, and the doors that stay shut, in a real browser."""

import openpyxl
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_day_is_confirmed_decided_upon_and_handed_out(site, open_as):
    page = open_as("headquarters")
    page.goto("/today/610927000000/")
    page.fill("#situation", "第一天入户,未见异常")
    page.locator('form[action*="/confirm/"] button').click()
    expect(page.locator("p.note.met")).to_contain_text("第一天入户")
    page.locator('details:has(form[action*="/decide/"]) summary').click()
    page.fill("#text", "明天起逐户补访")
    page.locator('form[action*="/decide/"] button').click()
    expect(page.get_by_role("listitem").filter(has_text="明天起逐户补访")).to_have_count(1)
    page.locator('details:has(form[action*="/assign/"]) summary').click()
    page.fill("#what", "补访一组未见到的人")
    page.select_option("#target", "610927100000")
    page.select_option("#owner", "village")
    page.fill("#due", "24:30")
    page.locator('form[action*="/assign/"] button').click()
    refused = page.locator('details:has(form[action*="/assign/"]) [role=alert]')
    expect(refused).to_contain_text("24:00")
    expect(page.locator("#what")).to_have_value("补访一组未见到的人")
    expect(page.locator("#target")).to_have_value("610927100000")
    expect(page.locator("ul.tasks li")).to_have_count(0)
    page.fill("#due", "24:00")
    page.locator('form[action*="/assign/"] button').click()
    task = page.locator("ul.tasks li").filter(has_text="补访一组未见到的人")
    expect(task).to_have_count(1)
    expect(task.locator(".state").first).to_contain_text("待办")
    expect(page.locator(".figure.open .value")).to_have_text("1")


def test_a_village_reports_zero_in_one_tap(site, open_as):
    page = open_as("village")
    page.goto("/today/610927100201/")
    page.locator('form[action*="/zero/"] button').click()
    expect(page.locator("p.note.met")).to_contain_text("零报告")


def test_a_messy_list_is_looked_at_read_and_its_bad_rows_come_back(site, open_as, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["文彩村二组常住人口登记表", None, None, None, None, None],
        ["联系电话", "姓名", "与户主关系", "组", "户主姓名", "序号"],
        ["13900001111", "秦明", "户主", "二组网格", "秦明", 1],
        ["", "许燕", "配偶", None, None, 2],
        ["", "何平", "户主", "没有的组", "何平", 3],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("D3:D4")
    sheet.merge_cells("E3:E4")
    book.save(tmp_path / "名册.xlsx")
    page = open_as("village")
    page.goto("/imports/")
    page.set_input_files("#file", tmp_path / "名册.xlsx")
    page.fill("#list_name", "二组人口册")
    page.locator("main form button").first.click()
    for header, field in (("姓名", "name"), ("联系电话", "phone"), ("与户主关系", "relation")):
        expect(page.get_by_label(header, exact=True)).to_have_value(field)
    page.get_by_role("button", name="导入名册").click()
    page.wait_for_url("**/imports/?started=1")
    run = page.get_by_role("link", name="二组人口册")
    run.click()
    for _ in range(50):
        if page.locator("a[href*='/rows/']").count():
            break
        page.wait_for_timeout(300)
        page.reload()
    numbers = [int(text) for text in page.locator(".figures .figure .value").evaluate_all(
        "found => found.map(one => one.firstChild.textContent)")]  # fmt: skip
    read, added, _changed, _unchanged, bad, households = numbers[:6]
    assert (read, added, bad, households) == (3, 2, 1, 1)
    with page.expect_download() as download:
        page.locator("a[href*='/rows/']").click()
    download.value.save_as(tmp_path / "rows.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert "何平" in str([[cell.value for cell in row] for row in rows.rows])


def test_another_villages_addresses_are_as_if_they_did_not_exist(site, open_as):
    page = open_as("village")
    nothing = "01a20000-0000-7000-8000-000000000000"
    page.goto(f"/household/610927/{nothing}/")
    expected = page.locator("main").inner_text()
    for address in (
        "/board/610927100202/", "/missing/610927100202/", "/today/610927100202/",
        "/board/610927100299/", site.household(2), site.person(2, 0), site.visit(2),
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer is not None and answer.status == 404, address
        assert page.locator("main").inner_text() == expected, address
    assert page.goto(site.household(0)).status == 200  # one of its own


def test_a_grid_worker_sees_neither_accounts_nor_audit(site, open_as):
    page = open_as("grid")
    page.goto("/")
    assert page.locator("nav a[href='/accounts/'], nav a[href='/audit/']").count() == 0
    for address in ("/accounts/", "/audit/", "/imports/", "/held/"):
        assert page.goto(address).status == 403, address
