"""An exclusion has an end."""

from typing import Any

from bulou.records.examples import Example, Said

WHO = "responder:00000000-0000-0000-0000-000000000001"


def excluded(**changes: Any) -> Said:
    body = {"reason": "exposed", "from": "2020-02-01", "until": "2020-02-14", **changes}
    return Said("cannot_serve", WHO, "2020-02-01 09:00", body)


EXAMPLES = [
    Example("有接触史,14天内不排班", [excluded()], shown={"从哪天起": "2020-02-01", "到哪天": "2020-02-14"}),
    Example("没有期限", [excluded(until="")], refused="「到哪天」必须填写"),
    Example("日子倒着", [excluded(until="2020-01-31")], refused="不能早于"),
]
