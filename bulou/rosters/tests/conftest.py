"""A county with one post and a handful of responders, under the law of the product."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bulou.core.moments import at_clock, parse_moment
from bulou.rosters.actions import add_posts, add_responders
from bulou.rosters.rules.registers import Demand, NewPost, NewResponder

COUNTY = 610927
TOP = COUNTY * 10**12
VILLAGE = 610927_100_201 * 10**6
BY = "system:test"
AT = datetime(2020, 2, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def clock(text: str, day: int = 6):
    """Return "15:00" of a day of February 2020 in China."""
    return at_clock(parse_moment(f"2020-02-{day:02}T00:00").date(), text)


@dataclass(frozen=True)
class Here:
    post: UUID
    other: UUID
    people: list[UUID]  # 安娜 police and leader, 柏立 health, 陈晨 police, 丁一 village cadre, 方圆 health, 顾月 police


@pytest.fixture
def here(db) -> Here:
    post, other = add_posts(
        [
            NewPost(
                "东沟垭检查点", VILLAGE, "interprovincial", opened_at=AT, needs=(Demand("police"), Demand(count=1))
            ),
            NewPost("火车站", VILLAGE, "station", opened_at=AT),
        ],
        by=BY,
        at=AT,
    )
    roles = [("police", "leader"), ("health",), ("police",), ("village_cadre",), ("health",), ("police", "leader")]
    people = add_responders(
        [
            NewResponder(name, VILLAGE, phone="13800000001", unit="县公安局", system="公安", roles=its, skills=its)
            for name, its in zip(["安娜", "柏立", "陈晨", "丁一", "方圆", "顾月"], roles, strict=True)
        ],
        by=BY,
        at=AT,
    )
    return Here(post, other, people)
