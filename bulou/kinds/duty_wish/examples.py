"""A wish is for days that have an end."""

from typing import Any

from bulou.records.examples import Example, Said

WHO = "responder:00000000-0000-0000-0000-000000000001"


def wished(**changes: Any) -> Said:
    body = {"wish": "off", "from": "2020-02-08", "until": "2020-02-09", "strength": "some", **changes}
    return Said("duty_wish", WHO, "2020-02-05 09:00", body)


EXAMPLES = [
    Example("想在元宵节休息", [wished()], shown={"希望": "休息", "从哪天起": "2020-02-08", "到哪天": "2020-02-09"}),
    Example(
        "想值班",
        [wished(wish="on", strength="strong")],
        shown={"希望": "值班", "从哪天起": "2020-02-08", "到哪天": "2020-02-09"},
    ),
    Example("没有说到哪天", [wished(until="")], refused="「到哪天」必须填写"),
    Example("日子倒着", [wished(until="2020-02-07")], refused="不能早于"),
]
