"""Being there is not enough: one must be fit to stand."""

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


def came(at: str = "2020-02-06 06:50", **body: Any) -> Said:
    return Said("shift_checkin", SHIFT, at, {"fit": "yes", **body})


EXAMPLES = [
    Example(
        "提前十分钟到岗",
        [ROSTER, came()],
        now="2020-02-06 07:20",
        owed={("shift.stand", SHIFT): "met", ("handover.take", SHIFT): "overdue", ("handover.give", SHIFT): "waiting"},
        shown={"身体状况可以上岗": "是"},
    ),
    Example(
        "晚到二十分钟",
        [ROSTER, came("2020-02-06 07:20")],
        now="2020-02-06 07:21",
        owed={
            ("shift.stand", SHIFT): "met late",
            ("handover.take", SHIFT): "overdue",
            ("handover.give", SHIFT): "waiting",
        },
    ),
    Example(
        "人来了但发烧:这一班空出来,马上找人替",
        [ROSTER, came(fit="no", unfit_why="38.1℃")],
        now="2020-02-06 07:20",
        owed={("shift.stand", SHIFT): "waived", ("handover.take", SHIFT): "waived", ("handover.give", SHIFT): "waived"},
    ),
    Example(
        "昨天报的到不算今天的岗",
        [ROSTER, came("2020-02-05 20:00")],
        now="2020-02-06 07:20",
        owed={
            ("shift.stand", SHIFT): "overdue",
            ("handover.take", SHIFT): "overdue",
            ("handover.give", SHIFT): "waiting",
        },
    ),
    Example("说不能上岗却没写为什么", [ROSTER, came(fit="no")], refused="「为什么不能上岗」必须填写"),
]
