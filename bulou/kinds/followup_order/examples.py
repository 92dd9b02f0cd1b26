"""How many checks an order makes owed, and of which days."""

from typing import Any

from bulou.records.examples import Example, Said

PERSON = "person:1"
BODY = {
    "reason": "close_contact",
    "basis": "县指挥部令第3号",
    "days": 14,
    "start_basis": "last_exposure",
    "start": "2020-01-28",
    "checked_by": "grid_worker",
}
CHECK = {
    "channel": "phone",
    "reached": "yes",
    "measured_at": "2020-01-28T09:00",
    "measured_by": "self",
    "temperature": 36.6,
    "symptoms": ["none"],
}


def ordered(at: str = "2020-01-28 08:00", **changes: Any) -> Said:
    return Said("followup_order", PERSON, at, {**BODY, **changes}, by="account:lin")


EXAMPLES = [
    Example(
        "每天早晚两次,共14天:28次",
        [ordered()],
        now="2020-01-28 08:30",
        owed={("followup.check", PERSON): {"open": 1, "waiting": 27}},
        shown={"随访原因": "密切接触者", "起算日期": "2020-01-28"},
    ),
    Example(
        "七天前离开疫区的,只随访剩下的日子",
        [ordered(start_basis="departure", start="2020-01-21")],
        now="2020-01-28 08:30",
        owed={("followup.check", PERSON): {"open": 1, "waiting": 13}},
    ),
    Example(
        "下午才下的令,不欠当天早上那一次",
        [ordered(at="2020-01-28 15:00")],
        now="2020-01-28 15:30",
        owed={("followup.check", PERSON): {"open": 1, "waiting": 26}},
    ),
    Example(
        "周一漏的一次,周二补不回来",
        [
            ordered(at="2020-01-27 08:00", start="2020-01-27", days=2),
            Said("health_check", PERSON, "2020-01-28 09:00", CHECK),
        ],
        now="2020-01-28 13:00",
        owed={("followup.check", PERSON): ["overdue", "overdue", "met", "open"]},
    ),
    Example(
        "没有凭证的,从开始观察之日算起",
        [ordered(reason="returnee", start_basis="observation_begin", days=1)],
        now="2020-01-28 08:30",
        owed={("followup.check", PERSON): ["open", "waiting"]},
    ),
    Example("没有依据不能随访一个人", [ordered(basis="")], refused="「依据」必须填写"),
    Example("起算日期在将来", [ordered(start="2020-01-29")], refused="起算日期不能晚于今天"),
    Example("随访期已满", [ordered(start="2020-01-14")], refused="随访期已满"),
    Example("天数没有尽头", [ordered(days=365)], refused="不能超过规定的上限"),
]
