"""A hand-over has two signatures, each in its own name."""

from typing import Any

from bulou.records.examples import Example, Said

FIRST = "00000000-0000-0000-0000-000000000001"
SHIFT = f"shift:{FIRST}"
ROSTER = Said(
    "roster_published",
    "post:00000000-0000-0000-0000-0000000000aa",
    "2020-02-05 18:00",
    {
        "first_day": "2020-02-06",
        "days": 1,
        "shifts": [
            {
                "id": FIRST,
                "responder": f"responder:{FIRST}",
                "owner": f"responder:{FIRST}",
                "lead": "yes",
                "from": "2020-02-06T07:00",
                "to": "2020-02-06T15:00",
                "takes": "yes",
                "gives": "yes",
            }
        ],
    },
    by="account:lin",
)


def signed(side: str, at: str, **body: Any) -> Said:
    said = {"side": side, "present": 3, "open_matters": "无", "equipment": "yes", "signed": True, **body}
    return Said("shift_handover", SHIFT, at, said)


EXAMPLES = [
    Example(
        "接班签字就是到岗",
        [ROSTER, signed("take", "2020-02-06 07:00")],
        now="2020-02-06 07:30",
        owed={("shift.stand", SHIFT): "met", ("handover.take", SHIFT): "met", ("handover.give", SHIFT): "waiting"},
        shown={"交班还是接班": "接班", "未了的事": "无"},
    ),
    Example(
        "下班没签交班",
        [ROSTER, signed("take", "2020-02-06 07:00")],
        now="2020-02-06 15:16",
        owed={("shift.stand", SHIFT): "met", ("handover.take", SHIFT): "met", ("handover.give", SHIFT): "overdue"},
    ),
    Example(
        "两头都签了",
        [ROSTER, signed("take", "2020-02-06 07:00"), signed("give", "2020-02-06 15:05")],
        now="2020-02-06 15:16",
        owed={("shift.stand", SHIFT): "met", ("handover.take", SHIFT): "met", ("handover.give", SHIFT): "met"},
    ),
    Example("没有签字", [ROSTER, signed("take", "2020-02-06 07:00", signed=None)], refused="「本人签字确认」必须填写"),
    Example(
        "没写未了的事", [ROSTER, signed("take", "2020-02-06 07:00", open_matters="")], refused="「未了的事」必须填写"
    ),
    Example(
        "少了东西要写少什么",
        [ROSTER, signed("give", "2020-02-06 15:05", equipment="no")],
        refused="「缺什么」必须填写",
    ),
]
