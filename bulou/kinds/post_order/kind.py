"""The order a post stands on: what it may do, on what basis, until when. After its last day it is no order any more."""

from pathlib import Path

from bulou.records.duties import Opens, Waives
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

# The register of posts has the same list (rosters.rules.registers): never added up across types without saying so.
TYPES = (
    "interprovincial",
    "intercounty",
    "traffic",
    "turn_back",
    "duty_point",
    "estate",
    "village",
    "station",
    "quarantine",
    "other",
)

KIND = Kind(
    name="post_order",
    version=1,
    subject=("post",),
    fields=(
        Field(
            "type",
            "select_one",
            required=True,
            choices=TYPES,
        ),
        Field("road", "text", about_nobody="an order about a post is a document of the office"),
        Field("place", "text", required=True, about_nobody="an order about a post is a document of the office"),
        Field(
            "passage",
            "select_one",
            required=True,
            choices=("checked", "residents_only", "supplies_only", "closed"),
            default="checked",
        ),
        Field("basis", "text", required=True, about_nobody="an order about a post is a document of the office"),
        Field("starts", "dateTime", required=True),
        Field("until", "date", required=True, constraint=". > today()"),
        Field(
            "hours",
            "text",
            required=True,
            default="00:00-24:00",
            constraint="regex(., '^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$')",
            about_nobody="an order about a post is a document of the office",
        ),
        Field(
            "needs",
            "repeat",
            fields=(
                Field("role", "text", required=True, about_nobody="an order about a post is a document of the office"),
                Field("number", "integer", required=True, constraint=". >= 1 and . <= 100"),
            ),
        ),
        Field("staff", "calculate", calculation="sum(${number})"),
        Field("public_note", "text", about_nobody="an order about a post is a document of the office"),
    ),
    duties=(
        # On its last day somebody says whether it ends or goes on; a newer order lets the older one's end go.
        Opens("post.end", "role:county_desk", opens="${until}", due="${until}"),
        Waives("post.end", until="date(${until}) - 1"),
    ),
    recorded_by=frozenset({"headquarters", "county_desk"}),
    summary=("type", "road", "until"),
    words=load_words(Path(__file__).parent),
)
