"""Another responder stands the turn: a replacement, or half of a swap."""

from pathlib import Path

from bulou.records.duties import Opens, Waives
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="shift_change",
    version=1,
    subject=("shift",),
    fields=(
        Field("reason", "select_one", required=True, choices=("absence", "swap", "relief", "correction")),
        Field("note", "text", personal=Personal("tell people what to know of their turns", 30, "incident")),
        Field(
            "id", "text", required=True, constraint="regex(., '^[0-9a-f-]{36}$')", appearance="hidden", read_only=True
        ),
        Field("responder", "text", required=True, constraint="regex(., '^responder:[0-9a-f-]{36}$')", read_only=True),
        Field(
            "owner", "text", required=True, constraint="regex(., '^(responder|account):[0-9a-f-]{36}$')", read_only=True
        ),
        Field("role", "text", about_nobody="a word of the roster"),
        Field("lead", "yes_no", required=True),
        Field("from", "dateTime", required=True),
        Field("to", "dateTime", required=True, constraint=". > ${from}"),
        # Who leads the shift signs for taking over at its beginning and for handing over at its end.
        Field("takes", "yes_no", required=True),
        Field("gives", "yes_no", required=True),
    ),
    duties=(
        Waives("shift.stand", until="'2999-12-31'"),
        Waives("handover.take", until="'2999-12-31'"),
        Waives("handover.give", until="'2999-12-31'"),
        Opens(
            "shift.stand",
            "${owner}",
            subject="concat('shift:', ${id})",
            opens="date-time(${from}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.late_min')) div 60",
            closes="${to}",
        ),
        Opens(
            "handover.take",
            "${owner}",
            when="${takes} = 'yes'",
            subject="concat('shift:', ${id})",
            opens="date-time(${from}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.handover_min')) div 60",
            closes="${to}",
        ),
        Opens(
            "handover.give",
            "${owner}",
            when="${gives} = 'yes'",
            subject="concat('shift:', ${id})",
            opens="date-time(${to}) - rule('shift.early_min') div 1440",
            within_hours="(rule('shift.early_min') + rule('shift.handover_min')) div 60",
            closes="date-time(${to}) + rule('shift.handover_closes_hours') div 24",
        ),
    ),
    recorded_by=frozenset({"headquarters", "county_desk", "township"}),
    summary=("reason", "from", "to"),
    words=load_words(Path(__file__).parent),
)
