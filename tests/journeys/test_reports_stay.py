"""What was said of a day stays said: whatever is recorded later changes nothing in a report as it was reported."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.command import actions as command
from bulou.command.rules import Refused
from bulou.core.divisions import county_of
from bulou.ledger.actions import follow_registers
from bulou.reports import actions
from bulou.reports.queries import compile_report, plan
from bulou.reports.reported import as_reported, due_to_keep, find_kept
from bulou.reports.stated import Origin, changes, restate
from bulou.reports.text import paragraph, sheets
from tests.toys.villages import (
    COUNTY,
    DAY,
    DAY1,
    EAST,
    HOUR,
    TOWN,
    WEST,
    at_home,
    begin,
    found,
    household,
    order_reports,
    order_sweep,
    person,
    write,
)

pytestmark = pytest.mark.django_db
TODAY = DAY1.date()
NINE = DAY1 + 9 * HOUR
SETS = {"households", "persons"}
AREAS = (COUNTY, TOWN, EAST, WEST)


@pytest.fixture(autouse=True)
def villages(monkeypatch, db):
    return begin(monkeypatch)


def said(area, now):
    """Return everything that is said of the day: the chat text and the workbook in both languages, and every number."""
    one = as_reported(area, TODAY, now=now)
    texts = [(paragraph(one, lang), sheets(one, lang)) for lang in ("zh-hans", "en")]
    return texts, one.numbers(), one.numbers_below(), one.until, one.taken_at, one.origin


def morning():
    """Play the day up to its reports: a sweep, two visits, an assignment, the reports of the villages."""
    order_reports(DAY1)
    order_sweep(DAY1 + HOUR, NINE + 9 * HOUR)
    first = write("household_visit", household(1), NINE - HOUR, at_home(found(1), found(11)))
    write("household_visit", household(5), NINE - HOUR, at_home(found(5, temperature=37.5)))
    given = command.give_assignment(
        what="补查", due=DAY1 + DAY, at=NINE, area=TOWN, owner="role:township", by="account:bai"
    )
    actions.confirm_report(area=EAST, day=TODAY, situation="平稳", by="account:anna", at=NINE + HOUR / 2)
    return first, given


LATER = ("visit", "visit earlier", "correct", "withdraw", "sweep", "sweep earlier", "household", "merge", "assign",
         "complete", "report", "decide")  # fmt: skip


def happen(what, n, villages, first, given, at):
    """Let something be recorded after the day's reports."""
    home = household(n % 6 + 1)
    if what in ("visit", "visit earlier"):
        when = at if what == "visit" else NINE - HOUR / 2
        write("household_visit", home, when, at_home(found(n % 6 + 1, temperature=38)), received=at)
    elif what in ("correct", "withdraw"):
        body = {"withdrawn": True, "reason": "记错"} if what == "withdraw" else {
            "body": at_home(found(1, temperature=39)), "reason": "记错"}  # fmt: skip
        write("correction", household(1), at, body, amends=first)
    elif what in ("sweep", "sweep earlier"):
        order_sweep(at if what == "sweep" else DAY1 + 2 * HOUR, at + DAY)
    elif what == "household":
        villages.areas[household(100 + n)] = villages.areas[person(100 + n)] = EAST
        follow_registers(county_of(COUNTY), {household(100 + n), person(100 + n)}, names=SETS)
    elif what == "merge":
        villages.merged[person(2)] = person(1)
        follow_registers(county_of(COUNTY), {person(1), person(2)}, names=SETS)
    elif what == "assign":
        command.give_assignment(what="再查", due=at + HOUR, at=at, area=TOWN, owner="role:township", by="account:bai")
    elif what == "complete":
        command.complete_assignment(area=TOWN, assignment=given, what_was_done="已办", by="account:anna", at=at)
    elif what == "report":
        actions.confirm_report(area=WEST, day=TODAY, situation="晚到", by="account:bo", at=at, reason="再报")
    else:
        command.record_decision(area=TOWN, text="封村", basis_note="会商", by="account:bai", at=at)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(LATER), st.integers(0, 20)), max_size=6))
def test_whatever_is_recorded_later_changes_nothing_as_reported(villages, later):
    areas, merged = dict(villages.areas), dict(villages.merged)
    with transaction.atomic():
        first, given = morning()
        kept_at = DAY1 + DAY + HOUR / 60
        actions.keep_reports(at=kept_at)
        before = {area: said(area, kept_at) for area in AREAS}
        assert before[EAST][-1] is Origin.CONFIRMED and before[TOWN][-1] is before[COUNTY][-1] is Origin.KEPT
        at = DAY1 + DAY + 9 * HOUR
        for what, n in later:
            at += HOUR / 4
            if what == "report" and n % 2:  # the town confirms after the day is over: that is another thing said of it
                continue
            with suppress(Refused), transaction.atomic():
                happen(what, n, villages, first, given, at)
        actions.keep_reports(at=at)
        stated_west = any(what == "report" and not n % 2 for what, n in later)
        for area in AREAS:
            if not (area == WEST and stated_west):
                assert said(area, at + HOUR) == before[area], (area, later)
        transaction.set_rollback(True)
    villages.areas, villages.merged = areas, merged


def test_a_confirmed_report_does_not_move_and_says_what_has_become_otherwise(villages):
    morning()
    before = said(EAST, NINE + HOUR)
    villages.areas[household(9)] = EAST
    follow_registers(county_of(COUNTY), {household(9)}, names=SETS)
    write("household_visit", household(2), NINE, at_home(found(2, temperature=38)), received=NINE + 2 * HOUR)
    now = NINE + 3 * HOUR
    assert said(EAST, now) == before
    live = compile_report(EAST, TODAY, now=now)
    stated = as_reported(EAST, TODAY, now=now)
    found_otherwise = {
        one.title: (one.stated, one.now) for one in changes(stated, live.stated(), "en", {"owed": "owed"})
    }
    assert found_otherwise["With fever"] == (0, 1)
    swept = next(each.duty for each in stated.coverage if each.duty.name == "sweep.household")
    assert found_otherwise[f"{swept.title('en')} · owed"] == (4, 5)


def test_a_correction_is_a_new_version_and_both_can_be_read():
    morning()
    write("household_visit", household(2), NINE, at_home(found(2, temperature=38)), received=NINE + 2 * HOUR)
    actions.confirm_report(
        area=EAST, day=TODAY, situation="发热1人", reason="迟到的记录", by="account:bo", at=NINE + 3 * HOUR
    )
    now = NINE + 4 * HOUR
    versions = [as_reported(EAST, TODAY, now=now, version=n) for n in (0, 1)]
    assert [one.numbers()["fever"] for one in versions] == [0, 1]
    assert as_reported(EAST, TODAY, now=now) == versions[1]
    with pytest.raises(LookupError):
        as_reported(EAST, TODAY, now=now, version=2)


def test_a_sweep_ordered_the_day_after_is_not_in_the_report_of_the_day():
    order_reports(DAY1)
    tomorrow = DAY1 + DAY + 9 * HOUR
    order_sweep(tomorrow, tomorrow + 6 * HOUR)
    command.give_assignment(
        what="新事", due=tomorrow + HOUR, at=tomorrow, area=TOWN, owner="role:township", by="account:bai"
    )
    for report in (
        compile_report(COUNTY, TODAY, now=tomorrow + HOUR).stated(),
        as_reported(COUNTY, TODAY, now=tomorrow),
    ):
        assert report.duty("sweep.household").owed == 0
        assert (report.orders.given, report.orders.open) == (0, 0)
        assert "交办" not in paragraph(report)


def test_what_was_open_when_the_day_ended_is_open_in_its_report_though_done_since():
    give = {"area": TOWN, "owner": "role:township", "by": "account:bai"}
    given = command.give_assignment(what="旧事", due=DAY1 + DAY, at=NINE, **give)
    tomorrow = DAY1 + DAY + 9 * HOUR
    command.complete_assignment(area=TOWN, assignment=given, what_was_done="已办", by="account:anna", at=tomorrow)
    stated = compile_report(TOWN, TODAY, now=tomorrow + HOUR).stated()
    assert (stated.orders.given, stated.orders.open, stated.orders.overnight) == (1, 1, 0)
    after = compile_report(TOWN, TODAY + DAY, now=tomorrow + HOUR).stated()
    assert (after.orders.given, after.orders.open, after.orders.done) == (0, 0, 1)


def test_it_is_kept_once_and_nobody_changes_it():
    morning()
    at = DAY1 + DAY + HOUR / 60
    assert due_to_keep(county_of(COUNTY), now=at)
    assert actions.keep_reports(at=at) > 0
    assert not due_to_keep(county_of(COUNTY), now=at) and actions.keep_reports(at=at + HOUR) == 0
    kept = find_kept(TOWN, TODAY)
    assert kept is not None and kept.numbers["visits"] == 2
    for statement in ("UPDATE reports_kept SET numbers = ''", "DELETE FROM reports_kept"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_numbers_read_back_as_they_were_written():
    morning()
    stated = compile_report(TOWN, TODAY, now=NINE + HOUR).stated()
    again = restate(stated, stated.numbers(), stated.numbers_below(), plan())
    assert paragraph(again) == paragraph(stated) and sheets(again) == sheets(stated)
