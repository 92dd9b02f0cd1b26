"""Waived is not done, and ends by itself."""

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
        "days": 3,
        "start_basis": "observation_begin",
        "start": "2020-01-27",
        "checked_by": "grid_worker",
    },
)


def waived(**changes: Any) -> Said:
    body = {
        "duty": "followup.check",
        "reason": "转县医院住院",
        "basis": "县医院入院通知单",
        "until": "2020-01-28",
        **changes,
    }
    return Said("waiver", PERSON, "2020-01-27 13:00", body, by="account:lin")


EXAMPLES = [
    Example(
        "住院期间免随访,期满恢复;免之前漏的一次还是漏",
        [ORDER, waived()],
        now="2020-01-29 09:00",
        owed={("followup.check", PERSON): ["overdue", "waived", "waived", "waived", "open", "waiting"]},
        shown={"免去哪件事": "followup.check", "免到哪天": "2020-01-28", "原因": "转县医院住院"},
    ),
    Example("没有依据不能免", [ORDER, waived(basis="")], refused="「依据」必须填写"),
    Example("没写免到哪天", [ORDER, waived(until="")], refused="「免到哪天」必须填写"),
    Example("免到过去的日子", [ORDER, waived(until="2020-01-26")], refused="不能早于今天"),
    Example("免的事说不清", [ORDER, waived(duty="随访")], refused="请从名单里选"),
]
