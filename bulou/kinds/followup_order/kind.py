"""An order to follow somebody's health: so many checks a day, for so many days, on a written basis."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

FOLLOW = Personal("know who is followed, why, and until when", 30, "incident")

KIND = Kind(
    name="followup_order",
    version=1,
    subject=("person",),
    fields=(
        Field(
            "reason",
            "select_one",
            required=True,
            choices=("returnee", "visited", "outsider", "close_contact", "released", "other"),
            personal=FOLLOW,
        ),
        Field("reason_note", "text", required=True, relevant="${reason} = 'other'", personal=FOLLOW),
        # No restriction on a person without a written basis; the end follows from start and days.
        Field("basis", "text", required=True, about_nobody="the document a restriction rests on"),
        Field(
            "days",
            "integer",
            required=True,
            constraint=". >= 1 and . <= rule('observation.days_most')",
            default="rule('observation.days')",
        ),
        Field(
            "start_basis",
            "select_one",
            required=True,
            choices=("last_exposure", "departure", "observation_begin"),
        ),
        Field(
            "start",
            "date",
            required=True,
            constraint=". <= today() and today() < date(.) + ${days}",
            personal=FOLLOW,
        ),
        Field(
            "last_day",
            "calculate",
            calculation="format-date(date(date(${start}) + ${days} - 1), '%Y-%m-%d')",
            personal=FOLLOW,
        ),
        Field("checked_by", "select_one", required=True, choices=("grid_worker", "village_doctor")),
        Field("note", "text", personal=FOLLOW),
    ),
    duties=(
        # The days count from the start; those already gone when the order is given can no longer be checked.
        Opens(
            "followup.check",
            "role:${checked_by}",
            opens="${start}",
            days="${days}",
            slots="observation.slots",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("reason", "start", "last_day"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
