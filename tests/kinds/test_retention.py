"""No field about a person is kept longer than any rule set allows, and no health record is read by everybody."""

import pytest

from bulou.command.rulebook import rulesets
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
