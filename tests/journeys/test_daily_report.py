"""The day of a town with the product's own kinds: what is counted, what is confirmed, what is missing, what is said."""

from datetime import timedelta

import pytest

from bulou.command import actions as command
from bulou.command.rules import Problem, Refused
from bulou.core.divisions import last_of
from bulou.core.scope import seeing
from bulou.records.counting import make_counter
from bulou.records.rulebook import rulesets
from bulou.reports import actions
from bulou.reports.queries import compile_report, missing_reports, plan, rows_behind
from bulou.reports.reported import as_reported
from bulou.reports.rules import NotZero, by_kind
from bulou.reports.text import moment_text, not_zero_text, paragraph, sheets
from bulou.site.kinds import find_kinds
from tests.toys.villages import (
    COUNTY,
    DAY,
    DAY1,
    EAST,
    HOUR,
    LOOK_BACK,
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
VACANT = {"outcome": "vacant", **LOOK_BACK, "nobody_returned": "yes", "established_by": ["neighbour"]}
NOBODY_THERE = {"outcome": "unreachable", "tried": ["knocked"]}
CHECK = {
    "channel": "phone", "reached": "yes", "measured_at": DAY1.isoformat(), "measured_by": "self", "temperature": 36.6,
    "symptoms": ["none"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def villages(monkeypatch, db):
    return begin(monkeypatch)


def day_report(now=DAY1 + 20 * HOUR, area=COUNTY, day=TODAY):
    return compile_report(area, day, now=now)


def said_at_eight():
    return paragraph(as_reported(COUNTY, TODAY, now=DAY1 + 20 * HOUR), "zh-hans")


def values(report, *names):
    return [report.figure(name).day for name in names]


def noted(n, at, category="back_from_outbreak"):
    body = {
        "new": "no", "category": category, "place": "湖北武汉", "moved_on": "2020-01-22", "contacts": ["none"],
        "symptoms": ["none"],
    }  # fmt: skip
    return write("person_noted", person(n), at, body)


@pytest.mark.parametrize("ruleset", sorted(rulesets()))
def test_every_indicator_makes_sense_for_its_kinds(ruleset):
    kinds = find_kinds()
    for kind, (_, conditions) in by_kind(plan().indicators).items():
        make_counter(kinds[kind], rulesets()[ruleset], conditions)
    opened = {duty.duty for kind in kinds.values() for duty in kind.duties if hasattr(duty, "owed_by")}
    assert {duty.name for duty in plan().duties} <= opened


def test_no_total_is_counted_over_the_history_of_a_common_kind():
    common = {"household_visit", "health_check"}
    assert not [i.name for i in plan().indicators if i.history and common & {s.kind for s in i.sources}]


def test_a_sweep_is_counted_and_says_how_many_it_misses():
    order_sweep(DAY1, NINE + 9 * HOUR)
    write("household_visit", household(1), NINE, at_home(found(1), found(11, temperature=37.3)))
    write("household_visit", household(2), NINE + HOUR, NOBODY_THERE)
    write("household_visit", household(2), NINE + 2 * HOUR, at_home(found(2)))
    write("household_visit", household(5), NINE + HOUR, VACANT)
    report = day_report()
    assert values(report, "visits", "households_cleared", "households_vacant", "households_unreachable") == [4, 3, 1, 0]
    assert values(report, "persons_cleared", "temperatures", "fever", "symptomatic") == [3, 3, 1, 1]
    swept, persons = report.duty("sweep.household"), report.duty("sweep.person")
    assert (swept.owed, swept.done, swept.missing, swept.complete) == (6, 3, 3, False)
    assert (persons.owed, persons.done, persons.overdue) == (7, 3, 4)
    assert report.figure("households_cleared").total == 3


def test_a_report_says_what_was_done_by_its_cut_off_whenever_it_is_looked_at():
    order_reports(DAY1)
    order_sweep(DAY1, NINE + 9 * HOUR)
    write("household_visit", household(1), NINE, at_home(found(1), found(11)))
    at_the_cut_off = compile_report(EAST, TODAY, now=DAY1 + 10 * HOUR)
    said = paragraph(at_the_cut_off.stated())
    write("household_visit", household(2), NINE + 3 * HOUR, at_home(found(2)))
    order_sweep(NINE + DAY, NINE + 2 * DAY)
    for later in (DAY1 + 20 * HOUR, DAY1 + 5 * DAY):
        report = compile_report(EAST, TODAY, now=later)
        assert report.coverage == at_the_cut_off.coverage
        assert report.duty("sweep.household").done == 1
        assert paragraph(report.stated()) == said
    assert compile_report(EAST, TODAY + DAY, now=DAY1 + 30 * HOUR).duty("sweep.household").done == 2


def test_two_rounds_do_not_make_two_households_of_one():
    order_sweep(DAY1, NINE + 9 * HOUR)
    write("household_visit", household(1), NINE, at_home(found(1), found(11)))
    write("household_visit", household(5), NINE + HOUR, VACANT)
    order_sweep(NINE + 2 * HOUR, NINE + 9 * HOUR)
    write("household_visit", household(5), NINE + 3 * HOUR, VACANT)
    swept = day_report().duty("sweep.household")
    assert (swept.owed, swept.done, swept.missing) == (6, 1, 5)


def test_one_person_measured_twice_is_one_person_and_two_attendances():
    write("household_visit", household(1), NINE, at_home(found(1, temperature=38.0)))
    write("health_check", person(1), NINE + HOUR, {**CHECK, "temperature": 38.2})
    report = day_report()
    assert values(report, "fever", "temperatures", "health_checks") == [1, 2, 1]


def test_37_2_is_no_fever_and_37_3_is():
    write("household_visit", household(1), NINE, at_home(found(1, temperature=37.2), found(11, temperature=37.3)))
    assert values(day_report(), "fever") == [1]


def test_every_number_opens_to_as_many_rows_as_it_says():
    order_sweep(DAY1, NINE + 9 * HOUR)
    first = noted(1, NINE - 2 * DAY)
    noted(2, NINE)
    write("household_visit", household(1), NINE, at_home(found(1, temperature=38), found(11)))
    write("health_check", person(2), NINE + HOUR, CHECK)
    report = day_report()
    for figure in report.figures:
        rows = rows_behind(COUNTY, TODAY, figure.indicator.name, now=report.now)
        assert len(rows) == figure.day, figure.indicator.name
        if figure.indicator.history:
            rows = rows_behind(COUNTY, TODAY, figure.indicator.name, now=report.now, total=True)
            assert len(rows) == figure.total, figure.indicator.name
        assert sum(line.values.get(figure.indicator.name, 0) for line in report.below) == figure.day
    (row,) = [
        r for r in rows_behind(COUNTY, TODAY, "back_from_outbreak", now=report.now, total=True) if r.entry == first
    ]
    assert (row.subject, row.whom, row.area) == (person(1), person(1), EAST)
    with pytest.raises(LookupError):
        rows_behind(COUNTY, TODAY, "visits", now=report.now, total=True)


def test_totals_run_from_the_incident_to_the_cut_off():
    noted(1, NINE - 2 * DAY)
    noted(2, NINE)
    noted(2, NINE + HOUR, "outsider")
    noted(3, NINE + DAY)
    report = day_report(now=NINE + 3 * DAY)
    assert (report.figure("back_from_outbreak").day, report.figure("back_from_outbreak").total) == (1, 2)
    assert values(report, "outsiders") == [1]


def test_a_person_two_lists_found_is_one(villages):
    noted(1, NINE)
    noted(2, NINE)
    villages.merged[person(2)] = person(1)
    assert values(day_report(), "back_from_outbreak") == [1]


def test_a_correction_changes_the_count_and_a_withdrawal_takes_it_out():
    one, two = noted(1, NINE), noted(2, NINE)
    write("correction", person(1), NINE + HOUR, {"withdrawn": True, "reason": "记错人"}, amends=one)
    outsider = {
        "new": "no", "category": "outsider", "place": "竹溪", "moved_on": "2020-01-22", "contacts": ["none"],
        "symptoms": ["none"],
    }  # fmt: skip
    write("correction", person(2), NINE + HOUR, {"body": outsider, "reason": "类别填错"}, amends=two)
    assert values(day_report(), "back_from_outbreak", "outsiders") == [0, 1]


def test_follow_up_is_due_done_and_missed():
    for n in (1, 2, 5):
        body = {
            "reason": "returnee", "basis": "县指挥部令第3号", "days": 3, "start_basis": "departure",
            "start": "2020-02-03", "checked_by": "grid_worker",
        }  # fmt: skip
        write("followup_order", person(n), DAY1, body)
    write("health_check", person(1), NINE, CHECK)
    write("health_check", person(1), NINE + 6 * HOUR, CHECK)
    write("health_check", person(2), NINE, {"channel": "phone", "reached": "no", "not_reached_reason": "关机"})
    report = day_report(now=DAY1 + 20 * HOUR)
    checks = report.duty("followup.check")
    assert (checks.owed, checks.done, checks.missed, checks.open) == (6, 2, 2, 2)
    assert values(report, "health_checks", "health_checks_failed", "followups_ordered") == [2, 1, 3]
    parts = {
        line.area: {c.duty.name: c for c in line.coverage}["followup.check"].owed
        for line in day_report(area=TOWN).below
    }
    assert parts == {EAST: 4, WEST: 2}


def test_the_window_ends_when_the_report_falls_due():
    order_reports(DAY1 - DAY)
    noted(1, DAY1 + 11 * HOUR)  # after the village's ten o'clock, before the township's one
    east = compile_report(EAST, TODAY, now=DAY1 + 12 * HOUR)
    assert east.window.cut_off == DAY1 + 10 * HOUR
    assert values(east, "back_from_outbreak") == [0]
    assert values(compile_report(EAST, TODAY + DAY, now=DAY1 + 34 * HOUR), "back_from_outbreak") == [1]
    assert values(compile_report(TOWN, TODAY, now=DAY1 + 14 * HOUR), "back_from_outbreak") == [1]
    assert compile_report(EAST, TODAY, now=NINE).window.until == NINE


def test_reports_in_missing_late_and_zero():
    order_reports(DAY1)
    actions.zero_report(area=EAST, day=TODAY, by="account:anna", at=NINE)
    now = DAY1 + 11 * HOUR
    assert [r.area for r in missing_reports(TOWN, TODAY, now=now)] == [TOWN, WEST]
    actions.confirm_report(area=WEST, day=TODAY, situation="平稳", by="account:bo", at=now)
    reporting = day_report(now=now).reporting
    assert [r.area for r in reporting.received] == [EAST, WEST]
    assert [r.area for r in reporting.late] == [WEST]
    assert reporting.zero == (EAST,)
    assert [r.area for r in reporting.missing] == [TOWN]


def test_a_report_made_the_day_after_is_kept_and_does_not_count_as_in():
    order_reports(DAY1)
    actions.confirm_report(area=EAST, day=TODAY, situation="平稳", by="account:anna", at=NINE + DAY)
    reporting = day_report(now=NINE + DAY).reporting
    assert reporting.received == ()
    assert reporting.after == (EAST,)


def test_zero_is_refused_when_something_was_found():
    write("household_visit", household(1), NINE, at_home(found(1, temperature=38)))
    with pytest.raises(NotZero) as refused:
        actions.zero_report(area=EAST, day=TODAY, by="account:anna", at=NINE + HOUR)
    assert {f.indicator.name for f in refused.value.found} == {"fever", "symptomatic"}
    assert "发热1人" in not_zero_text(refused.value, "zh-hans")
    assert "1 person" in not_zero_text(refused.value, "en")
    actions.zero_report(area=WEST, day=TODAY, by="account:bo", at=NINE + HOUR)


def test_what_is_confirmed_stays_beside_what_comes_later():
    order_reports(DAY1)
    noted(1, NINE - HOUR)
    actions.confirm_report(area=EAST, day=TODAY, situation="新增1人", by="account:anna", at=NINE)
    noted(2, NINE - HOUR / 2)
    report = compile_report(EAST, TODAY, now=DAY1 + 11 * HOUR)
    figure = report.figure("back_from_outbreak")
    assert figure.day == 2
    assert [(c.numbers["back_from_outbreak"], c.numbers["back_from_outbreak.total"]) for c in report.confirmed] == [
        (1, 1)
    ]


def test_a_correction_after_the_cut_off_keeps_both_and_stays_in_time():
    order_reports(DAY1)
    noted(1, NINE - HOUR)
    first = actions.confirm_report(area=EAST, day=TODAY, situation="新增1人", by="account:anna", at=NINE)
    noted(2, NINE - HOUR / 2)
    noted(3, NINE + HOUR / 2)  # after what was confirmed: it belongs to the next
    with pytest.raises(Refused, match="reason"):
        actions.confirm_report(area=EAST, day=TODAY, situation="新增2人", by="account:anna", at=NINE + 4 * HOUR)
    actions.confirm_report(
        area=EAST, day=TODAY, situation="新增2人", reason="漏填一人", by="account:bo", at=NINE + 4 * HOUR
    )
    report = compile_report(EAST, TODAY, now=NINE + 5 * HOUR)
    assert [(c.id, c.numbers["back_from_outbreak"], c.by, c.reason) for c in report.confirmed] == [
        (first, 1, "account:anna", ""),
        (first, 2, "account:bo", "漏填一人"),
    ]
    assert [r.area for r in report.reporting.late] == []
    assert [r.area for r in report.reporting.received] == [EAST]


def test_a_report_confirmed_again_before_the_cut_off_speaks_of_the_later_moment():
    order_reports(DAY1)
    say = {"area": EAST, "day": TODAY, "by": "account:anna"}
    actions.confirm_report(situation="平稳", at=NINE - HOUR, **say)
    noted(1, NINE - HOUR / 2)
    actions.confirm_report(situation="新增1人", reason="刚到", at=NINE, **say)
    report = compile_report(EAST, TODAY, now=NINE)
    assert [c.numbers["back_from_outbreak"] for c in report.confirmed] == [0, 1]
    assert len(report.reporting.received) == 1


@pytest.mark.parametrize(("day", "problem"), [(TODAY, Problem.REPORTED), (TODAY + DAY, Problem.NOT_BEGUN)])
def test_zero_is_reported_once_and_not_of_tomorrow(day, problem):
    actions.zero_report(area=EAST, day=TODAY, by="account:anna", at=NINE)
    with pytest.raises(Refused) as refused:
        actions.zero_report(area=EAST, day=day, by="account:anna", at=NINE + HOUR)
    assert refused.value.problem is problem


def test_a_village_counts_and_reports_on_itself_only():
    noted(1, NINE)
    noted(5, NINE)
    with seeing([(WEST, last_of(WEST))]):
        assert values(day_report(), "back_from_outbreak") == [1]
        assert rows_behind(EAST, TODAY, "back_from_outbreak", now=NINE + HOUR) == []
        with pytest.raises(Refused) as refused:
            actions.zero_report(area=EAST, day=TODAY, by="account:bo", at=NINE)
    assert refused.value.problem is Problem.NO_AREA


def test_assignments_of_the_day_and_overnight_are_in_the_report():
    give = {"area": TOWN, "owner": "role:township", "by": "account:bai"}
    command.give_assignment(what="旧事", due=DAY1, at=DAY1 - HOUR, **give)
    given = command.give_assignment(what="新事", due=NINE + HOUR, at=NINE, **give)
    command.complete_assignment(area=TOWN, assignment=given, what_was_done="已办", by="account:anna", at=NINE + HOUR)
    command.record_decision(area=TOWN, text="封村", basis_note="会商", by="account:bai", at=NINE)
    cycle = day_report().cycle
    assert [a.what for a in cycle.done] == ["新事"]
    assert [(a.what, a.nights) for a in cycle.overnight] == [("旧事", 1)]
    assert [d.text for d in cycle.decisions] == ["封村"]


def test_the_paragraph_for_wechat():
    order_sweep(DAY1, NINE + 9 * HOUR)
    order_reports(DAY1)
    write("household_visit", household(1), NINE, at_home(found(1), found(11, temperature=38)))
    noted(2, NINE)
    text = said_at_eight()
    assert text.startswith("截至2020年2月3日13时，")
    assert "排查住户应查6户，已查1户，尚有5户未查到。排查人员应查7人，已查2人，尚有5人未查到" in text
    assert "测量体温2人次" in text
    assert "登记来自疫区返乡人员1人（累计1人）" in text
    assert "发热1人" in text
    assert "缺报3份" in text
    assert "安娜" not in text
    english = paragraph(as_reported(COUNTY, TODAY, now=DAY1 + 20 * HOUR), "en")
    assert english.startswith("As of 13:00 on 2020-2-3, ")
    assert "still missed 5 households" in english
    assert not any("一" <= letter <= "鿿" for letter in english.removeprefix("As of 13:00 on 2020-2-3, 镇坪县"))


def test_not_one_household_not_one_person():
    order_sweep(DAY1, NINE + 9 * HOUR)
    for n in (1, 2, 3, 4, 5, 6):
        write("household_visit", household(n), NINE, at_home(found(n)))
    assert "尚有1人未查到" in said_at_eight()
    write("household_visit", household(1), NINE + HOUR, at_home(found(1), found(11)))
    assert "不漏一户、不落一人" in said_at_eight()


def test_moments_are_said_as_reports_say_them():
    from django.utils import translation

    with translation.override("zh-hans"):
        said = [moment_text(DAY1 + n * HOUR) for n in (0, 10, 10.5)]
    assert said == ["2020年2月2日24时", "2020年2月3日10时", "2020年2月3日10时30分"]


def test_sheets_have_as_many_cells_as_heads():
    order_sweep(DAY1, NINE + 9 * HOUR)
    write("household_visit", household(1), NINE, at_home(found(1), found(11)))
    noted(5, NINE)
    report = day_report(area=TOWN)
    for lang in ("zh-hans", "en"):
        numbers, owed, areas = sheets(report.stated(), lang)
        for sheet in (numbers, owed, areas):
            assert all(len(row) == len(sheet.head) for row in sheet.rows)
    assert [row[0] for row in areas.rows] == ["610927100201", "610927100202"]


def test_the_report_asks_a_fixed_number_of_questions(django_assert_max_num_queries):
    order_sweep(DAY1, NINE + 9 * HOUR)
    order_reports(DAY1)
    for n in (1, 2, 3, 4, 5, 6):
        write("household_visit", household(n), NINE + n * timedelta(minutes=1), at_home(found(n, temperature=38)))
        noted(n, NINE)
    with django_assert_max_num_queries(25):
        day_report()
