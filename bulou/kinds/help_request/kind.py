"""A post calls for help: how many, what for, until when."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="help_request",
    version=1,
    subject=("post",),
    fields=(
        Field("how_many", "integer", required=True, constraint=". >= 1 and . <= 500"),
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
        Field(
            "reasons", "select_multiple", required=True, choices=("traffic", "few_hands", "hard_task", "sick", "other")
        ),
        Field(
            "note",
            "text",
            required="selected(${reasons}, 'other')",
            personal=Personal("send a post the help it asked for", 30, "incident"),
        ),
        Field("until", "dateTime", required=True, constraint=". > now()"),
    ),
    duties=(
        Opens(
            "reserve.dispatch",
            "role:county_desk",
            subject="self",
            within_hours="rule('reserve.dispatch_hours')",
            closes="${until}",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township", "village", "post_staff"}),
    summary=("how_many", "skills", "until"),
    words=load_words(Path(__file__).parent),
)
