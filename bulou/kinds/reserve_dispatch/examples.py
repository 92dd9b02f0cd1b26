"""Who is sent owes an arrival; who sends too few still owes the rest."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

FIRST = "00000000-0000-0000-0000-000000000001"
ASKED = Said(
    "help_request",
    "post:00000000-0000-0000-0000-0000000000aa",
    "2020-01-30 15:00",
    {"how_many": 1, "skills": ["general"], "reasons": ["traffic"], "until": "2020-02-10T08:00"},
)


def sent(**changes: Any) -> Said:
    people = [{"id": FIRST, "responder": f"responder:{FIRST}", "owner": f"responder:{FIRST}"}]
    body = {"complete": "yes", "until": "2020-02-10T08:00", "people": people, **changes}
    return Said("reserve_dispatch", entry_subject(1), "2020-01-30 18:00", body, by="account:lin")


EXAMPLES = [
    Example(
        "当天派人,第二天到",
        [ASKED, sent()],
        now="2020-01-31 08:00",
        owed={("reserve.dispatch", entry_subject(1)): "met", ("reserve.arrive", f"shift:{FIRST}"): "open"},
        shown={"要的人都派了": "是", "支援到什么时候": "2020-02-10 08:00"},
    ),
    Example(
        "只派了一部分,请求还在",
        [ASKED, sent(complete="no", left_over="还差3人,明天再派")],
        now="2020-01-31 16:00",
        owed={("reserve.dispatch", entry_subject(1)): "overdue", ("reserve.arrive", f"shift:{FIRST}"): "open"},
    ),
    Example("说派齐了却没有人", [ASKED, sent(people=[])], refused="「派了谁」必须填写"),
    Example("没派齐要写差多少", [ASKED, sent(complete="no")], refused="「还差什么」必须填写"),
]
