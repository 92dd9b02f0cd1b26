"""What a county has declared about its rosters."""

from typing import Any

import msgspec

from bulou.rosters.models import Setting


def setting(county: int, name: str, default: Any = None) -> Any:
    """Return the declared value, or the default."""
    said = Setting.objects.filter(county=county, name=name).values_list("value", flat=True).first()
    return default if said is None else msgspec.json.decode(said)


def keeps_party(county: int) -> bool:
    """Tell whether the county has declared that it keeps party membership. Until it does, no screen has the column."""
    return bool(setting(county, "party", default=False))
