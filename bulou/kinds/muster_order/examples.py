"""Named, and missed by name."""

from typing import Any

from bulou.records.examples import Example, Said

ONE, TWO = (f"responder:00000000-0000-0000-0000-00000000000{n}" for n in (1, 2))


def called(**changes: Any) -> Said:
    body = {
        "title": "第一书记返村到岗",
        "basis": "县指挥部通知",
        "deadline": "2020-01-26T18:00",
        "people": [{"responder": ONE, "owner": ONE}, {"responder": TWO, "owner": TWO}],
        **changes,
    }
    return Said("muster_order", "area:610927000000", "2020-01-25 18:00", body, by="account:lin")


EXAMPLES = [
    Example(
        "正月初二前返岗,谁没到看得见",
        [called(), Said("muster_return", ONE, "2020-01-26 09:00", {"outcome": "returned", "contact": "no"})],
        now="2020-01-26 18:01",
        owed={("muster.return", ONE): "met", ("muster.return", TWO): "overdue"},
    ),
    Example("令上写着什么", [called()], shown={"叫谁回来": "第一书记返村到岗", "最迟": "2020-01-26 18:00"}),
    Example("时限已经过去", [called(deadline="2020-01-24T18:00")], refused="要晚于现在"),
    Example("没有名单", [called(people=[])], refused="「名单」必须填写"),
]
