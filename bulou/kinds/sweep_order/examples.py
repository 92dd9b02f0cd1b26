"""What a sweep order makes owed, and of whom."""

from bulou.records.examples import Example, Said

SUBJECT = "area:610927100201"
BODY = {
    "title": "元月三十日拉网排查",
    "items": ["identity", "time", "contacts", "temperature"],
    "look_back_date": "2020-01-08",
    "look_back_included": "yes",
    "due": "2020-01-30T20:00",
}


def ordered(**changes: object) -> Said:
    return Said("sweep_order", SUBJECT, "2020-01-30 08:00", {**BODY, **changes}, by="account:lin")


REGISTERS = {"households": ["household:1", "household:2"], "persons": ["person:1", "person:2", "person:3"]}
VISIT = {
    "outcome": "vacant",
    "look_back_date": "2020-01-08",
    "look_back_included": "yes",
    "nobody_returned": "yes",
    "established_by": ["neighbour"],
}

EXAMPLES = [
    Example(
        "每一户、每一个在册的人都欠一个结果",
        [ordered()],
        now="2020-01-30 12:00",
        members=REGISTERS,
        owed={
            ("sweep.household", "household:1"): "open",
            ("sweep.household", "household:2"): "open",
            ("sweep.person", "person:1"): "open",
            ("sweep.person", "person:2"): "open",
            ("sweep.person", "person:3"): "open",
        },
        shown={"排查名称": "元月三十日拉网排查", "从哪天起回来的算": "2020-01-08", "完成期限": "2020-01-30 20:00"},
    ),
    Example(
        "到期没去的户列为逾期,去过的不列",
        [ordered(), Said("household_visit", "household:1", "2020-01-30 10:00", VISIT)],
        now="2020-01-30 20:01",
        members={"households": ["household:1", "household:2"]},
        owed={("sweep.household", "household:1"): "met", ("sweep.household", "household:2"): "overdue"},
    ),
    Example(
        "排查开始后才登上花名册的户,从登上起有一天时间",
        [ordered()],
        now="2020-01-31 14:59",
        members={"households": ["household:1", ("household:9", "2020-01-30 15:00")]},
        owed={("sweep.household", "household:1"): "overdue", ("sweep.household", "household:9"): "open"},
    ),
    Example(
        "过了截止登记的时间,再去也不算这次排查",
        [
            ordered(until="2020-01-31T20:00"),
            Said("household_visit", "household:1", "2020-02-01 09:00", VISIT),
        ],
        now="2020-02-01 12:00",
        members={"households": ["household:1"]},
        owed={("sweep.household", "household:1"): "overdue"},
    ),
    Example("完成期限已经过去的排查令不收", [ordered(due="2020-01-29T20:00")], refused="完成期限要晚于现在"),
    Example("起算日期不能在将来", [ordered(look_back_date="2020-02-01")], refused="从哪天起回来的算"),
    Example("没有写排查内容", [ordered(items=[])], refused="「排查内容」必须填写"),
]
