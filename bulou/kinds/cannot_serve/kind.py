"""A responder cannot be put on any post until a day: exposed, ill, or for another reason."""

from pathlib import Path

from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="cannot_serve",
    version=1,
    subject=("responder",),
    fields=(
        Field(
            "reason",
            "select_one",
            required=True,
            choices=("ill", "exposed", "family", "called_away", "other"),
            personal=Personal("keep the ill and the exposed off a post", 14, "incident"),
        ),
        Field("from", "date", required=True),
        # No exclusion without an end: it is extended by another entry, never forgotten.
        Field("until", "date", required=True, constraint=". >= ${from}"),
        Field("note", "text", personal=Personal("keep the ill and the exposed off a post", 14, "incident")),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    own="word",
    summary=("from", "until"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
