"""A check of somebody's health, at the door or from afar: temperature and symptoms."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, Lane, load_words

HEALTH = Personal("find illness early and report it at once", 30, "incident")

REACHED = "${reached} = 'yes'"
FEVER = (
    "${temperature} > rule('fever.threshold_c')"
    " or (rule('fever.inclusive') and ${temperature} = rule('fever.threshold_c'))"
)
UNWELL = "count-selected(${symptoms}) > 0 and not(selected(${symptoms}, 'none'))"

KIND = Kind(
    name="health_check",
    version=2,
    subject=("person", "arrival"),
    fields=(
        Field("channel", "select_one", required=True, choices=("door", "phone", "wechat", "video")),
        Field("reached", "yes_no", required=True),
        Field("not_reached_reason", "text", required=True, relevant="${reached} = 'no'", personal=HEALTH),
        Field(
            "measured_at",
            "dateTime",
            required=True,
            relevant=REACHED,
            constraint=". <= now()",
            default="now()",
        ),
        Field("measured_by", "select_one", required=True, relevant=REACHED, choices=("worker", "self", "family")),
        Field(
            "temperature",
            "decimal",
            required=True,
            relevant=REACHED,
            constraint=". >= rule('temperature.min_c') and . <= rule('temperature.max_c')",
            personal=HEALTH,
        ),
        Field(
            "symptoms",
            "select_multiple",
            required=True,
            relevant=REACHED,
            choices=(
                "none",
                "fever",
                "dry_cough",
                "fatigue",
                "sore_throat",
                "smell_taste",
                "diarrhoea",
                "breathless",
                "other",
            ),
            constraint="not(selected(., 'none')) or count-selected(.) = 1",
            personal=HEALTH,
        ),
        # A fever and no complaints: asked about once more; the record itself never waits for the answer.
        Field(
            "sure",
            "yes_no",
            required=True,
            soft=True,
            relevant=f"({FEVER}) and ${{temperature}} <= rule('temperature.max_c') and selected(${{symptoms}}, 'none')",
            constraint=". = 'yes'",
            personal=HEALTH,
        ),
        Field("alarm", "calculate", calculation=f"if({FEVER} or ({UNWELL}), 1, 0)", personal=HEALTH),
        Field("note", "text", personal=HEALTH),
        # By which fast lane it was made, and what was asked all the same: written by the phone (records/lanes.py).
        Field("lane", "text", constraint="regex(., '^[a-z_. ]+$')", appearance="hidden"),
    ),
    duties=(
        # Somebody who did not answer the phone has not been checked.
        Meets("followup.check", when=REACHED),
        Meets("sweep.person", when=REACHED),
        Opens(
            "symptom.report",
            "role:grid_worker",
            when="${alarm} = 1",
            within_hours="rule('symptom.report_minutes') div 60",
        ),
    ),
    recorded_by=frozenset({"grid_worker", "village", "village_doctor", "township"}),
    summary=("channel", "reached", "measured_at"),
    sensitive=True,
    lanes=(
        # Measured at the door, no symptoms. A fever opens the whole form.
        Lane(
            "normal",
            asks=("temperature",),
            fill={"channel": "door", "reached": "yes", "measured_by": "worker", "symptoms": ["none"], "alarm": "0"},
            unless={"symptoms": ("symptom",)},
        ),
    ),
    words=load_words(Path(__file__).parent),
)
