import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bulou.office.tests.made import VILLAGE
from bulou.office.views import imports
from bulou.people.tests.counting import count_persons

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here_and_now(monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    monkeypatch.setattr(imports, "begin_thread", lambda work: work())


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("文彩村名册.xlsx", kept.getvalue())


def test_a_messy_list_is_shown_first_then_read(made, signed_in):
    client = signed_in("village")
    file = workbook(["文彩村常住人口登记表"], ["序号", "组", "户主姓名", "姓名", "与户主关系", "身份证号码", "电话"],
                    [1, "一组网格", "秦明", "秦明", "户主", "11010519491231002X", "13900001111"],
                    [2, "一组网格", "秦明", "许燕", "配偶", "", "139"],
                    [3, "没有的组", "何平", "何平", "户主", "", ""])  # fmt: skip
    answer = client.post("/imports/", {"file": file, "area": "610927100201", "list_name": "人口册"})
    assert answer.status_code == 302
    preview = client.get(answer["Location"])
    (sheet,) = preview.context["sheets"]
    said = {column["header"]: str(column["field"]) for column in sheet["columns"]}
    assert said["姓名"] == "name" and said["身份证号码"] == "id_number"
    assert count_persons(VILLAGE) == 10  # nothing was read yet
    sent = {f"0.{i}": str(column["field"]) for i, column in enumerate(sheet["columns"])} | {"0.read": "1"}
    assert client.post(answer["Location"], sent).status_code == 302
    (row,) = client.get("/imports/").context["runs"]
    run = row["run"]
    assert (run.read, run.added, run.bad) == (3, 2, 1)
    result = client.get(row["url"]).content.decode()
    assert "Rows to correct" in result
    rows = client.get(f"/imports/610927100201/rows/{run.id}/")
    assert b"".join(rows).startswith(b"PK")
    assert client.get("/imports/running/").status_code == 200
    assert client.get(answer["Location"]).status_code == 404  # the file is gone


def test_what_must_not_be_opened_is_refused_in_words(made, signed_in):
    client = signed_in("village")
    evil = SimpleUploadedFile("册.xlsx", b"MZ\x90\x00 not a workbook")
    answer = client.post("/imports/", {"file": evil, "area": "610927100201"})
    page = client.get(answer["Location"])
    assert page.status_code == 422 and "The file was not opened" in page.content.decode()
    assert client.post("/imports/", {"area": "610927100201"}).status_code == 422
    assert client.post("/imports/", {"file": workbook(["姓名"]), "area": "610927100202"}).status_code == 422


def test_only_who_brought_a_file_may_read_it(made, signed_in):
    client = signed_in("village")
    answer = client.post("/imports/", {"file": workbook(["姓名"], ["秦明"]), "area": "610927100201"})
    assert signed_in("headquarters").get(answer["Location"]).status_code == 404
    assert signed_in("grid").get("/imports/").status_code == 403


def test_the_missing_leave_as_a_file_only_with_a_purpose_and_a_second_factor(made, signed_in):
    from bulou.access.queries import audit_rows

    address = "/missing/610927000000/export/"
    assert signed_in("village").get("/missing/610927100201/export/").status_code == 403
    client = signed_in("headquarters", second_factor=True)
    assert client.get(address).status_code == 200
    assert client.post(address, {"purpose": ""}).status_code == 422
    answer = client.post(address + "?duty=sweep.household", {"purpose": "other", "words": "tonight's round"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    text = str([[cell.value for cell in row] for row in book.active.rows])
    assert "王*勇" in text and "王大勇" not in text and "tonight's round" in text
    (row,) = audit_rows(action="export").rows
    assert row.purpose == "other: tonight's round" and row.detail["rows"] == 9
