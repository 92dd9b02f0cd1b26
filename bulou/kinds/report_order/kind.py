"""An order to report: every village and every township owes a report a day, by its cut-off."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="report_order",
    version=1,
    subject=("area",),
    fields=(
        Field("first_day", "date", required=True, constraint=". >= today()", default="today()"),
        Field(
            "days",
            "integer",
            required=True,
            constraint=". >= 1 and . <= rule('report.days_most')",
            default="rule('report.days')",
        ),
        Field("basis", "text", about_nobody="the document an order rests on"),
        Field("note", "text", about_nobody="an order of headquarters is a document of the office"),
    ),
    duties=(
        Opens(
            "report.situation",
            "role:village",
            over="villages",
            opens="${first_day}",
            days="${days}",
            slots="report.village_slots",
        ),
        Opens(
            "report.situation",
            "role:township",
            over="townships",
            opens="${first_day}",
            days="${days}",
            slots="report.township_slots",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk"}),
    summary=("first_day", "days"),
    words=load_words(Path(__file__).parent),
)
