"""Let in, turned back, held and measured again, sent to the clinic."""

from typing import Any

from bulou.records.examples import Example, Said, entry_id, entry_subject

POST = "post:00000000-0000-7000-8000-000000000001"
WELL = {"temperature": 36.4, "refused": "no"}
HOT = {"temperature": 37.8, "refused": "no", "name": "安娜", "phone": "13800138000"}
BODY: dict[str, Any] = {
    "vehicle": "car",
    "plate": "陕G12345",
    "plate_kind": "ordinary",
    "region": "low",
    "purpose": "home",
    "exempt": "none",
    "people": [WELL, WELL],
    "decision_table": "cn-2020-02-roads",
    "decision_row": "normal",
    "proposed": "pass",
    "decision": "pass",
}
HOME: dict[str, Any] = {
    "destination": "610927100201",
    "destination_address": "一组3号",
    "region": "outbreak",
    "decision_row": "outbreak_home",
    "follow_days": 14,
    "follow_where": "home",
    "people": [
        {**WELL, "name": "安娜", "phone": "13800138000", "card": "DG03-0126-K7QP-001"},
        {**WELL, "name": "巴勇", "phone": "13800138001", "card": "DG03-0126-K7QP-002"},
    ],
}


def passed(at: str = "2020-01-26 10:00", **changes: Any) -> Said:
    return Said("vehicle_pass", POST, at, {**BODY, **changes})


def arrival(row: int, code: str = "610927100201", entry: int = 1) -> str:
    return f"arrival:{code}.{entry_id(entry)}.{row}"


EXAMPLES = [
    Example(
        "过境的车放行:不欠谁什么",
        [passed(purpose="transit")],
        owed={},
        shown={"车牌": "陕G12345", "处置": "放行"},
    ),
    Example(
        "放进来、说了去处:每个人由那个村核实到没到,行车时间加半小时内",
        [passed(**HOME, travel_minutes=40)],
        now="2020-01-26 11:10",
        owed={("arrival.confirm", arrival(1)): "open", ("arrival.confirm", arrival(2)): "open"},
    ),
    Example(
        "处置要求登记姓名、电话、证件号,一个人也没写:不收",
        [
            passed(
                **{**HOME, "people": [WELL, WELL]},
                from_place="湖北武汉",
                demands=["from", "name", "phone", "id_number"],
            )
        ],
        refused="第 1 行「姓名」必须填写",
    ),
    Example(
        "处置要求电话,同车有一人留了就行;拒绝登记的人不问姓名",
        [
            passed(
                people=[{**WELL, "name": "安娜", "phone": "13800138000"}, {"refused": "yes"}], demands=["name", "phone"]
            )
        ],
        owed={},
    ),
    Example(
        "处置要求电话,一个人也没留:不收",
        [passed(people=[{**WELL, "name": "安娜"}], demands=["phone"])],
        refused="至少一个人的电话",
    ),
    Example(
        "到点没有核实就逾期",
        [passed(**HOME, travel_minutes=40)],
        now="2020-01-26 11:11",
        owed={("arrival.confirm", arrival(1)): "overdue", ("arrival.confirm", arrival(2)): "overdue"},
    ),
    Example(
        "客车上的人各去各的地方;去外县的由外县核实",
        [
            passed(
                vehicle="coach",
                destination="610927100201",
                destination_address="一组",
                people=[WELL, {**WELL, "own_destination": "610927101202"}, {**WELL, "own_destination": "610928100201"}],
            )
        ],
        now="2020-01-26 10:10",
        owed={("arrival.confirm", arrival(1)): "open", ("arrival.confirm", arrival(2, "610927101202")): "open"},
    ),
    Example(
        "第一次发热:留下,一小时内复测;复测正常就了结",
        [
            passed(people=[HOT], decision="hold", proposed="hold", decision_row="fever_first"),
            passed("2020-01-26 10:32", again_of=str(entry_id(1)), people=[{**HOT, "temperature": 36.9}]),
        ],
        now="2020-01-26 10:40",
        owed={("pass.remeasure", entry_subject(1)): "met"},
    ),
    Example(
        "复测仍发热:转发热门诊,半小时内写明怎么送",
        [
            passed(
                people=[HOT, WELL],
                again_of=str(entry_id(7)),
                decision="refer",
                proposed="refer",
                decision_row="fever_again",
            )
        ],
        now="2020-01-26 10:31",
        owed={("fever.refer", entry_subject(1)): "overdue"},
    ),
    Example("不按建议办要写原因", [passed(proposed="turn_back")], refused="为什么不按建议"),
    Example("有去处就要有确切住址", [passed(destination="610927100201")], refused="确切住址"),
    Example("认不出的车牌照样登记", [passed(plate="临时0815", plate_kind="other")], owed={}),
]
