"""Reads. Everything but the three the ledger asks (registers) stays inside what may be seen, and is masked unless
told."""

from bulou.people.queries.lists import (
    Found,
    HouseholdCursor,
    RegisterCount,
    counts_by_area,
    households_by_id,
    households_in,
    persons_by_id,
    persons_in,
    persons_of,
    search,
)
from bulou.people.queries.pages import (
    Household,
    HouseholdPage,
    MergeRecord,
    Person,
    PersonPage,
    SourceRecord,
    household_page,
    person_page,
)
from bulou.people.queries.registers import joined, members, places
from bulou.people.queries.runs import Note, Run, find_mapping, find_run, get_run_report, runs
from bulou.people.queries.sheets import COLUMNS as EXPORTED
from bulou.people.queries.sheets import register_rows

__all__ = [
    "EXPORTED",
    "Found",
    "Household",
    "HouseholdCursor",
    "HouseholdPage",
    "MergeRecord",
    "Note",
    "Person",
    "PersonPage",
    "RegisterCount",
    "Run",
    "SourceRecord",
    "counts_by_area",
    "find_mapping",
    "find_run",
    "get_run_report",
    "household_page",
    "households_by_id",
    "households_in",
    "joined",
    "members",
    "person_page",
    "persons_by_id",
    "persons_in",
    "persons_of",
    "places",
    "register_rows",
    "runs",
    "search",
]
