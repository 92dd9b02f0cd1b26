"""One side of a hand-over: whoever goes signs for handing over, whoever comes signs for taking over."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="shift_handover",
    version=1,
    subject=("shift",),
    fields=(
        Field("side", "select_one", required=True, choices=("give", "take")),
        Field("present", "integer", required=True, constraint=". >= 1 and . <= 200"),
        Field(
            "open_matters", "text", required=True, personal=Personal("hand over what is open at a post", 30, "incident")
        ),
        Field("equipment", "yes_no", required=True),
        Field(
            "equipment_lacking",
            "text",
            required=True,
            relevant="${equipment} = 'no'",
            about_nobody="things a post lacks",
        ),
        Field("signed", "acknowledge", required=True),
    ),
    # Who signs for taking over is there: nobody has to say it twice.
    duties=(
        Meets("handover.give", when="${side} = 'give'"),
        Meets("handover.take", when="${side} = 'take'"),
        Meets("shift.stand", when="${side} = 'take'"),
    ),
    own="presence",
    summary=("side", "open_matters"),
    words=load_words(Path(__file__).parent),
)
