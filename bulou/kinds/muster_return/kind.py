"""Somebody called back has returned, or says why they cannot."""

from pathlib import Path

from bulou.records.duties import Meets, Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KEPT = Personal("keep the ill and the exposed off a post", 14, "incident")

KIND = Kind(
    name="muster_return",
    version=1,
    subject=("responder",),
    fields=(
        Field("outcome", "select_one", required=True, choices=("returned", "cannot")),
        Field("contact", "yes_no", required=True, relevant="${outcome} = 'returned'", personal=KEPT),
        Field(
            "reason",
            "select_one",
            required=True,
            relevant="${outcome} = 'cannot'",
            choices=("ill", "exposed", "road_closed", "other"),
            personal=KEPT,
        ),
        Field("until", "date", required=True, relevant="${outcome} = 'cannot'", constraint=". >= today()"),
        Field("note", "text", personal=KEPT),
    ),
    duties=(
        Meets("muster.return", when="${outcome} = 'returned'"),
        Waives("muster.return", when="${outcome} = 'cannot'", until="${until}"),
    ),
    own="presence",
    summary=("outcome", "note"),
    words=load_words(Path(__file__).parent),
)
