"""What a county declares about its rosters."""

from datetime import datetime

import msgspec

from bulou.rosters.models import Setting
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
