"""What counts as a check, and what a fever makes owed."""

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
        "checked_by": "village_doctor",
    },
)
BODY = {
    "channel": "door",
    "reached": "yes",
    "measured_at": "2020-01-27T09:00",
    "measured_by": "worker",
    "temperature": 36.6,
    "symptoms": ["none"],
}


def checked(at: str = "2020-01-27 09:00", recorded: str = "", **changes: Any) -> Said:
    body = {key: value for key, value in {**BODY, **changes}.items() if value is not None}
    return Said("health_check", PERSON, at, body, recorded=recorded)


NOT_REACHED = {"channel": "phone", "reached": "no", "not_reached_reason": "电话没人接"}

EXAMPLES = [
    Example(
        "早上一次做了,晚上一次还没到",
        [ORDER, checked()],
        now="2020-01-27 11:00",
        owed={("followup.check", PERSON): ["met", "waiting"]},
        shown={"随访方式": "上门", "联系上了吗": "是", "几点量的": "2020-01-27 09:00"},
    ),
    Example(
        "电话没打通不算随访",
        [ORDER, Said("health_check", PERSON, "2020-01-27 09:00", NOT_REACHED)],
        now="2020-01-27 12:01",
        owed={("followup.check", PERSON): ["overdue", "open"]},
    ),
    Example(
        "做得及时、传得晚,算按时做的",
        [ORDER, checked(recorded="2020-01-27 22:00")],
        now="2020-01-27 23:00",
        owed={("followup.check", PERSON): ["met", "open"]},
    ),
    Example(
        "随访到本人,也算排查到本人",
        [
            Said(
                "sweep_order",
                "area:610927100201",
                "2020-01-27 08:00",
                {
                    "title": "排查",
                    "items": ["temperature"],
                    "look_back_date": "2020-01-08",
                    "look_back_included": "yes",
                    "due": "2020-01-27T20:00",
                },
            ),
            checked(),
        ],
        now="2020-01-27 11:00",
        members={"persons": [PERSON, "person:2"]},
        owed={("sweep.person", PERSON): "met", ("sweep.person", "person:2"): "open"},
    ),
    Example("37.2℃ 不用报告", [checked(temperature=37.2)], owed={}),
    Example("37.3℃ 要马上报告", [checked(temperature=37.3)], owed={("symptom.report", PERSON): "open"}),
    Example("不发热但腹泻,也要报告", [checked(symptoms=["diarrhoea"])], owed={("symptom.report", PERSON): "open"}),
    Example("联系上了却没有体温", [checked(temperature=None)], refused="「体温(℃)」必须填写"),
    Example("联系上了却没问症状", [checked(symptoms=None)], refused="「有没有不舒服」必须填写"),
    Example(
        "没联系上,没写原因",
        [Said("health_check", PERSON, "2020-01-27 09:00", {"channel": "phone", "reached": "no"})],
        refused="为什么没联系上",
    ),
    Example("量体温的时间在将来", [checked(measured_at="2020-01-27T10:00")], refused="不能晚于现在"),
]
