"""Taken down on its last day, or before."""

from bulou.records.examples import Example, Said

POST = "post:00000000-0000-7000-8000-000000000001"
ORDER = Said(
    "post_order",
    POST,
    "2020-01-24 17:00",
    {
        "type": "village",
        "place": "村口",
        "passage": "checked",
        "basis": "指挥部令第1号",
        "starts": "2020-01-24T18:00",
        "until": "2020-02-07",
        "hours": "07:00-23:00",
    },
)


def closed(at: str, reason: str = "order_ended", **more: str) -> Said:
    body = {"reason": reason, "basis": "指挥部令第9号", "closed_at": at.replace(" ", "T"), "road_open": "yes", **more}
    return Said("post_closed", POST, at, body)


EXAMPLES = [
    Example(
        "最后一天撤了",
        [ORDER, closed("2020-02-07 18:00")],
        now="2020-02-08 10:00",
        owed={("post.end", POST): "met"},
        shown={"原因": "设卡令到期", "什么时候撤的": "2020-02-07 18:00", "道路恢复通行": "是"},
    ),
    Example(
        "提前撤了:到期那天没有什么要说",
        [ORDER, closed("2020-02-01 18:00", "lifted")],
        now="2020-02-08 10:00",
        owed={("post.end", POST): "waived"},
    ),
    Example("撤卡也要依据", [ORDER, closed("2020-02-07 18:00", basis="")], refused="依据"),
]
