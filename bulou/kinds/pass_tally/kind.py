"""A rush at the barrier, counted by the minute: only how many, and nobody by name."""

from pathlib import Path

from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

MINUTES = (
    Field("at", "dateTime", required=True, constraint=". <= now()"),
    Field("vehicles", "integer", required=True, constraint=". >= 0 and . <= 500"),
    Field("people", "integer", required=True, constraint=". >= 0 and . <= 5000"),
    # Of these. Whoever was written down by name is counted there and not here.
    Field("vehicles_back", "integer", constraint=". >= 0 and . <= ${vehicles}"),
    Field("people_back", "integer", constraint=". >= 0 and . <= ${people}"),
)

KIND = Kind(
    name="pass_tally",
    version=1,
    subject=("post",),
    fields=(
        Field("minutes", "repeat", required=True, fields=MINUTES),
        Field("vehicles_total", "calculate", calculation="sum(${vehicles})"),
        Field("people_total", "calculate", calculation="sum(${people})"),
        Field("vehicles_back_total", "calculate", calculation="sum(${vehicles_back})"),
        Field("people_back_total", "calculate", calculation="sum(${people_back})"),
        Field("note", "text", personal=Personal("explain a count that looks wrong", 30, "incident")),
    ),
    recorded_by=frozenset({"post_staff", "grid_worker", "village", "village_doctor", "township", "county_desk"}),
    summary=("vehicles_total", "people_total", "vehicles_back_total"),
    words=load_words(Path(__file__).parent),
)
