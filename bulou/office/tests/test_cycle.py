from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bulou.core.moments import day_of
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, SYSTEM, visit, visit_body, write
from bulou.people.actions import register_household
from bulou.reports import actions as reports

pytestmark = pytest.mark.django_db
TODAY = "/today/610927000000/"


def test_the_day_from_report_to_assignment(made, signed_in, django_assert_max_num_queries):
    visit(made, 0, made.at)
    client = signed_in("headquarters")
    client.get("/today/")
    with django_assert_max_num_queries(45):
        page = client.get("/today/")
    assert page.status_code == 200 and "Not one household missed" not in page.content.decode()
    assert client.post(TODAY + "confirm/", {"situation": " "}).status_code == 422
    assert client.post(TODAY + "confirm/", {"situation": "第一天"}).status_code == 302
    context = client.get("/today/").context
    assert len(context["confirmed"]) == 1
    report = context["confirmed"][0]["one"].id
    assert client.post(TODAY + "decide/", {"text": ""}).status_code == 422
    assert client.post(TODAY + "decide/", {"text": "逐户补访", "report": str(report)}).status_code == 302
    given = {"what": "补访二组", "target": "610927100201", "owner": "village", "due": "24:00"}
    assert client.post(TODAY + "assign/", given | {"due": "25:00"}).status_code == 422
    refused = client.post(TODAY + "assign/", given | {"what": ""})
    assert refused.status_code == 422 and refused.context["at"] == "assign"
    assert client.post(TODAY + "assign/", given).status_code == 302
    (task,) = client.get("/today/").context["open"]
    assert task.owner == "马*田" and task.place == "文彩村"
    done = f"{TODAY}done/{task.one.id}/"
    assert client.post(done, {"result": "done", "what_was_done": ""}).status_code == 422
    assert client.post(done, {"result": "done", "what_was_done": "已补访"}).status_code == 302
    after = client.get("/today/").context
    assert not after["open"] and len(after["done"]) == 1


def test_one_hidden_household_and_one_hidden_person_are_named_and_the_report_is_not_complete(made, signed_in):
    """不漏一户、不落一人: the village has four households; one is not visited, and in another one person is not found."""
    client, address = signed_in("village"), "/today/610927100201/"
    in_village = [i for i in range(9) if made.grids[i % 4] in made.grids[:2]]
    hidden, half_seen = in_village[0], in_village[1]
    for i in in_village[2:]:
        visit(made, i, made.at)
    body = visit_body(made, half_seen)
    absent = body["members"].pop()["person"]
    members = {f"person:{one}" for one in made.persons[made.households[hidden]]}  # missed with the household
    write(made, "household_visit", made.subject(half_seen), made.grids[half_seen % 4], made.at, body)
    page = client.get(address)
    missed = page.context["missed"]
    assert not missed.complete and "The report is not complete" in page.content.decode()
    assert {line.duty.subject for line in missed.lines} == {made.subject(hidden), absent, *members}
    assert "周*兰" in page.content.decode() and "not one person left out" not in page.context["paragraph"]
    visit(made, hidden, made.at)
    visit(made, half_seen, made.at)
    page = client.get(address)
    assert page.context["missed"].complete and not page.context["missed"].lines
    assert "Not one household missed, not one person left out" in page.content.decode()
    assert "not one household missed, not one person left out" in page.context["paragraph"]


def test_zero_report_in_one_tap_is_refused_when_something_was_found(made, signed_in):
    client = signed_in("village")
    address = "/today/610927100201/"
    assert client.post(address + "zero/").status_code == 302
    assert client.get(address).context["confirmed"][0]["one"].zero
    assert client.post(address + "zero/").status_code == 422
    assert client.post(address + "confirm/", {"situation": "补充"}).status_code == 422  # a correction needs a reason
    assert client.post(address + "confirm/", {"situation": "补充", "reason": "漏填"}).status_code == 302
    assert len(client.get(address).context["confirmed"]) == 2
    assert client.post(address + "decide/", {"text": "不行"}).status_code == 403


def test_every_number_opens_to_its_rows(made, signed_in):
    visit(made, 0, made.at)
    client = signed_in("headquarters")
    opened = 0
    for figure in client.get("/today/").context["figures"]:
        rows = client.get(figure["url"])
        assert len(rows.context["rows"]) == figure["day"]
        assert "王大勇" not in rows.content.decode()
        opened += figure["day"]
    assert opened


def test_the_report_leaves_as_a_workbook_and_is_on_record(made, signed_in):
    answer = signed_in("headquarters").get(TODAY + "report.xlsx")
    assert answer.status_code == 200
    owed = load_workbook(BytesIO(b"".join(answer))).worksheets[1]
    rows = {row[0]: row for row in owed.iter_rows(values_only=True)}
    assert rows["Households swept"][2] == 9  # a number, which Excel adds up
    from bulou.access.queries import audit_rows

    assert audit_rows(action="export").rows[0].detail["what"] == "report"


def test_another_villages_day_is_not_found(made, signed_in):
    client = signed_in("village")
    assert client.get("/today/610927100202/").status_code == 404
    assert client.post("/today/610927100202/zero/").status_code == 404
    assert not ledger.entries_about(610927, ["area:610927100202"]) and COUNTY


def test_page_workbook_and_chat_text_of_a_confirmed_report_do_not_move(made, signed_in):
    """Confirmed at 15:07 it said 1,915 owed; after an import it said 1,929, still as of 13:00."""
    client = signed_in("headquarters", second_factor=True)
    reports.confirm_report(area=COUNTY, day=day_of(made.at), situation="平稳", by="system:test", at=made.at)

    def said():
        page = client.get(TODAY).context
        book = load_workbook(BytesIO(b"".join(client.get(TODAY + "report.xlsx").streaming_content)))
        return (
            page["paragraph"],
            page["coverage"],
            page["stated"].until,
            [[*s.iter_rows(values_only=True)] for s in book],
        )

    before = said()
    register_household(
        area=made.grids[0], by=SYSTEM, at=made.at, list_name="补登", number="99", address="99号", dwelling="owner"
    )
    visit(made, 0, made.at - timedelta(seconds=1))
    assert said() == before
    page = client.get(TODAY)
    assert page.context["since_then"] and "As confirmed" in page.content.decode()
    now_known = client.get(TODAY + "?view=now").context
    assert now_known["coverage"] != before[1] and now_known["paragraph"] != before[0]
