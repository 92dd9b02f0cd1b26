"""Posts, who is coming, and the roads, as people see them."""

from datetime import timedelta

import pytest
from django.test import Client

from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.queries.tables import FOLDER
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, VILLAGE, County, write
from bulou.people import queries as people
from bulou.records.rulebook import rules_in_force
from bulou.rosters.actions import add_post
from bulou.rosters.queries import get_post
from bulou.rosters.rules.registers import NewPost


@pytest.fixture
def post(made: County):
    return add_post(
        NewPost("东沟垭检查点", VILLAGE + 0, type="interprovincial", road="G541"), by="system:test", at=made.at
    )


@pytest.fixture
def passed(made: County, post):
    let_in = {"vehicle": "car", "plate": "鄂A12345", "region": "outbreak", "destination": "610927100201",
              "destination_address": "一组3号", "travel_minutes": 40, "decision": "pass", "proposed": "pass",
              "decision_table": "cn-2020-02-roads", "decision_row": "outbreak_home", "follow_days": 14,
              "follow_where": "home", "people": [{"temperature": 36.5, "name": "安娜", "phone": "13800138000"}]}  # fmt: skip
    receipt = write(made, "vehicle_pass", f"post:{post}", VILLAGE, made.at, let_in)
    assert receipt.outcome == "applied", receipt
    return f"arrival:610927100201.{receipt.id}.1"


def test_headquarters_sees_posts_by_type_and_what_passed(signed_in, passed) -> None:
    page = signed_in("headquarters").get(f"/posts/{COUNTY}/").content.decode()
    assert "东沟垭检查点" in page and "Inter-provincial" in page and "No order" in page
    assert signed_in("headquarters", "zh-hans").get("/posts/").status_code == 200


def test_a_post_shows_its_hand_offs_masked(signed_in, made, post, passed) -> None:
    page = signed_in("headquarters").get(f"/post/{made.county}/{post}/").content.decode()
    assert "安*" in page and "安娜" not in page and "鄂A12345" in page


def test_a_village_confirms_with_one_press_and_the_person_is_registered(signed_in, made, passed) -> None:
    village: Client = signed_in("village")
    page = village.get(f"/arriving/{VILLAGE}/").content.decode()
    assert "They are here" in page and "安娜" not in page
    answer = village.post(f"/arrived/{made.county}/{passed}/", follow=True)
    assert "Noted: arrived" in answer.content.decode()
    assert "Nobody is expected" in answer.content.decode()
    with seeing(EVERYTHING):
        (found,) = people.search("13800138000", COUNTY).persons
    assert found.name == "安*"


def test_a_name_is_revealed_for_a_purpose_only(signed_in, made, passed) -> None:
    village = signed_in("village")
    url = f"/arrival/{made.county}/{passed}/reveal/"
    assert "安娜" not in village.post(url, {"purpose": ""}).content.decode()
    assert "安娜" in village.post(url, {"purpose": "hand_off"}).content.decode()


def test_the_form_of_not_arrived_opens_from_the_list(signed_in, made, passed) -> None:
    answer = signed_in("village").get(f"/record/not_arrived/{made.county}/{passed}/")
    assert answer.status_code == 200


def test_anybody_reads_the_roads_and_nothing_else(made, post, passed) -> None:
    client = Client()
    assert "安" not in client.get(f"/roads/{made.county}/").content.decode().replace("安康", "")
    today = day_of(made.at)
    order = {"type": "interprovincial", "road": "G541", "place": "东沟垭", "passage": "checked", "basis": "指挥部令第1号",
             "starts": f"{today - timedelta(days=1)}T08:00", "until": str(today + timedelta(days=14)),
             "hours": "00:00-24:00"}  # fmt: skip
    assert write(made, "post_order", f"post:{post}", VILLAGE, made.at, order).outcome == "applied"
    page = client.get(f"/roads/{made.county}/").content.decode()
    assert "G541" in page and "指挥部令第1号" in page and "鄂A12345" not in page
    assert client.get("/roads/999999/").status_code == 404


def test_the_missing_list_names_whom_it_expects_and_at_which_post(signed_in, made, passed) -> None:
    page = signed_in("village").get(f"/missing/{VILLAGE}/").content.decode()
    assert "安*" in page and "一组3号" in page and "arrival:" not in page and "安娜" not in page


def test_after_its_days_no_page_says_anything_of_whom_a_pass_named(signed_in, made, post, passed, monkeypatch) -> None:
    entry = passed.split(".")[1]
    chief, late = signed_in("desk"), made.at + timedelta(days=14)
    pages = (
        f"/missing/{COUNTY}/", f"/post/{made.county}/{post}/", f"/arriving/{COUNTY}/",
        f"/withdraw/{made.county}/{entry}/", f"/record/not_arrived/{made.county}/{passed}/",
    )  # fmt: skip
    before = "".join(_said(chief, page) for page in pages)
    assert "安*" in before and "鄂A12345" in before
    seen_from(monkeypatch, late)
    chief = signed_in("desk")
    after = "".join(_said(chief, page) for page in pages)
    for secret in ("安娜", "138****8000", "鄂A12345", "一组3号"):
        assert secret not in after, secret
    assert "安*" not in _said(chief, pages[1]) + _said(chief, pages[2])  # elsewhere 安* is also a grid worker
    form = chief.get(f"/correct/{made.county}/{entry}/", follow=True)
    assert form.redirect_chain and "no longer shown" in form.content.decode() and "安娜" not in form.content.decode()
    revealed = chief.post(
        f"/arrival/{made.county}/{passed}/reveal/", {"purpose": "other", "words": "核对是否到达"}
    ).content.decode()
    assert "安娜" not in revealed


def seen_from(monkeypatch, moment) -> None:
    """Let every page ask the clock of that moment, as a rehearsal does."""
    monkeypatch.setattr("bulou.core.moments._shift", moment - present())


def _said(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


HUANGSHAN = (FOLDER / "huangshan-2020-02.toml").read_text("utf-8")
OURS = "\n".join(line for line in HUANGSHAN.splitlines() if not line.startswith("counties"))


def test_another_countys_table_is_checked_tried_and_taken_into_use(signed_in, made, post) -> None:
    chief, url = signed_in("headquarters"), f"/tables/{COUNTY}/"
    assert "cn-2020-02-roads" in chief.get(url).content.decode()
    theirs = chief.post(url, {"text": HUANGSHAN, "check": "1"}).content.decode()
    assert "another county" in theirs and 'name="adopt"' not in theirs
    page = chief.post(
        url, {"text": OURS, "check": "1", "try-region": "high", "try-temperature": "37.5"}
    ).content.decode()
    assert "Every case is decided" in page and "fever_listed" in page and 'name="adopt"' in page
    today = str(day_of(present()))
    said = {"text": OURS, "since": today, "basis": "指挥部令第9号"}
    assert (
        "second-factor" in chief.post(f"{url}adopt/", said)["Location"]
    )  # a password alone decides nothing at the posts
    chief = signed_in("headquarters", second_factor=True)
    refused = chief.post(f"{url}adopt/", said | {"basis": " "})
    assert refused.status_code == 422 and "Name the document" in refused.content.decode()
    done = chief.post(f"{url}adopt/", said, follow=True)
    assert "taken into use" in done.content.decode() and "指挥部令第9号" in done.content.decode()
    with seeing(EVERYTHING):
        desk = checkpoints.desk(get_post(COUNTY, post), now=present(), ruleset=rules_in_force(made.county, present()))
    assert desk["table"]["name"] == "huangshan-2020-02"  # what the phones of the post take


def test_a_broken_table_is_told_in_plain_words_and_not_taken(signed_in, made) -> None:
    chief, url = signed_in("headquarters", "zh-hans", second_factor=True), f"/tables/{COUNTY}/"
    gap = OURS[: OURS.index('[[row]]\nname = "other"')]
    page = chief.post(url, {"text": gap, "check": "1"}).content.decode()
    assert "没有一行能判定" in page and "▲" in page
    assert chief.post(f"{url}adopt/", {"text": gap, "since": "2026-01-01", "basis": "令"}).status_code == 422
    assert chief.post(url, {"text": "这不是表", "check": "1"}).status_code == 422
    assert signed_in("village").get(url).status_code in (403, 404)
    with seeing(EVERYTHING):
        assert checkpoints.adopted(made.county) == []


def test_fever_at_a_post_goes_to_a_clinic_and_the_result_comes_back(signed_in, made, post) -> None:
    refer = {"vehicle": "car", "plate": "鄂A12345", "people": [{"temperature": 38.4}, {"temperature": 36.5}],
             "decision": "refer", "proposed": "refer"}  # fmt: skip
    passed = write(made, "vehicle_pass", f"post:{post}", VILLAGE, made.at, refer)
    said = {"pass_id": str(passed.id), "plate": "鄂A12345", "name": "丁小一", "phone": "13800138000",
            "first_temperature": 38.4, "transport": "ambulance", "clinic": "县医院发热门诊", "left_at": made.at.isoformat(),
            "headquarters_told": "yes", "alone": "no",
            "companions": [{"name": "安小娜", "phone": "13900139000", "what": "central_observation"}]}  # fmt: skip
    referral = write(made, "fever_referral", f"post:{post}", VILLAGE, made.at, said)
    assert referral.outcome == "applied", referral
    with seeing(EVERYTHING):
        assert not [d for d in ledger.duties_about(made.county, [f"entry:{passed.id}"]) if d.met_at is None]
    desk, page, answer = signed_in("headquarters"), f"/post/{made.county}/{post}/", (
        f"/record/referral_result/{made.county}/entry:{referral.id}/"
    )  # fmt: skip
    shown = _said(desk, page)
    assert "丁*一" in shown and "安*娜" in shown and "县医院发热门诊" in shown and "No result yet" in shown
    assert "丁小一" not in shown and "13900139000" not in shown and answer in shown
    assert "Clinic" in _said(desk, answer)
    known = f"{present():%Y-%m-%dT%H:%M}"
    come = desk.post(answer, {"result": "did_not_arrive", "clinic": "县医院", "known_at": known}, follow=True)
    assert come.status_code == 200
    shown = _said(desk, page)
    assert "Did not arrive at the clinic" in shown and answer in shown  # they still have to be found
    desk.post(answer, {"result": "confirmed", "clinic": "县医院", "known_at": known, "companions_told": "yes"})
    shown = _said(desk, page)
    assert "Confirmed" in shown and answer not in shown


def test_a_table_that_cannot_be_read_says_why_in_the_language_of_the_page(signed_in):
    broken = 'name = "x"\ntitle = { zh = "甲", en = "a" }\nsource = "令"\nvalid_from = 2020-02-01\n'
    row = '[[row]]\nname = "r0"\nsource = "令"\nzh = "放行"\nen = "pass"\n'
    said = {
        broken: "[[row]]",
        broken + "counties = [4115]\n" + row + 'then = "pass"\n': "4115",
        broken + row + 'then = "shoot"\n': "then",
        'name = "x"\n': "title",
    }
    for text, word in said.items():
        answer = signed_in("headquarters", "zh-hans").post(f"/tables/{COUNTY}/", {"text": text, "check": "1"})
        alert = answer.content.decode().split('role="alert"')[1].split("</p>")[0]
        assert answer.status_code == 422 and word in alert
        assert not any(english in alert for english in (" is ", "begins", "decision")), alert
    page = signed_in("headquarters", "zh-hans").get(f"/tables/{COUNTY}/").content.decode()
    assert "没有测体温" in page and "not measured" not in page
