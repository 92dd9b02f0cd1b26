"""What is doubtful is asked about, at a desk as on a phone, and never changed or refused for ever."""

import pytest

from bulou.core.moments import now
from bulou.ledger import queries as ledger
from bulou.office.tests.made import visit_body, write
from bulou.office.tests.test_record import VISIT, at_home, id_on

pytestmark = pytest.mark.django_db


def test_a_number_without_its_point_is_asked_about(made, signed_in):
    client, address = signed_in("village"), VISIT.format(made.subject(0))
    page = client.post(address, at_home(made, 0) | {"members.0.temperature": "365"})
    assert page.status_code == 422 and "Did you mean 36.5?" in page.content.decode()
    assert 'value="365' in page.content.decode()


def test_full_width_digits_are_digits(made, signed_in):
    client, address = signed_in("village"), VISIT.format(made.subject(0))
    sent = at_home(made, 0) | {"members.0.temperature": "3６.５", "look_back_date": "２０２０年１月１０日"}
    page = client.post(address, sent | {"_id": id_on(client.get(address))})
    assert page.status_code == 200, page.content.decode()[:2000]
    body = ledger.entries_about(610927, [made.subject(0)])[0].body
    assert body["members"][0]["temperature"] == 36.5 and body["look_back_date"] == "2020-01-10"


def test_a_fever_without_complaints_is_asked_about_once_more(made, signed_in):
    client, address = signed_in("village"), VISIT.format(made.subject(0))
    sent = at_home(made, 0) | {"members.0.temperature": "37.8"}
    page = client.post(address, sent)
    assert page.status_code == 422 and "Ask once more" in page.content.decode()
    page = client.post(address, sent | {"members.0.sure": "yes", "_id": id_on(client.get(address))})
    assert page.status_code == 200, page.content.decode()[:2000]


def test_a_fever_never_waits_for_an_answer(made):
    """An old phone that does not ask is taken at its word, and the fever is reported."""
    body = visit_body(made, 1)
    body["members"][0]["temperature"] = 37.8
    receipt = write(made, "household_visit", made.subject(1), made.grids[1], now(), body)
    assert receipt.outcome == "applied"
    person = f"person:{made.persons[made.households[1]][0]}"
    assert "symptom.report" in {duty.name for duty in ledger.duties_about(610927, [person])}
