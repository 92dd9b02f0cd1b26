"""Puts another entry right, or withdraws it. Both versions stay; `amends` on the envelope says which one it is."""

from pathlib import Path

from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KEPT = Personal("as the record it puts right", 30, "incident")

KIND = Kind(
    name="correction",
    version=1,
    subject=("household", "person", "area", "entry", "arrival", "post", "responder", "shift"),
    fields=(
        # The ledger reads these three: fold() lets the last correction stand for what it amends.
        Field("withdrawn", "acknowledge"),
        Field("body", "body", required=True, relevant="${withdrawn} = ''", personal=KEPT),
        Field("happened_at", "dateTime", relevant="${withdrawn} = ''", constraint=". <= now()"),
        Field("reason", "text", required=True, personal=KEPT),
    ),
    recorded_by=frozenset(
        {
            "headquarters",
            "county_desk",
            "township",
            "village",
            "grid_worker",
            "village_doctor",
            "storekeeper",
            "inspector",
            "post_staff",
        }
    ),
    summary=("reason", "withdrawn"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
