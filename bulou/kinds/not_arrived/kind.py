"""The village's answer to a post: whoever was let in has not come. It lets nobody off: they are looked for."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

PASS = Personal("hand whoever is let in to the village, and find who shared a vehicle with the sick", 14, "entry")

KIND = Kind(
    name="not_arrived",
    version=1,
    subject=("arrival",),
    fields=(
        Field(
            "tried",
            "select_multiple",
            required=True,
            choices=("went_there", "phoned", "asked_neighbour", "asked_relative", "asked_group_head"),
        ),
        Field("address_unknown", "yes_no", required=True),
        Field("likely_where", "text", personal=PASS),
        Field("note", "text", personal=PASS),
    ),
    # The village still owes the arrival; the county desk owes to find out where they went.
    duties=(Opens("arrival.find", "role:county_desk", within_hours="rule('checkpoint.find_hours')"),),
    recorded_by=frozenset({"village", "grid_worker", "village_doctor", "township", "county_desk"}),
    summary=("tried", "address_unknown"),
    words=load_words(Path(__file__).parent),
)
