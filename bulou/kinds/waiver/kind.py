"""Lets somebody off a duty, on a written basis and until a date. It stays on the record as waived, never as done."""

from pathlib import Path

from bulou.records.duties import Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="waiver",
    version=1,
    subject=("household", "person", "area", "entry", "arrival", "post", "responder", "shift"),
    fields=(
        Field(
            "duty",
            "text",
            required=True,
            constraint="regex(., '^[a-z_]+[.][a-z_]+$')",
            about_nobody="the name of a duty",
        ),
        Field("reason", "text", required=True, personal=Personal("say why somebody was let off", 30, "incident")),
        Field("basis", "text", required=True, about_nobody="the document a waiver rests on"),
        Field("until", "date", required=True, constraint=". >= today()"),
    ),
    duties=(Waives("${duty}", until="${until}"),),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("duty", "until", "reason"),
    words=load_words(Path(__file__).parent),
)
