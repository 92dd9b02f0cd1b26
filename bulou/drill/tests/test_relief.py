"""镇坪 and 威信: a post that called for help, and posts manned round the clock, against their raw entries."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from bulou.core.divisions import number_of
from bulou.core.moments import at_midnight, day_of
from bulou.drill.actions import play, set_up
from bulou.drill.queries import paragraph
from bulou.drill.rules.blueprints import parse_blueprint
from bulou.drill.tests.test_posts import stored
from bulou.ledger import queries as ledger
from bulou.rosters import queries as rosters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything():
    from bulou.core.scope import EVERYTHING, seeing

    with seeing(EVERYTHING):
        yield


def played(name, last, **changes):
    blueprint = replace(parse_blueprint((settings.BLUEPRINTS / f"{name}.toml").read_text("utf-8")), **changes)
    set_up(blueprint, people=150, seed=3, say=lambda line: None)
    play(blueprint, seed=3, until=at_midnight(last + timedelta(days=1)), say=lambda line: None)
    return blueprint


def column(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_zhenping_forms_a_reserve_and_the_first_relief_comes_the_next_day():
    """4-07; only its posts are played, from the day before the call."""
    full = parse_blueprint((settings.BLUEPRINTS / "zhenping.toml").read_text("utf-8"))
    last = date(2020, 1, 31)
    blueprint = played("zhenping", last, groups=0, first_day=date(2020, 1, 29), posts=full.posts.scaled(2))
    found = paragraph(blueprint, last=last)
    assert found.zh == ("曾家镇东沟垭检查点于1月30日请求支援,随后有143名报名参加预备队,1月31日首批到岗")
    assert column("select count(distinct subject) from ledger_entry where kind = 'volunteer_signup'") == [143]
    first = column("select min(happened_at) from ledger_entry where kind = 'reserve_arrival'")[0]
    first = datetime.fromisoformat(str(first))  # SQLite gives text without an offset, which is UTC
    assert day_of(first if first.tzinfo else first.replace(tzinfo=UTC)) == last
    county = number_of(blueprint.county)
    assert ledger.held(county) == []
    call = rosters.calls(county, now=at_midnight(last + timedelta(days=1)))[0]
    assert call.arrived == call.how_many == 12
    assert paragraph(blueprint, last=date(2020, 1, 29)) is None


def test_weixin_stands_round_the_clock_in_three_turns():
    """3-10 and 3-14, whole: 25 posts, 75 turns a day, 117 teams; and a branch that is not one of them."""
    full = parse_blueprint((settings.BLUEPRINTS / "weixin.toml").read_text("utf-8"))
    quiet = replace(full.posts, traffic=full.posts.scaled(1).traffic)
    blueprint = played("weixin", full.first_day, posts=quiet)
    found = paragraph(blueprint, last=full.first_day)
    assert found.zh == (
        "共有25个卡点,当天到岗75班次,每个卡点三班轮换,其中24个24小时都有人在岗,1个曾经无人在岗,共13分钟;先锋队、志愿服务队117支"
    )
    assert found.figures["shifts"].value == 75
    starts = at_midnight(full.first_day)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from (select distinct post, starts_at from rosters_shift"
            " where starts_at >= %s and starts_at < %s) as turn", [stored(starts), stored(starts + timedelta(days=1))],
        )  # fmt: skip
        assert cursor.fetchone()[0] == 75
    assert column("select count(*) from rosters_team where labels like '%volunteer%' or labels like '%vanguard%'") == [
        117
    ]
    assert column("select count(*) from rosters_team") == [118]
