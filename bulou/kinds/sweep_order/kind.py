"""An order to sweep: every household of an area and every person on its register is owed an outcome."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="sweep_order",
    version=1,
    subject=("area",),
    fields=(
        Field("title", "text", required=True, about_nobody="what an order is called"),
        Field("items", "select_multiple", required=True, choices=("identity", "time", "contacts", "temperature")),
        Field(
            "look_back_date", "date", required=True, constraint=". <= today()", default="rule('sweep.look_back_date')"
        ),
        Field(
            "look_back_included",
            "yes_no",
            required=True,
            default="if(rule('sweep.look_back_included'), 'yes', 'no')",
        ),
        Field("due", "dateTime", required=True, constraint=". > now()"),
        Field("until", "dateTime", constraint=". >= ${due}"),
        Field("note", "text", about_nobody="an order of headquarters is a document of the office"),
    ),
    duties=(
        Opens(
            "sweep.household",
            "role:grid_worker",
            over="households",
            due="${due}",
            closes="${until}",
            grace_hours="rule('sweep.grace_hours')",
        ),
        Opens(
            "sweep.person",
            "role:grid_worker",
            over="persons",
            due="${due}",
            closes="${until}",
            grace_hours="rule('sweep.grace_hours')",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("title", "look_back_date", "due"),
    words=load_words(Path(__file__).parent),
)
