"""Sent to the clinic, with who was in the same car."""

from typing import Any

from bulou.records.examples import Example, Said, entry_id, entry_subject

POST = "post:00000000-0000-7000-8000-000000000001"
PASS = {
    "vehicle": "car",
    "plate": "鄂A12345",
    "region": "outbreak",
    "people": [{"temperature": 38.2}, {"temperature": 36.6}],
    "proposed": "refer",
    "decision": "refer",
}
BODY: dict[str, Any] = {
    "plate": "鄂A12345",
    "name": "安娜",
    "phone": "13800138000",
    "first_temperature": 38.2,
    "transport": "ambulance",
    "clinic": "县人民医院发热门诊",
    "left_at": "2020-01-26T10:15",
    "headquarters_told": "yes",
    "alone": "no",
    "companions": [{"name": "巴勇", "temperature": 36.6, "what": "central_observation"}],
}


def referred(**changes: Any) -> Said:
    return Said("fever_referral", POST, "2020-01-26 10:20", {**BODY, **changes})


EXAMPLES = [
    Example(
        "写明转诊:转诊的欠账了结,结果一天内要回来",
        [Said("vehicle_pass", POST, "2020-01-26 10:00", PASS), referred(pass_id=str(entry_id(1)))],
        now="2020-01-26 12:00",
        owed={("fever.refer", entry_subject(1)): "met", ("referral.result", entry_subject(2)): "open"},
        shown={"送到哪里": "县人民医院发热门诊", "怎么送": "120救护车"},
    ),
    Example("同车人员一个不能漏:不说没有,就得写下来", [referred(companions=[])], refused="没有同车人员"),
]
