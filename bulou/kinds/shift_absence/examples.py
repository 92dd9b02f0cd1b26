"""Called in, the turn is nobody's any more."""

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


def absent(at: str = "2020-02-05 22:00", **body: Any) -> Said:
    return Said("shift_absence", SHIFT, at, {"reason": "ill", **body})


EXAMPLES = [
    Example(
        "前一天晚上请病假",
        [ROSTER, absent()],
        now="2020-02-06 09:00",
        owed={("shift.stand", SHIFT): "waived", ("handover.take", SHIFT): "waived", ("handover.give", SHIFT): "waived"},
        shown={"为什么来不了": "生病"},
    ),
    Example(
        "班都过了才请假,缺岗还是缺岗",
        [ROSTER, absent("2020-02-06 16:00")],
        now="2020-02-06 16:01",
        owed={
            ("shift.stand", SHIFT): "overdue",
            ("handover.take", SHIFT): "overdue",
            ("handover.give", SHIFT): "waived",
        },
    ),
    Example("别的原因要写明", [ROSTER, absent(reason="other")], refused="「备注」必须填写"),
]
