"""三排一查, household by household: what each outcome proves, what it still owes, and what is incomplete."""

from typing import Any

from bulou.records.examples import Example, Said

HOUSEHOLD = "household:1"
ANNA, BO, CHEN = (f"person:00000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
LOOK_BACK = {"look_back_date": "2020-01-08", "look_back_included": "yes"}
AT_HOME = {
    "presence": "present",
    "identity": "id_card",
    "contacts": ["none"],
    "temperature": 36.5,
    "symptoms": ["none"],
}
RETURNED = {"returned": "yes", "returned_from": "湖北武汉"}


def found(name: str = "安娜", person: str | None = ANNA, **changes: Any) -> dict[str, Any]:
    row = {"person": person, "name": None if person else name, **AT_HOME, "returned": "no", **changes}
    return {key: value for key, value in row.items() if value is not None}


def away(person: str = BO, **changes: Any) -> dict[str, Any]:
    return {"person": person, "presence": "away", "away_where": "浙江温州", **changes}


def at_home(*members: dict[str, Any], nobody: str = "yes", **changes: Any) -> dict[str, Any]:
    body = {"outcome": "at_home", **LOOK_BACK, "members": list(members), "nobody_returned": nobody, **changes}
    return {**body, "established_by": ["asked_here"]} if nobody == "yes" else body


def visit(body: dict[str, Any], at: str = "2020-01-30 10:00") -> Said:
    return Said("household_visit", HOUSEHOLD, at, body)


ORDER = Said(
    "sweep_order",
    "area:610927100201",
    "2020-01-30 08:00",
    {
        "title": "拉网排查",
        "items": ["identity", "time", "contacts", "temperature"],
        **LOOK_BACK,
        "due": "2020-01-30T20:00",
    },
)
REGISTERS = {"households": [HOUSEHOLD], "persons": [ANNA, BO]}
UNREACHABLE = {"outcome": "unreachable", "tried": ["knocked", "asked_neighbour"]}
REFUSED = {"outcome": "refused", "tried": ["knocked"], "refused_reason": "怕见生人"}

EXAMPLES = [
    Example(
        "一人在家、一人外出,都有下落:户和人都查到",
        [ORDER, visit(at_home(found(), away()))],
        now="2020-01-30 21:00",
        members=REGISTERS,
        owed={
            ("sweep.household", HOUSEHOLD): "met",
            ("sweep.person", ANNA): "met",
            ("sweep.person", BO): "met",
        },
        shown={"走访结果": "在家", "确认没有人从外地回来": "是"},
    ),
    Example(
        "户查到了,没写进来的人还欠着:不落一人",
        [ORDER, visit(at_home(found()))],
        now="2020-01-30 21:00",
        members=REGISTERS,
        owed={
            ("sweep.household", HOUSEHOLD): "met",
            ("sweep.person", ANNA): "met",
            ("sweep.person", BO): "overdue",
        },
    ),
    Example(
        "临时出门、去向不清的人,不算查到",
        [ORDER, visit(at_home(found(), {"person": BO, "presence": "out_today"}))],
        now="2020-01-30 12:00",
        members=REGISTERS,
        owed={
            ("sweep.household", HOUSEHOLD): "met",
            ("sweep.person", ANNA): "met",
            ("sweep.person", BO): "open",
        },
    ),
    Example(
        "联系不上:户还欠着,还要再去一趟",
        [ORDER, visit(UNREACHABLE)],
        now="2020-01-30 12:00",
        members={"households": [HOUSEHOLD]},
        owed={("sweep.household", HOUSEHOLD): "open", ("visit.return", HOUSEHOLD): "open"},
    ),
    Example(
        "再去见着了人,两件事都了结",
        [ORDER, visit(UNREACHABLE), visit(at_home(found()), "2020-01-30 18:30")],
        now="2020-01-30 21:00",
        members={"households": [HOUSEHOLD]},
        owed={("sweep.household", HOUSEHOLD): "met", ("visit.return", HOUSEHOLD): "met"},
    ),
    Example(
        "拒访:还要再去,村里还要做工作",
        [ORDER, visit(REFUSED)],
        now="2020-01-31 10:01",
        members={"households": [HOUSEHOLD]},
        owed={
            ("sweep.household", HOUSEHOLD): "overdue",
            ("visit.return", HOUSEHOLD): "overdue",
            ("visit.refused", HOUSEHOLD): "overdue",
        },
    ),
    Example(
        "空置户要写怎么知道的,写了就算查到",
        [
            ORDER,
            visit(
                {"outcome": "vacant", **LOOK_BACK, "nobody_returned": "yes", "established_by": ["neighbour", "meter"]}
            ),
        ],
        now="2020-01-30 12:00",
        members={"households": [HOUSEHOLD]},
        owed={("sweep.household", HOUSEHOLD): "met"},
    ),
    Example(
        "1月7日回来的不在排查范围",
        [visit(at_home(found(**RETURNED, returned_on="2020-01-07")))],
    ),
    Example(
        "1月8日回来的在范围里:就不能说没有人回来",
        [visit(at_home(found(**RETURNED, returned_on="2020-01-08")))],
        refused="确认没有人从外地回来",
    ),
    Example(
        "1月8日回来的,如实登记",
        [visit(at_home(found(**RETURNED, returned_on="2020-01-08"), nobody="no"))],
    ),
    Example(
        "排查令写明当天不算时,1月8日回来的不在范围",
        [visit(at_home(found(**RETURNED, returned_on="2020-01-08"), look_back_included="no"))],
    ),
    Example(
        "37.3℃ 要马上报告,两个人发热就是两份报告",
        [
            visit(
                at_home(
                    found(temperature=37.3), found("柏立", BO, temperature=38.6), found("陈晨", CHEN, temperature=37.2)
                )
            )
        ],
        now="2020-01-30 10:31",
        owed={("symptom.report", ANNA): "overdue", ("symptom.report", BO): "overdue"},
    ),
    Example(
        "没有发热但干咳,也要报告",
        [visit(at_home(found(symptoms=["dry_cough"])))],
        owed={("symptom.report", ANNA): "open"},
    ),
    Example(
        "家里有花名册上没有的人:要另外登记",
        [visit(at_home(found(), found("陈晨", person=None)))],
        owed={("person.note", HOUSEHOLD): "open"},
    ),
    Example(
        "登门量的体温就是当天的随访,不用再量一次",
        [
            Said(
                "followup_order",
                ANNA,
                "2020-01-30 08:00",
                {
                    "reason": "returnee",
                    "basis": "县指挥部令第3号",
                    "days": 1,
                    "start_basis": "observation_begin",
                    "start": "2020-01-30",
                    "checked_by": "grid_worker",
                },
            ),
            visit(at_home(found())),
        ],
        now="2020-01-30 13:00",
        owed={("followup.check", ANNA): ["met", "open"]},
    ),
    Example("缺身份", [visit(at_home(found(identity=None)))], refused="第 1 行「怎么核对的身份」必须填写"),
    Example("缺时间", [visit(at_home(found(returned="yes", returned_from="武汉"), nobody="no"))], refused="哪天回来的"),
    Example("缺接触", [visit(at_home(found(contacts=[])))], refused="第 1 行「近期接触过谁」必须填写"),
    Example("缺体温", [visit(at_home(found(temperature=None)))], refused="第 1 行「体温(℃)」必须填写"),
    Example("说没有人回来,却没写怎么知道的", [visit({**at_home(found()), "established_by": []})], refused="怎么知道的"),
    Example(
        "空置没有依据", [visit({"outcome": "vacant", **LOOK_BACK, "nobody_returned": "yes"})], refused="怎么知道的"
    ),
    Example("说在家,却一个人也没登记", [visit(at_home())], refused="至少登记一名在家的人"),
    Example(
        "说全家外出,却没写一个人去了哪里",
        [visit({"outcome": "away", **LOOK_BACK, "nobody_returned": "yes", "established_by": ["neighbour"]})],
        refused="至少写一人去了哪里",
    ),
    Example("体温写成 365", [visit(at_home(found(temperature=365)))], refused="不像真的"),
    Example(
        "症状又选没有又选发热", [visit(at_home(found(symptoms=["none", "fever"])))], refused="选了“没有”就不能再选别的"
    ),
    Example("联系不上,没写试过什么", [visit({"outcome": "unreachable"})], refused="都试过什么办法"),
]
