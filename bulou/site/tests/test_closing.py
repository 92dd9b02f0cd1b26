"""What counts from the close of an incident: it waits for two people's word, spares what is open, and is all destroyed."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from bulou.access.actions import audit
from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.command import actions as command
from bulou.command.rules import Refused
from bulou.core.divisions import county_area
from bulou.core.keeping import About, After, Kept
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.office.clocks import forecast
from bulou.office.declared import DECLARED, undeclared
from bulou.people.actions import register_household, register_person
from bulou.records.checks import personal_faults
from bulou.records.declaration import Declaration
from bulou.records.fields import Field, Personal
from bulou.site.retention import erase_due, note_all, overdue, waiting_for_word
from bulou.site.tests.test_jobs import AT, COUNTY, VILLAGE, write
from bulou.site.tests.test_retention import DAY, everything

HOME, BY = county_area(COUNTY), "system:test"
SECRETS = ("安小娜", "13800138000", "一组3号", "37.9", "咳嗽三天")
CHECK = {"channel": "door", "reached": "yes", "measured_at": "2020-01-30T09:00", "measured_by": "worker",
         "temperature": 37.9, "symptoms": ["dry_cough"], "note": "咳嗽三天"}  # fmt: skip
LAST = date(2020, 2, 10)
OVER = AT + 60 * DAY


def table(name: str):
    return next(model for model in apps.get_models() if model._meta.db_table == name)


def anna() -> str:
    return f"person:{table('people_person').objects.get().id}"


@pytest.fixture
def known(db):
    """A county with an open incident, somebody on the register, and what was recorded of them."""
    with seeing(EVERYTHING):
        import_file(division_files()["zhenping"], by=BY, at=AT)
        incident = command.open_incident(
            area=HOME, name="疫情", disease="COVID-19", opened_on=date(2020, 1, 24), by=BY, at=AT
        )
        home = register_household(area=VILLAGE, address="一组3号", by=BY, at=AT)
        who = register_person(household=home, county=COUNTY, name="安小娜", phone="13800138000", by=BY, at=AT)
        write("health_check", f"person:{who}", VILLAGE, CHECK)
        yield incident


def close(incident) -> None:
    command.close_incident(area=HOME, incident=incident, closed_on=LAST, basis="县指挥部令", by=BY, at=AT)


def word(incident, *who: str) -> None:
    for each in who:
        command.approve_destruction(area=HOME, incident=incident, basis="县指挥部令", by=f"account:{each}", at=OVER)


def left() -> list[str]:
    return [secret for secret in SECRETS if secret in everything()]


@pytest.mark.django_db(transaction=True)
def test_closing_begins_the_days_and_two_different_people_the_destruction(known) -> None:
    duties = ledger.duties_about(COUNTY, [f"person:{table('people_person').objects.get().id}"])
    assert erase_due(at=OVER) == 0 and left() == list(SECRETS)  # it is open
    note_all(at=OVER)
    would = {one.name: one.count for one in forecast(COUNTY, now=OVER, close=(known, LAST))}
    assert (would["health_check"], would["people_person"], would["people_household"]) == (1, 1, 1)
    with pytest.raises(Refused, match="still open"):
        word(known, "a")
    close(known)
    assert all(one.waits for one in forecast(COUNTY, now=OVER) if one.event == "incident")
    word(known, "a")
    with pytest.raises(Refused, match="same person"):
        word(known, "a")
    erase_due(at=OVER)
    assert left() == list(SECRETS)
    assert overdue(at=OVER) == [] and len(waiting_for_word(at=OVER)) == 1
    word(known, "b")
    assert {name for _county, name in overdue(at=OVER)} >= {"health_check", "people_person", "people_household"}
    ends = AT.replace(hour=0) + 42 * DAY  # midnight after 10 February, and thirty days
    erase_due(at=ends - timedelta(seconds=1))
    assert "37.9" in left()
    assert erase_due(at=ends) >= 3
    assert left() == [] and overdue(at=OVER) == [] and erase_due(at=ends) == 0
    assert ledger.duties_about(COUNTY, [f"person:{table('people_person').objects.get().id}"]) == duties
    told = {one.name: (one.count, one.event) for one in ledger.emptied(COUNTY, since=AT)}
    assert told["people_person"] == (1, "incident") and "health_check" in {
        one.kind for one in ledger.destroyed(COUNTY, since=AT)
    }


@pytest.mark.django_db(transaction=True)
def test_another_open_incident_and_reopening_keep_everything(known) -> None:
    close(known)
    word(known, "a", "b")
    second = command.open_incident(area=VILLAGE, name="第二起", disease="COVID-19", opened_on=LAST, by=BY, at=OVER)
    erase_due(at=OVER)
    assert {"安小娜", "37.9"} <= set(left())
    command.close_incident(area=VILLAGE, incident=second, closed_on=LAST, basis="令", by=BY, at=OVER)
    command.reopen_incident(area=HOME, incident=known, level=4, basis="县指挥部令第9号", by=BY, at=OVER)
    erase_due(at=OVER)
    assert {"安小娜", "37.9"} <= set(left())
    close(known)
    erase_due(at=OVER)
    assert {"安小娜", "37.9"} <= set(left())  # both must give their word anew
    word(known, "a", "b")
    erase_due(at=OVER)
    assert left() == []


@pytest.mark.django_db(transaction=True)
def test_the_audit_lets_its_words_go_by_the_record_only(known) -> None:
    with transaction.atomic():
        audit(by=BY, at=AT, action="reveal", area=HOME, purpose="看安小娜的电话")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditrow SET purpose = '', detail = ''")
    erase_due(at=AT + 181 * DAY)
    row = table("access_auditrow").objects.get(action="reveal")
    assert (row.purpose, row.detail, row.account) == ("", "", BY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditrow SET account = ''")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_blanked")


def test_every_column_of_every_table_is_declared_and_a_planted_one_is_not() -> None:
    every = apps.get_models(include_auto_created=True)
    assert list(undeclared(every)) == [] and len(list(every)) > 40
    without = DECLARED | {"people_person": Kept(nobody="county id")}
    assert "people_person.name" in "\n".join(undeclared([table("people_person")], without))

    class Planted(models.Model):
        nickname = models.TextField()

        class Meta:
            app_label = "people"
            managed = False

    try:
        assert [one.partition(":")[0] for one in undeclared([Planted])] == [
            "people_planted.id",
            "people_planted.nickname",
        ]
    finally:
        del apps.all_models["people"]["planted"]
        apps.clear_cache()


@pytest.mark.parametrize(
    "said", [("", 30, "incident"), ("find them", 0, "incident"), ("find them", 30, ""), ("find them", 30, "never")]
)
def test_a_field_without_purpose_days_or_starting_event_cannot_be_declared(said) -> None:
    with pytest.raises(ValueError, match="purpose, days and a starting event"):
        Personal(*said)


def test_columns_without_purpose_days_or_starting_event_cannot_be_declared() -> None:
    for purpose, after in (("", (After("entry", "r", "at"),)), ("why", ()), ("why", (After("entry", "", "at"),)),
                           ("why", (After("never", "r", "at"),)), ("why", (After("entry", "r"),))):  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            About({"name": "''"}, purpose, after)


@pytest.mark.parametrize("sort", ["text", "barcode", "image", "geopoint"])
def test_a_kind_in_which_anything_can_be_typed_unsaid_does_not_load(sort) -> None:
    assert list(personal_faults(Declaration("k", 1, ("person",), (Field("words", sort),)))) != []
    assert list(personal_faults(Declaration("k", 1, ("person",), (Field("words", sort, about_nobody="a code"),)))) == []


@pytest.mark.timeout(900)
def test_after_the_whole_demonstration_nothing_of_anybody_is_left(tmp_path: Path) -> None:
    """Every text of every column and every byte of the files; in a process of its own: the tests' SQLite has no file."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.demonstration_destroyed"],
        env={**environment, "BULOU_DATA": str(tmp_path / "data")}, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert min(said["planted"].values()) > 10 and said["without approval"] > 2 and said["overdue"] > 10
    assert said["left"] == {} and set(said["bytes"].values()) == {0} and said["overdue then"] == []
    assert said["changed"] == [] and said["rebuilt differs"] == [] and said["again"] == 0
