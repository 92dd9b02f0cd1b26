"""What a county declares about its rosters, and how its lists are to be read."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bulou.rosters.models import Setting
from bulou.rosters.queries.settings import columns_name
from bulou.rosters.rules.columns import Column, key_of
from bulou.rosters.rules.registers import Refused

NAMES = ("party", "labels")  # whether party membership is kept (bool); the county's own team labels ([[slug, zh, en]])


def declare(*, county: int, name: str, value: object, basis: str, by: str, at: datetime) -> None:
    """Put a setting in force. Raise Refused without a basis: what a county keeps about people is a decision."""
    if name not in NAMES:
        raise ValueError(f"no setting is called {name!r}")
    if not basis.strip():
        raise Refused("no basis", "say on what basis this is declared")
    said = {"value": msgspec.json.encode(value).decode(), "basis": basis.strip()[:200], "by": by, "at": at}
    Setting.objects.update_or_create(county=county, name=name, defaults=said)


def remember_columns(*, county: int, mapping: Mapping[str, Column | None], by: str, at: datetime) -> None:
    """Keep how the columns of such lists are to be read. `mapping` has every header of the list; None: not used."""
    kept = {key_of(header): str(column) for header, column in mapping.items() if column}
    said = {"value": msgspec.json.encode(kept).decode(), "basis": "", "by": by, "at": at}
    Setting.objects.update_or_create(county=county, name=columns_name(mapping), defaults=said)
