"""The decision tables: those that ship, one TOML file each in tables/, and those counties have taken into use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from bulou.checkpoints.models import AdoptedTable
from bulou.checkpoints.rules.counts import PASS
from bulou.checkpoints.rules.deciding import decide_vehicle, demanded, lacking
from bulou.checkpoints.rules.tables import Input, Table, in_force, read_inputs, read_table
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import day_of
from bulou.core.scope import may_see
from bulou.ledger.rules import Entry
from bulou.records.law import judged_of
from bulou.records.rulesets import RuleSet

FOLDER = Path(__file__).parent.parent / "tables"
INPUTS = FOLDER / "inputs.toml"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A table a county took into use from a day on, and on what basis."""

    id: UUID
    name: str
    since: date
    text: str
    basis: str
    by: str
    at: datetime


@cache
def shipped_inputs() -> Mapping[str, Input]:
    """Return what a desk can know, by name."""
    return read_inputs(INPUTS.read_text("utf-8"))


@cache
def shipped_texts() -> tuple[str, ...]:
    """Return the text of every table that ships."""
    return tuple(file.read_text("utf-8") for file in sorted(FOLDER.glob("*.toml")) if file != INPUTS)


def shipped_tables(ruleset: RuleSet) -> list[Table]:
    """Return every table that ships, with the numbers of the rule set. Raise ValueError if one cannot be used."""
    return [read_table(text, shipped_inputs(), ruleset) for text in shipped_texts()]


def adopted(county: int) -> list[Adopted]:
    """Return what the county took into use, latest first; nothing if it may not be seen."""
    if not may_see(county_area(county)):
        return []
    return _adopted(county)


def _adopted(county: int) -> list[Adopted]:
    rows = AdoptedTable.objects.filter(county=county).order_by("-since", "-at")
    return [Adopted(row.id, row.name, row.since, row.text, row.basis, row.by, row.at) for row in rows]


def table_in_force(county: int, day: date, ruleset: RuleSet) -> Table:
    """Return the table the county's posts decide by on the day: what it adopted last, else what ships for it, else the
    general one. Raise LookupError if there is none. It names nobody, so scope does not limit it.
    """
    for one in _adopted(county):
        if one.since <= day:
            return read_table(one.text, shipped_inputs(), ruleset)
    return in_force(shipped_tables(ruleset), county, day)


def undone(entry: Entry, ruleset: RuleSet) -> tuple[str, ...]:
    """Return what of a pass was demanded by the table of its day and was not taken down, whatever the desk says was."""
    if entry.kind != PASS:
        return ()
    body = judged_of(entry).body
    try:
        table = table_in_force(county_of(entry.area), day_of(entry.happened_at), ruleset)
    except LookupError:
        return ()
    vehicle = {
        "region": body.get("region") or "unknown", "address": "yes" if body.get("destination") else "no",
        "purpose": body.get("purpose") or "other", "exempt": body.get("exempt") or "none",
        "measured": "again" if body.get("again_of") else "first",
    }  # fmt: skip
    people = [
        {"temperature": row.get("temperature"), "refused": row.get("refused") or "no"}
        for row in body.get("people") or ()
    ]
    verdict = decide_vehicle(table, vehicle, people)
    return lacking(demanded(table, verdict.row, str(body.get("decision") or "")), body)
