"""Fourteen days, then counts only: nothing a pass said of people is left in any table or file, and no number changes."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.actions import begin_try
from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.checkpoints.queries import hourly
from bulou.core.divisions import county_area
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append, hold, rebuild
from bulou.ledger.rules import Entry
from bulou.office.clocks import kinds_watched
from bulou.records.keeping import Limit
from bulou.rosters.actions import add_post
from bulou.rosters.queries import get_post
from bulou.rosters.rules.registers import NewPost
from bulou.site import retention
from bulou.site.retention import erase_due, overdue
from bulou.site.tests.test_jobs import AT, COUNTY, GATE, LET_IN, VILLAGE, write

DAY = timedelta(days=1)
SECRETS = ("鄂A12345", "鄂A99999", "安娜", "13800138000", "一组3号", "36.4", "他姐姐", "老家")
SEEN = {"where": "elsewhere", "where_note": "在他姐姐家", "seen_by": "in_person", "seen_at": "2020-01-30T09:50"}


@pytest.fixture
def post(db):
    import_file(division_files()["zhenping"], by="system:test", at=AT)
    id_ = add_post(NewPost("东沟垭检查点", GATE, type="interprovincial"), by="system:test", at=AT)
    return get_post(county_area(COUNTY), id_)


def everything() -> str:
    """Return every value of every table, as text."""
    return "\n".join(
        str(value) for model in apps.get_models() for row in model._base_manager.values_list() for value in row
    )


def duties() -> list:
    names = ("arrival.confirm", "arrival.find", "followup.check", "fever.refer", "pass.remeasure")
    since, until = AT - 99 * DAY, AT + 99 * DAY
    return [d for name in names for d in ledger.duties_due(county_area(COUNTY), name=name, since=since, until=until)]


def passed() -> dict:
    return hourly(county_area(COUNTY), since=AT - 60 * DAY, until=AT + DAY)


@pytest.mark.django_db(transaction=True)
def test_after_its_days_nothing_of_a_person_is_left_and_every_number_is_the_same(post) -> None:
    first = write("vehicle_pass", post.subject, GATE, LET_IN)
    wrong = write("vehicle_pass", post.subject, GATE, {**LET_IN, "plate": "鄂A99999", "decision": "hold"})
    write("correction", post.subject, GATE, {"body": {**LET_IN, "note": "回老家"}, "reason": "不是鄂A99999"}, wrong.id)
    arrival = f"arrival:610927100005.{first.id}.1"
    write("arrival_confirmed", arrival, VILLAGE, SEEN)
    held = [Entry(new_id(), "vehicle_pass", subject, GATE, AT, AT, "system:test", {**LET_IN, "nmae": "安娜"})
            for subject in (post.subject, f"post:{new_id()}")]  # fmt: skip
    assert [receipt.outcome for receipt in append(held, at=AT)] == ["held", "held"]
    hold("<vehicle_pass><name>安娜", area=GATE, by="system:test", device="", reason="unreadable", detail="", at=AT)
    owed, counted = duties(), passed()
    assert len(owed) == 2 and all(secret in everything() for secret in SECRETS)

    assert erase_due(at=AT + 14 * DAY - timedelta(seconds=1)) == 0 and overdue(at=AT + 14 * DAY) == []
    assert {kind for _county, kind in overdue(at=AT + 15 * DAY)} == {"vehicle_pass", "arrival_confirmed"}
    assert erase_due(at=AT + 14 * DAY) == 7
    assert [secret for secret in SECRETS if secret in everything()] == []
    assert (duties(), passed()) == (owed, counted)
    rebuild(COUNTY)
    assert (duties(), passed()) == (owed, counted)
    assert ledger.entries_by_id(COUNTY, [first.id])[first.id].body == {
        "vehicle": "car", "destination": "610927100005", "travel_minutes": 60, "people": [{}], "decision": "pass"
    }  # fmt: skip
    told = ledger.destroyed(COUNTY, since=AT)
    assert {(one.kind, one.held): one.count for one in told} == {
        ("vehicle_pass", False): 3, ("vehicle_pass", True): 3, ("arrival_confirmed", False): 1
    }  # fmt: skip
    assert all("retention.pass_days" in one.basis and "14" in one.basis for one in told)
    assert erase_due(at=AT + 20 * DAY) == 0 and overdue(at=AT + 30 * DAY) == []


@pytest.mark.django_db(transaction=True)
def test_a_pass_that_comes_late_is_applied_counted_and_then_erased_at_once(post, monkeypatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    now = AT + 20 * DAY
    entries = [Entry(new_id(), "vehicle_pass", post.subject, GATE, AT, AT, "system:test", LET_IN) for _ in range(3)]
    ahead = Entry(new_id(), "vehicle_pass", post.subject, GATE, now + 30 * DAY, now, "system:test", LET_IN)
    assert {receipt.outcome for receipt in append([*entries, ahead], at=now)} == {"applied"}
    late = write("vehicle_pass", post.subject, GATE, LET_IN)  # and waits for the feed
    assert erase_due(at=now) == 4
    assert sum(one.people for one in passed().values()) == 4 and late.id in ledger.erasures(COUNTY, [late.id])
    assert erase_due(at=now + 14 * DAY) == 1  # the one whose clock was a month ahead


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_comes_first_or_last_goes_with_what_it_corrects(post) -> None:
    missing, late = new_id(), AT + 15 * DAY
    says = {"body": LET_IN, "reason": "写错了"}
    append([Entry(new_id(), "correction", post.subject, GATE, AT, AT, "system:test", says, amends=missing)], at=AT)
    known = write("vehicle_pass", post.subject, GATE, LET_IN)
    assert erase_due(at=late) == 1  # nobody knows yet what the other corrects
    append([Entry(missing, "vehicle_pass", post.subject, GATE, AT, AT, "system:test", LET_IN)], at=late)
    write("correction", post.subject, GATE, says, known.id)
    assert erase_due(at=late) == 4  # the copy that waited in the tray too
    assert [secret for secret in SECRETS if secret in everything()] == []


@pytest.mark.django_db(transaction=True)
def test_what_is_done_costs_what_is_due_and_not_what_ever_was(post) -> None:
    for _ in range(3):
        write("vehicle_pass", post.subject, GATE, LET_IN)
    erase_due(at=AT + 15 * DAY)
    with CaptureQueriesContext(
        connection
    ) as few:  # the horizon, the cursor, the tray, the counties, once for each table
        assert erase_due(at=AT + 15 * DAY) == 0
    for _ in range(20):
        write("vehicle_pass", post.subject, GATE, LET_IN)
    erase_due(at=AT + 15 * DAY)
    with CaptureQueriesContext(connection) as more:
        assert erase_due(at=AT + 15 * DAY) == 0
    assert len(more) == len(few) < 50


@pytest.mark.django_db
def test_every_kind_that_asks_about_people_is_watched() -> None:
    kinds = kinds_watched()
    assert {"vehicle_pass", "household_visit", "health_check", "waiver", "shift_checkin"} <= kinds.keys()
    assert kinds["vehicle_pass"].limit == Limit(14, "entry") and kinds["health_check"].limit == Limit(30, "incident")


PLAYED = """
import json
import sys
from datetime import timedelta
from pathlib import Path
from bulou.site.installation import prepare
folder = prepare()
from django.core.management import call_command
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries
from bulou.ledger.actions import append, scrub
from bulou.ledger.rules import Entry
from bulou.records.keeping import Limit
from bulou.rosters.actions import add_post
from bulou.rosters.rules.registers import NewPost
from bulou.site.backup import back_up, restore
from bulou.site.retention import erase_due, overdue

def found():
    return sum(f.read_bytes().count(b"PLATE") for f in folder.glob("bulou.sqlite3*") if "before" not in f.name)

GATE, at, said = 610927102000000000, now() - timedelta(days=16), {}
call_command("migrate", verbosity=0)
with seeing(EVERYTHING):
    post = add_post(NewPost("gate", GATE), by="system:test", at=at)
    for n in range(60):
        body = {"vehicle": "car", "plate": f"PLATE{n:03d}", "people": [{"name": f"PLATE{n:03d}"}] * (1 + n),
                "decision": "turn_back"}
        append([Entry(new_id(), "vehicle_pass", f"post:{post}", GATE, at, at, "system:test", body)], at=at)
    said["overdue"] = len(overdue(at=now()))
    back_up(folder / "copy", at=now())
    said["before"] = found() > 1800
    said["erased"], said["after"] = erase_due(at=now()), found()
    restore(folder / "copy", at=now(), replace=True)
    said["back with the copy"] = found() > 1800
    said["erased again"], said["then"], said["overdue now"] = erase_due(at=now()), found(), len(overdue(at=now()))
    said["scrubbed"] = scrub(rewrite=True)
print(json.dumps(said))
"""


def test_its_bytes_are_gone_from_the_files_and_a_copy_put_back_is_erased_again(tmp_path: Path) -> None:
    """In a process of its own: the tests' SQLite has no file."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PLAYED], env={**environment, "BULOU_DATA": str(tmp_path / "data")},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "overdue": 1, "before": True, "erased": 60, "after": 0, "back with the copy": True, "erased again": 60, "then": 0,
        "overdue now": 0, "scrubbed": True,
    }  # fmt: skip


@pytest.mark.django_db
def test_wrong_tries_of_a_password_are_gone_once_they_slow_nobody_down() -> None:
    def rows() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM access_tries")
            return int(cursor.fetchone()[0])

    at = now()
    for second in range(5):
        begin_try(name="anna", source="192.0.2.1", at=at + timedelta(seconds=second))
    erase_due(at=at + timedelta(minutes=20))
    assert rows() == 2  # of all names from the address they are forgotten by then
    erase_due(at=at + timedelta(hours=2))
    assert rows() == 0
