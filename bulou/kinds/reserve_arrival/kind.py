"""Somebody of the reserve has arrived at the post they were sent to."""

from pathlib import Path

from bulou.records.duties import Meets, Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="reserve_arrival",
    version=1,
    subject=("shift",),
    fields=(
        Field("arrived", "yes_no", required=True),
        Field(
            "why_not",
            "text",
            required=True,
            relevant="${arrived} = 'no'",
            personal=Personal("know why help did not come", 14, "incident"),
        ),
        Field("note", "text", personal=Personal("know why help did not come", 14, "incident")),
    ),
    duties=(
        Meets("reserve.arrive", when="${arrived} = 'yes'"),
        Waives("reserve.arrive", when="${arrived} = 'no'"),
    ),
    own="presence",
    summary=("arrived", "note"),
    words=load_words(Path(__file__).parent),
)
