"""Rows of a form being filled in: where they stand, how they begin, how many there are, what of them is relevant."""

from collections.abc import Mapping
from typing import Any

from bulou.office.forms.reading import MOST_ROWS, numbers_of
from bulou.records.declaration import Declaration
from bulou.records.fields import Field
from bulou.records.places import Asked, Place, place_in


def place_of(name: str) -> tuple[str, Place]:
    """Return the key and row (from 1; 0 outside rows) of a name on the page: members.2.well is (members.well, 3)."""
    key, numbers = numbers_of(name)
    return key, place_in(numbers)


def count_rows(body: dict[str, Any], path: list[str], numbers: tuple[int, ...], count: int) -> None:
    """Give the repeat so many rows. Of more, only empty ones are taken away: nothing typed is lost."""
    for step, number in zip(path, numbers, strict=False):
        body = body[step][number - 1]
    rows = body.setdefault(path[-1], [])
    if isinstance(rows, list):
        rows += [{} for _ in range(min(count, MOST_ROWS) - len(rows))]
        while len(rows) > count and not rows[-1]:
            rows.pop()


def begins(asked: Field, value: str) -> Any:
    """Return what a question begins with as its answer is kept."""
    return value.split() if asked.type == "select_multiple" else value


def begin_row(kind: Declaration, body: dict[str, Any], added: str, asked: Asked) -> None:
    """Fill in what the questions of the row just added to the repeat begin with."""
    key, above = numbers_of(added)
    rows: Any = body
    for step in added.split("."):
        rows = rows[int(step)] if step.isdigit() and isinstance(rows, list) else rows.get(step) or []
    if not isinstance(rows, list) or not rows or rows[-1]:
        return
    place = place_in((*above, len(rows)))
    for (question, where), value in asked.preset.items():
        if where == place and value and question.rpartition(".")[0] == key:
            rows[-1][question.rpartition(".")[2]] = begins(kind.keys()[question], value)


def relevant_of(body: Mapping[str, Any], asked: Asked, prefix: str, numbers: tuple[int, ...]) -> dict[str, Any]:
    """Return the answers that are relevant, in the rows of these numbers."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        key = prefix + name
        if (key, place_in(numbers)) in asked.hidden:
            continue
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        found[name] = [
            relevant_of(row, asked, f"{key}.", (*numbers, number))
            for number, row in enumerate(value, 1)
        ] if rows else value  # fmt: skip
    return found
