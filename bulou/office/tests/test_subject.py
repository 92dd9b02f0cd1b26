from datetime import timedelta

import pytest

from bulou.access.queries import audit_rows
from bulou.core.ids import new_id
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.office.tests.made import SYSTEM, visit, visit_body

pytestmark = pytest.mark.django_db


def test_everything_known_of_a_household_masked(made, signed_in, django_assert_max_num_queries):
    visit(made, 0, made.at)
    client = signed_in("headquarters")
    address = f"/household/610927/{made.households[0]}/"
    client.get(address)
    with django_assert_max_num_queries(30):
        page = client.get(address)
    text = page.content.decode()
    assert "王*勇" in text and "王大勇" not in text and "138****0000" in text
    assert len(page.context["history"]) == 1 and page.context["history"][0].meets
    assert page.context["sources"] and not page.context["owed"]


def test_everything_known_of_a_person_masked(made, signed_in):
    visit(made, 0, made.at)
    person = made.persons[made.households[0]][1]
    page = signed_in("headquarters").get(f"/person/610927/{person}/")
    text = page.content.decode()
    assert "李*英" in text and "李秀英" not in text and "王大勇" not in text
    assert page.context["history"]


def test_showing_somebody_in_full_asks_why_and_is_on_record(made, signed_in):
    client = signed_in("headquarters")
    address = f"/reveal/610927/household/{made.households[0]}/"
    assert "王大勇" not in client.post(address, {"purpose": " "}).content.decode()
    text = client.post(address, {"purpose": "other", "words": "call back about a fever"}).content.decode()
    assert "王大勇" in text and "13800000000" in text
    rows = audit_rows(action="reveal").rows
    assert len(rows) == 4 and {row.purpose for row in rows} == {"other: call back about a fever"}
    assert client.get(address).status_code == 405
    assert signed_in("grid").post(address, {"purpose": "curious"}).status_code == 403


def test_health_is_hidden_from_who_may_not_see_it(made, signed_in):
    visit(made, 0, made.at)
    text = signed_in("grid").get(f"/household/610927/{made.households[0]}/").content.decode()
    assert "36.5" not in text and "Health data" in text


def test_search_is_on_record_and_what_was_typed_is_not(made, signed_in):
    client = signed_in("headquarters")
    text = client.post("/find/", {"text": "王大勇"}).content.decode()
    assert "王*勇" in text
    (row,) = audit_rows(action="search").rows
    assert "王大勇" not in str(row)
    assert "Nobody was found" in client.post("/find/", {"text": "没有此人"}).content.decode()


@pytest.mark.parametrize(
    ("hours", "said"), [(48, "had not come yet when it was received (2 days)"), (-5, "it counts from"), (0, "")]
)
def test_a_record_says_what_its_time_is_worth(made, signed_in, hours, said):
    body, when = visit_body(made, 0), made.at + timedelta(hours=hours)
    entry = Entry(new_id(), "household_visit", made.subject(0), made.grids[0], when, made.at, SYSTEM, body)
    assert append([entry], at=made.at)[0].outcome == "applied"
    client = signed_in("headquarters")
    text = client.get(f"/household/610927/{made.households[0]}/").content.decode()
    assert said in text and ("<strong>Its time:</strong>" in text) is bool(said)
    days = f"first={(when - timedelta(days=3)):%Y-%m-%d}&last={(when + timedelta(days=3)):%Y-%m-%d}"
    listed = client.get(f"/records/610927000000/?kind=household_visit&{days}").content.decode()
    assert str(entry.id) in listed and ("Its time is in doubt" in listed) is (hours == 48)
