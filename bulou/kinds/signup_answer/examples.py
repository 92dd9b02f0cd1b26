"""Every offer has an answer, and a refusal its reason."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

OFFERED = Said(
    "volunteer_signup",
    "responder:00000000-0000-0000-0000-000000000001",
    "2020-01-30 20:00",
    {"skills": ["health"], "from": "2020-01-31", "until": "2020-02-29", "contact": "no"},
)


def answered(**body: Any) -> Said:
    return Said("signup_answer", entry_subject(1), "2020-01-31 09:00", body, by="account:lin")


EXAMPLES = [
    Example(
        "编入预备队",
        [OFFERED, answered(answer="accepted")],
        now="2020-01-31 10:00",
        owed={("signup.answer", entry_subject(1)): "met"},
        shown={"答复": "编入预备队"},
    ),
    Example("婉拒要写为什么", [OFFERED, answered(answer="declined")], refused="「为什么」必须填写"),
]
