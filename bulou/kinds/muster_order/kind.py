"""An order to return to post by a deadline: everybody named owes it."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="muster_order",
    version=1,
    subject=("area",),
    fields=(
        Field("title", "text", required=True, about_nobody="what an order is called"),
        Field("basis", "text", required=True, about_nobody="the document an order rests on"),
        Field("deadline", "dateTime", required=True, constraint=". > now()"),
        Field(
            "people",
            "repeat",
            required=True,
            fields=(
                Field(
                    "responder",
                    "text",
                    required=True,
                    constraint="regex(., '^responder:[0-9a-f-]{36}$')",
                    read_only=True,
                ),
                Field(
                    "owner",
                    "text",
                    required=True,
                    constraint="regex(., '^(responder|account):[0-9a-f-]{36}$')",
                    read_only=True,
                ),
            ),
        ),
    ),
    duties=(Opens("muster.return", "${owner}", each="people", subject="${responder}", due="${deadline}"),),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("title", "deadline"),
    words=load_words(Path(__file__).parent),
)
