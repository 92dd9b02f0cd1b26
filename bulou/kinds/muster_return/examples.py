"""Back, or not and why."""

from typing import Any

from bulou.records.examples import Example, Said

WHO = "responder:00000000-0000-0000-0000-000000000001"
CALLED = Said(
    "muster_order",
    "area:610927000000",
    "2020-01-25 18:00",
    {
        "title": "组工干部返岗",
        "basis": "县委通知",
        "deadline": "2020-01-26T18:00",
        "people": [{"responder": WHO, "owner": WHO}],
    },
    by="account:lin",
)


def said(at: str = "2020-01-26 09:00", **body: Any) -> Said:
    return Said("muster_return", WHO, at, body)


EXAMPLES = [
    Example(
        "按时返岗",
        [CALLED, said(outcome="returned", contact="no")],
        now="2020-01-26 18:01",
        owed={("muster.return", WHO): "met"},
        shown={"回来没有": "已返岗"},
    ),
    Example(
        "过了时限才到",
        [CALLED, said("2020-01-27 09:00", outcome="returned", contact="no")],
        now="2020-01-27 10:00",
        owed={("muster.return", WHO): "met late"},
    ),
    Example(
        "有接触史,隔离到某日",
        [CALLED, said(outcome="cannot", reason="exposed", until="2020-02-09")],
        now="2020-01-26 18:01",
        owed={("muster.return", WHO): "waived"},
    ),
    Example("没说有没有接触史", [CALLED, said(outcome="returned")], refused="「有接触史」必须填写"),
    Example("回不来要写到哪天", [CALLED, said(outcome="cannot", reason="ill")], refused="「到哪天」必须填写"),
]
