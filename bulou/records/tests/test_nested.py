"""Rows within rows, and choices that depend on other answers: judged as the phone judges them."""

from typing import Any

import pytest

from bulou.records.fields import Field
from bulou.records.tests.make import entry, kind, ruleset

PLACES = (
    {"name": "a1", "city": "a"},
    {"name": "a2", "city": "a"},
    {"name": "b1", "city": "b"},
    {"name": "other", "city": "a"},
    {"name": "other", "city": "b"},
)
FORM = kind(
    Field("limit", "integer"),
    Field("homes", "repeat", fields=(
        Field("door", "text", required=True),
        Field("city", "select_one", choices=("a", "b")),
        Field("place", "select_one", choices=("a1", "a2", "b1", "other"), choice_filter="city = ${city}",
              choice_table="places"),
        Field("members", "repeat", fields=(
            Field("name", "text", required=True),
            Field("age", "integer", constraint=". <= ${limit}"),
            Field("school", "text", relevant="${age} < 18", required="${door} != 'x'"),
            Field("number", "calculate", calculation="concat(${door}, '-', position(..))"),
        )),
        Field("oldest", "calculate", calculation="max(${age})"),
        Field("n", "calculate", calculation="count(${members})"),
    )),
    Field("everybody", "calculate", calculation="count(${members})"),
    Field("years", "calculate", calculation="sum(${age})"),
    tables={"places": PLACES},
)  # fmt: skip


LAW = FORM.law(lambda name: ruleset())


def faults(body: dict[str, Any]) -> list[tuple[Any, ...]]:
    return sorted((key, row, code) for key, row, code, _ in LAW.faults(entry(body)))


def test_a_row_in_a_row_sees_its_own_row_the_row_around_and_the_form() -> None:
    body = {
        "limit": 100,
        "homes": [
            {"door": "1", "members": [{"name": "甲", "age": 40}, {"name": "乙", "age": 9, "school": "x"}]},
            {"door": "2", "members": [{"name": "丙", "age": 70}]},
        ],
    }
    assert faults(body) == []
    said = LAW.answers(entry(body))
    assert [home["oldest"] for home in said["homes"]] == ["40", "70"]
    assert [home["n"] for home in said["homes"]] == ["2", "1"]
    assert said["homes"][0]["members"][1] == {"name": "乙", "age": 9, "school": "x", "number": "1-2"}
    assert (said["everybody"], said["years"]) == ("3", "119")


def test_what_is_wrong_in_it_is_told_with_both_rows() -> None:
    body = {
        "limit": 50,
        "homes": [
            {"door": "x", "members": [{"age": 9}]},
            {"door": "2", "members": [{"name": "丙", "age": 70}, {"name": "丁", "age": 8}, {"name": 3, "shoe": 1}]},
        ],
    }
    assert faults(body) == [("homes.members.name", (2, 3), "text"), ("homes.members.shoe", (2, 3), "unknown")]
    body["homes"][1]["members"].pop()
    assert faults(body) == [
        ("homes.members.age", (2, 1), "constraint"),
        ("homes.members.name", (1, 1), "required"),
        ("homes.members.school", (2, 2), "required"),
    ]
    told = LAW.problems_in(entry(body), "en")
    assert "homes, row 2, homes.members, row 1: homes.members.age does not keep" in " ".join(told)


def test_how_it_stands_while_it_is_filled_in() -> None:
    asked = LAW.asked(entry({"homes": [{"city": "b", "members": [{"age": 30}, {}]}]}))
    assert ("homes.members.school", (1, 1)) in asked.hidden and ("homes.members.name", (1, 2)) in asked.required
    assert asked.worked["homes.members.number", (1, 2)] == "-2"
    assert asked.offered["homes.place", 1] == ("b1", "other")


@pytest.mark.parametrize(("city", "place", "wrong"), [
    ("a", "a2", []), ("b", "a2", [("homes.place", 1, "filter")]), ("", "a1", [("homes.place", 1, "filter")]),
    ("b", "other", []), ("b", "nowhere", [("homes.place", 1, "select_one")]),
])  # fmt: skip
def test_a_choice_must_go_with_the_answers_it_depends_on(city: str, place: str, wrong: list[Any]) -> None:
    assert faults({"homes": [{"door": "1", "city": city, "place": place}]}) == wrong
