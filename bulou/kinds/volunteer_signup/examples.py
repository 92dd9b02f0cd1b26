"""Whoever offers is answered."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

WHO = "responder:00000000-0000-0000-0000-000000000001"


def offered(**changes: Any) -> Said:
    body = {"skills": ["health"], "from": "2020-01-31", "until": "2020-02-29", "contact": "no", **changes}
    return Said("volunteer_signup", WHO, "2020-01-30 20:00", body)


EXAMPLES = [
    Example(
        "主动请战,一天内要有答复",
        [offered()],
        now="2020-01-30 21:00",
        owed={("signup.answer", entry_subject(1)): "open"},
        shown={"能做什么": "卫健", "从哪天起": "2020-01-31", "到哪天": "2020-02-29"},
    ),
    Example(
        "没人理",
        [offered()],
        now="2020-01-31 20:01",
        owed={("signup.answer", entry_subject(1)): "overdue"},
    ),
    Example("没说有没有接触史", [offered(contact="")], refused="「有接触史」必须填写"),
    Example("没有尽头的请战不收", [offered(until="")], refused="「到哪天」必须填写"),
    Example("日子倒着", [offered(until="2020-01-30")], refused="不能早于"),
]
