"""A responder would like to be off duty, or on duty, on some days. Rosters heed it where they can: it binds nobody."""

from pathlib import Path

from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="duty_wish",
    version=1,
    subject=("responder",),
    fields=(
        Field("wish", "select_one", required=True, choices=("off", "on")),
        Field("from", "date", required=True),
        Field("until", "date", required=True, constraint=". >= ${from}"),
        Field("strength", "select_one", required=True, choices=("some", "strong"), default="some"),
        Field("note", "text", personal=Personal("plan turns people can stand", 14, "incident")),
    ),
    own="word",
    summary=("wish", "from", "until"),
    words=load_words(Path(__file__).parent),
)
