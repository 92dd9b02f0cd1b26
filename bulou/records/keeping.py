"""What of a body may still be shown: answers about a person end with the days they were asked for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NewType

from bulou.records.fields import Field, answers, walk

Kept = NewType("Kept", Mapping[str, Any])
"""A body without what has expired. Whatever shows a body takes one of these, so that none is shown unasked."""


def kept(fields: Sequence[Field], body: Mapping[str, Any], *, age: timedelta, pass_days: int) -> Kept:
    """Return the body without the answers about a person whose days, counted from the entry, are over.

    `age`: since the entry happened. `pass_days`: what the rule set allows; a field's own fewer days win. Numbers and
    choices that name nobody stay, as does every row, so that counts are the same.
    """
    gone = dict(body)
    for field in fields:
        if field.type == "group":
            gone = dict(kept(field.fields, gone, age=age, pass_days=pass_days))
        elif _expired(field, age, pass_days):
            gone.pop(field.name, None)
        elif field.type == "repeat" and isinstance(body.get(field.name), list):
            gone[field.name] = [
                kept(field.fields, row, age=age, pass_days=pass_days) for row in body[field.name] if isinstance(row, Mapping)
            ]  # fmt: skip
    return Kept(gone)


def has_expired(fields: Sequence[Field], *, age: timedelta, pass_days: int) -> bool:
    """Tell whether any of the fields, rows' included, is no longer shown at that age."""
    return any(
        _expired(field, age, pass_days) or has_expired(field.fields, age=age, pass_days=pass_days) for field in fields
    )


def days_of(fields: Sequence[Field], *, pass_days: int) -> int | None:
    """Return after how many days, counted from the entry, answers about people are destroyed; None if none are.

    All such answers of a kind have the same days (checks.py).
    """
    said = [
        field.personal.keep_days for _, field in walk(tuple(fields)) if field.personal and field.personal.from_entry
    ]
    return min(*said, pass_days) if said else None


def left_of(fields: Sequence[Field], body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what stays of the body of an entry that passed its kind, once its days are over: see `kept`."""
    return kept(fields, body, age=timedelta.max, pass_days=0)


def left_unjudged(fields: Sequence[Field], body: object) -> dict[str, Any]:
    """Return what stays of a body that nobody accepted: numbers and choices that are what they should be, and rows.

    In any other answer, and under a name that is no question, might stand whatever somebody typed.
    """
    left: dict[str, Any] = {}
    for field in answers(tuple(fields)):
        said = body.get(field.name) if isinstance(body, Mapping) else None
        if field.personal and field.personal.from_entry:
            continue
        if field.type == "repeat" and isinstance(said, list):
            left[field.name] = [left_unjudged(field.fields, row) for row in said]
        elif (field.options and said in field.options) or (field.type in NUMBERS and isinstance(said, int | float)):
            left[field.name] = said
    return left


NUMBERS = ("integer", "decimal")


def _expired(field: Field, age: timedelta, pass_days: int) -> bool:
    said = field.personal
    return said is not None and said.from_entry and age >= timedelta(days=min(said.keep_days, pass_days))
