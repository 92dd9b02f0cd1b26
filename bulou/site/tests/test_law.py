"""A county that has declared nothing yet can still be worked in: the rule set that ships and has begun is its own."""

from datetime import date, datetime

import pytest

from bulou.access.rules.writing import permission_for
from bulou.command.actions import use_ruleset
from bulou.core.divisions import county_area
from bulou.core.moments import CHINA
from bulou.site.kinds import find_kinds
from bulou.site.law import make_law

ZHENPING = 610927
pytestmark = pytest.mark.django_db


def test_the_rule_set_in_force_is_the_declared_one_or_the_latest_begun():
    rules_at = make_law().rules_at
    spring, summer = datetime(2020, 2, 3, 9, tzinfo=CHINA), datetime(2022, 7, 1, 9, tzinfo=CHINA)
    assert rules_at(ZHENPING, datetime(2019, 12, 1, tzinfo=CHINA)) == ""
    assert rules_at(ZHENPING, spring) == "cn-2020-02-community"
    assert rules_at(ZHENPING, summer) == "cn-2022-06-ninth-edition"
    use_ruleset(area=county_area(ZHENPING), name="cn-2020-02-community", since=date(2022, 6, 30), basis="县指挥部令",
                by="account:anna", at=summer)  # fmt: skip
    assert rules_at(ZHENPING, summer) == "cn-2020-02-community"


def test_only_those_above_give_orders():
    permissions = {name: permission_for(kind) for name, kind in find_kinds().items()}
    assert permissions["sweep_order"] == permissions["assignment"] == permissions["decision"] == "order"
    assert permissions["household_visit"] == permissions["health_check"] == permissions["situation_report"] == "record"
