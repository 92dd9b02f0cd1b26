"""Somebody to know of: back from where the disease is, lately there, a stranger, or away. 十清: ten things clear."""

from pathlib import Path

from bulou.records.duties import Meets
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

WHO = Personal("know one person by one record, whatever list names them", 30, "incident")
TRACE = Personal("find who came from where the disease is, and when", 30, "incident")
HEALTH = Personal("find illness early and report it at once", 30, "incident")

NEW = "${new} = 'yes'"
MOVED = "${category} = 'back_from_outbreak' or ${category} = 'visited_outbreak' or ${category} = 'outsider'"

# 十清: number, identity, time, place, route, vehicle, contacts, health, measures, family and close contacts.
# Number and identity are clear once the register knows the person; of somebody new they are asked here.
CLEAR = (
    "if(${new} = 'no' or ${id_number} != '', 1, 0)",
    "if(${new} = 'no' or ${name} != '', 1, 0)",
    "if(${moved_on} != '', 1, 0)",
    "if(${place} != '', 1, 0)",
    "if(${route} != '', 1, 0)",
    "if(${vehicle} != '' and (${service} != '' or ${vehicle} = 'on_foot' or ${vehicle} = 'motorbike'), 1, 0)",
    "if(count-selected(${contacts}) > 0 and not(selected(${contacts}, 'unknown')), 1, 0)",
    "if(count-selected(${symptoms}) > 0 and not(selected(${symptoms}, 'unknown')), 1, 0)",
    "if(count-selected(${measures}) > 0, 1, 0)",
    "if(${companions} != '', 1, 0)",
)

KIND = Kind(
    name="person_noted",
    version=1,
    subject=("person", "household"),
    fields=(
        Field("new", "yes_no", required=True),
        Field("name", "text", required=True, relevant=NEW, personal=WHO),
        Field("id_number", "text", relevant=NEW, personal=WHO),
        Field("phone", "text", personal=WHO),
        Field(
            "category",
            "select_one",
            required=True,
            choices=("back_from_outbreak", "visited_outbreak", "outsider", "away"),
            personal=TRACE,
        ),
        Field("place", "text", required=True, personal=TRACE),
        Field("moved_on", "date", required=MOVED, constraint=". <= today()", personal=TRACE),
        Field("route", "text", personal=TRACE),
        Field(
            "vehicle",
            "select_one",
            choices=("own_car", "shared_car", "coach", "train", "plane", "ship", "motorbike", "on_foot", "other"),
            personal=TRACE,
        ),
        Field("service", "text", personal=TRACE),
        Field(
            "contacts",
            "select_multiple",
            required=MOVED,
            choices=("none", "case", "fever_patient", "outbreak_area", "returnee", "unknown"),
            constraint="not(selected(., 'none') or selected(., 'unknown')) or count-selected(.) = 1",
            personal=TRACE,
        ),
        Field("contact_detail", "text", personal=TRACE),
        Field(
            "symptoms",
            "select_multiple",
            required=MOVED,
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
                "unknown",
            ),
            constraint="not(selected(., 'none') or selected(., 'unknown')) or count-selected(.) = 1",
            personal=HEALTH,
        ),
        Field(
            "measures",
            "select_multiple",
            choices=("registered", "home_observation", "central_observation", "hospital", "told_rules", "none"),
            constraint="not(selected(., 'none')) or count-selected(.) = 1",
            personal=HEALTH,
        ),
        Field("companions", "text", personal=TRACE),
        Field("clear_count", "calculate", calculation=" + ".join(CLEAR)),
        # One record tells of one person: as long as others are left, the household still owes theirs.
        Field("others_left", "yes_no", required=True, relevant=NEW),
        Field("note", "text", personal=TRACE),
    ),
    duties=(Meets("person.note", when="${new} = 'yes' and ${others_left} = 'no'"),),
    recorded_by=frozenset({"grid_worker", "village", "village_doctor", "township", "county_desk"}),
    summary=("category", "place", "moved_on", "clear_count"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
