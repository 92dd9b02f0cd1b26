"""What of a body may still be shown: answers about a person end with the days they were asked for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NewType

from bulou.records.fields import Field

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


def _expired(field: Field, age: timedelta, pass_days: int) -> bool:
    said = field.personal
    return said is not None and said.from_entry and age >= timedelta(days=min(said.keep_days, pass_days))
