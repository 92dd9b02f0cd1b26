"""A decision of headquarters, and the reports it rests on."""

from pathlib import Path

from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="decision",
    version=1,
    subject=("area",),
    fields=(
        Field("text", "text", required=True, about_nobody="a decision of headquarters is a document of the office"),
        Field(
            "basis",
            "repeat",
            fields=(
                Field("report", "text", required=True, constraint="regex(., '^entry:[0-9a-f-]{36}$')", read_only=True),
            ),
        ),
        Field(
            "basis_note",
            "text",
            required="count(${basis}) = 0",
            about_nobody="a decision of headquarters is a document of the office",
        ),
        Field("document", "text", about_nobody="the number of a document"),
    ),
    recorded_by=frozenset({"headquarters", "county_desk"}),
    summary=("text", "document"),
    words=load_words(Path(__file__).parent),
)
