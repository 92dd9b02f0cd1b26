"""What became of a sign-up. Its subject is the sign-up's own entry."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="signup_answer",
    version=1,
    subject=("entry",),
    fields=(
        Field("answer", "select_one", required=True, choices=("accepted", "declined")),
        Field(
            "reason",
            "text",
            required=True,
            relevant="${answer} = 'declined'",
            personal=Personal("tell a volunteer why", 14, "incident"),
        ),
    ),
    duties=(Meets("signup.answer"),),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("answer", "reason"),
    words=load_words(Path(__file__).parent),
)
