"""A county's own form, with lists beside it, choices that depend on answers, and rows within rows: one judgement of both."""

from typing import Any

import pytest

from bulou.records.law import BoundKind
from bulou.records.uploaded.reading import read_form
from bulou.records.uploaded.tests.made import GRID, GRID_LISTS, xform
from bulou.records.xforms import xform as xform_of
from tests.agreement.asking import Ask, ask
from tests.agreement.test_agreement import NOW, disagreements

pytestmark = pytest.mark.timeout(300)

MEMBERS = [{"who": "甲", "age": 40}, {"who": "乙", "age": 9, "school": "x"}, {"age": 200}]
BODIES: tuple[dict[str, Any], ...] = (
    {},
    {"town": "b", "stall": "2", "homes": [{"door": "1", "members": MEMBERS}, {"door": "2"}]},
    {
        "town": "a",
        "stall": "1",
        "homes": [{"members": [{"who": "丙", "age": 12}]}, {"door": "9", "members": MEMBERS[:1]}],
    },
    {"homes": [{"street": "a1", "members": [{"age": 3}]}]},
    {"homes": [{"quarter": "a", "street": "a1", "members": [{"who": "丁", "age": 3}]}]},
)
STALE = {"town": "a", "stall": "2", "homes": [{"quarter": "b", "street": "a1", "members": [{"who": "丁"}]}]}


def test_phone_and_server_agree_on_a_form_a_county_made() -> None:
    draft = read_form(xform(GRID), name="own_610927_grid", version=1, keep_days=30, files=GRID_LISTS)
    kind = draft.declaration
    assert kind is not None and draft.on_phones, draft.findings
    law = BoundKind(kind, dict.__getitem__)  # type: ignore[arg-type]
    form = xform_of(kind, None)
    *answers, stale = ask({"it": form}, [Ask("it", body, NOW, "phone") for body in (*BODIES, STALE)])
    for body, phone in zip(BODIES, answers, strict=True):
        if body == BODIES[3]:  # a street without its quarter: the engine takes it back, the server says why
            assert "street" not in phone["body"]["homes"][0]
            continue
        assert not disagreements(kind, law, "", body, phone), body
    assert "stall" not in stale["body"] and "street" not in stale["body"]["homes"][0]
