"""An order that is over by itself."""

from typing import Any

from bulou.records.examples import Example, Said

POST = "post:00000000-0000-7000-8000-000000000001"
BODY: dict[str, Any] = {
    "type": "interprovincial",
    "road": "G312",
    "place": "东沟垭",
    "passage": "checked",
    "basis": "《传染病防治法》;指挥部令第1号",
    "starts": "2020-01-24T18:00",
    "until": "2020-02-07",
    "hours": "00:00-24:00",
    "needs": [{"role": "公安", "number": 2}, {"role": "卫健", "number": 2}],
}


def ordered(at: str = "2020-01-24 17:00", **changes: Any) -> Said:
    return Said("post_order", POST, at, {**BODY, **changes})


EXAMPLES = [
    Example(
        "设卡令到期那天要说撤还是续",
        [ordered()],
        now="2020-02-06 12:00",
        owed={("post.end", POST): "waiting"},
        shown={"类型": "省际卡点", "道路": "G312", "到哪天为止": "2020-02-07"},
    ),
    Example("过了那天没人说就逾期", [ordered()], now="2020-02-08 00:01", owed={("post.end", POST): "overdue"}),
    Example(
        "续令:旧令的到期不再欠,新令的到期照欠",
        [ordered(), ordered("2020-02-05 10:00", starts="2020-02-05T10:00", until="2020-02-20")],
        now="2020-02-08 10:00",
        owed={("post.end", POST): ["waived", "waiting"]},
    ),
    Example("没有法律依据不能设卡", [ordered(basis="")], refused="法律依据"),
    Example("没有期限不能设卡", [ordered(until="2020-01-24")], refused="至少到明天"),
]
