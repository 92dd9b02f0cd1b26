"""Which rule set a day is judged under, and that no number stands without its document."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bulou.ledger import law as installed
from bulou.ledger.rules import Law
from bulou.records import rulebook
from bulou.records.rulebook import latest_begun, name_in_force, rules_in_force, rulesets

COMMUNITY, NINTH = "cn-2020-02-community", "cn-2022-06-ninth-edition"
NOON = datetime(2020, 2, 3, 4, tzinfo=UTC)


def test_both_editions_ship() -> None:
    assert set(rulesets()) == {COMMUNITY, NINTH}


def test_every_value_names_a_document_with_a_date_or_says_it_is_our_own() -> None:
    for ruleset in rulesets().values():
        for path, rule in ruleset.values.items():
            said = rule.source
            dated = any(char.isdigit() for char in said) or "同" in said
            assert dated or "本系统自定" in said or "沿用" in said, f"{ruleset.name} {path}: {said}"


def test_what_changed_between_the_editions() -> None:
    sets = rulesets()
    assert (sets[COMMUNITY].get("observation.days"), sets[NINTH].get("observation.days")) == (14, 10)
    assert (sets[COMMUNITY].get("outbreak.cases"), sets[NINTH].get("outbreak.cases")) == (2, 5)


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2020, 1, 24), COMMUNITY),
        (date(2022, 6, 27), COMMUNITY),
        (date(2022, 6, 28), NINTH),
    ],
)
def test_the_latest_that_has_begun_by_the_day(on: date, name: str) -> None:
    found = latest_begun(rulesets(), on)
    assert found is not None and found.name == name


def test_no_rule_set_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert latest_begun(rulesets(), date(2020, 1, 23)) is None
    said = {"": "no rule set had begun", "who-2020": "'who-2020' did not come with this version"}
    for name, words in said.items():
        _install(monkeypatch, lambda county, moment, name=name: name)
        with pytest.raises(LookupError, match=words):
            rules_in_force(610927, NOON)


def test_everybody_is_answered_by_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, lambda county, moment: NINTH if county == 610927 else COMMUNITY)
    assert (name_in_force(610927, NOON), rules_in_force(610927, NOON).name) == (NINTH, NINTH)
    assert rules_in_force(610928, NOON).name == COMMUNITY


def _install(monkeypatch: pytest.MonkeyPatch, rules_at: Callable[[int, datetime], str]) -> None:
    law = Law({}, lambda c, s: {}, lambda n, a: iter(()), lambda n, s: iter(()), rules_at)
    monkeypatch.setattr(installed, "_installed", [law])


def test_a_broken_file_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = 'name = "other"\ntitle = "x"\nsource = "y"\nvalid_from = 2020-01-01\n'
    monkeypatch.setattr(rulebook, "FOLDER", tmp_path)
    (tmp_path / "mine.toml").write_text(head)
    with pytest.raises(ValueError, match=r"rulebooks/mine.toml: it calls itself 'other'"):
        rulesets.__wrapped__()
    (tmp_path / "mine.toml").write_text(head + "[fever.threshold_c]\nvalue = 37.3\n")
    with pytest.raises(ValueError, match=r"rulebooks/mine.toml: fever.threshold_c = 37.3 has no source"):
        rulesets.__wrapped__()
