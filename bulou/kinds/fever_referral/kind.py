"""Somebody with fever sent from a post to a clinic: how, where to, and who was in the same vehicle."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

HEALTH = Personal("bring the sick to a doctor and the result back, and reach who travelled with them", 30, "incident")
ID = "regex(., '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')"
MEASURED = ". >= rule('temperature.min_c') and . <= rule('temperature.max_c')"

COMPANIONS = (
    Field("name", "text", required=True, personal=HEALTH),
    Field("phone", "text", personal=HEALTH),
    Field("id_number", "text", personal=HEALTH),
    Field("temperature", "decimal", constraint=MEASURED, personal=HEALTH),
    Field("card", "text", personal=HEALTH),
    Field(
        "what",
        "select_one",
        required=True,
        choices=("goes_along", "waits_here", "home_observation", "central_observation", "turned_back"),
        personal=HEALTH,
    ),
)

KIND = Kind(
    name="fever_referral",
    version=1,
    subject=("post",),
    fields=(
        # The pass that was decided "refer"; none if somebody fell ill at the post itself.
        Field("pass_id", "text", constraint=ID, appearance="hidden"),
        Field("plate", "text", personal=HEALTH),
        Field("name", "text", required=True, personal=HEALTH),
        Field("phone", "text", personal=HEALTH),
        Field("id_number", "text", personal=HEALTH),
        Field("from_place", "text", personal=HEALTH),
        Field("first_temperature", "decimal", required=True, constraint=MEASURED, personal=HEALTH),
        Field("second_temperature", "decimal", constraint=MEASURED, personal=HEALTH),
        Field("transport", "select_one", required=True, choices=("ambulance", "post_vehicle", "own_vehicle", "other")),
        Field("clinic", "text", required=True, about_nobody="a clinic"),
        Field("left_at", "dateTime", required=True, constraint=". <= now()", default="now()"),
        Field("headquarters_told", "yes_no", required=True),
        # Nobody in the vehicle is forgotten: none has to be said.
        Field("alone", "yes_no", required=True, constraint="(. = 'yes') = (count(${companions}) = 0)"),
        Field("companions", "repeat", fields=COMPANIONS),
        Field("companion_count", "calculate", calculation="count(${companions})"),
        Field("note", "text", personal=HEALTH),
    ),
    duties=(
        Meets("fever.refer", when="${pass_id} != ''", subject="concat('entry:', ${pass_id})"),
        Opens(
            "referral.result",
            "role:county_desk",
            subject="self",
            within_hours="rule('checkpoint.referral_result_hours')",
        ),
    ),
    recorded_by=frozenset({"post_staff", "grid_worker", "village", "village_doctor", "township", "county_desk"}),
    summary=("clinic", "transport", "companion_count"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
