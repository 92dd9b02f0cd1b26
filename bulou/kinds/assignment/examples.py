"""What is given today is due today."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

AREA = "area:610927100201"
BODY = {"what": "给竹溪河社区补送体温计20支", "owner": "role:village", "due": "2020-01-28T18:00"}


def given(**changes: Any) -> Said:
    return Said("assignment", AREA, "2020-01-28 09:00", {**BODY, **changes}, by="account:lin")


EXAMPLES = [
    Example(
        "交办的事有人欠着",
        [given()],
        now="2020-01-28 17:00",
        owed={("assignment.do", entry_subject(1)): "open"},
        shown={"交办事项": "给竹溪河社区补送体温计20支", "交给谁": "role:village", "办结时限": "2020-01-28 18:00"},
    ),
    Example(
        "当天24时办不完,就是过夜的事",
        [given(due="2020-01-29T00:00")],
        now="2020-01-29 00:01",
        owed={("assignment.do", entry_subject(1)): "overdue"},
    ),
    Example("时限到了第二天", [given(due="2020-01-29T00:01")], refused="最迟到当天 24:00"),
    Example("时限已经过去", [given(due="2020-01-28T08:00")], refused="要晚于现在"),
    Example("没写交给谁", [given(owner="")], refused="「交给谁」必须填写"),
    Example("交给了一个说不清的人", [given(owner="老王")], refused="请从名单里选人或岗位"),
]
