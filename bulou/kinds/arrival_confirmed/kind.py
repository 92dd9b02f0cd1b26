"""The village's answer to a post: whoever was let in has been seen, here or elsewhere; and is followed up if need be."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

PASS = Personal("hand whoever is let in to the village, and find who shared a vehicle with the sick", 14, "entry")

FOLLOWED = "${follow} = 'yes'"

KIND = Kind(
    name="arrival_confirmed",
    version=1,
    subject=("arrival",),
    fields=(
        Field("where", "select_one", required=True, choices=("here", "elsewhere", "left_again"), personal=PASS),
        Field("where_note", "text", required=True, relevant="${where} != 'here'", personal=PASS),
        Field("seen_by", "select_one", required=True, choices=("in_person", "phone", "video"), default="in_person"),
        Field("seen_at", "dateTime", required=True, constraint=". <= now()", default="now()"),
        # Filled in by the office when the register knows them (checkpoints.actions).
        Field("person", "text", constraint="regex(., '^person:[0-9a-f-]{36}$')", appearance="hidden", read_only=True),
        Field("follow", "yes_no", required=True, relevant="${where} = 'here'", default="no"),
        Field(
            "follow_reason",
            "select_one",
            required=True,
            relevant=FOLLOWED,
            choices=("returnee", "visited", "outsider", "close_contact", "released", "other"),
            personal=PASS,
        ),
        # No restriction on a person without a written basis; the end follows from start and days.
        Field("basis", "text", required=True, relevant=FOLLOWED, about_nobody="the document a restriction rests on"),
        Field(
            "days",
            "integer",
            required=True,
            relevant=FOLLOWED,
            constraint=". >= 1 and . <= rule('observation.days_most')",
            default="rule('observation.days')",
        ),
        Field(
            "start",
            "date",
            required=True,
            relevant=FOLLOWED,
            constraint=". <= today() and today() < date(.) + ${days}",
            personal=PASS,
        ),
        Field(
            "checked_by",
            "select_one",
            required=True,
            relevant=FOLLOWED,
            choices=("grid_worker", "village_doctor"),
            default="village_doctor",
        ),
        Field("note", "text", personal=PASS),
    ),
    duties=(
        Meets("arrival.confirm"),
        Meets("arrival.find"),
        # About the person of the register, or about the hand-off itself until the register knows them.
        Opens(
            "followup.check",
            "role:${checked_by}",
            when=FOLLOWED,
            subject="if(${person} != '', ${person}, ${_subject})",
            opens="${start}",
            days="${days}",
            slots="observation.slots",
        ),
    ),
    recorded_by=frozenset({"village", "grid_worker", "village_doctor", "township", "county_desk"}),
    summary=("where", "seen_at", "follow"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
