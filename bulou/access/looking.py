"""The purposes and rates of looking at people, read from looking.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bulou.access.rules import Purpose, Rates, Window


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "looking.toml").read_text("utf-8"))


@cache
def purposes() -> dict[str, Purpose]:
    """Return what full details may be looked at for, by name, in the file's order."""
    return {name: Purpose(name, **said) for name, said in _data()["purposes"].items()}


@cache
def editions() -> tuple[Rates, ...]:
    """Return every edition of the rates."""
    found = []
    for said in _data()["rates"]:
        sorts = {name: one for name, one in said.items() if isinstance(one, dict)}
        limits = {name: tuple(Window(**each) for each in one["limits"]) for name, one in sorts.items()}
        alerts = {name: Window(**one["alert"]) for name, one in sorts.items()}
        found.append(Rates(said["since"], said["source"], limits, alerts))
    return tuple(found)
