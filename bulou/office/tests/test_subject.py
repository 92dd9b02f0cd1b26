import pytest

from bulou.access.queries import audit_rows
from bulou.office.tests.made import visit

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
