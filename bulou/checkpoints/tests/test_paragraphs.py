"""Published figures come back with their qualifiers: 近300 stays 近300, and no figure is a wish."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.checkpoints import queries
from bulou.checkpoints.actions import close_post, order_post
from bulou.checkpoints.rules import paragraphs
from bulou.checkpoints.rules.counts import Count, Daily
from bulou.checkpoints.rules.paragraphs import Empty
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


MEAN = Daily(at_midnight(date(2020, 1, 27)), 14, Count(14_000, 30_800, 297 * 14 + 5, 496 * 14 + 3))


def test_xinxians_figures() -> None:
    """0-16, from fourteen days of counts: the published figures and qualifiers, in our words."""
    found = paragraphs.monitoring(posts=76, staff=777, party=777, daily=MEAN, empty=Empty())
    assert found.zh == (
        "76个交通监测点由777名党员到岗值守,24小时都有人在岗;平均每天检查车辆1000辆、人员2200人,劝返车辆近300辆、人员近500人"
    )


@pytest.mark.parametrize(
    ("changed", "gone", "there"),
    [
        (
            {"staff": 0, "party": 0, "empty": Empty(76, 76 * 14 * 86_400.0)},
            ("777", "党员", "24小时", "到岗值守"),
            "没有人到岗",
        ),
        ({"party": 0}, ("党员",), "777名人员"),
        ({"party": 776}, ("777名党员",), "(党员776名)"),
        ({"empty": Empty(1, 61.0)}, (",24小时都有人",), "其中75个24小时都有人在岗,1个曾经无人在岗,共2分钟"),
        ({"type": "estate"}, ("交通监测点",), "卡点"),
    ],
)
def test_every_word_that_claims_something_follows_what_was_recorded(changed, gone, there) -> None:
    said = paragraphs.monitoring(
        **{"posts": 76, "staff": 777, "party": 777, "daily": MEAN, "empty": Empty()} | changed
    ).zh
    assert not any(word in said for word in gone) and there in said


def test_three_shifts_are_claimed_only_where_three_were_stood_at_every_post() -> None:
    labels = ["vanguard", "volunteer"]
    whole = paragraphs.round_the_clock(posts=25, teams=117, labels=labels, shifts=[3] * 25, empty=Empty())
    assert "每个卡点三班轮换,24小时都有人在岗" in whole.zh and "先锋队、志愿服务队117支" in whole.zh
    short = paragraphs.round_the_clock(posts=25, teams=0, labels=[], shifts=[3] * 24 + [2], empty=Empty(1, 8 * 3600.0))
    assert (
        "三班" not in short.zh and "队" not in short.zh and "24个24小时都有人在岗,1个曾经无人在岗,共480分钟" in short.zh
    )
    assert "三班" not in paragraphs.round_the_clock(posts=2, teams=0, labels=[], shifts=[3, 4], empty=Empty()).zh


def test_zhenpings_paragraph() -> None:
    said = paragraphs.relief(post="曾家镇东沟垭检查点", asked_on=date(2020, 1, 30), volunteers=143,
                             first_relief_on=date(2020, 1, 31)).zh  # fmt: skip
    assert said == "曾家镇东沟垭检查点于1月30日请求支援,随后有143名报名参加预备队,1月31日首批到岗"


def test_the_paragraph_is_computed_from_raw_entries(county: County) -> None:
    order_post(post=county.post, body={**ORDER, "starts": "2020-01-30T00:00"}, by=SYSTEM, at=AT)
    for i in range(20):
        decision = "turn_back" if i < 6 else "pass"
        county.write("vehicle_pass", county.post.subject, {**PASSED, "decision": decision}, AT + i * HOUR / 4)
    found = queries.monitoring_paragraph(TOP, first=AT.date(), days=1, type="interprovincial")
    said = {name: str(each) for name, each in found.figures.items()}
    assert said == {"staff": "0名", "posts": "1个", "vehicles": "20辆", "people": "20人", "vehicles_back": "6辆",
                    "people_back": "6人"}  # fmt: skip
    assert "没有人到岗" in found.zh and "24小时都有人" not in found.zh
    assert queries.round_the_clock_paragraph(TOP, day=AT.date(), labels=("vanguard",)).figures["posts"].value == 1
    with pytest.raises(LookupError):
        queries.relief_paragraph(TOP, county.post.id, first=AT.date(), until=AT.date())


def test_a_post_that_was_closed_before_the_last_day_counts_for_the_days_it_stood(county: County) -> None:
    """904.8 a day over all posts became 近900, because a post closed on the way was left out with all that had passed it."""
    order_post(post=county.post, body={**ORDER, "starts": "2020-01-30T00:00"}, by=SYSTEM, at=AT)
    for i in range(20):
        county.write("vehicle_pass", county.post.subject, PASSED, AT + i * HOUR / 4)
    closing = {"reason": "lifted", "basis": "令", "closed_at": (AT + 6 * HOUR).isoformat(), "road_open": "yes"}
    close_post(post=county.post, body=closing, by=SYSTEM, at=AT + 6 * HOUR)
    found = queries.monitoring_paragraph(TOP, first=AT.date(), days=4, type="interprovincial")
    assert (found.figures["posts"].value, found.figures["vehicles"].value) == (1, 5)
    assert queries.monitoring_paragraph(TOP, first=AT.date(), days=1, type="traffic").figures["posts"].value == 0
