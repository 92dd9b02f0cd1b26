"""Records of a kind listed, read one by one, and out as a file: every version, corrected, masked, on record."""

import csv
import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest

from bulou.access.queries import audit_rows
from bulou.core.ids import new_id
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.office.tests.made import SYSTEM
from bulou.office.tests.test_own_forms import DAILY, DAILY_2, _here, in_force, workbook

pytestmark = pytest.mark.django_db
assert _here
KIND, AREA, VILLAGE = "own_610927_market_daily", "610927000000", 610927100201_000000
EXPORT = f"/records/{AREA}/export/"


def body(stalls, name="王小五", key="stalls"):
    return {
        "day": "2020-02-03",
        "market": "yes",
        key: stalls,
        "keepers": [{"name": name, "heat": 36.5}, {"name": "马小六"}],
    }


def wrote(at, answers, version=1, **more):
    entry = Entry(new_id(), more.pop("kind", KIND), "area:610927100201", VILLAGE, at, at, SYSTEM, answers, version=version,
                  **more)  # fmt: skip
    return entry, append([entry], at=at)[0]


@pytest.fixture
def written(made, signed_in):
    """Two versions of a form and five records: one corrected, one withdrawn, one held."""
    client = signed_in("headquarters", second_factor=True)
    in_force(client, workbook(DAILY))
    at = present() - timedelta(hours=2)
    with seeing(EVERYTHING):
        first, _ = wrote(at, body(8))
        gone, _ = wrote(at + timedelta(minutes=1), body(9, "赵小七"))
        _, held = wrote(at + timedelta(minutes=2), body(-5))
        assert held.outcome == "held"
        for entry, said in (
            (first, {"body": body(12), "reason": "数错了"}),
            (gone, {"withdrawn": True, "reason": "重复"}),
        ):
            _, done = wrote(at + timedelta(minutes=3), said, kind="correction", amends=entry.id)
            assert done.outcome == "applied", done
    in_force(client, workbook(DAILY_2))
    with seeing(EVERYTHING):
        wrote(at + timedelta(minutes=4), body(3, "钱小八", key="pitches"), version=2)
    return client, first, gone


def asked(form="xlsx", **more):
    today = day_of(present())
    return {"kind": KIND, "first": (today - timedelta(days=1)).isoformat(), "last": today.isoformat(), "form": form,
            "purpose": "supervise", "words": "核对集市"} | more  # fmt: skip


def sheets(answer):
    assert answer.status_code == 200, b"".join(answer)[-2500:]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return {sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_every_version_in_one_table_corrected_and_masked(written):
    client, first, _gone = written
    found = sheets(client.post(EXPORT, asked()))
    records, keepers, about = found.values()
    head = next(i for i, row in enumerate(records) if "Record" in row)
    rows = [dict(zip(records[head], row, strict=True)) for row in records[head + 1 :]]
    assert [(row["Version"], row["Stalls open"], row["Stalls open (2)"]) for row in rows] == [
        ("1", "12", ""),
        ("2", "", "3"),
    ]
    assert rows[0]["Record"] == str(first.id) and rows[0]["Why corrected"] == "数错了" and not rows[1]["Corrected"]
    assert rows[0]["Is the market open?"] == "Open" and rows[0]["Place"] == "文彩村"
    people = [row for row in keepers if row[0] == str(first.id)]
    assert [row[2:] for row in people] == [["1", "王*五", "36.5"], ["2", "马*六", ""]]
    said = {row[0]: row[1] for row in about}
    assert said["records"] == "2" and said["left out: withdrawn"] == "1" and said["left out: in the held tray"] == "1"
    with seeing(EVERYTHING):
        row = audit_rows(action="export").rows[0]
    assert row.detail["rows"] == 2 and row.detail["rows_in_all"] == 6 and row.detail["masked"] is True
    assert row.purpose == "supervise: 核对集市"


def test_csv_and_names_in_full_for_whoever_may_see_them(written):
    client, first, _gone = written
    answer = client.post(EXPORT, asked("csv", full="on"))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert set(packed.namelist()) == {"about.csv", "records.csv", "keepers.csv"}
    rows = list(csv.DictReader(io.StringIO(packed.read("keepers.csv").decode("utf-8-sig"))))
    assert {row["Name"] for row in rows if row["Record"] == str(first.id)} == {"王小五", "马小六"}


def test_not_without_a_purpose_nor_a_wrong_time_nor_for_who_may_not(written, signed_in):
    client, *_ = written
    assert client.post(EXPORT, asked(purpose="")).status_code == 422
    assert client.post(EXPORT, asked(first="2020-02-02", last="2020-02-01")).status_code == 422
    assert client.post(EXPORT, asked(kind="correction")).status_code == 422
    assert signed_in("village").post(EXPORT, asked()).status_code in (403, 404)


def test_the_list_and_one_record(written, signed_in):
    client, first, gone = written
    page = client.get(f"/records/{AREA}/?kind={KIND}").content.decode()
    assert str(first.id) in page and "Corrected" in page and "Withdrawn" in page
    one = client.get(f"/entry/610927/{first.id}/").content.decode()
    assert "12" in one and "数错了" in one and "王*五" in one and "王小五" not in one
    assert client.get(f"/entry/610927/{new_id()}/").status_code == 404
    assert str(gone.id) in signed_in("village").get(f"/records/610927100201/?kind={KIND}").content.decode()


@pytest.mark.parametrize(("language", "owner", "writer"), [
    ("zh-hans", "村（社区）", "演练 · 县级专班"), ("en", "Village or community", "Rehearsal · County desk"),
])  # fmt: skip
def test_a_record_names_roles_and_writers_as_a_person_reads_them(made, signed_in, language, owner, writer):
    at = present() - timedelta(minutes=10)
    given = {"what": "补送体温计", "owner": "role:village", "due": (at + timedelta(minutes=1)).isoformat()}
    entry = Entry(new_id(), "assignment", "area:610927100201", VILLAGE, at, at, "drill:desk", given)
    with seeing(EVERYTHING):
        assert append([entry], at=at)[0].outcome == "applied"
    client = signed_in("headquarters", language=language)
    for page in (f"/records/{AREA}/?kind=assignment", f"/entry/610927/{entry.id}/"):
        shown = client.get(page).content.decode()
        assert owner in shown and writer in shown
        assert "role:" not in shown and "drill:" not in shown
