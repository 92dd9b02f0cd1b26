"""No field about a person is kept longer than any rule set allows, and no health record is read by everybody."""

import re
from pathlib import Path

import pytest

from bulou.records.rulebook import rulesets
from bulou.site.kinds import find_kinds

KINDS = find_kinds()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_nothing_personal_outlives_what_the_rules_allow(name: str) -> None:
    longest = min(int(r.get("retention.personal_data_after_end_days")) for r in rulesets().values())
    over = [key for key, field in KINDS[name].keys().items() if field.personal and field.personal.keep_days > longest]
    assert over == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_record_of_somebodys_health_is_sensitive(name: str) -> None:
    health = {"temperature", "symptoms", "judgement"} & {field.name for field in KINDS[name].keys().values()}
    assert KINDS[name].sensitive or not health


ROOT = Path(__file__).parent.parent.parent
PROMISE = re.compile(r"destroy|erased after|counts only|销毁|只留数字", re.IGNORECASE)
A_NUMBER = re.compile(r"\b(\d+|seven|ten|fourteen|thirty) days\b|[\d一二三四五六七八九十]+ ?[天日]", re.IGNORECASE)
WHERE = ("README.md", "README.zh.md", "CHANGELOG.md", "GLOSSARY.md", "docs/guide/*.md", "bulou/kinds/*/README.md",
         "bulou/kinds/*/words/*.toml")  # fmt: skip


def test_no_words_promise_days_that_are_not_read_from_the_declaration() -> None:
    """docs/made/retention.md states them, written from what the program destroys by; elsewhere one links to it."""
    said = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for pattern in WHERE
        for file in sorted(ROOT.glob(pattern))
        for line in re.split(r"(?<=[.;。；])\s", file.read_text("utf-8").replace("\n", " "))
        if PROMISE.search(line) and A_NUMBER.search(line)
    ]
    assert said == []


def test_the_list_of_what_is_kept_names_every_personal_field() -> None:
    listed = (ROOT / "docs" / "made" / "retention.md").read_text("utf-8")
    for name, kind in KINDS.items():
        for key, field in kind.keys().items():
            assert field.personal is None or (f"| `{name}` |" in listed and f"`{key}`" in listed)
