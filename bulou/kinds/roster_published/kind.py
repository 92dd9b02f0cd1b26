"""The roster of one post for some days: every turn of every responder is owed from now on."""

from pathlib import Path

from bulou.records.duties import Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

SHIFT = (
    Field("id", "text", required=True, constraint="regex(., '^[0-9a-f-]{36}$')", appearance="hidden", read_only=True),
    Field("responder", "text", required=True, constraint="regex(., '^responder:[0-9a-f-]{36}$')", read_only=True),
    Field("owner", "text", required=True, constraint="regex(., '^(responder|account):[0-9a-f-]{36}$')", read_only=True),
    Field("role", "text", about_nobody="a word of the roster"),
    Field("lead", "yes_no", required=True),
    Field("from", "dateTime", required=True),
    Field("to", "dateTime", required=True, constraint=". > ${from}"),
    # Who leads the shift signs for taking over at its beginning and for handing over at its end.
    Field("takes", "yes_no", required=True),
    Field("gives", "yes_no", required=True),
)

KIND = Kind(
    name="roster_published",
    version=1,
    subject=("post",),
    fields=(
        Field("first_day", "date", required=True),
        Field("days", "integer", required=True, constraint=". >= 1 and . <= 31"),
        Field("note", "text", personal=Personal("tell people what to know of their turns", 30, "incident")),
        Field("shifts", "repeat", required=True, fields=SHIFT),
    ),
    duties=(
        Opens(
            "shift.stand",
            "${owner}",
            each="shifts",
            subject="concat('shift:', ${id})",
            opens="date-time(${from}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.late_min')) div 60",
            closes="${to}",
        ),
        Opens(
            "handover.take",
            "${owner}",
            each="shifts",
            when="${takes} = 'yes'",
            subject="concat('shift:', ${id})",
            opens="date-time(${from}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.handover_min')) div 60",
            closes="${to}",
        ),
        Opens(
            "handover.give",
            "${owner}",
            each="shifts",
            when="${gives} = 'yes'",
            subject="concat('shift:', ${id})",
            opens="date-time(${to}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.handover_min')) div 60",
            closes="date-time(${to}) + rule('shift.handover_closes_hours') div 24",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("first_day", "days", "note"),
    words=load_words(Path(__file__).parent),
)
