"""Responders by a list, an account linked, turns swapped, teams and zones, a roster that is short, posts by an order."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from bulou.core.divisions import county_of
from bulou.core.moments import at_midnight, day_of, now
from bulou.core.scope import EVERYTHING, seeing
from bulou.jobs.tests.doing import do_waiting
from bulou.office.tests.made import COUNTY, SYSTEM, VILLAGE
from bulou.office.tests.test_duty import QUICKLY, post  # noqa: F401 - a fixture
from bulou.rosters import actions, queries
from bulou.rosters.actions import NewContact
from bulou.rosters.rules.registers import Demand, NewResponder
from bulou.rosters.rules.turns import Turn

HOUR = timedelta(hours=1)
NUMBER = county_of(COUNTY)


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "联系电话", "单位", "岗位", "政治面貌", "村"])
    for row in rows:
        book.active.append(row)
    held = BytesIO()
    book.save(held)
    held.seek(0)
    held.name = "名册.xlsx"
    return held


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path


def test_a_list_of_responders_is_looked_at_read_and_answered_row_by_row(signed_in):
    client = signed_in("headquarters")
    book = workbook(
        ["陈晨", "13900002222", "县公安局", "民警、带班", "党员", ""],
        ["丁一", "", "卫健局", "医护", "", "文彩村"],
        ["方圆", "不详", "", "", "", ""],
        ["顾月", "13900002223", "", "", "", "没有的村"],
        ["", "13900002224", "x", "", "", ""],
    )
    answer = client.post(reverse("office:responder_import", args=[COUNTY]), {"file": book})
    assert answer.status_code == 302
    looked = client.get(answer.url).content.decode()
    assert "Read it into the register" in looked
    chosen = {
        "0.read": "1",
        **{f"0.{i}": c for i, c in enumerate(["name", "phone", "unit", "roles", "party", "village"])},
    }
    said = client.post(answer.url, chosen).content.decode()
    assert "is no telephone number" in said
    assert "没有的村" in said
    assert "The name is missing." in said
    assert "has not declared that it keeps it" in said
    with seeing(EVERYTHING):
        found = {one.name: one for one in queries.responders(COUNTY)}
    assert found["陈*"].roles == ("leader", "police")
    assert found["陈*"].party is None
    assert found["丁*"].area == VILLAGE
    # the same again adds nobody, and the columns are as they were confirmed
    again = client.post(reverse("office:responder_import", args=[COUNTY]), {"file": workbook(["陈晨", "13900002222"])})
    assert "read before" in client.get(again.url).content.decode()
    client.post(again.url, chosen)
    with seeing(EVERYTHING):
        assert queries.count_responders(COUNTY) == len(found)


def test_what_is_no_list_is_not_read(signed_in):
    client = signed_in("headquarters")
    held = BytesIO(b"MZ not a workbook")
    held.name = "a.xlsx"
    answer = client.post(reverse("office:responder_import", args=[COUNTY]), {"file": held})
    assert client.get(answer.url).status_code == 422


def test_an_account_is_linked_once(signed_in, made, post):  # noqa: F811
    client = signed_in("headquarters")
    with seeing(EVERYTHING):
        people = {one.name: one for one in queries.responders(COUNTY)}
    bo = reverse("office:responder_change", args=[NUMBER, people["柏*"].id])
    taken = client.post(bo, {"account": str(made.accounts["village"])})
    assert taken.status_code == 422
    assert "another responder" in taken.content.decode()
    client.post(reverse("office:responder_change", args=[NUMBER, people["安*"].id]), {"account": ""})
    assert client.post(bo, {"account": str(made.accounts["village"])}).status_code == 302
    with seeing(EVERYTHING):
        assert queries.find_by_account(made.accounts["village"]).name == "柏*"


def test_whoever_leads_checks_in_those_without_an_account(signed_in, made, post):  # noqa: F811
    at = now()
    helper = actions.add_responder(NewResponder("陈晨", VILLAGE), by=SYSTEM, at=at)
    actions.publish([Turn(post, helper, at - HOUR, at + HOUR)], county=NUMBER, by=SYSTEM, at=at - HOUR)
    with seeing(EVERYTHING):
        shift = queries.own_shifts(NUMBER, helper, since=at, until=at + HOUR)[0]
    page = reverse("office:my_duty")
    client = signed_in("village")
    assert "without an account" in client.get(page).content.decode()
    client.post(reverse("office:my_duty_check_in", args=[shift.id]))
    with seeing(EVERYTHING):
        assert queries.find_shift(COUNTY, shift.id).came_at is not None
    assert client.post(reverse("office:my_duty_check_in", args=[shift.id])).status_code == 404  # not twice


def test_turns_are_swapped(signed_in, post):  # noqa: F811
    start = at_midnight(day_of(now()) + timedelta(days=3))
    anna, bo = (actions.add_responder(NewResponder(name, VILLAGE), by=SYSTEM, at=now()) for name in ("甲", "乙"))
    turns = [Turn(post, anna, start, start + 8 * HOUR), Turn(post, bo, start + 24 * HOUR, start + 32 * HOUR)]
    actions.publish(turns, county=NUMBER, by=SYSTEM, at=now())
    with seeing(EVERYTHING):
        one, other = queries.shifts(COUNTY, since=start, until=start + 48 * HOUR)
    address = reverse("office:turn_swap", args=[NUMBER, one.id])
    client = signed_in("headquarters")
    assert str(other.id) in client.get(address).content.decode()
    assert client.post(address, {"who": str(other.id)}).status_code == 302
    with seeing(EVERYTHING):
        live = [s.responder for s in queries.shifts(COUNTY, since=start, until=start + 48 * HOUR) if not s.gone]
    assert live == [bo, anna]


def test_a_roster_that_is_short_says_why_and_is_published_with_a_reason(signed_in, post):  # noqa: F811
    actions.set_needs(NUMBER, post, [Demand("police"), Demand("health")], by=SYSTEM, at=now())
    client, first = signed_in("headquarters"), day_of(now()) + timedelta(days=3)
    asked = {"name": "缺人", "first": first.isoformat(), "days": "1", "pattern": "08:00-20:00 20:00-08:00"}
    address = client.post(reverse("office:drafts", args=[COUNTY]), asked).url
    assert do_waiting(QUICKLY) == 1
    with seeing(EVERYTHING):
        found = queries.drafts(COUNTY)[0]
    why = client.get(reverse("office:draft_why", args=[COUNTY, found.id])).content.decode()
    assert "东沟垭检查点" in why
    assert "1 short: health" in why
    assert "nobody in the register may serve as that" in why
    assert "would have too little rest: 1" in why
    publish = reverse("office:draft_publish", args=[COUNTY, found.id])
    asked_why = client.post(publish)
    assert asked_why.status_code == 200
    assert "Publish all the same" in asked_why.content.decode()
    assert client.post(publish, {"reason": ""}).status_code == 422
    assert client.post(publish, {"reason": "先发布,缺口由后备补"}).status_code == 302
    assert client.get(address).status_code == 200
    with seeing(EVERYTHING):
        gaps = queries.gaps_ahead(COUNTY, since=at_midnight(first) + 8 * HOUR, until=at_midnight(first) + 32 * HOUR)
    assert {gap.role for gap in gaps} == {"police", "health"}


def test_a_roster_made_again_keeps_the_turns_that_were_ticked(signed_in, post):  # noqa: F811
    client, first = signed_in("headquarters"), day_of(now()) + timedelta(days=3)
    asked = {"name": "一", "first": first.isoformat(), "days": "1", "pattern": "08:00-20:00 20:00-08:00"}
    client.post(reverse("office:drafts", args=[COUNTY]), asked)
    assert do_waiting(QUICKLY) == 1
    with seeing(EVERYTHING):
        old = queries.find_draft(COUNTY, queries.drafts(COUNTY)[0].id)
    again = client.post(reverse("office:draft_again", args=[COUNTY, old.id]), {"keep": ["1"]}).url
    assert do_waiting(QUICKLY) == 1
    assert client.get(again).status_code == 200
    with seeing(EVERYTHING):
        new = queries.find_draft(COUNTY, queries.drafts(COUNTY)[0].id)
    assert new.id != old.id
    assert old.turns[1] in new.turns


def test_a_team_gets_members_and_a_lead_and_ends(signed_in, post):  # noqa: F811
    client = signed_in("headquarters")
    today = day_of(now()).isoformat()
    made = {"name": "东沟垭突击队", "labels": ["shock"], "since": today, "post": str(post), "minimum": "3"}
    assert client.post(reverse("office:team_add", args=[COUNTY]), made).status_code == 302
    with seeing(EVERYTHING):
        team = queries.teams(COUNTY, on=day_of(now()))[0].team
        people = {one.name: str(one.id) for one in queries.responders(COUNTY)}
    page = reverse("office:team", args=[NUMBER, team.id])
    assert "at least 3" in client.get(page).content.decode()
    client.post(
        reverse("office:team_members", args=[NUMBER, team.id]), {"people": list(people.values()), "since": today}
    )
    client.post(reverse("office:team_lead", args=[NUMBER, team.id]), {"lead": people["安*"]})
    said = client.get(page).content.decode()
    assert "安* ★" in said
    client.post(reverse("office:team_member_end", args=[NUMBER, team.id]), {"who": people["柏*"]})
    with seeing(EVERYTHING):
        assert len(queries.teams(COUNTY, on=day_of(now()))[0].team.members) == 1
    client.post(reverse("office:team_end", args=[NUMBER, team.id]), {"until": today})
    with seeing(EVERYTHING):
        assert queries.teams(COUNTY, on=day_of(now())) == []


def test_zones_settings_and_lines_of_the_matrix(signed_in, post):  # noqa: F811
    client, today = signed_in("headquarters"), day_of(now())
    zone = {"sort": "zone", "name": "一组责任区", "since": today.isoformat(), "who": ""}
    assert client.post(reverse("office:stand_add", args=[COUNTY]), zone).status_code == 302
    assert "一组责任区" in client.get(reverse("office:stands", args=[COUNTY])).content.decode()
    with seeing(EVERYTHING):
        row = queries.stands(COUNTY, on=today)[0]
    client.post(reverse("office:stand_end", args=[COUNTY]), {"stand": str(row.id)})
    party = reverse("office:duty_party", args=[COUNTY])
    assert client.post(party, {"party": "on", "basis": ""}).status_code == 422
    assert client.post(party, {"party": "on", "basis": "组织部通知"}).status_code == 302
    kinds = {"labels": "dare 敢死队 Forlorn hope", "basis": "县里自定"}
    assert client.post(reverse("office:duty_labels", args=[COUNTY]), kinds).status_code == 302
    with seeing(EVERYTHING):
        assert queries.stands(COUNTY, on=today) == []
        assert queries.keeps_party(NUMBER)
        assert queries.labels_of(NUMBER)["dare"] == ("敢死队", "Forlorn hope")
    line = actions.add_contacts(NUMBER, [NewContact("林县长", today - timedelta(days=9), department="卫健局")], by=SYSTEM,
                                at=now())[0]  # fmt: skip
    client.post(reverse("office:contact_end", args=[COUNTY, line]), {"until": today.isoformat()})
    assert queries.contacts(NUMBER, on=today) == []
    assert len(queries.contacts(NUMBER, on=today - timedelta(days=1))) == 1


def test_a_post_closes_and_opens_by_an_order_with_its_basis(signed_in, post):  # noqa: F811
    client, address = signed_in("headquarters"), reverse("office:post_stand", args=[NUMBER, post])
    assert client.post(address, {"reason": "lifted", "basis": ""}).status_code == 422
    assert client.post(address, {"reason": "lifted", "basis": "指挥部令第9号", "road_open": "on"}).status_code == 302
    with seeing(EVERYTHING):
        closed = queries.get_post(COUNTY, post)
    assert not closed.open_at(now())
    until = (day_of(now()) + timedelta(days=14)).isoformat()
    given = client.post(address, {"basis": "指挥部令第10号", "place": "东沟垭", "until": until})
    assert given.status_code == 302, given.content.decode()[-1500:]
    with seeing(EVERYTHING):
        opened = queries.get_post(COUNTY, post)
    assert opened.open_at(now())
    assert opened.opened_by.startswith("entry:")


def test_relief_that_arrives_is_put_on_what_the_post_lacks(signed_in, post):  # noqa: F811
    client, at = signed_in("headquarters"), now()
    helper = actions.add_responder(NewResponder("陈晨", VILLAGE), by=SYSTEM, at=at)
    day = day_of(at)
    offer = actions.sign_up(NUMBER, [helper], skills=["general"], first=day, last=day + timedelta(days=9), contact=False,
                            by=SYSTEM, at=at)  # fmt: skip
    actions.answer_signups(NUMBER, offer, accepted=True, by=SYSTEM, at=at)
    call = actions.call_for_help(NUMBER, post, how_many=1, skills=["general"], reasons=["few_hands"], by=SYSTEM, at=at,
                                 until=at + timedelta(days=4))  # fmt: skip
    with seeing(EVERYTHING):
        before = sum(
            (g.end - g.start) / HOUR for g in queries.gaps_ahead(COUNTY, since=at, until=at + timedelta(days=4))
        )
    client.post(reverse("office:reserve_send", args=[NUMBER, call]), {"who": [str(helper)]})
    with seeing(EVERYTHING):
        sent = queries.calls(COUNTY, now=now())[0].sent[0]
        after = sum(
            (g.end - g.start) / HOUR for g in queries.gaps_ahead(COUNTY, since=at, until=at + timedelta(days=4))
        )
    assert after < before
    said = client.get(reverse("office:post", args=[NUMBER, post])).content.decode()
    assert "Sent from the reserve" in said
    address, here = reverse("office:reserve_arrived", args=[NUMBER, sent.shift]), {"why_not": "", "source": "spoken"}
    assert client.post(address, here).status_code == 422  # headquarters sees nobody come
    answer = signed_in("village").post(address, here)  # who leads at the post now
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    with seeing(EVERYTHING):
        assert queries.calls(COUNTY, now=now())[0].arrived == 1
