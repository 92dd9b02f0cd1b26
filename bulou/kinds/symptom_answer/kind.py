"""What the village doctor or the county desk made of a report of symptoms."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

HEALTH = Personal("find illness early and report it at once", 30, "incident")

DOCTOR = "${answered_as} = 'village_doctor'"
DESK = "${answered_as} = 'county_desk'"

KIND = Kind(
    name="symptom_answer",
    version=1,
    subject=("person", "household", "arrival"),
    fields=(
        Field("answered_as", "select_one", required=True, choices=("village_doctor", "county_desk")),
        # Medical judgement is the doctor's; the desk decides what is done, and whether the report came as it should.
        Field(
            "judgement",
            "select_one",
            required=DOCTOR,
            choices=("excluded", "observe", "recheck", "refer"),
            personal=HEALTH,
        ),
        Field("referred_to", "text", required=True, relevant="${judgement} = 'refer'", personal=HEALTH),
        Field("finding", "select_one", required=True, relevant=DESK, choices=("none", "late", "missed", "concealed")),
        Field(
            "finding_basis",
            "text",
            required=True,
            relevant="${finding} != '' and ${finding} != 'none'",
            personal=HEALTH,
        ),
        Field("note", "text", personal=HEALTH),
    ),
    duties=(Meets("symptom.doctor", when=DOCTOR), Meets("symptom.county", when=DESK)),
    recorded_by=frozenset({"village_doctor", "county_desk"}),
    as_role="answered_as",
    summary=("answered_as", "judgement", "finding"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
