"""What became of an assignment. Its subject is the assignment's own entry."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="assignment_done",
    version=1,
    subject=("entry",),
    fields=(
        Field("result", "select_one", required=True, choices=("done", "partly", "cannot")),
        Field(
            "what_was_done", "text", required=True, about_nobody="what became of an order is a document of the office"
        ),
        Field(
            "left_over",
            "text",
            required=True,
            relevant="${result} = 'partly' or ${result} = 'cannot'",
            about_nobody="what became of an order is a document of the office",
        ),
    ),
    duties=(Meets("assignment.do", when="${result} = 'done'"),),
    recorded_by=frozenset(
        {
            "headquarters",
            "county_desk",
            "township",
            "village",
            "grid_worker",
            "village_doctor",
            "storekeeper",
            "inspector",
        }
    ),
    answers_owner=True,
    summary=("result", "what_was_done"),
    words=load_words(Path(__file__).parent),
)
