"""日报告、日研判、日交办: reports in and missing, decisions, assignments by 24:00, what is left overnight."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bulou.command import actions, queries
from bulou.command.rules import REPORT, Problem, Refused, Result
from bulou.command.tests.county import COUNTY, DAY, DAY1, NINE, TOWN, VILLAGES
from bulou.core.divisions import code_of, last_of
from bulou.core.scope import seeing
from bulou.ledger import actions as ledger
from bulou.ledger import queries as book
from bulou.ledger.rules import Entry, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]
HOUR = timedelta(hours=1)
TODAY = DAY1.date()


def write(kind, area, at, *, received=None, **body):
    mark = {"written_from": at, "marked": True}  # as from a phone
    entry = Entry(uuid4(), kind, f"area:{code_of(area)}", area, at, at, "account:anna", body, **mark)
    assert ledger.append([entry], at=received or at)[0].outcome == "applied"
    return entry.id


def give(what="排查一组", at=NINE, due=None, area=TOWN, owner="role:township"):
    return actions.give_assignment(area=area, what=what, owner=owner, due=due or at + 3 * HOUR, by="account:bai", at=at)


def test_reports_in_missing_and_late():
    write("report_order", COUNTY, DAY1)
    on_time = write(REPORT, VILLAGES[0], NINE)
    write(REPORT, VILLAGES[1], NINE, received=NINE + 4 * HOUR)
    found = queries.cycle(COUNTY, TODAY, now=NINE + 5 * HOUR)
    came = [r for r in found.reports if r.is_in]
    assert [r.area for r in came] == VILLAGES[:2]
    assert came[0].report == on_time
    assert [r.reported_late for r in came] == [False, True]
    assert [(r.area, r.state) for r in found.reports_missing] == [(VILLAGES[2], State.OVERDUE)]


def test_the_report_of_tomorrow_is_not_owed_today():
    write("report_order", COUNTY, DAY1)
    assert len(queries.owed_reports(COUNTY, TODAY, now=NINE)) == 3
    assert {r.state for r in queries.owed_reports(COUNTY, TODAY + DAY, now=NINE)} == {State.WAITING}
    assert queries.owed_reports(COUNTY, TODAY + 5 * DAY, now=NINE) == []


def test_decisions_of_the_day_stand_as_corrected():
    decision = actions.record_decision(area=COUNTY, text="封闭一组", basis_note="会议", by="account:bai", at=NINE)
    actions.record_decision(area=COUNTY, text="明天的事", basis_note="会议", by="account:bai", at=NINE + DAY)
    assert [(d.id, d.text) for d in queries.decisions(COUNTY, TODAY)] == [(decision, "封闭一组")]
    correction = Entry(uuid4(), "correction", f"area:{code_of(COUNTY)}", COUNTY, NINE, NINE + HOUR, "account:bai",
                       {"body": {"text": "封闭一、二组"}, "reason": "漏写"}, amends=decision)  # fmt: skip
    ledger.append([correction], at=NINE + HOUR)
    assert [d.text for d in queries.decisions(COUNTY, TODAY)] == ["封闭一、二组"]


def test_an_assignment_done_today():
    decision = actions.record_decision(area=COUNTY, text="排查一组", basis_note="会议", by="account:bai", at=NINE)
    given = actions.give_assignment(
        area=TOWN, what="排查一组", owner="role:township", due=NINE + 2 * HOUR, decision=decision,
        by="account:bai", at=NINE,
    )  # fmt: skip
    now = NINE + HOUR
    assert [(a.id, a.state) for a in queries.cycle(COUNTY, TODAY, now=now).open] == [(given, State.OPEN)]
    actions.complete_assignment(area=TOWN, assignment=given, what_was_done="全部到位", by="account:anna", at=now)
    found = queries.cycle(COUNTY, TODAY, now=now)
    (done,) = found.done
    assert (done.state, done.last.what_was_done, done.last.by) == (State.MET, "全部到位", "account:anna")
    assert done.decision == decision
    assert found.given == found.done
    assert found.open == ()


def test_what_is_open_at_midnight_is_carried_over_with_its_nights():
    old, new = give("旧事"), give("新事", at=NINE + 2 * DAY)
    now = NINE + 2 * DAY + HOUR
    found = queries.cycle(COUNTY, TODAY + 2 * DAY, now=now)
    assert [(a.id, a.nights) for a in found.open] == [(old, 2), (new, 0)]
    assert [a.id for a in found.overnight] == [old]
    assert found.overnight[0].state is State.OVERDUE
    actions.complete_assignment(area=TOWN, assignment=old, what_was_done="已补", by="account:anna", at=now)
    later = queries.cycle(COUNTY, TODAY + 2 * DAY, now=now + HOUR)
    assert later.overnight == ()
    assert [(a.id, a.state, a.nights) for a in later.done] == [(old, State.MET_LATE, 2)]
    assert [a.id for a in later.given] == [new]


def test_what_is_done_partly_stays_open_with_what_is_left():
    given = give()
    actions.complete_assignment(
        area=COUNTY, assignment=given, result=Result.PARTLY, what_was_done="两户已查", left_over="第三户锁门",
        by="account:anna", at=NINE + HOUR,
    )  # fmt: skip
    found = queries.cycle(COUNTY, TODAY, now=NINE + 2 * HOUR)
    assert found.done == ()
    assert [(a.state, a.last.left_over) for a in found.open] == [(State.OPEN, "第三户锁门")]
    with pytest.raises(Refused, match="left_over"):
        actions.complete_assignment(
            area=COUNTY, assignment=given, result=Result.CANNOT, what_was_done="查不了", by="account:anna", at=NINE
        )


def test_a_decision_rests_on_reports_or_says_on_what():
    report = write(REPORT, VILLAGES[0], NINE)
    actions.record_decision(area=COUNTY, text="封村", reports=[report], by="account:bai", at=NINE)
    assert [d.reports for d in queries.decisions(COUNTY, TODAY)] == [(report,)]
    with pytest.raises(Refused) as refused:
        actions.record_decision(area=COUNTY, text="封村", by="account:bai", at=NINE)
    assert refused.value.problem is Problem.BASIS


def test_nothing_is_overnight_before_midnight():
    give(due=DAY1 + DAY)
    assert queries.cycle(COUNTY, TODAY, now=DAY1 + DAY - timedelta(seconds=1)).overnight == ()
    assert [a.nights for a in queries.cycle(COUNTY, TODAY + DAY, now=DAY1 + DAY).overnight] == [1]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"what": " "}, Problem.EMPTY),
        ({"owner": "安娜"}, Problem.OWNER),
        ({"due": DAY1 + DAY + timedelta(minutes=1)}, Problem.DUE_LATE),
        ({"due": NINE - HOUR}, Problem.DUE_PAST),
        ({"what": "无效"}, Problem.NOT_TAKEN),
    ],
)
def test_an_order_that_cannot_be_taken_writes_nothing(change, problem):
    with pytest.raises(Refused) as refused:
        give(**change)
    assert refused.value.problem is problem
    assert book.held(COUNTY) == []
    assert queries.cycle(COUNTY, TODAY, now=NINE).given == ()


def test_what_was_never_assigned_cannot_be_completed():
    report = write(REPORT, VILLAGES[0], NINE)
    for not_one in (report, UUID(int=7)):
        with pytest.raises(Refused, match="no assignment"):
            actions.complete_assignment(area=TOWN, assignment=not_one, what_was_done="已办", by="account:anna", at=NINE)


def test_a_village_sees_its_own_cycle_only():
    write("report_order", COUNTY, DAY1)
    give(area=VILLAGES[0])
    give(area=VILLAGES[1])
    with seeing([(VILLAGES[0], last_of(VILLAGES[0]))]):
        found = queries.cycle(COUNTY, TODAY, now=NINE)
    assert {r.area for r in found.reports} == {VILLAGES[0]}
    assert {a.area for a in found.open} == {VILLAGES[0]}


def test_the_cycle_asks_a_fixed_number_of_questions(django_assert_max_num_queries):
    write("report_order", COUNTY, DAY1)
    for n in range(12):
        one = give(at=NINE + n * timedelta(minutes=1))
        if n % 2:
            actions.complete_assignment(
                area=TOWN, assignment=one, what_was_done="已办", by="account:anna", at=NINE + HOUR
            )
    with django_assert_max_num_queries(22):
        queries.cycle(COUNTY, TODAY, now=NINE + 2 * HOUR)
