"""What another client sends beside the form does not count, is not exported, and is shown as what it is."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from bulou.core.moments import day_of, now
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, VILLAGE, visit_body, write
from bulou.rosters import actions as rosters
from bulou.rosters.rules.registers import NewPost

pytestmark = pytest.mark.django_db


def exported(client, kind, **more):
    today = day_of(now())
    said = {
        "kind": kind,
        "first": today - timedelta(days=2),
        "last": today,
        "form": "csv",
        "purpose": "check_register",
        **more,
    }
    answer = client.post(f"/records/{COUNTY}/export/", said)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: list(csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig")))) for name in packed.namelist()}


def test_unasked_answers_and_wrong_sums_do_not_count(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    home = made.households[1]
    body = visit_body(made, 1, found_count=99, tried=["knocked"], refused_reason="骂人")
    body["members"][0] |= {"away_where": "武汉", "returned_on": "2020-01-15", "alarm": "1"}
    receipt = write(made, "household_visit", f"household:{home}", made.grids[1], now(), body)
    assert receipt.outcome == "applied", receipt
    (entry,) = ledger.entries_about(610927, [f"household:{home}"])
    assert entry.body["found_count"] == 99  # what was sent stays as it was sent
    names = {duty.name for duty in ledger.duties_about(610927, [f"person:{made.persons[home][0]}"])}
    assert "symptom.report" not in names

    page = client.get(f"/entry/610927/{receipt.id}/").content.decode()
    said, _, beside = page.partition("Sent beside the form")
    assert "骂人" not in said and "骂人" in beside and "武汉" not in said
    assert "worked out it is 2" in beside and "this was not asked" in beside
    sheets = exported(client, "household_visit", full="on")
    head, line = sheets["records.csv"]
    record = dict(zip(head, line, strict=True))
    assert "骂人" not in "".join(value for name, value in record.items() if name != "Sent beside the form")
    assert "骂人" in record["Sent beside the form"] and "99 → 2" in record["Sent beside the form"]
    assert not any("武汉" in cell for row in sheets["members.csv"] for cell in row)


def test_a_masked_name_of_an_old_phone_is_the_registers(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    home = made.households[1]
    body = visit_body(made, 1)
    for row in body["members"]:
        row["name"] = "陈*"
    receipt = write(made, "household_visit", f"household:{home}", made.grids[1], now(), body)
    assert receipt.outcome == "applied", receipt
    page = client.get(f"/entry/610927/{receipt.id}/").content.decode()
    assert "陈*国" in page and "周*兰" in page
    full = exported(client, "household_visit", full="on")["members.csv"]
    assert {"陈志国", "周玉兰"} <= {cell for row in full for cell in row}
    masked = exported(client, "household_visit")["members.csv"]
    cells = {cell for row in masked for cell in row}
    assert {"陈*国", "周*兰"} <= cells and "陈志国" not in cells


@pytest.mark.parametrize("name", ["刘*", "刘＊明", "138****5678"])
def test_a_mask_is_no_answer(made, signed_in, name):
    client = signed_in("headquarters")
    home = made.households[1]
    body = {"name": name, "observed_at": now().isoformat(), "source": "visit", "symptoms": ["dry_cough"],
            "contacts": ["none"]}  # fmt: skip
    receipt = write(made, "symptom_report", f"household:{home}", made.grids[1], now(), body)
    assert receipt.outcome == "held" and "打了星号" in receipt.detail
    address = f"/record/symptom_report/610927/household:{home}/"
    page = client.post(address, {"name": name, "observed_at": "2020-01-01T10:00"})
    assert page.status_code == 422 and "This is masked" in page.content.decode()


def test_a_fast_way_against_the_record_is_shown_on_the_entry(made, signed_in):
    client, home, at = signed_in("headquarters"), made.households[1], now() - timedelta(hours=20)
    body = visit_body(made, 1, nobody_returned="no")
    body["members"][0] |= {"returned": "yes", "returned_on": "2020-01-20", "returned_from": "武汉"}
    body["members"][0] = {key: value for key, value in body["members"][0].items() if key != "name"}
    assert write(made, "household_visit", f"household:{home}", made.grids[1], at, body).outcome == "applied"
    later = write(made, "household_visit", f"household:{home}", made.grids[1], now(), visit_body(made, 1, lane="all_well"),
                  version=2)  # fmt: skip
    assert later.outcome == "applied", later
    for page in (client.get(f"/entry/610927/{later.id}/"), client.get(f"/household/610927/{home}/")):
        shown = page.content.decode()
        assert "Filled in by the fast way" in shown
        assert "(陈*国)" in shown[shown.index("Filled in by the fast way") :][:400]


def test_what_the_verdict_demands_and_nobody_took_down_is_shown(made, signed_in):
    """Two people from Hubei let in without a name, sent by a client that leaves out what the table demands."""
    client = signed_in("headquarters", second_factor=True)
    post = rosters.add_post(NewPost("关垭", VILLAGE, road="G541", opened_at=now()), by="system:test", at=now())
    body = {"vehicle": "car", "plate": "鄂A12345", "region": "outbreak", "from_place": "湖北武汉", "purpose": "home",
            "destination": "610927100201", "destination_address": "1号", "people": [{"temperature": 36.5}] * 2,
            "decision": "pass"}  # fmt: skip
    receipt = write(made, "vehicle_pass", f"post:{post}", VILLAGE, now(), body)
    assert receipt.outcome == "applied", receipt
    shown = client.get(f"/entry/610927/{receipt.id}/").content.decode()
    assert "The decision table demands" in shown
    assert "The name of each; The phone of one at least; The ID number of each" in shown
    told = write(made, "vehicle_pass", f"post:{post}", VILLAGE, now(), body | {"demands": ["name"]}, version=2)
    assert told.outcome == "held" and "姓名" in told.detail
