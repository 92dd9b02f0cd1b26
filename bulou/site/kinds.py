"""Finds the record kinds: one folder each in bulou/kinds, called as the kind is."""

from importlib import import_module
from pathlib import Path

from bulou.records.checks import personal_faults
from bulou.records.examples import Example
from bulou.records.kinds import Kind

FOLDER = Path(__file__).parent.parent / "kinds"


def find_kinds(folder: Path = FOLDER, package: str = "bulou.kinds") -> dict[str, Kind]:
    """Return every kind in the folder by name. Raise ValueError if a folder and its kind have different names, or
    if a field about people has no purpose, days and starting event."""
    found: dict[str, Kind] = {}
    for file in sorted(folder.glob("*/kind.py")):
        name = file.parent.name
        kind = import_module(f"{package}.{name}.kind").KIND
        if kind.name != name:
            raise ValueError(f"the folder {name} holds a kind called {kind.name!r}: call both the same")
        found[name] = kind
    if faults := [f"{kind.name}: {fault}" for kind in found.values() for fault in personal_faults(kind)]:
        raise ValueError("what these fields say of people has no end:\n  " + "\n  ".join(faults))
    return found


def examples_of(name: str, package: str = "bulou.kinds") -> list[Example]:
    """Return the examples of a kind, in order."""
    examples: list[Example] = import_module(f"{package}.{name}.examples").EXAMPLES
    return examples
