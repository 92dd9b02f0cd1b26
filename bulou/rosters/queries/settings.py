"""What a county has declared about its rosters, and how its lists were read before."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from bulou.rosters.models import Setting
from bulou.rosters.rules.columns import Column, key_of


def setting(county: int, name: str, default: Any = None) -> Any:
    """Return the declared value, or the default."""
    said = Setting.objects.filter(county=county, name=name).values_list("value", flat=True).first()
    return default if said is None else msgspec.json.decode(said)


def keeps_party(county: int) -> bool:
    """Tell whether the county has declared that it keeps party membership. Until it does, no screen has the column."""
    return bool(setting(county, "party", default=False))


def columns_name(headers: Iterable[str]) -> str:
    """Return under which name the mapping of a list with these columns, in any order, is kept."""
    said = "|".join(sorted({key_of(header) for header in headers if header}))
    return f"columns:{sha256(said.encode()).hexdigest()[:24]}"


def find_columns(county: int, headers: Iterable[str]) -> dict[str, Column] | None:
    """Return header → column as somebody last confirmed it for a list of responders with the same columns."""
    headers = list(headers)
    kept = setting(county, columns_name(headers))
    if kept is None:
        return None
    known = set(Column)
    return {header: Column(kept[key]) for header in headers if (key := key_of(header)) in kept and kept[key] in known}
