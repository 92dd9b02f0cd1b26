"""What was written stays; what stands is the correction."""

from typing import Any

from bulou.records.examples import Example, Said

PERSON = "person:1"
ORDER = Said(
    "followup_order",
    PERSON,
    "2020-01-27 08:00",
    {
        "reason": "returnee",
        "basis": "县指挥部令第3号",
        "days": 1,
        "start_basis": "observation_begin",
        "start": "2020-01-27",
        "checked_by": "grid_worker",
    },
)
CHECK = {
    "channel": "door",
    "reached": "yes",
    "measured_at": "2020-01-27T09:00",
    "measured_by": "worker",
    "temperature": 39.6,
    "symptoms": ["none"],
}
CHECKED = Said("health_check", PERSON, "2020-01-27 09:00", CHECK)


def corrected(**body: Any) -> Said:
    return Said("correction", PERSON, "2020-01-27 10:00", body, amends=2)


EXAMPLES = [
    Example(
        "体温写反了,改正后不再欠症状报告",
        [ORDER, CHECKED, corrected(body={**CHECK, "temperature": 36.9}, reason="36.9写成了39.6")],
        now="2020-01-27 11:00",
        owed={("followup.check", PERSON): ["met", "waiting"]},
        shown={"更正原因": "36.9写成了39.6"},
    ),
    Example(
        "记错了人,整条撤回:那次随访还欠着",
        [ORDER, CHECKED, corrected(withdrawn=True, reason="量的是隔壁的人")],
        now="2020-01-27 12:01",
        owed={("followup.check", PERSON): ["overdue", "open"]},
    ),
    Example(
        "时间记错了,改到下午:早上那次还欠着",
        [
            ORDER,
            Said("health_check", PERSON, "2020-01-27 09:00", CHECK),
            Said(
                "correction",
                PERSON,
                "2020-01-27 15:00",
                {"body": {**CHECK, "temperature": 36.9}, "happened_at": "2020-01-27T14:00", "reason": "是下午量的"},
                amends=2,
            ),
        ],
        now="2020-01-27 16:00",
        owed={("followup.check", PERSON): ["overdue", "met"]},
    ),
    Example(
        "不写原因不能改",
        [ORDER, CHECKED, corrected(body={**CHECK, "temperature": 36.9})],
        refused="「更正原因」必须填写",
    ),
    Example("说要改却没写改成什么", [ORDER, CHECKED, corrected(reason="写错了")], refused="「改正后的内容」必须填写"),
]
