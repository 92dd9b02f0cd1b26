"""Somebody cannot stand a turn: it is let go, and the post has a gap until somebody else is found."""

from pathlib import Path

from bulou.records.duties import Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="shift_absence",
    version=1,
    subject=("shift",),
    fields=(
        Field(
            "reason",
            "select_one",
            required=True,
            choices=("ill", "exposed", "family", "called_away", "roster_changed", "relief_fails", "other"),
            personal=Personal("keep the ill off a post", 14, "incident"),
        ),
        Field(
            "note", "text", required="${reason} = 'other'", personal=Personal("keep the ill off a post", 14, "incident")
        ),
    ),
    # Far ahead: the turn may still lie days away.
    duties=(
        Waives("shift.stand", until="'2999-12-31'"),
        Waives("handover.take", until="'2999-12-31'"),
        Waives("handover.give", until="'2999-12-31'"),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    own="word",
    summary=("reason", "note"),
    words=load_words(Path(__file__).parent),
)
