"""A visit to a household, 三排一查: identity, time of return, contacts and temperature of everyone found there."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, Lane, load_words

LIST = Personal("tell who has been found from who is still missed", 30, "incident")
TRACE = Personal("find who came from where the disease is, and when", 30, "incident")
HEALTH = Personal("find illness early and report it at once", 30, "incident")
FIND_AGAIN = Personal("reach someone who is away", 30, "incident")

# What each outcome is worth: after these four nothing about the household itself is left to ask.
FINAL = "${outcome} = 'at_home' or ${outcome} = 'away' or ${outcome} = 'vacant' or ${outcome} = 'sealed'"
PRESENT = "${presence} = 'present'"
AWAY = "${presence} = 'away' or ${presence} = 'moved_out'"
# Someone out for the day or of whom nobody knows has not been found.
ACCOUNTED = f"{PRESENT} or {AWAY} or ${{presence}} = 'deceased'"
SINCE_LOOK_BACK = (
    "${returned_on} > ${look_back_date} or (${look_back_included} = 'yes' and ${returned_on} = ${look_back_date})"
)
FEVER = (
    "${temperature} > rule('fever.threshold_c')"
    " or (rule('fever.inclusive') and ${temperature} = rule('fever.threshold_c'))"
)
UNWELL = "count-selected(${symptoms}) > 0 and not(selected(${symptoms}, 'none'))"
NONE_ALONE = "not(selected(., 'none')) or count-selected(.) = 1"

MEMBERS = (
    Field(
        "person",
        "text",
        constraint="regex(., '^person:[0-9a-f-]{36}$')",
        appearance="hidden",
        read_only=True,
    ),
    # Of whoever is on the register the entry carries the id; what they are called is looked up where it is shown.
    Field("name", "text", required=True, relevant="${person} = ''", personal=LIST),
    Field(
        "presence",
        "select_one",
        required=True,
        choices=("present", "out_today", "away", "moved_out", "deceased", "unknown"),
        personal=LIST,
    ),
    # 排身份
    Field(
        "identity",
        "select_one",
        required=True,
        relevant=PRESENT,
        choices=("id_card", "household_book", "known_person", "told"),
    ),
    # 排时间
    Field("returned", "yes_no", required=True, relevant=PRESENT, personal=TRACE),
    Field(
        "returned_on",
        "date",
        required=True,
        relevant="${returned} = 'yes'",
        constraint=". <= today()",
        personal=TRACE,
    ),
    Field("returned_from", "text", required=True, relevant="${returned} = 'yes'", personal=TRACE),
    # 排接触
    Field(
        "contacts",
        "select_multiple",
        required=True,
        relevant=PRESENT,
        choices=("none", "case", "fever_patient", "outbreak_area", "returnee"),
        constraint=NONE_ALONE,
        personal=TRACE,
    ),
    Field(
        "contact_detail",
        "text",
        relevant="count-selected(${contacts}) > 0 and not(selected(${contacts}, 'none'))",
        personal=TRACE,
    ),
    # 查体温
    Field(
        "temperature",
        "decimal",
        required=True,
        relevant=PRESENT,
        constraint=". >= rule('temperature.min_c') and . <= rule('temperature.max_c')",
        personal=HEALTH,
    ),
    Field(
        "symptoms",
        "select_multiple",
        required=True,
        relevant=PRESENT,
        choices=(
            "none",
            "fever",
            "dry_cough",
            "fatigue",
            "sore_throat",
            "smell_taste",
            "diarrhoea",
            "breathless",
            "other",
        ),
        constraint=NONE_ALONE,
        personal=HEALTH,
    ),
    # A fever and no complaints: asked about once more; the record itself never waits for the answer.
    Field(
        "sure",
        "yes_no",
        required=True,
        soft=True,
        relevant=f"({FEVER}) and ${{temperature}} <= rule('temperature.max_c') and selected(${{symptoms}}, 'none')",
        constraint=". = 'yes'",
        personal=HEALTH,
    ),
    Field("away_where", "text", required=True, relevant=AWAY, personal=FIND_AGAIN),
    Field("away_until", "date", relevant="${presence} = 'away'", personal=FIND_AGAIN),
    Field("away_phone", "text", relevant=AWAY, personal=FIND_AGAIN),
    Field("found", "calculate", calculation=f"if({PRESENT}, 1, 0)"),
    Field("unlisted", "calculate", calculation=f"if(({PRESENT}) and ${{person}} = '', 1, 0)"),
    Field("since_look_back", "calculate", calculation=f"if({SINCE_LOOK_BACK}, 1, 0)"),
    Field("alarm", "calculate", calculation=f"if({FEVER} or ({UNWELL}), 1, 0)", personal=HEALTH),
)

KIND = Kind(
    name="household_visit",
    version=2,
    subject=("household",),
    fields=(
        Field(
            "outcome",
            "select_one",
            required=True,
            choices=("at_home", "away", "vacant", "sealed", "unreachable", "refused"),
        ),
        Field(
            "tried",
            "select_multiple",
            required=True,
            relevant="${outcome} = 'unreachable' or ${outcome} = 'refused'",
            choices=("knocked", "phoned", "asked_neighbour", "left_notice"),
        ),
        Field("refused_reason", "text", relevant="${outcome} = 'refused'", personal=LIST),
        # Whoever draws the form fills these two in from the order the visit answers to.
        Field("look_back_date", "date", required=True, relevant=FINAL, default="rule('sweep.look_back_date')"),
        Field(
            "look_back_included",
            "yes_no",
            required=True,
            relevant=FINAL,
            default="if(rule('sweep.look_back_included'), 'yes', 'no')",
        ),
        Field("members", "repeat", relevant=FINAL, fields=MEMBERS),
        Field("found_count", "calculate", calculation="sum(${found})"),
        Field("unlisted_count", "calculate", calculation="sum(${unlisted})"),
        Field("returned_count", "calculate", calculation="sum(${since_look_back})"),
        Field(
            "nobody_returned",
            "yes_no",
            required=True,
            relevant=FINAL,
            constraint="(. = 'yes') = (${returned_count} = 0)"
            " and (${outcome} = 'at_home') = (${found_count} > 0)"
            " and (${outcome} != 'away' or count(${members}) > 0)",
        ),
        Field(
            "established_by",
            "select_multiple",
            required=True,
            relevant="${nobody_returned} = 'yes' or ${outcome} = 'away' or ${outcome} = 'vacant'"
            " or ${outcome} = 'sealed'",
            choices=("asked_here", "neighbour", "relative", "employer", "phoned", "seal_intact", "meter", "register"),
        ),
        Field("established_note", "text", relevant="count-selected(${established_by}) > 0", personal=LIST),
        Field("note", "text", personal=LIST),
        # By which fast lane it was made, and what was asked all the same: written by the phone (records/lanes.py).
        Field("lane", "text", constraint="regex(., '^[a-z_. ]+$')", appearance="hidden"),
    ),
    duties=(
        Meets("sweep.household", when=FINAL),
        Meets("visit.return", when=FINAL),
        Meets("visit.refused", when=FINAL),
        Meets("sweep.person", each="members", subject="${person}", when=ACCOUNTED),
        # A temperature taken at the door is a check of the day: nobody is measured twice for two forms.
        Meets("followup.check", each="members", subject="${person}", when=PRESENT),
        # Fever or symptoms are told at once, of each person; of somebody on no register, in the household's name.
        Opens(
            "symptom.report",
            "role:grid_worker",
            each="members",
            subject="if(${person} != '', ${person}, ${_subject})",
            when="${alarm} = 1",
            within_hours="rule('symptom.report_minutes') div 60",
        ),
        # Whoever lives here and is on no register would be missed by every later order.
        Opens(
            "person.note",
            "role:grid_worker",
            when="${unlisted_count} > 0",
            within_hours="rule('person.note_hours')",
        ),
        Opens(
            "visit.return",
            "role:grid_worker",
            when="${outcome} = 'unreachable' or ${outcome} = 'refused'",
            within_hours="rule('visit.return_hours')",
        ),
        Opens(
            "visit.refused",
            "role:village",
            when="${outcome} = 'refused'",
            within_hours="rule('visit.refused_hours')",
        ),
    ),
    recorded_by=frozenset({"grid_worker", "village", "village_doctor", "township"}),
    summary=("outcome", "found_count", "nobody_returned"),
    sensitive=True,
    lanes=(
        # Everyone asked and well: two taps and a temperature for each. A fever opens the whole form.
        Lane(
            "all_well",
            asks=("members.presence", "members.temperature"),
            fill={
                "outcome": "at_home",
                "members.presence": "present",
                "members.identity": "known_person",
                "members.returned": "no",
                "members.contacts": ["none"],
                "members.symptoms": ["none"],
                "members.alarm": "0",
                "nobody_returned": "yes",
                "established_by": ["asked_here"],
            },
            unless={
                "members.presence": ("said", "away"),
                "members.returned": ("said", "follow_up"),
                "members.contacts": ("said", "follow_up"),
                "members.symptoms": ("symptom", "follow_up"),
            },
            never=("vacant", "unassigned"),
        ),
        Lane("nobody_home", asks=("tried",), fill={"outcome": "unreachable", "tried": ["knocked", "left_notice"]}),
    ),
    words=load_words(Path(__file__).parent),
)
