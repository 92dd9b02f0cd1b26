"""Which rule set a day is judged under, and that no number stands without its document."""

from datetime import date

import pytest

from bulou.command import rulebook
from bulou.command.rulebook import ruleset_in_force, rulesets
from bulou.records.rulesets import RuleSet

COMMUNITY, NINTH = "cn-2020-02-community", "cn-2022-06-ninth-edition"


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
def test_the_latest_edition_begun_by_the_day_is_in_force(on: date, name: str) -> None:
    assert ruleset_in_force(rulesets(), "cn", on).name == name


def test_a_named_set_stays_in_force_after_a_later_one_begins() -> None:
    assert ruleset_in_force(rulesets(), COMMUNITY, date(2022, 12, 1)).name == COMMUNITY


@pytest.mark.parametrize(
    ("asked", "on", "said"),
    [
        (NINTH, date(2022, 6, 27), "begins on 2022-06-28"),
        ("cn", date(2020, 1, 23), "has begun by 2020-01-23"),
        ("who", date(2022, 7, 1), "there are: cn-2020-02-community"),
    ],
)
def test_no_rule_set_is_made_up(asked: str, on: date, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        ruleset_in_force(rulesets(), asked, on)


def test_a_broken_file_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = 'name = "other"\ntitle = "x"\nsource = "y"\nvalid_from = 2020-01-01\n'
    monkeypatch.setattr(rulebook, "FOLDER", tmp_path)
    (tmp_path / "mine.toml").write_text(head)
    with pytest.raises(ValueError, match=r"rulesets/mine.toml: it calls itself 'other'"):
        rulesets.__wrapped__()
    (tmp_path / "mine.toml").write_text(head + "[fever.threshold_c]\nvalue = 37.3\n")
    with pytest.raises(ValueError, match=r"rulesets/mine.toml: fever.threshold_c = 37.3 has no source"):
        rulesets.__wrapped__()


def test_a_rule_set_made_by_hand_is_found_by_name() -> None:
    ours = RuleSet("county-2020", "本县", "本县指挥部", date(2020, 2, 1), {})
    assert ruleset_in_force({"county-2020": ours}, "county", date(2020, 2, 1)) is ours
