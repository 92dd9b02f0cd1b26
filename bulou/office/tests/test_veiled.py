"""A form about something already written shows it masked and keeps it; only the reveal shows it in full, on record."""

import re

import pytest

from bulou.access.queries import audit_rows
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import effective
from bulou.office.tests.made import TOWN, VILLAGE, write
from bulou.office.tests.test_record import id_on

pytestmark = pytest.mark.django_db
NAME, ID, PHONE = "欧阳不漏", "610927198503214217", "13955501234"
OTHER, OTHER_PHONE = "上官别处", "13766698765"


def inputs(page):
    """Return what a browser would send back of a page left as it is."""
    sent = {}
    for tag in re.findall(r"<(?:input|textarea)[^>]*>(?:[^<]*</textarea>)?", page.content.decode()):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="([^"]*)"', tag)
        if not name or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        text = re.search(r">([^<]*)</textarea>", tag)
        sent.setdefault(name[1], value[1] if value else text[1] if text else "")
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page.content.decode(), re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.fixture
def passed(made):
    """A vehicle with two people in it, let in at a post."""
    from bulou.rosters import actions as rosters
    from bulou.rosters.rules.registers import NewPost

    post = rosters.add_post(NewPost("卡点", VILLAGE, road="G541", opened_at=made.at), by="system:test", at=made.at)
    people = [{"temperature": 36.5, "name": OTHER, "phone": OTHER_PHONE},
              {"temperature": 36.6, "name": NAME, "id_number": ID, "phone": PHONE}]  # fmt: skip
    body = {"vehicle": "car", "destination": "610927100201", "destination_address": "1号", "people": people,
            "decision": "pass"}  # fmt: skip
    receipt = write(made, "vehicle_pass", f"post:{post}", VILLAGE, made.at, body)
    assert receipt.outcome == "applied", receipt
    return receipt.id


def standing(entry):
    with seeing(EVERYTHING):
        written = ledger.find_entry(610927, entry)
        return effective(written, ledger.corrections_of(610927, [entry]).get(entry, ())).body


def test_a_correction_shows_nothing_in_full_and_keeps_what_is_left_alone(made, signed_in, passed):
    client, address = signed_in("desk"), f"/correct/610927/{passed}/"
    page = client.get(address)
    text = page.content.decode()
    for secret in (NAME, ID, PHONE, OTHER, OTHER_PHONE):
        assert secret not in text
    assert "6109**********4217" in text and "139****1234" in text
    sent = inputs(page)
    drawn = client.post(address + "?_draw=1", sent, headers={"HX-Request": "true"}).content.decode()
    assert NAME not in drawn and ID not in drawn and "6109**********4217" in drawn
    refused = client.post(address, sent)  # no reason was said
    assert refused.status_code == 422 and ID not in refused.content.decode()
    done = client.post(address, sent | {"people.1.temperature": "36.9", "_reason": "misread", "_id": id_on(page)})
    assert done.status_code == 200 and "Written" in done.content.decode(), done.content.decode()
    people = standing(passed)["people"]
    assert people[1] == {"temperature": 36.9, "name": NAME, "id_number": ID, "phone": PHONE}
    assert people[0]["name"] == OTHER


def test_what_is_kept_follows_its_row_when_one_before_it_is_taken_away(made, signed_in, passed):
    client, address = signed_in("desk"), f"/correct/610927/{passed}/"
    page = client.get(address)
    drawn = client.post(address + "?_draw=1", inputs(page) | {"_remove": "people.0"})
    assert NAME not in drawn.content.decode() and 'name="people.rows" value="1"' in drawn.content.decode()
    sent = inputs(drawn) | {"_reason": "got out before", "_id": id_on(page)}
    assert client.post(address, sent).status_code == 200
    people = standing(passed)["people"]
    assert [one["name"] for one in people] == [NAME] and people[0]["phone"] == PHONE


def test_a_mark_reads_no_other_question_and_a_masked_text_is_no_answer(made, signed_in, passed):
    client, address = signed_in("desk"), f"/correct/610927/{passed}/"
    sent = inputs(client.get(address))
    elsewhere = sent | {"destination_address": "6109**********4217", "destination_address.kept": "people.1.id_number"}
    assert ID not in client.post(address + "?_draw=1", elsewhere).content.decode()
    bare = {name: value for name, value in sent.items() if name != "people.1.name.kept"} | {"_reason": "x"}
    page = client.post(address, bare)
    assert page.status_code == 422 and "people.1.name" in page.context["errors"]
    assert standing(passed)["people"][1]["name"] == NAME


def test_the_note_of_a_visit_and_the_held_tray_keep_their_numbers_too(made, signed_in):
    client = signed_in("desk")
    body = {"outcome": "refused", "note": f"call {PHONE}", "look_back_date": "2020-01-10"}
    held = write(made, "household_visit", made.subject(0), made.grids[0], made.at, body | {"outcome": NAME})
    assert held.outcome == "held"
    found = ledger_held()
    for address in ("/held/", f"/held/{found}/", f"/held/{found}/correct/"):
        text = client.get(address).content.decode()
        assert PHONE not in text, address


def ledger_held():
    with seeing(EVERYTHING):
        return ledger.held(TOWN)[0].id


def test_what_was_written_is_revealed_only_on_record(made, signed_in, passed):
    client = signed_in("desk")
    assert f"/reveal/610927/entry/{passed}/" in client.get(f"/correct/610927/{passed}/").content.decode()
    before = client.post(f"/reveal/610927/entry/{passed}/", {"purpose": ""})
    assert ID not in before.content.decode()
    page = client.post(f"/reveal/610927/entry/{passed}/", {"purpose": "find_people", "words": ""})
    assert ID in page.content.decode() and NAME in page.content.decode()
    with seeing(EVERYTHING):
        row = audit_rows(action="reveal", subject=f"entry:{passed}").rows
    assert len(row) == 1
