"""Makers with plain defaults, for the tests of this folder."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry
from bulou.records.kinds import Kind
from bulou.records.rulesets import RuleSet, parse_ruleset

NOON = datetime(2020, 2, 3, 12, tzinfo=CHINA)
RULES = """
name = "test-2020"
title = "试验规则"
source = "一份文件"
valid_from = 2020-02-01

[fever.threshold_c]
value = 37.3
unit = "℃"
source = "第二条"

[sweep.since]
value = "2020-01-08"
source = "第三条"

[observation.days]
value = 14
unit = "天"
source = "第四条"

[observation.slots]
value = ["00:00-12:00", "12:00-24:00"]
source = "第四条"
"""


def ruleset(text: str = RULES) -> RuleSet:
    return parse_ruleset(text)


def entry(body: dict[str, Any], **changes: Any) -> Entry:
    known: dict[str, Any] = {
        "id": UUID(int=1),
        "kind": "visit",
        "subject": "household:1",
        "area": 610927100201000000,
        "happened_at": NOON,
        "recorded_at": NOON,
        "by": "account:anna",
        "rules": "test-2020",
    }
    return Entry(body=body, **{**known, **changes})


def kind(*fields: Any, **changes: Any) -> Kind:
    return Kind(**{"name": "visit", "version": 1, "subject": ("household",), "fields": fields, **changes})
