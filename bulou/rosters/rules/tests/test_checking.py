from dataclasses import replace
from datetime import timedelta

import pytest

from bulou.rosters.rules.checking import check, consequences
from bulou.rosters.rules.patterns import Demand
from bulou.rosters.rules.problem import Assignment, Roster, Span
from bulou.rosters.rules.tests.problems import FAR, at, person, problem


def shift(day: int, hour: int, post: int = 1) -> str:
    return f"卡点{post}/2020-02-{3 + day:02}T{hour:02}00"


def roster(*pairs: tuple[str, str]) -> Roster:
    return Roster(tuple(Assignment(one, who) for one, who in pairs))


def broken(found) -> list[str]:  # type: ignore[no-untyped-def]
    return [each.code for each in found if each.hard]


def test_an_empty_roster_is_one_long_gap() -> None:
    [gap] = check(problem([person("安娜")], days=2), roster())
    assert (gap.code, gap.hard, gap.start, gap.end, gap.count) == ("gap", False, at(0, 7), at(2, 7), 1)


def test_two_posts_at_once() -> None:
    asked = problem([person("安娜")], posts=2)
    [found] = [each for each in check(asked, roster((shift(0, 7), "安娜"), (shift(0, 7, 2), "安娜"))) if each.hard]
    assert (found.code, found.responder) == ("double_booking", "安娜")


def test_eight_hours_between_shifts_are_not_eleven() -> None:
    asked = problem([person("安娜")])
    [found] = [each for each in check(asked, roster((shift(0, 7), "安娜"), (shift(0, 23), "安娜"))) if each.hard]
    assert (found.code, found.found, found.limit) == ("rest", 8, 11)
    assert broken(check(asked, roster((shift(0, 7), "安娜"), (shift(1, 7), "安娜")))) == []


def test_rest_is_counted_from_the_duty_before_the_roster() -> None:
    anna = person("安娜", past=(Span(at(-1, 23), at(0, 6, 30)),))
    assert broken(check(problem([anna]), roster((shift(0, 15), "安娜")))) == ["rest"]
    assert broken(check(problem([anna]), roster((shift(0, 23), "安娜")))) == []


@pytest.mark.parametrize(("nights", "codes"), [(3, []), (4, ["nights"]), (5, ["nights"])])
def test_nights_in_a_row(nights: int, codes: list[str]) -> None:
    asked = problem([person("安娜")])
    assert broken(check(asked, roster(*((shift(day, 23), "安娜") for day in range(nights))))) == codes


def test_nights_before_the_roster_count_on() -> None:
    anna = person("安娜", past=tuple(Span(at(-day, 23), at(1 - day, 7)) for day in (3, 2, 1)))
    assert broken(check(problem([anna]), roster((shift(0, 23), "安娜")))) == ["nights"]


def test_seven_days_in_a_row_are_also_seven_shifts_in_a_week() -> None:
    asked = problem([person("安娜")])
    assert broken(check(asked, roster(*((shift(day, 7), "安娜") for day in range(7))))) == ["days", "week"]
    assert broken(check(asked, roster(*((shift(day, 7), "安娜") for day in range(6))))) == []


def test_a_week_has_no_border() -> None:
    days = [1, 2, 3, 4, 5, 7, 8]  # never seven days in a row, and yet seven shifts in the eight days: six in any seven
    asked = problem([person("安娜")], days=10)
    assert broken(check(asked, roster(*((shift(day, 7), "安娜") for day in days)))) == []
    assert broken(check(asked, roster(*((shift(day, 7), "安娜") for day in [0, *days])))) == []
    tight = problem([person("安娜")], days=10, limits=replace(asked.limits, shifts_in_week=5))
    assert broken(check(tight, roster(*((shift(day, 7), "安娜") for day in days)))) == ["week"]


def test_leave_distance_role_and_leader() -> None:
    people = [
        person("安娜", unavailable=(Span(at(0, 14), at(0, 16), "leave"),)),
        person("王强", home=FAR),
        person("李雪", "health"),
    ]
    asked = problem(people)
    hand = Roster((
        Assignment(shift(0, 7), "安娜"), Assignment(shift(0, 7), "王强"),
        Assignment(shift(0, 7), "李雪", "police"), Assignment(shift(1, 7), "李雪", leads=True),
    ))  # fmt: skip
    found = [each for each in check(asked, hand) if each.hard]
    assert [(each.code, each.responder) for each in found] == [
        ("unavailable", "安娜"), ("distance", "王强"), ("role", "李雪"), ("leader", "李雪"),
    ]  # fmt: skip
    assert found[0].why == "leave"
    assert found[1].found == pytest.approx(111.2, abs=0.1)


def test_strangers_and_repeats() -> None:
    asked = problem([person("安娜")])
    hand = roster((shift(0, 7), "安娜"), (shift(0, 7), "安娜"), ("不存在", "安娜"), (shift(0, 7), "无此人"))
    assert broken(check(asked, hand)) == ["twice", "unknown", "unknown"]


def test_the_night_needs_three() -> None:
    night = [Demand(role, 1, at(0, 23).time(), at(0, 6).time()) for role in ("police", "health", "village_cadre")]
    asked = problem([person("安娜", "police"), person("李雪", "health")], days=1, demands=night)
    [gap] = check(asked, roster((shift(0, 23), "安娜"), (shift(0, 23), "李雪")))
    assert (gap.code, gap.role, gap.count, gap.start, gap.end) == ("gap", "village_cadre", 1, at(0, 23), at(1, 6))


def test_an_edit_tells_what_it_brings_about() -> None:
    asked = problem([person("安娜"), person("王强")], days=1)
    before = roster((shift(0, 7), "安娜"), (shift(0, 15), "王强"))
    after = roster((shift(0, 7), "安娜"), (shift(0, 15), "安娜"))
    new, gone = consequences(asked, before, after)
    assert [each.code for each in new] == ["rest"]
    assert gone == []
    assert new[0].found == 0


def test_a_shift_that_ends_when_another_begins_is_not_double() -> None:
    asked = problem([person("安娜")], days=1)
    assert broken(check(asked, roster((shift(0, 7), "安娜"), (shift(0, 15), "安娜")))) == ["rest"]
    assert at(0, 7) + timedelta(hours=8) == at(0, 15)
