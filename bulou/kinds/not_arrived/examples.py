"""A vehicle that lied about where it goes."""

from bulou.records.examples import Example, Said, entry_id

POST = "post:00000000-0000-7000-8000-000000000001"
ARRIVAL = f"arrival:610927100201.{entry_id(1)}.1"
PASS = Said(
    "vehicle_pass",
    POST,
    "2020-01-26 10:00",
    {
        "vehicle": "car",
        "plate": "鄂A12345",
        "destination": "610927100201",
        "destination_address": "九组99号",
        "travel_minutes": 60,
        "people": [{"temperature": 36.5, "name": "安娜"}],
        "proposed": "pass",
        "decision": "pass",
    },
)
MISSED = Said("not_arrived", ARRIVAL, "2020-01-26 12:00", {"tried": ["went_there", "phoned"], "address_unknown": "yes"})
FOUND = Said(
    "arrival_confirmed",
    ARRIVAL,
    "2020-01-26 15:00",
    {"where": "elsewhere", "where_note": "在鱼坪村亲戚家", "seen_by": "phone", "seen_at": "2020-01-26T14:50"},
)

EXAMPLES = [
    Example(
        "说了假去处:村里欠的照样逾期,县级专班还要查去向",
        [PASS, MISSED],
        now="2020-01-26 12:30",
        owed={("arrival.confirm", ARRIVAL): "overdue", ("arrival.find", ARRIVAL): "open"},
        shown={"怎么找的": "上门看过、打过电话", "查无此址": "是"},
    ),
    Example(
        "在别处找到了:两样都了结",
        [PASS, MISSED, FOUND],
        now="2020-01-26 16:00",
        owed={("arrival.confirm", ARRIVAL): "met late", ("arrival.find", ARRIVAL): "met"},
    ),
    Example(
        "没找过就不能说没到",
        [Said("not_arrived", ARRIVAL, "2020-01-26 12:00", {"address_unknown": "no"})],
        refused="怎么找的",
    ),
]
