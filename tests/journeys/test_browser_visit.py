"""From a number on the board to a visited household, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"\d+")


def missing_on(page: Page, area: str) -> int:
    """Return how many duties of the sweep the board of an area says are missing: doors, and persons behind them."""
    page.goto(f"/board/{area}/")
    found = NUMBER.findall(" ".join(page.locator("a.figure.open .value, a.figure.met .value").all_inner_texts()))
    assert found
    return sum(map(int, found))


def choose(page: Page, name: str, value: str) -> None:
    """Choose an answer, and wait for the form to be drawn again where other questions depend on it."""
    page.locator(f'input[name="{name}"][value="{value}"]').check()
    expect(page.locator(".htmx-request")).to_have_count(0)


def fill_member(page: Page, row: int, temperature: str = "36.5") -> None:
    """Answer for one member found at home and well."""
    for question, answer in (("presence", "present"), ("identity", "known_person"), ("returned", "no"),
                             ("contacts", "none"), ("symptoms", "none")):  # fmt: skip
        choose(page, f"members.{row}.{question}", answer)
    page.fill(f'[name="members.{row}.temperature"]', temperature)


def say_whose(page: Page) -> None:
    """Say whose word it is: headquarters makes no visit itself, it writes down what the grid worker has on paper."""
    page.select_option('[name="_from"]', "paper")
    page.select_option('[name="_whom"]', "role:grid_worker")
    page.fill('[name="_name"]', "安娜")


def fill_visit(page: Page, members: int) -> None:
    """Fill in that everybody was at home and well, and send it."""
    say_whose(page)
    choose(page, "outcome", "at_home")
    for row in range(members):
        fill_member(page, row)
    choose(page, "nobody_returned", "yes")
    choose(page, "established_by", "asked_here")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".verdict.complete strong")).to_have_text("已登记")


def test_from_the_board_to_a_visited_household(site, open_as):
    page = open_as("headquarters")
    page.goto("/")
    expect(page.locator(".verdict.incomplete strong")).to_have_text("不完整")
    county, village = missing_on(page, "610927000000"), missing_on(page, "610927100201")
    assert county > village > 0
    page.get_by_role("link", name="未办清单").first.click()
    home = page.locator(f'a[href="{site.household(0)}"]')
    expect(home).to_have_text(re.compile(r"王\*勇"))
    home.click()
    expect(page.locator("section.verdict.incomplete li")).to_have_count(4)  # the household and its three members
    page.locator("details.account summary.button").first.click()
    page.locator('a[href*="/record/household_visit/"]').first.click()
    fill_visit(page, 3)
    settled = page.locator("section.panel", has_text="办结的事项").locator("li")
    expect(settled).to_have_count(4)  # it settled all four
    page.goto(site.household(0))
    expect(page.locator(".verdict.complete strong")).to_be_visible()
    assert missing_on(page, "610927000000") == county - 4
    assert missing_on(page, "610927100201") == village - 4
    page.goto("/missing/610927100201/")
    expect(page.locator(f'a[href="{site.household(0)}"]')).to_have_count(0)


def test_the_last_household_and_the_last_person_make_a_grid_complete(site, open_as):
    page = open_as("headquarters")
    grid = str(site.made["grids"][2])
    page.goto(f"/missing/{grid}/")
    expect(page.locator(".verdict.incomplete strong")).to_have_text("不完整")
    named = page.locator("tbody th a.row")
    expect(named).to_have_count(3)
    # A household nobody has been to with the one person in it, and a person who was out when the others were visited.
    assert sorted(named.all_inner_texts()) == ["卫*霞", "赵*厚", "赵*厚"]
    assert {link.get_attribute("href") for link in named.all()} == {
        site.household(2), site.person(2, 0), site.person(6, 1)
    }  # fmt: skip
    page.goto(site.visit(2))
    fill_visit(page, 1)
    page.goto(f"/missing/{grid}/")
    expect(page.locator(".verdict.incomplete strong")).to_have_text("不完整")
    expect(named).to_have_text(["卫*霞"])  # one person is enough to be incomplete
    page.goto(site.visit(6))
    fill_visit(page, 2)
    for address in (f"/missing/{grid}/", f"/board/{grid}/"):
        page.goto(address)
        expect(page.locator(".verdict.complete strong")).to_have_text("不漏一户、不落一人")
    assert missing_on(page, grid) == 0


def test_what_is_answered_while_the_form_is_drawn_again_stays(site, open_as):
    page = open_as("headquarters")
    page.goto(site.visit(4))
    choose(page, "outcome", "at_home")
    slow = []
    page.route("**/record/**", lambda route: slow.append(route))  # a drawing that takes its time on a bad line
    page.locator('input[name="members.0.presence"][value="present"]').check()
    page.fill('[name="note"]', "狗很凶")
    page.wait_for_timeout(50)
    slow[0].continue_()
    page.locator('[name="members.0.temperature"]').wait_for()
    expect(page.locator('[name="note"]')).to_have_value("狗很凶")
    expect(page.locator('input[name="members.0.presence"][value="present"]')).to_be_checked()


def test_a_wrong_form_says_so_beside_the_question_and_keeps_what_was_typed(site, open_as):
    page = open_as("headquarters")
    before = missing_on(page, "610927000000")
    page.goto(site.visit(4))
    say_whose(page)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#f-outcome .error")).to_be_visible()
    expect(page.locator("#errors a").first).to_have_attribute("href", "#f-outcome")
    choose(page, "outcome", "at_home")
    fill_member(page, 0, temperature="367")
    page.fill('[name="note"]', "待核实")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#f-members-0-temperature-error")).to_contain_text("这个体温不像真的")
    temperature = page.locator('[name="members.0.temperature"]')
    expect(temperature).to_have_value("367")
    expect(temperature).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[name="note"]')).to_have_value("待核实")
    expect(page.locator('input[name="members.0.identity"][value="known_person"]')).to_be_checked()
    expect(page.locator("#f-nobody_returned-error, #f-nobody_returned .error")).to_have_count(1)
    assert missing_on(page, "610927000000") == before
    page.goto(site.household(4))
    expect(page.locator("section.verdict.incomplete li")).to_have_count(4)
