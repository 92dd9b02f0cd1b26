"""Posts, their orders and tables, what passed, who was sent to the clinic."""

from datetime import date, timedelta

import msgspec
import pytest

from bulou.checkpoints import queries
from bulou.checkpoints.actions import adopt_table, close_post, follow_order, order_post
from bulou.checkpoints.queries.tables import FOLDER
from bulou.checkpoints.rules.standing import Standing
from bulou.checkpoints.tests.made import AT, COUNTY, HOUR, MINUTE, PASSED, RULES, SYSTEM, County
from bulou.core.divisions import county_area
from bulou.core.ids import new_id
from bulou.core.scope import seeing
from bulou.ledger.actions import append
from bulou.ledger.queries import entries_about, get_entry
from bulou.ledger.rules import Entry, State
from bulou.rosters import queries as rosters
from bulou.rosters.queries import get_post
from bulou.rosters.tests.written import empty_seconds

TOP = county_area(COUNTY)
DAY = timedelta(days=1)
ORDER = {"type": "interprovincial", "road": "G541", "place": "东沟垭", "passage": "checked", "basis": "指挥部令第1号",
         "starts": "2020-01-24T18:00", "until": "2020-02-07", "hours": "00:00-24:00",
         "needs": [{"role": "公安", "number": 2}, {"role": "卫健", "number": 2}]}  # fmt: skip


def test_a_post_without_an_order_is_shown_as_such(county: County) -> None:
    (line,) = queries.post_lines(TOP, now=AT)
    assert line.ground.standing is Standing.NO_ORDER and not line.stands


def test_an_order_opens_the_post_in_the_register_and_ends_by_itself(county: County) -> None:
    assert order_post(post=county.post, body=ORDER, by=SYSTEM, at=AT).outcome == "applied"
    (line,) = queries.post_lines(TOP, now=AT + MINUTE)
    assert line.stands and line.order is not None and line.order.staff == 4
    post = get_post(TOP, county.post.id)
    assert post.open_at(AT) and not post.open_at(line.order.ends_at)
    (late,) = queries.post_lines(TOP, now=AT + timedelta(days=9))
    assert late.ground.standing is Standing.LAPSED


def test_the_register_says_what_all_orders_say_whatever_their_order(county: County) -> None:
    def order(at, **changes):
        body = {**ORDER, **changes}
        return county.write("post_order", county.post.subject, body, at).id

    first = order(AT)
    county.write(
        "post_order", county.post.subject, {**ORDER, "starts": "2020-02-06T00:00", "until": "2020-02-20"}, AT + HOUR
    )
    entries = [get_entry(COUNTY, first), *entries_about(COUNTY, [county.post.subject])]
    for entry in entries:
        follow_order(entry, at=AT)
    post = get_post(TOP, county.post.id)
    assert post.open_at(AT) and post.open_at(AT + timedelta(days=20))  # the second prolongs the first
    closing = {"reason": "lifted", "basis": "令", "closed_at": "2020-01-30T11:00", "road_open": "yes"}
    county.write("post_closed", county.post.subject, closing, AT + 2 * HOUR)
    for entry in entries:
        follow_order(entry, at=AT)
    assert not get_post(TOP, county.post.id).open_at(AT + timedelta(days=20))


NIGHT = AT + 12 * HOUR
ASKS_NOBODY = {"passage": "closed", "needs": []}


def empty_hours(county: County, since, until) -> float:
    return empty_seconds(TOP, county.post.id, since=since, until=until) / 3600


def test_a_road_that_is_closed_is_no_empty_post(county: County) -> None:
    order_post(post=county.post, body={**ORDER, **ASKS_NOBODY, "starts": AT.isoformat()}, by=SYSTEM, at=AT)
    assert empty_hours(county, AT, AT + 5 * HOUR) == 0
    assert rosters.gaps_ahead(TOP, since=AT, until=NIGHT, only=[county.post.id]) == []
    (row,) = rosters.posts_now(TOP, AT + HOUR)
    assert not row.empty and not row.manned


def test_a_closed_road_whose_order_asks_for_people_has_to_be_manned(county: County) -> None:
    order_post(post=county.post, body={**ORDER, "passage": "closed", "starts": AT.isoformat()}, by=SYSTEM, at=AT)
    assert empty_hours(county, AT, AT + 5 * HOUR) == 5
    (row,) = rosters.posts_now(TOP, AT + HOUR)
    assert row.empty


def test_what_stood_empty_before_the_road_was_closed_stays_counted(county: County) -> None:
    order_post(post=county.post, body={**ORDER, "starts": AT.isoformat()}, by=SYSTEM, at=AT)
    order_post(post=county.post, body={**ORDER, **ASKS_NOBODY, "starts": (AT + 3 * HOUR).isoformat()}, by=SYSTEM,
               at=AT + 3 * HOUR)  # fmt: skip
    assert empty_hours(county, AT, NIGHT) == 3
    assert rosters.empty(TOP, county.post.id, until=NIGHT) == [(AT, AT + 3 * HOUR)]


def test_a_post_opened_again_keeps_what_stood_empty_the_first_time(county: County) -> None:
    closing = {"reason": "lifted", "basis": "令", "closed_at": (AT + 2 * HOUR).isoformat(), "road_open": "yes"}
    order_post(post=county.post, body={**ORDER, "starts": AT.isoformat()}, by=SYSTEM, at=AT)
    close_post(post=county.post, body=closing, by=SYSTEM, at=AT + 2 * HOUR)
    order_post(post=county.post, body={**ORDER, "starts": (AT + 8 * HOUR).isoformat()}, by=SYSTEM, at=AT + 8 * HOUR)
    assert rosters.empty(TOP, county.post.id, until=NIGHT) == [(AT, AT + 2 * HOUR), (AT + 8 * HOUR, NIGHT)]


@pytest.mark.parametrize(("hours", "asked"), [("06:00-22:00", 16), ("22:00-06:00", 8), ("00:00-24:00", 24)])
def test_outside_the_hours_of_its_order_nobody_has_to_be_there(county: County, hours: str, asked: int) -> None:
    order_post(post=county.post, body={**ORDER, "hours": hours}, by=SYSTEM, at=AT)
    assert empty_hours(county, AT, AT + 4 * DAY) == 4 * asked


def test_an_order_withdrawn_never_opened_the_post(county: County) -> None:
    order = county.write("post_order", county.post.subject, ORDER, AT).id
    follow_order(get_entry(COUNTY, order), at=AT)
    assert get_post(TOP, county.post.id).open_at(AT)
    back = Entry(new_id(), "correction", county.post.subject, county.post_area, AT + HOUR, AT + HOUR, SYSTEM,
                 {"withdrawn": True, "reason": "写错了卡点"}, amends=order)  # fmt: skip
    assert append([back], at=AT + HOUR)[0].outcome == "applied"
    follow_order(get_entry(COUNTY, order), at=AT + HOUR)
    assert get_post(TOP, county.post.id).opened_at is None


def test_a_closed_post_is_off_the_public_page(county: County) -> None:
    order_post(post=county.post, body=ORDER, by=SYSTEM, at=AT)
    with seeing(()):
        (road,) = queries.road_lines(COUNTY, now=AT + MINUTE)
    assert (road.road, road.place, road.until) == ("G541", "东沟垭", date(2020, 2, 7))
    body = {"reason": "lifted", "basis": "令", "closed_at": "2020-01-30T11:00", "road_open": "yes"}
    close_post(post=county.post, body=body, by=SYSTEM, at=AT + HOUR)
    assert queries.road_lines(COUNTY, now=AT + 2 * HOUR) == []


def test_an_order_without_a_basis_opens_nothing(county: County) -> None:
    assert order_post(post=county.post, body={**ORDER, "basis": ""}, by=SYSTEM, at=AT).outcome == "held"
    assert get_post(TOP, county.post.id).opened_at is None


def test_what_passed_today_and_in_the_last_hour(county: County) -> None:
    for hours, decision in ((0, "pass"), (1, "turn_back"), (2, "pass")):
        county.write("vehicle_pass", county.post.subject, {**PASSED, "decision": decision}, AT + hours * HOUR)
    rush = {"minutes": [{"at": "2020-01-30T12:05", "vehicles": 10, "people": 22}]}
    county.write("pass_tally", county.post.subject, rush, AT + 2 * HOUR + 9 * MINUTE)
    (line,) = queries.post_lines(TOP, now=AT + 2 * HOUR + 10 * MINUTE)
    assert (line.today.vehicles, line.today.people, line.today.vehicles_back) == (13, 25, 1)
    assert (line.last_hour.vehicles, line.last_hour.people) == (11, 23)
    mean = queries.daily(TOP, first=date(2020, 1, 29), days=2)
    assert (str(mean.vehicles), str(mean.people_back)) == ("日均6.5辆(2天共13辆)", "日均0.5人(2天共1人)")


def test_a_fever_is_sent_on_and_the_result_comes_back(county: County) -> None:
    sent = {"name": "安娜", "phone": "13800138000", "first_temperature": 38.2, "transport": "ambulance",
            "clinic": "县医院", "left_at": "2020-01-30T10:00", "headquarters_told": "yes", "alone": "no",
            "companions": [{"name": "巴勇", "what": "central_observation"}]}  # fmt: skip
    entry = county.write("fever_referral", county.post.subject, sent, AT).id
    (one,) = queries.referrals(TOP, now=AT + HOUR, days=14, post=county.post.subject)
    assert (one.state, one.result, [c.name for c in one.companions]) == (State.OPEN, "", ["巴*"])
    answer = {"result": "excluded", "clinic": "县医院", "known_at": "2020-01-30T15:00"}
    county.write("referral_result", f"entry:{entry}", answer, AT + 6 * HOUR)
    (one,) = queries.referrals(TOP, now=AT + 7 * HOUR, days=14)
    assert (one.state, one.result) == (State.MET, "excluded")


def test_a_county_takes_its_own_table_into_use_and_no_broken_one(county: County) -> None:
    day = AT.date()
    assert queries.table_in_force(COUNTY, day, RULES).name == "cn-2020-02-roads"
    text = (FOLDER / "huangshan-2020-02.toml").read_text("utf-8")
    how = {"county": COUNTY, "since": day, "ruleset": RULES, "by": SYSTEM, "at": AT}
    with pytest.raises(ValueError, match="is for 341002"):
        adopt_table(text=text, basis="令", **how)
    ours = "\n".join(line for line in text.splitlines() if not line.startswith("counties"))
    with pytest.raises(ValueError, match="written basis"):
        adopt_table(text=ours, basis=" ", **how)
    with pytest.raises(ValueError, match="no row decides"):
        adopt_table(text=ours[: ours.index('[[row]]\nname = "other"')], basis="令", **how)
    adopt_table(text=ours, basis="指挥部令第9号", **how)
    assert queries.table_in_force(COUNTY, day, RULES).name == "huangshan-2020-02"
    assert queries.table_in_force(COUNTY, day - timedelta(days=1), RULES).name == "cn-2020-02-roads"
    assert [one.basis for one in queries.adopted(COUNTY)] == ["指挥部令第9号"]


def test_the_desk_is_plain_json_and_names_nobody(county: County) -> None:
    desk = queries.desk(county.post, now=AT, ruleset=RULES)
    assert msgspec.json.decode(msgspec.json.encode(desk)) == desk
    assert len(desk["destinations"]) == 65 and desk["table"]["name"] == "cn-2020-02-roads"
    assert desk["destinations"][0]["in"]
