"""Somebody is at the post for their turn, and fit for it."""

from pathlib import Path

from bulou.records.duties import Meets, Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

FIT = Personal("keep the ill off a post", 14, "incident")
UNFIT = "${fit} = 'no'"

KIND = Kind(
    name="shift_checkin",
    version=1,
    subject=("shift",),
    fields=(
        Field("fit", "yes_no", required=True, personal=FIT),
        Field("unfit_why", "text", required=True, relevant=UNFIT, personal=FIT),
        Field("position", "geopoint", personal=FIT),
        Field("note", "text", personal=FIT),
    ),
    # Somebody ill has come, and cannot stand: the turn is let go, so that the gap is seen at once.
    duties=(
        Meets("shift.stand", when="${fit} = 'yes'"),
        Waives("shift.stand", when=UNFIT),
        Waives("handover.take", when=UNFIT),
        Waives("handover.give", when=UNFIT, until="'2999-12-31'"),
    ),
    own="presence",
    summary=("fit", "note"),
    words=load_words(Path(__file__).parent),
)
