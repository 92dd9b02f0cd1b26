"""Somebody has symptoms: the village doctor and the county desk are owed to at once."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

HEALTH = Personal("find illness early and report it at once", 30, "incident")
TRACE = Personal("find who came from where the disease is, and when", 30, "incident")

KIND = Kind(
    name="symptom_report",
    version=1,
    subject=("person", "household", "arrival"),
    fields=(
        Field("name", "text", personal=HEALTH),
        # When somebody first saw it; when it was reported is the moment of the record itself.
        Field("observed_at", "dateTime", required=True, constraint=". <= now()"),
        Field(
            "source",
            "select_one",
            required=True,
            choices=("visit", "health_check", "self_report", "neighbour", "checkpoint", "clinic", "inspection"),
        ),
        Field(
            "symptoms",
            "select_multiple",
            required=True,
            choices=("fever", "dry_cough", "fatigue", "sore_throat", "smell_taste", "diarrhoea", "breathless", "other"),
            personal=HEALTH,
        ),
        Field(
            "temperature",
            "decimal",
            required="selected(${symptoms}, 'fever')",
            constraint=". >= rule('temperature.min_c') and . <= rule('temperature.max_c')",
            personal=HEALTH,
        ),
        Field("onset_on", "date", constraint=". <= today()", personal=HEALTH),
        Field(
            "contacts",
            "select_multiple",
            required=True,
            choices=("none", "case", "fever_patient", "outbreak_area", "returnee", "unknown"),
            constraint="not(selected(., 'none') or selected(., 'unknown')) or count-selected(.) = 1",
            personal=TRACE,
        ),
        Field(
            "done_already",
            "select_multiple",
            choices=("stays_home", "mask", "family_told", "doctor_called", "ambulance_called"),
        ),
        Field(
            "delay_minutes",
            "calculate",
            calculation="round((decimal-date-time(now()) - decimal-date-time(${observed_at})) * 1440, 0)",
        ),
        Field(
            "late",
            "calculate",
            calculation="if(${delay_minutes} > rule('symptom.report_minutes'), 'yes', 'no')",
        ),
        Field("late_reason", "text", required=True, relevant="${late} = 'yes'", personal=HEALTH),
        Field("note", "text", personal=HEALTH),
    ),
    duties=(
        Meets("symptom.report"),
        Opens("symptom.doctor", "role:village_doctor", within_hours="rule('symptom.doctor_minutes') div 60"),
        Opens("symptom.county", "role:county_desk", within_hours="rule('symptom.county_minutes') div 60"),
    ),
    recorded_by=frozenset({"grid_worker", "village", "village_doctor", "township", "inspector", "county_desk"}),
    summary=("symptoms", "temperature", "late"),
    sensitive=True,
    words=load_words(Path(__file__).parent),
)
