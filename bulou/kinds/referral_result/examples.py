"""The clinic's answer comes back."""

from bulou.records.examples import Example, Said, entry_subject

POST = "post:00000000-0000-7000-8000-000000000001"
SENT = Said(
    "fever_referral",
    POST,
    "2020-01-26 10:20",
    {
        "name": "安娜",
        "first_temperature": 38.2,
        "transport": "ambulance",
        "clinic": "县人民医院发热门诊",
        "left_at": "2020-01-26T10:15",
        "headquarters_told": "yes",
        "alone": "yes",
    },
)


def answered(result: str, **more: str) -> Said:
    body = {"result": result, "clinic": "县人民医院", "known_at": "2020-01-26T16:00", **more}
    return Said("referral_result", entry_subject(1), "2020-01-26 16:05", body)


EXAMPLES = [
    Example(
        "排除:结果回到卡点",
        [SENT, answered("excluded")],
        now="2020-01-26 17:00",
        owed={("referral.result", entry_subject(1)): "met"},
        shown={"结果": "排除", "哪家医院": "县人民医院", "什么时候知道的": "2020-01-26 16:00"},
    ),
    Example(
        "没有到医院不算结果:一天后逾期",
        [SENT, answered("did_not_arrive")],
        now="2020-01-27 10:21",
        owed={("referral.result", entry_subject(1)): "overdue"},
    ),
    Example("确诊要说同车人员通知了没有", [SENT, answered("confirmed")], refused="已通知同车人员"),
]
