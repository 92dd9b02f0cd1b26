"""Somebody asks to be sent (请战): what they can do, from when to when."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="volunteer_signup",
    version=1,
    subject=("responder",),
    fields=(
        Field(
            "skills",
            "select_multiple",
            required=True,
            choices=(
                "police",
                "health",
                "transport",
                "emergency",
                "village_cadre",
                "leader",
                "driver",
                "disinfection",
                "registration",
                "general",
            ),
        ),
        Field("from", "date", required=True),
        Field("until", "date", required=True, constraint=". >= ${from}"),
        # 无接触史: somebody with contact is thanked, and not sent.
        Field("contact", "yes_no", required=True, personal=Personal("keep the exposed off a post", 14, "incident")),
        Field("note", "text", personal=Personal("keep the exposed off a post", 14, "incident")),
    ),
    duties=(Opens("signup.answer", "role:county_desk", subject="self", within_hours="rule('reserve.answer_hours')"),),
    own="word",
    summary=("skills", "from", "until"),
    words=load_words(Path(__file__).parent),
)
