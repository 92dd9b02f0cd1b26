"""A post is taken down: the barrier is gone, on a written basis."""

from pathlib import Path

from bulou.records.duties import Meets, Waives
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="post_closed",
    version=1,
    subject=("post",),
    fields=(
        Field("reason", "select_one", required=True, choices=("order_ended", "lifted", "moved", "merged", "other")),
        Field("basis", "text", required=True, about_nobody="the document an order rests on"),
        Field("closed_at", "dateTime", required=True, default="now()", constraint=". <= now()"),
        Field("road_open", "yes_no", required=True),
        Field("note", "text", about_nobody="an order about a post is a document of the office"),
    ),
    duties=(
        Meets("post.end"),
        # Closed before its last day: nothing is left to end.
        Waives("post.end", until="date('9998-12-31')"),
    ),
    recorded_by=frozenset({"headquarters", "county_desk"}),
    summary=("reason", "closed_at", "road_open"),
    words=load_words(Path(__file__).parent),
)
