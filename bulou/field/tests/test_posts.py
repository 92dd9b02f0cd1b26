"""What a phone carries to a post."""

from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access.tests.people import make_account
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.tests.phones import enrolled
from bulou.field.tests.world import COUNTY, SYSTEM, VILLAGE
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.rosters.actions import add_posts, add_responders, publish
from bulou.rosters.rules.registers import NewPost, NewResponder
from bulou.rosters.rules.turns import Turn

HOUR = timedelta(hours=1)


@pytest.fixture
def post(village):
    at = now() - 3 * HOUR
    (made,) = add_posts(
        [NewPost("东沟垭检查点", VILLAGE, "interprovincial", road="G541", opened_at=at)], by=SYSTEM, at=at
    )
    return made


def worker(role: str = "post_staff", username: str = "qin"):
    at = now() - HOUR
    account = make_account(role, VILLAGE, username=username, name="秦岭", at=at)
    return account, lambda: enrolled(account, [VILLAGE], now() - timedelta(minutes=1))


def cards_of(phone):
    return {card["subject"]: card for card in phone.pull()["cards"]}


def write(kind: str, subject: str, body: dict, area: int = VILLAGE) -> UUID:
    at = now()
    (receipt,) = append([Entry(new_id(), kind, subject, area, at, at, SYSTEM, body)], at=at)
    assert receipt.outcome == "applied", receipt
    return receipt.id


def test_a_post_worker_carries_the_post_and_the_countys_desk(post):
    _, phone = worker()
    cards = cards_of(phone())
    card, desk = cards[f"post:{post}"], cards["desk:610927000000"]["data"]
    assert card["title"] == "东沟垭检查点" and card["data"]["standing"] == "no order"
    assert len(card["data"]["mark"]) == 4 and card["data"]["county"] == "610927000000"
    assert [row["then"] for row in desk["table"]["rows"]][-1] == "pass" and desk["temperature"] == [34.0, 43.0]
    assert desk["destinations"] == [{"code": "610927100201", "name": "文彩村", "in": "城关镇"}]
    assert "at" not in desk  # it would be news at every pull


def test_nothing_is_news_when_nothing_happened(post):
    _, make = worker()
    phone = make()
    first = phone.pull()
    assert phone.pull(first["cursor"])["cards"] == []


def test_the_forms_of_a_desk_come_with_it(post):
    _, make = worker()
    kinds = {form["kind"] for form in make().pull()["forms"]}
    assert {"vehicle_pass", "pass_tally", "fever_referral"} <= kinds
    assert not {"shift_checkin", "shift_handover"} & kinds  # nobody signs who is down for nothing


def test_who_stands_there_and_what_i_must_sign(post):
    account, make = worker()
    at, start = now() - HOUR, now() - timedelta(minutes=20)
    one, two = add_responders(
        [NewResponder("秦岭", VILLAGE, roles=("police",), account=account),
         NewResponder("柏立", VILLAGE, roles=("health",))],
        by=SYSTEM, at=at,
    )  # fmt: skip
    turns = [Turn(post, one, start, start + 8 * HOUR, "police", True),
             Turn(post, two, start + 8 * HOUR, start + 16 * HOUR, "health", True)]  # fmt: skip
    with seeing(EVERYTHING):
        publish(turns, county=county_of(COUNTY), by=SYSTEM, at=at)
    phone = make()
    pulled = phone.pull()
    cards = {card["subject"]: card for card in pulled["cards"]}
    said = cards[f"post:{post}"]["data"]
    assert [turn["name"] for turn in said["on"]] == ["秦*"] and [turn["name"] for turn in said["next"]] == ["柏*"]
    (mine,) = said["mine"]
    assert mine["take"] == "owed" and mine["give"] == "owed" and not mine["gone"]
    assert cards[mine["subject"]]["title"].startswith("东沟垭检查点")
    sides = {duty["name"]: duty["answers"][0] for duty in pulled["duties"] if duty["name"].startswith("handover")}
    assert {name: answer["prefill"]["side"] for name, answer in sides.items()} == {
        "handover.take": "take", "handover.give": "give"
    }  # fmt: skip
    assert {answer["kind"] for answer in sides.values()} == {"shift_handover"}
    assert {"shift_checkin", "shift_handover", "shift_absence"} <= {form["kind"] for form in pulled["forms"]}


def test_who_was_let_in_and_is_not_there_yet_is_shown_at_the_post_and_in_the_village(post):
    passed = write("vehicle_pass", f"post:{post}", {
        "vehicle": "car", "plate": "陕G12345", "region": "low", "purpose": "home", "destination": "610927100201",
        "destination_address": "一组3号", "people": [{"temperature": 36.4, "name": "安娜", "card": "DG03-0126-K7QP-001"}],
        "decision": "pass", "proposed": "pass",
    })  # fmt: skip
    _, make = worker()
    card = cards_of(make())[f"post:{post}"]
    (one,) = card["data"]["handed_off"]
    assert (one["card"], one["where"], one["state"]) == ("DG03-0126-K7QP-001", "文彩村", "open")
    _, village = worker("village", "village-worker")
    shown = cards_of(village())[f"arrival:610927100201.{passed}.1"]
    assert shown["type"] == "arrival" and shown["title"] == "安*" and shown["subtitle"] == "一组3号"


def test_what_must_be_measured_again_falls_to_the_post(post):
    held = write("vehicle_pass", f"post:{post}", {
        "vehicle": "car", "plate": "陕G12345", "people": [{"temperature": 37.8}], "decision": "hold", "proposed": "hold",
    })  # fmt: skip
    _, make = worker()
    assert [d["subject"] for d in make().pull()["duties"] if d["name"] == "pass.remeasure"] == [f"entry:{held}"]


def test_who_stands_a_turn_away_from_home_carries_that_post_and_writes_there(post, village, anna):
    start = now() - timedelta(minutes=20)
    (me,) = add_responders(
        [NewResponder("安娜", VILLAGE, roles=("police",), account=village.accounts["anna"])], by=SYSTEM, at=start
    )
    held = {
        "vehicle": "car",
        "plate": "陕G12345",
        "people": [{"temperature": 37.8}],
        "decision": "hold",
        "proposed": "hold",
    }
    waiting = write("vehicle_pass", f"post:{post}", held)
    assert f"post:{post}" not in cards_of(anna)  # the post stands in her village, not in her grid
    with seeing(EVERYTHING):
        publish(
            [Turn(post, me, start, start + 8 * HOUR, "police", True)], county=county_of(COUNTY), by=SYSTEM, at=start
        )
    pulled = anna.pull()
    cards = {card["subject"]: card for card in pulled["cards"]}
    (turn,) = cards[f"post:{post}"]["data"]["mine"]
    assert cards[turn["subject"]]["title"].startswith("东沟垭检查点")
    owed = {duty["name"]: duty["subject"] for duty in pulled["duties"] if not duty["name"].startswith("sweep")}
    assert owed == {"shift.stand": turn["subject"], "handover.take": turn["subject"], "handover.give": turn["subject"],
                    "pass.remeasure": f"entry:{waiting}"}  # fmt: skip
    assert {"vehicle_pass", "fever_referral", "shift_checkin"} <= {form["kind"] for form in pulled["forms"]}
    anna.record("shift_checkin", turn["subject"], VILLAGE, now(), {"fit": "yes"})
    anna.record("vehicle_pass", f"post:{post}", VILLAGE, now(), held | {"again_of": str(waiting), "decision": "turn_back",
                                                                        "proposed": "turn_back"})  # fmt: skip
    assert anna.outcomes() == ["applied", "applied"]
    assert {duty["name"] for duty in anna.pull()["duties"]} >= {"handover.give"}


def test_what_the_clinic_found_comes_back_to_the_post(post):
    said = {"name": "丁小一", "first_temperature": 38.4, "transport": "ambulance", "clinic": "县医院", "left_at":
            now().isoformat(), "headquarters_told": "yes", "alone": "no",
            "companions": [{"name": "安小娜", "what": "goes_along"}]}  # fmt: skip
    sent = write("fever_referral", f"post:{post}", said)
    _, make = worker()
    phone = make()
    (one,) = cards_of(phone)[f"post:{post}"]["data"]["referred"]
    assert (one["name"], one["companions"], one["result"], one["state"]) == ("丁*一", ["安*娜"], "", "open")
    write("referral_result", f"entry:{sent}", {"result": "excluded", "clinic": "县医院", "known_at": now().isoformat()})
    (one,) = cards_of(phone)[f"post:{post}"]["data"]["referred"]
    assert (one["result"], one["state"]) == ("excluded", "met")


def test_who_waits_to_be_measured_again_is_shown_to_every_phone_of_the_post_until_one_has_done_it(post):
    people = [{"temperature": 37.8, "name": "安娜", "phone": "13800000000", "id_number": "110101199001010010"}]
    hold = {"vehicle": "car", "plate": "陕G12345", "people": people, "from_place": "西安", "from_code": "610100",
            "decision": "hold", "proposed": "hold"}  # fmt: skip
    first = write("vehicle_pass", f"post:{post}", hold)
    _, make = worker()
    phone = make()
    cards = cards_of(phone)
    assert cards[f"entry:{first}"]["title"] == "陕G12345"  # in the list of what is owed
    (one,) = cards[f"post:{post}"]["data"]["held"]
    assert one["id"] == str(first) and one["body"]["plate"] == "陕G12345" and one["body"]["from_place"] == "西安"
    assert one["body"]["people"] == [{"temperature": 37.8}]  # nobody's name, phone or number
    again = {**hold, "people": [{"temperature": 36.6}], "again_of": str(first), "decision": "pass", "proposed": "pass"}
    write("vehicle_pass", f"post:{post}", again)
    assert cards_of(phone)[f"post:{post}"]["data"]["held"] == []
