"""Seen in the village; seen elsewhere; followed up."""

from typing import Any

from bulou.records.examples import Example, Said, entry_id

POST = "post:00000000-0000-7000-8000-000000000001"
ARRIVAL = f"arrival:610927100201.{entry_id(1)}.1"
PERSON = "person:0190c0de-0000-7000-8000-000000000001"
PASS = Said(
    "vehicle_pass",
    POST,
    "2020-01-26 10:00",
    {
        "vehicle": "car",
        "plate": "鄂A12345",
        "region": "outbreak",
        "destination": "610927100201",
        "destination_address": "一组3号",
        "travel_minutes": 60,
        "people": [{"temperature": 36.5, "name": "安娜"}],
        "proposed": "pass",
        "decision": "pass",
    },
)
FOLLOW: dict[str, Any] = {
    "follow": "yes",
    "follow_reason": "returnee",
    "basis": "处置表 cn-2020-02-roads:outbreak_home",
    "days": 1,
    "start": "2020-01-26",
    "checked_by": "village_doctor",
}


def seen(at: str = "2020-01-26 11:00", **changes: Any) -> Said:
    body = {"where": "here", "seen_by": "in_person", "seen_at": at.replace(" ", "T"), "follow": "no"}
    return Said("arrival_confirmed", ARRIVAL, at, {**body, **changes})


EXAMPLES = [
    Example(
        "到了,在行车时间内核实",
        [PASS, seen()],
        now="2020-01-26 12:00",
        owed={("arrival.confirm", ARRIVAL): "met"},
        shown={"在哪里": "到了本村", "什么时候见到的": "2020-01-26 11:00", "需要随访": "否"},
    ),
    Example(
        "晚了才核实",
        [PASS, seen("2020-01-26 13:00")],
        now="2020-01-26 13:01",
        owed={("arrival.confirm", ARRIVAL): "met late"},
    ),
    Example(
        "要随访的从当天起,早晚各一次;花名册上还没有的人先按放行记录随访",
        [PASS, seen(**FOLLOW)],
        now="2020-01-26 11:30",
        owed={("arrival.confirm", ARRIVAL): "met", ("followup.check", ARRIVAL): ["open", "waiting"]},
    ),
    Example(
        "花名册上的人按人随访",
        [PASS, seen(**FOLLOW, person=PERSON)],
        now="2020-01-26 11:30",
        owed={("arrival.confirm", ARRIVAL): "met", ("followup.check", PERSON): ["open", "waiting"]},
    ),
    Example("随访要有依据", [PASS, seen(**{**FOLLOW, "basis": ""})], refused="依据"),
]
