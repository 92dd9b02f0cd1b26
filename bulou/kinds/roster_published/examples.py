"""One turn, one person, one duty; whoever leads signs at both ends."""

from typing import Any

from bulou.records.examples import Example, Said

POST = "post:00000000-0000-0000-0000-0000000000aa"
MORNING, EVENING, SECOND = (f"00000000-0000-0000-0000-00000000000{n}" for n in (1, 2, 3))


def turn(id: str, start: str, end: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "responder": f"responder:{id}",
        "owner": f"responder:{id}",
        "role": "police",
        "lead": "no",
        "from": start,
        "to": end,
        "takes": "no",
        "gives": "no",
        **changes,
    }


EARLY = turn(MORNING, "2020-02-06T07:00", "2020-02-06T15:00", lead="yes", gives="yes")
LATE = turn(EVENING, "2020-02-06T15:00", "2020-02-06T23:00", lead="yes", takes="yes")
BESIDE = turn(SECOND, "2020-02-06T07:00", "2020-02-06T15:00", role="health")


def published(*shifts: dict[str, Any], **changes: Any) -> Said:
    body = {"first_day": "2020-02-06", "days": 1, "shifts": list(shifts), **changes}
    return Said("roster_published", POST, "2020-02-05 18:00", body, by="account:lin")


EXAMPLES = [
    Example(
        "一班一人一件事;带班的人两头签字",
        [published(EARLY, LATE, BESIDE)],
        now="2020-02-06 06:45",
        owed={
            ("shift.stand", f"shift:{MORNING}"): "open",
            ("shift.stand", f"shift:{SECOND}"): "open",
            ("shift.stand", f"shift:{EVENING}"): "waiting",
            ("handover.give", f"shift:{MORNING}"): "waiting",
            ("handover.take", f"shift:{EVENING}"): "waiting",
        },
        shown={"从哪天起": "2020-02-06", "几天": "1"},
    ),
    Example(
        "过了时间没到岗,就是缺岗",
        [published(EARLY)],
        now="2020-02-06 07:16",
        owed={("shift.stand", f"shift:{MORNING}"): "overdue", ("handover.give", f"shift:{MORNING}"): "waiting"},
    ),
    Example(
        "夜班跨零点也是一班",
        [published(turn(MORNING, "2020-02-06T23:00", "2020-02-07T07:00"))],
        now="2020-02-07 00:30",
        owed={("shift.stand", f"shift:{MORNING}"): "overdue"},
    ),
    Example(
        "没有结束就没有班",
        [published(turn(MORNING, "2020-02-06T15:00", "2020-02-06T07:00"))],
        refused="要晚于开始时间",
    ),
    Example("一个班也没有", [published()], refused="「班次」必须填写"),
]
