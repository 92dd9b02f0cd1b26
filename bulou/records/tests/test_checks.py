"""Faults of kinds are found before the program starts, all at once."""

import re
from dataclasses import replace

import pytest

from bulou.records.checks import faults_in
from bulou.records.duties import Meets, Opens, Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind
from bulou.records.tests.make import ruleset
from bulou.records.words import FieldWords, Words

ONE_YEAR = Personal("to find the person again", 365, "incident")


def words(*labels: str, **more: object) -> dict[str, Words]:
    fields = {label: FieldWords(label.title(), constraint="must be right") for label in labels}
    return {language: Words("t", fields=fields, language=language, **more) for language in ("zh_Hans", "en")}  # type: ignore[arg-type]


def faults(*fields: Field, said: dict[str, Words] | None = None, **changes: object) -> list[str]:
    known = words(*(field.name for field in fields)) if said is None else said
    complete = {"subject": ("household",), "recorded_by": frozenset({"grid_worker"}), "words": known}
    return list(faults_in([Kind("visit", 1, fields=fields, **{**complete, **changes})], [ruleset()]))  # type: ignore[arg-type]


def test_a_right_kind_has_no_fault() -> None:
    assert faults(Field("a", "integer", constraint=". > 0"), Field("phone", "text", personal=ONE_YEAR)) == []


@pytest.mark.parametrize("name", ["name", "contact_phone", "id_number", "home_address", "temperature", "symptoms"])
def test_what_names_or_describes_a_person_must_say_why_and_how_long(name: str) -> None:
    (fault,) = faults(Field(name, "text"))
    assert "Personal(purpose, keep_days, starts)" in fault


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (Field("a", "text", relevant="${b} = 1"), "there is no 'b'"),
        (Field("a", "text", constraint="string-len(.) > 1"), "did you mean 'string-length'"),
        (Field("a", "text", required="rule('fever.none') > 1"), "has no rule 'fever.none'"),
        (Field("a", "note", relevant="${b} = 1"), "there is no 'b'"),
        (Field("a", "text", default="concat(${b}, 1)"), "there is no 'b'"),
        (Field("a", "yes_no", default="maybe"), "not among the choices"),
        (Field("a", "calculate", calculation="${a} + ${b}"), "there is no 'b'"),
    ],
)
def test_expressions_are_understood_beforehand(field: Field, said: str) -> None:
    assert any(said in fault for fault in faults(field))


def test_every_word_is_there_in_both_languages_and_none_is_left_over() -> None:
    pick = Field("outcome", "select_one", choices=("home",))
    found = faults(pick, said=words("outcom"), duties=(Opens("visit.do", "x", within_hours="1"), Meets("visit.do")))
    for said in (
        '[fields."outcome"] has no label',
        "has no 'home'",
        '[fields."outcom"] is no field',
        "name 'visit.do'",
    ):
        assert sum(said in fault for fault in found) == 2, said
    assert any("words/en.toml is missing" in fault for fault in faults(pick, said={}))


def test_a_constraint_says_what_it_asks() -> None:
    said = {language: replace(w, fields={"a": FieldWords("A")}) for language, w in words("a").items()}
    assert len(faults(Field("a", "integer", constraint=". > 0"), said=said)) == 2


@pytest.mark.parametrize(
    ("duties", "said"),
    [
        ((Opens("do", "x", within_hours="1"),), "opens the duty 'do', which no kind meets"),
        ((Meets("do"),), "meets the duty 'do', which no kind opens"),
        ((Waives("do"),), "meets the duty 'do', which no kind opens"),
        ((Opens("do", "x", within_hours="1"), Waives("do")), "which no kind meets"),
        ((Meets("do", each="nobody"),), "there is no repeat 'nobody'"),
        ((Opens("do", "x", due="${b}"), Meets("do")), "there is no 'b'"),
        ((Opens("do", "role:${b}", within_hours="1"), Meets("do")), "there is no 'b'"),
    ],
)
def test_every_duty_can_be_met_and_the_reverse(duties: tuple[object, ...], said: str) -> None:
    assert any(said in fault for fault in faults(duties=duties))


def test_a_waiver_of_whatever_duty_stands_alone() -> None:
    assert faults(Field("duty", "text", about_nobody="the name of a duty"), duties=(Waives("${duty}"),)) == []


def test_what_a_kind_is_about_and_who_records_it_is_said() -> None:
    found = faults(Field("a", "text"), Field("a", "text"), subject=(), recorded_by=frozenset(), summary=("b",))
    for said in ("subject is empty", "recorded_by is empty", "there is no field 'b'", "two fields"):
        assert any(said in fault for fault in found), said


def test_check_lists_all_that_is_wrong() -> None:
    bad = Kind("visit", 1, (), (Field("phone", "text"),))
    assert re.search(r"(?s)subject is empty.*recorded_by.*Personal", "\n".join(faults_in([bad])))
    assert any("two kinds" in fault for fault in faults_in([bad, bad]))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Field("Bad-Name", "text"),
        lambda: Field("a", "txt"),  # type: ignore[arg-type]
        lambda: Field("a", "select_one"),
        lambda: Field("a", "text", choices=("x",)),
        lambda: Field("a", "select_one", choices=("two words",)),
        lambda: Field("a", "repeat"),
        lambda: Field("a", "text", fields=(Field("b", "text"),)),
        lambda: Field("a", "text", calculation="1"),
    ],
)
def test_a_field_that_contradicts_itself_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="field"):
        wrong()  # type: ignore[operator]
