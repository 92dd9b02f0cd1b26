"""A county's own form from the file to the record: uploaded, looked at, in force, filled in, changed, withdrawn."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bulou.core.divisions import county_of
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY
from bulou.office.tests.test_record import id_on
from bulou.own_forms import queries
from bulou.own_forms.queries import own_kinds
from bulou.records.uploaded.tests.made import DAILY, DAILY_2, GRID, GRID_LISTS, xform

pytestmark = pytest.mark.django_db
FORMS = "/forms/610927000000/"
RECORD = "/record/own_610927_market_daily/610927/area:610927100201/"


@pytest.fixture(autouse=True)
def _here(settings, tmp_path):
    settings.DATA = tmp_path
    own_kinds.forget()
    yield
    own_kinds.forget()


def workbook(markdown, name="集市日报.xlsx"):
    """Return the form as a workbook: a sheet for every table of the Markdown."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for line in markdown.strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0]:
            sheet = book.create_sheet(cells[0])
        else:
            sheet.append(cells[1:])
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile(name, kept.getvalue())


def upload(client, file):
    answer = client.post(FORMS, {"file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return answer["Location"]


def in_force(client, file, **chosen):
    address = upload(client, file)
    answer = client.post(address, {"confirm": "1", "subject": "area"} | chosen)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def test_from_a_workbook_to_a_record(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    address = upload(client, workbook(DAILY))
    page = client.get(address).content.decode()
    assert "Is the market open?" in page and "Put it in force" in page and "cannot work" not in page
    assert queries.form_versions(COUNTY) == []  # nothing before it is confirmed
    assert 'name="keep_days" min="1" max="3650" value="30"' in page  # as the rule set has it
    assert client.post(address, {"confirm": "1", "subject": "area", "keep_days": "0"}).status_code == 422
    client.post(address, {"confirm": "1", "subject": "area", "keep_days": "45"})
    own_kinds.forget()
    names = own_kinds.find("own_610927_market_daily").kind.keys()
    assert names["keepers.name"].personal.keep_days == 45
    assert client.get(address).status_code == 404
    form = client.get(RECORD)
    assert "Stalls open" not in form.content.decode() and "Is the market open?" in form.content.decode()
    sent = {"_id": id_on(form), "day": "2020-02-03", "market": "yes", "stalls": "8", "keepers.rows": "1",
            "keepers.0.name": "王小五", "keepers.0.heat": "36.5"}  # fmt: skip
    wrong = client.post(RECORD, sent | {"stalls": "-2"})
    assert wrong.status_code == 422
    done = client.post(RECORD, sent).content.decode()
    assert "Written" in done and "集市日报" in done, done[:2000]
    (entry,) = ledger.entries_about(610927, ["area:610927100201"])
    assert entry.version == 1 and entry.body["stalls"] == 8
    in_force(client, workbook(DAILY_2))
    again = client.get(RECORD).content.decode()
    assert "Is the market open?" in again
    listed = client.get(FORMS).content.decode()
    assert "2020020301" in listed and "2020020501" in listed
    corrected = client.get(f"/correct/610927/{entry.id}/").content.decode()
    assert 'name="stalls"' in corrected  # the old record in its own form


GRID_RECORD = "/record/own_610927_grid_survey/610927/area:610927100201/"


def listed(**more):
    return [SimpleUploadedFile(name, content) for name, content in {**GRID_LISTS, **more}.items()]


def test_a_form_comes_with_its_lists(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    address = upload(client, workbook(GRID))
    page = client.get(address).content.decode()
    assert "it needs the file stalls.csv" in page and "Put it in force" not in page and "Add them" in page
    bad = SimpleUploadedFile("stalls.csv", b"name,label,town,keeper\n1,,a,b,c\n")
    page = client.post(address, {"add": "1", "file": [bad]}).content.decode()
    assert "stalls.csv, row 2: it has more cells" in page and "Put it in force" not in page and "Add them" in page
    page = client.post(address, {"add": "1", "file": listed(**{"map.png": b"x"})}).content.decode()
    assert "Put it in force" in page and "map.png cannot be uploaded with a form" in page and "stalls.csv" in page
    assert client.post(address, {"confirm": "1", "subject": "area"}).status_code == 302
    (form,) = queries_seen()
    assert b"".join(client.get(f"{FORMS}{form.id}/lists/stalls.csv")) == GRID_LISTS["stalls.csv"]
    assert client.get(f"{FORMS}{form.id}/lists/other.csv").status_code == 404
    # The next version takes the list that is not brought again from the one before, and says so.
    page = client.get(upload(client, workbook(GRID.replace("East 1", "East One")))).content.decode()
    assert "the file stalls.csv is that of version 1" in page and "Put it in force" in page


def test_form_and_lists_in_one_go(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    answer = client.post(FORMS, {"file": [workbook(GRID), *listed()]})
    assert answer.status_code == 302 and "Put it in force" in client.get(answer["Location"]).content.decode()
    two = client.post(FORMS, {"file": [workbook(GRID), workbook(DAILY, "b.xlsx")]})
    assert two.status_code == 422 and "Choose one form" in two.content.decode()
    disguised = client.post(
        FORMS, {"file": [workbook(GRID), SimpleUploadedFile("stalls.csv", b"PK\x03\x04" + b"\0" * 60)]}
    )
    page = client.get(disguised["Location"]).content.decode()
    assert "stalls.csv: " in page and "Put it in force" not in page


def test_choices_follow_answers_and_rows_stand_in_rows(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    address = client.post(FORMS, {"file": [workbook(GRID), *listed()]})["Location"]
    client.post(address, {"confirm": "1", "subject": "area"})
    form = client.get(GRID_RECORD)
    assert "depends on answers before it" in form.content.decode() and "二号摊" not in form.content.decode()
    said = {"_id": id_on(form), "town": "b"}
    page = client.post(f"{GRID_RECORD}?_draw=1", said).content.decode()
    assert "二号摊" in page and "三号摊" in page and "一号摊" not in page
    said |= {"stall": "2", "homes.rows": "1", "homes.0.door": "7", "homes.0.quarter": "b", "homes.0.members.rows": "0"}
    page = client.post(f"{GRID_RECORD}?_draw=1", said | {"_add": "homes.0.members"}).content.decode()
    assert 'name="homes.0.members.0.who"' in page and "West 1" in page and "East 1" not in page
    said |= {"homes.0.members.rows": "2", "homes.0.members.0.who": "王小五", "homes.0.members.0.age": "200",
             "homes.0.members.1.age": "9", "homes.0.street": "a1"}  # fmt: skip
    page = client.post(f"{GRID_RECORD}?_draw=1", said | {"_remove": "homes.0.members.0"}).content.decode()
    assert "王小五" not in page and 'value="9"' in page and 'name="homes.0.members.1.who"' not in page
    wrong = client.post(GRID_RECORD, said | {"town": "a"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    for fault in ("Stall does not go with the answers before it", "Homes, row 1: Street does not go with",
                  "Homes, row 1, Members, row 1: Age does not keep the rule",
                  "Homes, row 1, Members, row 2: Name must be answered"):  # fmt: skip
        assert fault in page, fault
    assert 'href="#f-homes-0-members-0-age"' in page and 'id="f-homes-0-members-0-age"' in page
    right = {"homes.0.members.0.age": "40", "homes.0.members.1.who": "王六", "homes.0.members.1.school": "镇小学"}
    done = client.post(GRID_RECORD, said | right | {"homes.0.street": "b1"}).content.decode()
    assert "Written" in done, done[:3000]
    (entry,) = ledger.entries_about(610927, ["area:610927100201"])
    assert entry.body == {"town": "b", "stall": "2", "homes": [{"door": "7", "quarter": "b", "street": "b1", "members": [
        {"who": "王小五", "age": 40}, {"who": "王六", "age": 9, "school": "镇小学"}]}]}  # fmt: skip
    shown = client.get(f"/records/{COUNTY}/?kind=own_610927_grid_survey").content.decode()
    assert "二号摊" in shown
    read = client.get(f"/entry/{county_of(COUNTY)}/{entry.id}/").content.decode()
    assert "王*五" in read and "镇小学" in read


def test_a_new_version_says_what_it_changes(made, signed_in):
    client = signed_in("headquarters", language="zh-hans", second_factor=True)
    in_force(client, workbook(DAILY))
    page = client.get(upload(client, workbook(DAILY_2))).content.decode()
    assert "开放摊位数" in page and "似乎改名为 pitches" in page
    assert "只能在 ODK Collect" not in page


def test_pyxform_is_heard_row_by_row(made, signed_in):
    client = signed_in("headquarters", language="zh-hans", second_factor=True)
    broken = DAILY.replace("select_one open", "select_one opened").replace("| day |", "| 2day |")
    page = client.get(upload(client, workbook(broken))).content.decode()
    assert "表第" in page and "Put it in force" not in page and "投入使用" not in page
    assert "选项清单" in page or "name" in page


def test_an_xform_is_taken_too_and_what_a_phone_cannot_do_is_said(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    xml = xform(DAILY.replace("| date |", "| audio |"))
    page = client.get(upload(client, SimpleUploadedFile("form.xml", xml.encode()))).content.decode()
    assert "the phone cannot record sound" in page and "ODK Collect will" in page and "Put it in force" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [("form.xlsx", b"MZ not a form"), ("form.xlsm", b"PK\x03\x04"), ("form.docx", b"PK"), ("form.xml", b"\xff\xfe<"),
     ("form.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), ("form.csv", b"type,name\n")],
)  # fmt: skip
def test_what_must_not_be_opened_is_refused_in_words(made, signed_in, name, content):
    client = signed_in("headquarters", second_factor=True)
    page = client.get(upload(client, SimpleUploadedFile(name, content)))
    assert page.status_code == 422 and "The file was not opened" in page.content.decode()


def test_a_withdrawn_form_is_asked_of_nobody_and_can_be_taken_up_again(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    in_force(client, workbook(DAILY))
    (form,) = queries_seen()
    address = f"{FORMS}{form.id}/withdraw/"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"why": "改用省里的表"}).status_code == 302
    assert client.get(RECORD).status_code == 404
    assert "改用省里的表" in client.get(FORMS).content.decode()
    assert client.post(address, {}).status_code == 302
    assert client.get(RECORD).status_code == 200
    assert b"".join(client.get(f"{FORMS}{form.id}/file/")).startswith(b"PK")


def queries_seen():
    from bulou.core.scope import EVERYTHING, seeing

    with seeing(EVERYTHING):
        return queries.form_versions(COUNTY)


def test_only_those_who_give_orders_upload(made, signed_in):
    assert signed_in("village").get(FORMS).status_code in (403, 404)
