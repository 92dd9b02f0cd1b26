"""The decision tables: those that ship, one TOML file each in tables/, and those counties have taken into use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from bulou.checkpoints.models import AdoptedTable
from bulou.checkpoints.rules.tables import Input, Table, in_force, read_inputs, read_table
from bulou.core.divisions import county_area
from bulou.core.scope import may_see
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
