"""Lists in, lists out: every file taken is on record, and nothing leaves unrecorded."""

from bulou.exchange.actions.exporting import Exported, export_register, take_rows
from bulou.exchange.actions.importing import Choice, import_list
from bulou.exchange.actions.listing import export_responsibilities
from bulou.exchange.actions.records import ExportedRecords, export_records
from bulou.exchange.actions.responders import ListView, Taken, import_responders, inspect_responders
from bulou.exchange.actions.rosters import export_contacts, export_roster
from bulou.exchange.actions.uploads import drop_upload, find_upload, keep_upload

__all__ = [
    "Choice",
    "Exported",
    "ExportedRecords",
    "ListView",
    "Taken",
    "drop_upload",
    "export_contacts",
    "export_records",
    "export_register",
    "export_responsibilities",
    "export_roster",
    "find_upload",
    "import_list",
    "import_responders",
    "inspect_responders",
    "keep_upload",
    "take_rows",
]
