"""Only what is done is done."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

GIVEN = Said(
    "assignment",
    "area:610927100201",
    "2020-01-28 09:00",
    {"what": "补送体温计20支", "owner": "role:village", "due": "2020-01-28T18:00"},
)


def answered(at: str = "2020-01-28 16:00", **body: Any) -> Said:
    return Said("assignment_done", entry_subject(1), at, body)


EXAMPLES = [
    Example(
        "按时办结",
        [GIVEN, answered(result="done", what_was_done="20支已送到,社区签收")],
        now="2020-01-28 19:00",
        owed={("assignment.do", entry_subject(1)): "met"},
        shown={"办得怎么样": "办结", "做了什么": "20支已送到,社区签收"},
    ),
    Example(
        "办了一部分,事情还在",
        [GIVEN, answered(result="partly", what_was_done="先送去8支", left_over="还差12支,县里没有库存")],
        now="2020-01-28 18:01",
        owed={("assignment.do", entry_subject(1)): "overdue"},
    ),
    Example(
        "办结了,但过了时限",
        [GIVEN, answered("2020-01-28 20:00", result="done", what_was_done="20支已送到")],
        now="2020-01-28 21:00",
        owed={("assignment.do", entry_subject(1)): "met late"},
    ),
    Example(
        "没办完又不写差什么",
        [GIVEN, answered(result="partly", what_was_done="送去8支")],
        refused="「还差什么」必须填写",
    ),
    Example("只说办结,没写做了什么", [GIVEN, answered(result="done")], refused="「做了什么」必须填写"),
]
