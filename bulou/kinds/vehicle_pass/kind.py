"""What stood before the barrier: a vehicle, who was in it, where from and where to, what was decided and why."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

# Fourteen days and then counts only (retention.pass_days, docs/adr/0015). Where somebody goes stays: the code of a
# village or a group is nobody's name, is counted by, and stands in the hand-off's own name too. The door goes.
PASS = Personal("hand whoever is let in to the village, and find who shared a vehicle with the sick", 14, "entry")

DECISIONS = ("pass", "turn_back", "hold", "refer", "hand_over")
AREA_CODE = "regex(., '^([0-9]{12}|[0-9]{18})$')"
ID = "regex(., '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')"
DEMANDED = "selected(${demands},"  # what the decision table demands is taken down (checkpoints.rules.deciding)
LET_IN = "${decision} = 'pass'"

PEOPLE = (
    Field(
        "temperature",
        "decimal",
        constraint=". >= rule('temperature.min_c') and . <= rule('temperature.max_c')",
        personal=PASS,
    ),
    Field("refused", "yes_no", default="no"),
    Field("name", "text", required=f"{DEMANDED} 'name') and ${{refused}} != 'yes'", personal=PASS),
    Field("id_number", "text", required=f"{DEMANDED} 'id_number') and ${{refused}} != 'yes'", personal=PASS),
    Field("phone", "text", personal=PASS),
    Field("card", "text", personal=PASS),
    # On a coach not everybody goes to the same place; empty: where the vehicle goes.
    Field("own_destination", "text", constraint=AREA_CODE, about_nobody="the code of an area: it is counted by"),
    Field("own_address", "text", personal=PASS),
    Field("goes_to", "calculate", calculation="if(${own_destination} != '', ${own_destination}, ${destination})"),
)

KIND = Kind(
    name="vehicle_pass",
    version=2,
    subject=("post",),
    fields=(
        Field(
            "vehicle",
            "select_one",
            required=True,
            choices=("car", "coach", "truck", "motorbike", "on_foot", "other"),
            default="car",
        ),
        Field("plate", "text", required=f"{DEMANDED} 'plate') and ${{vehicle}} != 'on_foot'", personal=PASS),
        Field("plate_kind", "select_one", choices=("ordinary", "new_energy", "police", "military", "other", "none")),
        # The second time the same vehicle is written down, after it was held; the first is not counted again.
        Field("again_of", "text", constraint=ID, appearance="hidden"),
        Field("region", "select_one", choices=("outbreak", "high", "medium", "low", "unknown"), default="unknown"),
        Field("from_code", "text", constraint="regex(., '^[0-9]{2,12}$')", personal=PASS),
        Field("from_place", "text", required=f"{DEMANDED} 'from') and ${{from_code}} = ''", personal=PASS),
        Field(
            "purpose",
            "select_one",
            choices=("home", "work", "supply", "medical", "visit", "transit", "other"),
            default="other",
        ),
        Field("exempt", "select_one", choices=("none", "emergency", "supply"), default="none"),
        Field("destination", "text", constraint=AREA_CODE, about_nobody="the code of an area: it is counted by"),
        # The village group, estate or door: a village's name alone finds nobody.
        Field("destination_address", "text", required=True, relevant="${destination} != ''", personal=PASS),
        Field(
            "travel_minutes",
            "integer",
            constraint=". >= 0 and . <= rule('checkpoint.travel_minutes_most')",
        ),
        Field("people", "repeat", fields=PEOPLE),
        Field("people_count", "calculate", calculation="count(${people})"),
        Field("phones", "calculate", calculation="count-non-empty(${phone})"),
        Field(
            "demands",
            "select_multiple",
            choices=("plate", "from", "name", "phone", "id_number"),
            constraint="not(selected(., 'phone')) or ${phones} > 0 or ${people_count} = 0",
            appearance="hidden",
        ),
        Field("decision_table", "text", about_nobody="the name of a table"),
        Field("decision_row", "text", about_nobody="the name of a row of a table"),
        Field("proposed", "select_one", choices=DECISIONS),
        Field("decision", "select_one", required=True, choices=DECISIONS),
        Field(
            "why_overridden",
            "text",
            required=True,
            relevant="${proposed} != '' and ${proposed} != ${decision}",
            personal=PASS,
        ),
        Field("follow_days", "integer", relevant=LET_IN, constraint=". >= 0 and . <= rule('observation.days_most')"),
        Field("follow_where", "select_one", relevant="${follow_days} > 0", choices=("home", "central")),
        Field("note", "text", personal=PASS),
    ),
    duties=(
        # One for everybody let in with a place to go to, in that place: the subject names it (checkpoints.rules.handoffs).
        # Another county answers in its own ledger.
        Opens(
            "arrival.confirm",
            "role:village",
            each="people",
            when=f"{LET_IN} and ${{goes_to}} != '' and substr(${{goes_to}}, 0, 6) = substr(${{_area}}, 0, 6)",
            subject="concat('arrival:', ${goes_to}, '.', ${_id}, '.', position(..))",
            within_hours="(if(${travel_minutes} > 0, ${travel_minutes}, rule('checkpoint.travel_minutes'))"
            " + rule('checkpoint.arrival_grace_minutes')) div 60",
        ),
        Opens(
            "pass.remeasure",
            "role:post_staff",
            when="${decision} = 'hold'",
            subject="self",
            within_hours="rule('checkpoint.recheck_within_min') div 60",
        ),
        Meets("pass.remeasure", when="${again_of} != ''", subject="concat('entry:', ${again_of})"),
        Opens(
            "fever.refer",
            "role:post_staff",
            when="${decision} = 'refer'",
            subject="self",
            within_hours="rule('checkpoint.referral_minutes') div 60",
        ),
    ),
    recorded_by=frozenset({"post_staff", "grid_worker", "village", "village_doctor", "township", "county_desk"}),
    summary=("plate", "people_count", "decision"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
