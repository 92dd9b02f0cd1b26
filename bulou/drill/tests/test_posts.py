"""Posts that are never empty: what is printed is what raw entries say, and what was hidden is found."""

from dataclasses import replace
from datetime import UTC, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.rules import paragraphs
from bulou.checkpoints.rules.counts import Count, Daily
from bulou.core.divisions import contains, number_of
from bulou.core.moments import CHINA, at_midnight
from bulou.drill.actions import play, set_up
from bulou.drill.queries import paragraph
from bulou.drill.rules import traffic
from bulou.drill.rules.blueprints import parse_blueprint
from bulou.drill.rules.traffic import Storm
from bulou.ledger import queries as ledger
from bulou.ledger.rules import State
from bulou.rosters import queries as rosters
from bulou.rosters.tests.written import empty_seconds

DAYS, POSTS = 2, 6
KEEP = 14
PUBLISHED = "平均每天检查车辆1000辆、人员2200人,劝返车辆近300辆、人员近500人"
COUNTED = {  # plain SQL over the raw entries, sharing nothing with the product's own queries
    "sqlite": """
        select sum(vehicles), sum(people), sum(back), sum(people_back) from (
          select case when json_extract(body, '$.again_of') is null then 1 else 0 end as vehicles,
                 case when json_extract(body, '$.again_of') is null
                      then json_array_length(body, '$.people') else 0 end as people,
                 case when json_extract(body, '$.decision') = 'turn_back' then 1 else 0 end as back,
                 case when json_extract(body, '$.decision') = 'turn_back'
                      then json_array_length(body, '$.people') else 0 end as people_back
          from ledger_entry where kind = 'vehicle_pass'
          union all
          select json_extract(minute.value, '$.vehicles'), json_extract(minute.value, '$.people'), 0, 0
          from ledger_entry, json_each(body, '$.minutes') as minute where kind = 'pass_tally') as passed""",
    "postgresql": """
        select sum(vehicles), sum(people), sum(back), sum(people_back) from (
          select case when body::jsonb ->> 'again_of' is null then 1 else 0 end as vehicles,
                 case when body::jsonb ->> 'again_of' is null
                      then jsonb_array_length(body::jsonb -> 'people') else 0 end as people,
                 case when body::jsonb ->> 'decision' = 'turn_back' then 1 else 0 end as back,
                 case when body::jsonb ->> 'decision' = 'turn_back'
                      then jsonb_array_length(body::jsonb -> 'people') else 0 end as people_back
          from ledger_entry where kind = 'vehicle_pass'
          union all
          select (minute ->> 'vehicles')::int, (minute ->> 'people')::int, 0, 0
          from ledger_entry, jsonb_array_elements(body::jsonb -> 'minutes') as minute
          where kind = 'pass_tally') as passed""",
}
STOOD = {
    "sqlite": """
        select count(distinct json_extract(shift.value, '$.responder')) from ledger_entry,
        json_each(body, '$.shifts') as shift where kind = 'roster_published'""",
    "postgresql": """
        select count(distinct shift ->> 'responder') from ledger_entry,
        jsonb_array_elements(body::jsonb -> 'shifts') as shift where kind = 'roster_published'""",
}


def read(name):
    return parse_blueprint((settings.BLUEPRINTS / f"{name}.toml").read_text("utf-8"))


def stored(moment):
    """Return the moment as the database keeps it: SQLite has text in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if connection.vendor == "sqlite" else moment


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@pytest.fixture(scope="module")
def xinxian(django_db_setup, django_db_blocker):
    """Six of Xinxian's posts with all of its traffic for two days, kept for the tests of this file."""
    from django.db import transaction

    from bulou.core.scope import EVERYTHING, seeing

    full = read("xinxian")
    blueprint = replace(full, posts=replace(full.posts.scaled(POSTS), traffic=full.posts.traffic))
    last = blueprint.first_day + timedelta(days=DAYS - 1)
    until = at_midnight(last) + timedelta(days=1)
    with django_db_blocker.unblock(), seeing(EVERYTHING), transaction.atomic():
        set_up(blueprint, people=300, seed=5, say=lambda line: None)
        truth = play(blueprint, seed=5, until=until, say=lambda line: None)
        yield blueprint, number_of(blueprint.county), truth.posts, until
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_published_figures_come_back_from_raw_entries(xinxian):
    blueprint, _, hidden, until = xinxian
    found = paragraph(blueprint, last=until.date() - timedelta(days=1))
    assert found is not None
    assert found.zh.endswith(PUBLISHED)
    counted = [int(each) for each in rows(COUNTED[connection.vendor])]
    assert counted == [hidden.vehicles, hidden.people, hidden.vehicles_back, hidden.people_back]
    mean = [each / DAYS for each in counted]
    assert mean[:2] == [1000, 2200]
    assert 270 <= mean[2] < 300
    assert 450 <= mean[3] < 500
    assert rows(STOOD[connection.vendor])[0] == blueprint.posts.staff == found.figures["staff"].value
    assert found.figures["posts"].value == POSTS


@pytest.mark.django_db
def test_nothing_is_held_and_posts_of_another_type_are_not_added(xinxian):
    _, county, _, _ = xinxian
    assert ledger.held(county) == []
    types = [post.type for post in rosters.posts(county)]
    assert types.count("traffic") == POSTS
    assert types.count("interprovincial") == round(26 * POSTS / 76)


@pytest.mark.django_db
def test_the_inter_provincial_posts_stood_by_order_from_the_24th_of_january(xinxian):
    blueprint, county, _, _ = xinxian
    (other,) = blueprint.posts.others
    day = at_midnight(other.opened_on)
    opened = rosters.posts(county, open_at=day + timedelta(hours=18))
    assert [post.type for post in opened] == ["interprovincial"] * other.count
    assert not rosters.posts(county, open_at=day)
    orders = checkpoints.grounds(county, now=day + timedelta(hours=18))
    assert all(
        orders[post.subject].standing == "stands" and "突发事件应对法" in orders[post.subject].order.basis
        for post in opened
    )
    then = at_midnight(blueprint.first_day) + timedelta(hours=12)
    assert {post.type for post in rosters.posts(county, open_at=then)} == {"traffic"}


def test_xinxian_ordered_26_posts_apart_from_its_76():
    posts = read("xinxian").posts
    assert (posts.count, [(other.type, other.count, f"{other.opened_on}") for other in posts.others]) == (
        76, [("interprovincial", 26, "2020-01-24")]
    )  # fmt: skip


@pytest.mark.django_db
def test_only_the_empty_post_was_empty_and_for_so_many_seconds(xinxian):
    blueprint, county, hidden, until = xinxian
    since = at_midnight(blueprint.first_day)
    ids = [post.id for post in rosters.posts(county) if post.type == "traffic"]
    empty = {post: empty_seconds(county, post, since=since, until=until) for post in ids}
    assert {post: seconds for post, seconds in empty.items() if seconds} == {hidden.empty.post: hidden.empty.seconds}


@pytest.mark.django_db
def test_the_roster_has_no_gap_and_the_one_without_rest_is_found(xinxian):
    blueprint, county, hidden, until = xinxian
    since = at_midnight(blueprint.first_day)
    ids = [post.id for post in rosters.posts(county) if post.type == "traffic"]
    assert rosters.gaps_ahead(county, since=since, until=until, only=ids) == []
    tired = rosters.short_of_rest(county, since=since, until=until, rest=timedelta(hours=11))
    assert [(one.responder, one.next_starts) for one in tired] == [hidden.unrested]
    assert tired[0].rest == timedelta()


@pytest.mark.django_db
def test_who_never_arrived_is_overdue_at_the_village_and_seen_at_the_post(xinxian):
    _, county, hidden, until = xinxian
    overdue = [one for one in checkpoints.expected(county, now=until, keep_days=KEEP) if one.state is State.OVERDUE]
    lied = [one for one in overdue if one.subject in hidden.liars]
    assert {one.subject for one in lied} == set(hidden.liars)
    assert all(
        until - one.passed_at < timedelta(hours=5) for one in overdue if one not in lied
    )  # answered after midnight
    for one in lied:
        assert contains(county, one.area)
        assert [answer.kind for answer in one.answers] == ["not_arrived"]
        at_post = checkpoints.handed_off(
            410000 + 1523, one.post, now=until, since=until, keep_days=KEEP, only_open=True
        )
        assert one.subject in {each.subject for each in at_post}


@pytest.mark.django_db
def test_what_a_post_wrote_without_a_signal_counts_in_the_hour_it_happened(xinxian):
    _, county, hidden, _ = xinxian
    post, start, end = hidden.silent
    found = checkpoints.hourly(county, since=start, until=end)
    here = {
        hour.astimezone(CHINA).hour: one.vehicles for (subject, hour), one in found.items() if subject == f"post:{post}"
    }
    assert set(here) <= set(range(9, 15))
    assert sum(here.values()) > 0
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ledger_entry where subject = %s and happened_at >= %s and happened_at < %s"
            " and received_at < %s", [f"post:{post}", *map(stored, (start, end, end))],
        )  # fmt: skip
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_a_storm_is_ten_times_another_hour(xinxian):
    blueprint, county, hidden, until = xinxian
    found = checkpoints.hourly(county, since=at_midnight(blueprint.first_day), until=until)
    by_hour: dict[object, int] = {}
    for (_, hour), one in found.items():
        by_hour[hour] = by_hour.get(hour, 0) + one.vehicles
    storm = sum(by_hour[hidden.storm.start + timedelta(hours=n)] for n in (0, 1))
    quiet = sum(by_hour.get(hidden.storm.start - timedelta(hours=24 - n), 0) for n in (0, 1))
    assert 6 * quiet < storm < 16 * quiet


@given(st.integers(0, 10_000), st.integers(1, 30))
@hypothesis_settings(max_examples=40)
def test_whatever_the_seed_the_full_county_states_what_was_published(seed, days):
    plan, chance = read("xinxian").posts, Random(seed)
    drawn = [traffic.drawn(getattr(plan.traffic, name), days, chance)
             for name in ("vehicles", "people", "vehicles_back", "people_back")]  # fmt: skip
    first = read("xinxian").first_day
    daily = Daily(at_midnight(first), days, Count(*drawn))
    said = paragraphs.monitoring(posts=plan.count, staff=plan.staff, party=0, daily=daily, empty=paragraphs.Empty()).zh
    assert said == f"76个交通监测点由777名人员到岗值守,24小时都有人在岗;{PUBLISHED}"


def test_the_traffic_laid_out_is_what_was_drawn():
    first = read("xinxian").first_day
    storm = Storm(at_midnight(first) + timedelta(hours=10), at_midnight(first) + timedelta(hours=12))
    laid = traffic.lay_traffic(Random(3), first=first, days=3, posts=76, vehicles=3000, people=6600, back=880,
                               people_back=1480, storm=storm)  # fmt: skip
    assert len(laid) == 3000
    assert sum(one.people for one in laid) == 6600
    assert sum(one.back for one in laid) == 880
    assert sum(one.people for one in laid if one.back) == 1480
    assert min(one.people for one in laid) == 1
    assert [one.at for one in laid] == sorted(one.at for one in laid)
