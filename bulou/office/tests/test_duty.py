"""Posts, rosters, the reserve and my own duty, as pages show them and as their buttons work."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.urls import reverse

from bulou.core.divisions import county_of
from bulou.core.moments import at_midnight, day_of, now
from bulou.core.scope import EVERYTHING, seeing
from bulou.jobs.rules import Work
from bulou.jobs.tests.doing import do_waiting
from bulou.office.tests.made import COUNTY, SYSTEM, VILLAGE
from bulou.rosters import actions, queries
from bulou.rosters.rules.registers import NewPost, NewResponder
from bulou.rosters.rules.turns import Turn

HOUR = timedelta(hours=1)
NUMBER = county_of(COUNTY)
QUICKLY = [Work(actions.MAKING, partial(actions.make_draft, seconds=2.0), 60)]


@pytest.fixture
def post(made) -> UUID:
    """Return a post at which 安娜 stands now, linked to the account of the grid worker, with 柏立 after her."""
    at = now() - HOUR
    post = actions.add_post(NewPost("东沟垭检查点", VILLAGE, "interprovincial", opened_at=at), by=SYSTEM, at=at)
    anna, bo = actions.add_responders(
        [
            NewResponder("安娜", VILLAGE, phone="13800001111", account=made.accounts["village"]),
            NewResponder("柏立", VILLAGE, roles=("police",)),
        ],
        by=SYSTEM,
        at=at,
    )
    turns = [Turn(post, anna, at, at + 4 * HOUR, lead=True), Turn(post, bo, at + 4 * HOUR, at + 8 * HOUR)]
    actions.publish(turns, county=NUMBER, by=SYSTEM, at=at)
    return post


def pages(post):
    names = ["posts", "grid", "drafts", "responders", "reserve", "musters", "teams", "contacts"]
    found = [reverse(f"office:{name}", args=[COUNTY]) for name in names]
    return [
        *found,
        reverse("office:posts_home"),
        reverse("office:post", args=[NUMBER, post]),
        reverse("office:my_duty"),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_and_names_are_masked(signed_in, post, language):
    client = signed_in("headquarters", language)
    for address in pages(post):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "安娜" not in answer.content.decode()
        assert "13800001111" not in answer.content.decode()


def test_the_page_of_posts_says_who_is_missing_now_and_what_is_not_covered(signed_in, post):
    said = signed_in("headquarters").get(reverse("office:posts", args=[COUNTY])).content.decode()
    assert "东沟垭检查点" in said
    assert "安*" in said  # expected, not checked in
    assert "1 short: anybody" in said  # after the second turn


def test_checking_in_and_handing_over_on_ones_own_page(signed_in, made, post):
    client = signed_in("village")
    with seeing(EVERYTHING):
        shift = queries.shifts(COUNTY, since=now(), until=now() + HOUR)[0]
    assert "I am here and take over" in client.get(reverse("office:my_duty")).content.decode()
    act = reverse("office:my_duty_act", args=[shift.id, "take"])
    answer = client.post(act, {"present": "2", "matters": ""}, follow=True)
    assert "checked in at" in answer.content.decode()
    with seeing(EVERYTHING):
        row = queries.posts_now(COUNTY, now())[0]
    assert [one.name for one in row.present] == ["安*"]
    # somebody else's turn is not found
    with seeing(EVERYTHING):
        other = queries.shifts(COUNTY, since=now() + 5 * HOUR, until=now() + 6 * HOUR)[0]
    assert client.post(reverse("office:my_duty_act", args=[other.id, "in"])).status_code == 404


def test_a_roster_is_asked_for_looked_at_changed_and_published(signed_in, made, post):
    client = signed_in("headquarters")
    first = day_of(now()) + timedelta(days=3)
    asked = {"name": "第二周", "first": first.isoformat(), "days": "1", "pattern": "08:00-20:00 20:00-08:00"}
    answer = client.post(reverse("office:drafts", args=[COUNTY]), asked)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = client.get(answer.url).content.decode()
    assert "第二周" in page and "Waiting to be made" in page
    assert do_waiting(QUICKLY) == 1
    # Whoever watched the progress gets the whole page when it is done: turns, reasons, the button to publish.
    watched = client.get(answer.url, headers={"HX-Request": "true"})
    assert watched["HX-Refresh"] == "true" and "HX-Refresh" not in client.get(answer.url)
    draft = queries.drafts
    with seeing(EVERYTHING):
        found = draft(COUNTY)[0]
        turns = queries.find_draft(COUNTY, found.id).turns
    assert len(turns) == 2
    change = reverse("office:draft_turn", args=[COUNTY, found.id, 0])
    other = str(turns[1].responder)
    looked = client.post(change, {"who": other}).content.decode()
    assert "What the change brings about" in looked
    assert "hours of rest" in looked
    client.post(change, {"who": other, "sure": f"{other}!"})
    with seeing(EVERYTHING):
        assert {str(t.responder) for t in queries.find_draft(COUNTY, found.id).turns} == {other}
    client.post(change, {"who": str(turns[0].responder), "sure": f"{turns[0].responder}!"})
    published = client.post(reverse("office:draft_publish", args=[COUNTY, found.id]))
    assert published.status_code == 302
    with seeing(EVERYTHING):
        start = at_midnight(first)
        assert len(queries.shifts(COUNTY, since=start, until=start + 32 * HOUR)) == 2


def test_a_call_for_help_is_answered(signed_in, made, post):
    client = signed_in("headquarters")
    call = actions.call_for_help(NUMBER, post, how_many=1, skills=["general"], reasons=["traffic"], by=SYSTEM, at=now(),
                                 until=now() + timedelta(days=2))  # fmt: skip
    helper = actions.add_responder(NewResponder("陈晨", VILLAGE), by=SYSTEM, at=now())
    day = day_of(now())
    offer = actions.sign_up(NUMBER, [helper], skills=["general"], first=day, last=day + timedelta(days=9), contact=False,
                            by=SYSTEM, at=now())[0]  # fmt: skip
    client.post(reverse("office:reserve_answer", args=[COUNTY]), {"offer": [str(offer)]})
    send = reverse("office:reserve_send", args=[NUMBER, call])
    assert "陈*" in client.get(send).content.decode()
    sent = client.post(send, {"who": [str(helper)]})
    assert sent.status_code == 302 and sent.url == reverse(
        "office:reserve", args=[COUNTY]
    )  # not that of the post's village
    with seeing(EVERYTHING):
        assert [one.name for one in queries.calls(COUNTY, now=now())[0].sent] == ["陈*"]


def test_needs_are_read_line_by_line(signed_in, post):
    client = signed_in("headquarters")
    address = reverse("office:post_needs", args=[NUMBER, post])
    assert client.post(address, {"needs": "police one"}).status_code == 422
    assert client.post(address, {"needs": "police 1 23:00-06:00\nany 2\nlead 1"}).status_code == 302
    with seeing(EVERYTHING):
        needs = queries.get_post(COUNTY, post).needs
    assert [(each.role, each.count, each.leads) for each in needs] == [
        ("police", 1, False),
        ("", 2, False),
        ("", 1, True),
    ]


def test_needs_are_written_in_the_language_of_the_page(signed_in, post):
    client = signed_in("headquarters", "zh-hans")
    address = reverse("office:post_needs", args=[NUMBER, post])
    assert (
        client.post(address, {"needs": "公安 1 23:00-06:00\n不限 2\n带班领导 1\n村（社区）干部 1"}).status_code == 302
    )
    with seeing(EVERYTHING):
        needs = queries.get_post(COUNTY, post).needs
    assert [(each.role, each.leads) for each in needs] == [
        ("police", False),
        ("", False),
        ("", True),
        ("village_cadre", False),
    ]
    page = client.get(address).content.decode()
    assert "公安 1 23:00-06:00" in page and "police" not in page
    english = signed_in("headquarters", "en")
    again = english.get(address).content.decode()
    assert "village cadre 1 00:00-00:00" in again and "leader on duty 1" in again
    assert english.post(address, {"needs": "village cadre 2 08:00-20:00"}).status_code == 302


def test_who_is_missing_after_a_call_back_is_told_apart_by_unit(signed_in, made):
    at = now()
    people = actions.add_responders(
        [NewResponder("安娜", VILLAGE, unit="县医院"), NewResponder("安宁", VILLAGE, unit="县公安局")], by=SYSTEM, at=at
    )
    order = actions.call_back(
        area=COUNTY, title="返岗", basis="第3号", deadline=at + HOUR, responders=people, by=SYSTEM, at=at
    )
    page = signed_in("headquarters").get(reverse("office:muster", args=[NUMBER, order])).content.decode()
    assert page.count("安*") >= 2 and "县医院" in page and "县公安局" in page


def test_a_list_reads_as_its_language_does(signed_in, post):
    actions.add_responder(NewResponder("白鸽", VILLAGE, roles=("police", "health")), by=SYSTEM, at=now())
    address = reverse("office:responders", args=[COUNTY])
    assert "health, police" in signed_in("headquarters", "en").get(address).content.decode()
    assert "卫健、公安" in signed_in("headquarters", "zh-hans").get(address).content.decode()


def test_a_gap_of_several_days_is_seen_on_each_of_them(signed_in, post):
    said = signed_in("headquarters").get(reverse("office:grid", args=[COUNTY])).content.decode()
    assert said.count("1 short: anybody") in (6, 7)  # of seven days; the turns may reach past midnight
