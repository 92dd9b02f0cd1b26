"""What the clinic found: the answer to a referral, back to the post that sent somebody."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

HEALTH = Personal("bring the sick to a doctor and the result back, and reach who travelled with them", 30, "incident")

KIND = Kind(
    name="referral_result",
    version=1,
    subject=("entry",),
    fields=(
        Field(
            "result",
            "select_one",
            required=True,
            choices=("excluded", "observed", "suspected", "confirmed", "did_not_arrive"),
            personal=HEALTH,
        ),
        Field("clinic", "text", required=True, about_nobody="a clinic"),
        Field("known_at", "dateTime", required=True, constraint=". <= now()", default="now()"),
        Field(
            "temperature",
            "decimal",
            constraint=". >= rule('temperature.min_c') and . <= rule('temperature.max_c')",
            personal=HEALTH,
        ),
        Field(
            "companions_told",
            "yes_no",
            required=True,
            relevant="${result} = 'suspected' or ${result} = 'confirmed'",
        ),
        Field("note", "text", personal=HEALTH),
    ),
    # Whoever never arrived at the clinic still has to be found: that is no result.
    duties=(Meets("referral.result", when="${result} != 'did_not_arrive'"),),
    recorded_by=frozenset({"headquarters", "county_desk", "village_doctor", "township", "post_staff"}),
    summary=("result", "clinic", "known_at"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
