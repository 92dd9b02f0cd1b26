"""Late, missed and concealed: three different things."""

from typing import Any

from bulou.records.examples import Example, Said

PERSON = "person:1"
BODY = {
    "observed_at": "2020-01-27T09:00",
    "source": "health_check",
    "symptoms": ["fever", "dry_cough"],
    "temperature": 38.4,
    "contacts": ["none"],
    "done_already": ["stays_home", "mask"],
}
CHECK = Said(
    "health_check",
    PERSON,
    "2020-01-27 09:00",
    {
        "channel": "door",
        "reached": "yes",
        "measured_at": "2020-01-27T09:00",
        "measured_by": "worker",
        "temperature": 38.4,
        "symptoms": ["fever", "dry_cough"],
    },
)


def reported(at: str = "2020-01-27 09:20", **changes: Any) -> Said:
    return Said("symptom_report", PERSON, at, {**BODY, **changes})


EXAMPLES = [
    Example(
        "发现后二十分钟就报:随访欠的报告了结,村医和县级专班马上要答复",
        [CHECK, reported()],
        now="2020-01-27 10:00",
        owed={
            ("symptom.report", PERSON): "met",
            ("symptom.doctor", PERSON): "open",
            ("symptom.county", PERSON): "open",
        },
        shown={"症状": "发热、干咳", "体温(℃)": "38.4"},
    ),
    Example(
        "村医一小时、县里两小时没有答复就逾期",
        [reported()],
        now="2020-01-27 10:21",
        owed={("symptom.doctor", PERSON): "overdue", ("symptom.county", PERSON): "open"},
    ),
    Example(
        "迟报:报是报了,晚了,要写原因",
        [CHECK, reported("2020-01-27 11:00", late_reason="山上没有信号")],
        now="2020-01-27 11:01",
        owed={
            ("symptom.report", PERSON): "met late",
            ("symptom.doctor", PERSON): "open",
            ("symptom.county", PERSON): "open",
        },
    ),
    Example("漏报:量到发热,一直没有报", [CHECK], now="2020-01-27 12:00", owed={("symptom.report", PERSON): "overdue"}),
    Example("晚了又不写原因", [reported("2020-01-27 09:31")], refused="「为什么晚报」必须填写"),
    Example("正好三十分钟,不算晚", [reported("2020-01-27 09:30")]),
    Example("写了发热却没有体温", [reported(temperature=None)], refused="「体温(℃)」必须填写"),
    Example("一个症状也没有", [reported(symptoms=[])], refused="「症状」必须填写"),
    Example("发现时间在将来", [reported(observed_at="2020-01-27T10:00")], refused="不能晚于现在"),
]
