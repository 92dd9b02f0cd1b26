"""A form with one of everything, all the way: uploaded, asked in the office and by Collect, on record, in Excel."""

from xml.etree.ElementTree import fromstring

import pytest

from bulou.ledger import queries as ledger
from bulou.odk.rules.forms import make_form
from bulou.odk.rules.instances import body_of
from bulou.office.tests.made import COUNTY
from bulou.office.tests.test_own_forms import _here, upload, workbook  # noqa: F401
from bulou.office.tests.test_record import id_on
from bulou.own_forms.queries import own_kinds
from bulou.records.keeping import Kept
from bulou.records.tabling import lay_out
from bulou.records.uploaded.tests.made import EVERYTHING_IN_IT

pytestmark = pytest.mark.django_db
RECORD = "/record/own_610927_everything/610927/area:610927100201/"
ANSWERS = {"what": ["a", "b"], "main": "b", "order": ["c", "a", "b"], "grade": 4, "sure": True, "first": "c", "n": 2,
           "rooms": [{"room": "101", "floor": "1"}, {"room": "201", "floor": "2"}]}  # fmt: skip


def test_one_of_everything(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    address = upload(client, workbook(EVERYTHING_IN_IT))
    page = client.get(address).content.decode()
    for said in (
        "cannot draw a ranking",
        "a line on a map",
        "Our phone app will not offer this form; ODK Collect will",
    ):
        assert said in page, said
    assert client.post(address, {"confirm": "1", "subject": "area"}).status_code == 302

    form = client.get(RECORD)
    page = form.content.decode()
    assert page.count('" checked') == 2 and 'name="main"' not in page  # defaults; what may not be changed is only said
    assert (
        "Second thing" in page and "reserved_name" not in page and "**" not in page and page.count('name="order"') == 3
    )
    sent = {"_id": id_on(form), "what": ["a", "b"], "order": ["c", "a", "b"], "grade": "9", "sure": "yes", "first": "c",
            "line": "along the river", "n": "2"}  # fmt: skip
    page = client.post(f"{RECORD}?_draw=1", sent).content.decode()
    assert 'name="rooms.1.room"' in page and "Add a row" not in page  # so many rows as were said
    sent |= {
        "rooms.rows": "2",
        "rooms.0.room": "101",
        "rooms.0.floor": "1",
        "rooms.1.room": "201",
        "rooms.1.floor": "2",
    }
    wrong = client.post(RECORD, sent | {"what": "", "rooms.1.room": ""}).content.decode()
    for said in ("Say what there is", "Rooms, row 2: Room must be answered"):
        assert said in wrong, said
    wrong = client.post(RECORD, sent).content.decode()
    for said in ("Grade must be from 1 to 5", "The way must be points"):
        assert said in wrong, said
    right = client.post(RECORD, sent | {"grade": "4", "line": ""}).content.decode()
    assert "Written" in right, right[:3000]
    (entry,) = ledger.entries_about(610927, ["area:610927100201"])
    assert entry.body == ANSWERS

    kind = own_kinds.find("own_610927_everything").kind
    shown = client.get(f"/records/{COUNTY}/?kind={kind.name}").content.decode()
    assert "First thing" in shown and "&lt;" not in shown
    rows = {row.table: row.cells for row in lay_out(kind, Kept(entry.body), "zh_Hans", masked=True)}
    assert (rows[""]["order"], rows[""]["main"], rows["rooms"]["rooms.floor"]) == ("丙、甲、乙", "乙", "2")

    fromstring(make_form(kind, None, "en").xml)
    collected = fromstring(
        "<data><what>a b</what><main>b</main><order>c a b</order><grade>4</grade><line>33 105 0 0; 34 105 0 0</line>"
        "<sure>OK</sure><source>paper</source><began>2020-02-03T08:00:00.000+08:00</began><more><table>"
        "<generated_table_list_label_8/><reserved_name_for_field_list_labels_9/><first>c</first></table></more><n>2</n>"
        "<rooms_count>2</rooms_count><rooms><room>101</room><floor>1</floor></rooms><rooms><room>201</room><floor>2</floor>"
        "</rooms></data>"
    )
    body = body_of(kind.fields, collected, {})
    assert {**ANSWERS, "line": "33 105 0 0; 34 105 0 0"}.items() <= body.items() and body["source"] == "paper"
