"""Something given to somebody to do today: no issue is left overnight."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="assignment",
    version=1,
    subject=("area",),
    fields=(
        Field("what", "text", required=True, about_nobody="an order of headquarters is a document of the office"),
        Field(
            "owner",
            "text",
            required=True,
            constraint="regex(., '^(role:[a-z_]+|account:[0-9a-f-]{36})$')",
            about_nobody="a role or an account",
        ),
        # 问题不过夜: 24:00 of the day it is given at the latest.
        Field("due", "dateTime", required=True, constraint=". > now() and . <= today() + 1"),
        Field("decision", "text", constraint="regex(., '^entry:[0-9a-f-]{36}$')", read_only=True),
        Field("note", "text", about_nobody="an order of headquarters is a document of the office"),
    ),
    duties=(Opens("assignment.do", "${owner}", subject="self", due="${due}"),),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("what", "owner", "due"),
    words=load_words(Path(__file__).parent),
)
