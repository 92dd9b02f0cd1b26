"""One turn is let go and another opened in its place."""

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

SECOND = "00000000-0000-0000-0000-000000000002"


def changed(**body: Any) -> Said:
    said = {
        "reason": "absence",
        "id": SECOND,
        "responder": f"responder:{SECOND}",
        "owner": f"responder:{SECOND}",
        "lead": "no",
        "from": "2020-02-06T07:00",
        "to": "2020-02-06T15:00",
        "takes": "no",
        "gives": "no",
        **body,
    }
    return Said("shift_change", SHIFT, "2020-02-05 23:00", said, by="account:lin")


EXAMPLES = [
    Example(
        "原来的人不欠了,替班的人欠着",
        [ROSTER, changed()],
        now="2020-02-06 07:00",
        owed={
            ("shift.stand", SHIFT): "waived",
            ("handover.take", SHIFT): "waived",
            ("handover.give", SHIFT): "waived",
            ("shift.stand", f"shift:{SECOND}"): "open",
        },
        shown={"为什么换": "请假", "从": "2020-02-06 07:00", "到": "2020-02-06 15:00"},
    ),
    Example("没写换成谁", [ROSTER, changed(responder="")], refused="「值守人员」必须填写"),
    Example("时间倒着", [ROSTER, changed(to="2020-02-06T06:00")], refused="要晚于开始时间"),
]
