"""Sent is not arrived."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

FIRST = "00000000-0000-0000-0000-000000000001"
ASKED = Said(
    "help_request",
    "post:00000000-0000-0000-0000-0000000000aa",
    "2020-01-30 15:00",
    {"how_many": 1, "skills": ["general"], "reasons": ["traffic"], "until": "2020-02-10T08:00"},
)
SENT = Said(
    "reserve_dispatch",
    entry_subject(1),
    "2020-01-30 18:00",
    {
        "complete": "yes",
        "until": "2020-02-10T08:00",
        "people": [{"id": FIRST, "responder": f"responder:{FIRST}", "owner": f"responder:{FIRST}"}],
    },
    by="account:lin",
)


def arrived(at: str = "2020-01-31 09:00", **body: Any) -> Said:
    return Said("reserve_arrival", f"shift:{FIRST}", at, {"arrived": "yes", **body})


EXAMPLES = [
    Example(
        "30日请求,31日第一批到岗",
        [ASKED, SENT, arrived()],
        now="2020-01-31 10:00",
        owed={("reserve.dispatch", entry_subject(1)): "met", ("reserve.arrive", f"shift:{FIRST}"): "met"},
        shown={"到了没有": "是"},
    ),
    Example(
        "派了没到",
        [ASKED, SENT],
        now="2020-01-31 18:01",
        owed={("reserve.dispatch", entry_subject(1)): "met", ("reserve.arrive", f"shift:{FIRST}"): "overdue"},
    ),
    Example(
        "路上病了,到不了",
        [ASKED, SENT, arrived(arrived="no", why_not="发热,已送医")],
        now="2020-01-31 18:01",
        owed={("reserve.dispatch", entry_subject(1)): "met", ("reserve.arrive", f"shift:{FIRST}"): "waived"},
    ),
    Example("没到要写为什么", [ASKED, SENT, arrived(arrived="no")], refused="「为什么没到」必须填写"),
]
