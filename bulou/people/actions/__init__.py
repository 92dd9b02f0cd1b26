"""The only doors through which the registers are written, and through which a person is shown in full."""

from bulou.people.actions.importing import import_rows
from bulou.people.actions.merging import merge_persons, unmerge
from bulou.people.actions.recognising import recognise, register_once
from bulou.people.actions.registering import (
    Refused,
    change_household,
    change_person,
    end_household,
    end_person,
    move_household,
    register_household,
    register_person,
)
from bulou.people.actions.revealing import Revealed, reveal, search
from bulou.people.actions.runs import begin_run, finish_run, note_progress, remember_mapping

__all__ = [
    "Refused",
    "Revealed",
    "begin_run",
    "change_household",
    "change_person",
    "end_household",
    "end_person",
    "finish_run",
    "import_rows",
    "merge_persons",
    "move_household",
    "note_progress",
    "recognise",
    "register_household",
    "register_once",
    "register_person",
    "remember_mapping",
    "reveal",
    "search",
    "unmerge",
]
