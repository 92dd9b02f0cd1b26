"""People of the reserve are sent to the post that asked. Its subject is the call for help."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

SENT = (
    Field("id", "text", required=True, constraint="regex(., '^[0-9a-f-]{36}$')", appearance="hidden", read_only=True),
    Field("responder", "text", required=True, constraint="regex(., '^responder:[0-9a-f-]{36}$')", read_only=True),
    Field("owner", "text", required=True, constraint="regex(., '^(responder|account):[0-9a-f-]{36}$')", read_only=True),
)

KIND = Kind(
    name="reserve_dispatch",
    version=1,
    subject=("entry",),
    fields=(
        Field("complete", "yes_no", required=True),
        Field(
            "left_over",
            "text",
            required=True,
            relevant="${complete} = 'no'",
            personal=Personal("send a post the help it asked for", 30, "incident"),
        ),
        Field("until", "dateTime", required=True, constraint=". > now()"),
        Field("people", "repeat", required="${complete} = 'yes'", fields=SENT),
    ),
    duties=(
        Meets("reserve.dispatch", when="${complete} = 'yes'"),
        Opens(
            "reserve.arrive",
            "${owner}",
            each="people",
            subject="concat('shift:', ${id})",
            within_hours="rule('reserve.arrive_hours')",
            closes="${until}",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("complete", "until"),
    words=load_words(Path(__file__).parent),
)
