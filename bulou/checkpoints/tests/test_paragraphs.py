"""Published figures come back with their qualifiers: 近300 stays 近300, and no figure is a wish."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.checkpoints import queries
from bulou.checkpoints.actions import order_post
from bulou.checkpoints.rules import paragraphs
from bulou.checkpoints.rules.counts import Count, Daily
from bulou.checkpoints.tests.made import AT, COUNTY, HOUR, PASSED, SYSTEM, County
from bulou.checkpoints.tests.test_posts import ORDER
from bulou.core.divisions import county_area
from bulou.core.moments import at_midnight

TOP = county_area(COUNTY)


@pytest.mark.parametrize(
    ("value", "said"), [("1000", "1000辆"), ("298", "近300辆"), ("270", "近300辆"), ("269", "200余辆"), ("1431", "1400余辆"),
                        ("300", "300辆"), ("42", "42辆"), ("95", "近100辆"), ("0", "0辆")]
)  # fmt: skip
def test_the_qualifier_is_worked_out(value: str, said: str) -> None:
    assert str(paragraphs.stated(Decimal(value), "辆")) == said


@given(st.decimals(0, 20_000, places=1))
def test_what_is_stated_allows_what_was_counted(value: Decimal) -> None:
    said = paragraphs.stated(value, "辆")
    assert said.allows(int(value)) or said.allows(value)


def test_xinxians_paragraph() -> None:
    """0-16, from fourteen days of counts."""
    days = 14
    daily = Daily(at_midnight(date(2020, 1, 27)), days, Count(14_000, 30_800, 297 * days + 5, 496 * days + 3))
    assert paragraphs.monitoring(posts=76, staff=777, daily=daily).zh == (
        "777名党员干部24小时坚守在76个交通监测点,日均排查车辆达1000辆、人员2200人,日均劝返车辆近300辆、人员近500人"
    )


def test_three_shifts_are_claimed_only_without_a_gap() -> None:
    whole = paragraphs.round_the_clock(posts=25, teams=117, shifts_a_day=75, gaps=0)
    assert "25个卡点实行全天24小时、三班倒" in whole.zh and "117支" in whole.zh
    assert "三班倒" not in paragraphs.round_the_clock(posts=25, teams=117, shifts_a_day=75, gaps=1).zh
    assert "三班倒" not in paragraphs.round_the_clock(posts=25, teams=117, shifts_a_day=74, gaps=0).zh


def test_zhenpings_paragraph() -> None:
    found = paragraphs.relief(post="曾家镇东沟垭检查点", asked_on=date(2020, 1, 30), volunteers=143,
                              first_relief_on=date(2020, 1, 31))  # fmt: skip
    assert (
        "1月30日接到曾家镇东沟垭检查点" in found.zh
        and "143名党员干部先后自愿报名" in found.zh
        and "1月31日" in found.zh
    )


def test_the_paragraph_is_computed_from_raw_entries(county: County) -> None:
    order_post(post=county.post, body={**ORDER, "starts": "2020-01-30T00:00"}, by=SYSTEM, at=AT)
    for i in range(20):
        decision = "turn_back" if i < 6 else "pass"
        county.write("vehicle_pass", county.post.subject, {**PASSED, "decision": decision}, AT + i * HOUR / 4)
    found = queries.monitoring_paragraph(TOP, first=AT.date(), days=1, type="interprovincial")
    said = {name: str(each) for name, each in found.figures.items()}
    assert said == {"staff": "0名", "posts": "1个", "vehicles": "20辆", "people": "20人", "vehicles_back": "6辆",
                    "people_back": "6人"}  # fmt: skip
    assert queries.round_the_clock_paragraph(TOP, day=AT.date(), labels=("vanguard",)).figures["posts"].value == 1
    with pytest.raises(LookupError):
        queries.relief_paragraph(TOP, county.post.id, first=AT.date(), until=AT.date())
