"""A village's or township's report of the day: the system compiles the numbers, a human confirms them."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="situation_report",
    version=1,
    subject=("area",),
    fields=(
        Field("day", "date", required=True, constraint=". <= today()", default="today()"),
        Field("cutoff_at", "dateTime", required=True, constraint=". <= now()", default="now()"),
        # What the numbers were when they were confirmed; whoever opens the form fills them in.
        Field(
            "numbers",
            "repeat",
            read_only=True,
            fields=(
                Field("indicator", "text", required=True, read_only=True),
                Field("value", "integer", required=True, constraint=". >= 0", read_only=True),
            ),
        ),
        # The same of each area directly below, a row each.
        Field(
            "below",
            "repeat",
            read_only=True,
            fields=(
                Field("area", "text", required=True, read_only=True),
                Field("numbers", "text", required=True, read_only=True),
            ),
        ),
        Field("zero", "yes_no", required=True),
        Field(
            "situation",
            "text",
            required=True,
            relevant="${zero} = 'no'",
            about_nobody="a report is a document of the office",
        ),
        Field("needs", "text", about_nobody="a report is a document of the office"),
        Field("confirmed", "acknowledge", required=True),
    ),
    duties=(
        # Days never collapse: a report for yesterday is kept, but it is not the report owed today.
        Meets("report.situation", when="date(${day}) = date(${_happened_at})"),
    ),
    recorded_by=frozenset({"village", "township", "county_desk", "headquarters"}),
    summary=("day", "zero", "cutoff_at"),
    words=load_words(Path(__file__).parent),
)
