"""A call for help is answered in time, or stands on the list."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

POST = "post:00000000-0000-0000-0000-0000000000aa"


def asked(**changes: Any) -> Said:
    body = {
        "how_many": 6,
        "skills": ["general"],
        "reasons": ["traffic", "few_hands", "hard_task"],
        "until": "2020-02-10T08:00",
        **changes,
    }
    return Said("help_request", POST, "2020-01-30 15:00", body)


EXAMPLES = [
    Example(
        "东沟垭检查点:车流量大、人手不足、任务艰巨",
        [asked()],
        now="2020-01-30 16:00",
        owed={("reserve.dispatch", entry_subject(1)): "open"},
        shown={"要几个人": "6", "要什么人": "不限", "到什么时候": "2020-02-10 08:00"},
    ),
    Example(
        "过了时限没有派人",
        [asked()],
        now="2020-01-31 15:01",
        owed={("reserve.dispatch", entry_subject(1)): "overdue"},
    ),
    Example("没写到什么时候", [asked(until="")], refused="「到什么时候」必须填写"),
    Example("要零个人", [asked(how_many=0)], refused="填1到500人"),
    Example("别的原因要写明", [asked(reasons=["other"])], refused="「说明」必须填写"),
]
