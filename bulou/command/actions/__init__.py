"""Headquarters' writes: what it declares (`declaring`) and the orders of its daily cycle (`ordering`)."""

from bulou.command.actions.closing import approve_destruction, reopen_incident
from bulou.command.actions.declaring import (
    appoint,
    close_incident,
    end_appointment,
    open_incident,
    rename_unit,
    set_level,
    set_up_headquarters,
    use_ruleset,
)
from bulou.command.actions.ordering import complete_assignment, give_assignment, record_decision, write_entry

__all__ = [
    "appoint",
    "approve_destruction",
    "close_incident",
    "complete_assignment",
    "end_appointment",
    "give_assignment",
    "open_incident",
    "record_decision",
    "rename_unit",
    "reopen_incident",
    "set_level",
    "set_up_headquarters",
    "use_ruleset",
    "write_entry",
]
