"""No threshold without a source."""

from datetime import date
from pathlib import Path

import pytest

from bulou.records.rulesets import parse_ruleset
from bulou.records.tests.make import RULES, ruleset
from bulou.records.words import load_words, parse_words

HEAD = 'name = "n"\ntitle = "t"\nsource = "s"\nvalid_from = 2020-02-01\n'


def test_a_rule_set_says_what_it_is_and_what_each_value_comes_from() -> None:
    found = ruleset()
    assert (found.name, found.valid_from) == ("test-2020", date(2020, 2, 1))
    assert found.get("fever.threshold_c") == 37.3
    assert found.rule("fever.threshold_c").unit == "℃"
    assert found.get("observation.slots") == ("00:00-12:00", "12:00-24:00")
    assert all(rule.source for rule in found.values.values())


def test_a_wrong_path_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        LookupError, match=r"'test-2020' has no rule 'fever.treshold'; the nearest is 'fever.threshold_c'"
    ):
        ruleset().get("fever.treshold")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "[fever.threshold_c]\nvalue = 37.3\n", "fever.threshold_c = 37.3 has no source"),
        (HEAD + '[fever.threshold_c]\nvalue = 37.3\nsource = " "\n', "has no source"),
        (HEAD + "[fever]\nthreshold_c = 37.3\n", r"write \[fever.threshold_c\]"),
        (HEAD + '[a]\nvalue = 1\nsource = "s"\nuntil = 2\n', "until is not one of"),
        (HEAD + '[a]\nvalue = [1, 2]\nsource = "s"\n', "a value is text, a number"),
        (HEAD + '[a]\nvalue = 1\nunit = 3\nsource = "s"\n', "a unit is text"),
        (HEAD.replace('name = "n"\n', ""), "begins with name"),
        (HEAD.replace("2020-02-01", '"2020"'), "begins with valid_from"),
        ("name = ", "not TOML"),
    ],
)
def test_a_value_without_its_source_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_ruleset(text)


def test_the_rules_of_the_tests_are_read_alike_twice() -> None:
    assert parse_ruleset(RULES) == parse_ruleset(RULES)


def test_words_are_read_from_their_folder(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    text = 'title = "入户"\n[fields."members.name"]\nlabel = "姓名"\n[choices.outcome]\nhome = "在家"\n'
    text += '[duties]\nvisit = "走访"\n'
    (tmp_path / "words" / "zh_Hans.toml").write_text(text, "utf-8")
    found = load_words(tmp_path)["zh_Hans"]
    assert found.label("members.name") == "姓名"
    assert found.label("members.age") == "members.age"
    assert found.choice("outcome", "home") == "在家"
    assert found.choice("anything", "yes") == "是"
    assert found.duty("visit") == "走访"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the title is missing"),
        ('title = "x"\ntitel = "y"\n', "titel is not one of"),
        ('title = "x"\n[fields.a]\nlabl = "y"\n', r"\[fields.a\] takes label, hint and constraint"),
    ],
)
def test_a_slip_in_the_words_is_pointed_out(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_words(text, "en")
