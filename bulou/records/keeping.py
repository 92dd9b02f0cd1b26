"""What of a body may still be shown, and what is left of it: answers about people end with the days they were asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NewType

from bulou.records.fields import TYPED, Field, Starts, answers, walk

Kept = NewType("Kept", Mapping[str, Any])
"""A body without what has expired. Whatever shows a body takes one of these, so that none is shown unasked."""
NUMBERS = ("integer", "decimal")


@dataclass(frozen=True, slots=True)
class Limit:
    """For how many days a kind's answers about people are kept, and from which event they count."""

    days: int
    starts: Starts


def limit_of(fields: Sequence[Field]) -> Limit | None:
    """Return for how long the answers about people are kept, as the kind declares it; None if it asks for none.

    All such answers of a kind have the same days and starting event (checks.py).
    """
    said = [field.personal for _, field in walk(tuple(fields)) if field.personal]
    return Limit(min(each.keep_days for each in said), said[0].starts) if said else None


def kept(fields: Sequence[Field], body: Mapping[str, Any], *, age: timedelta, pass_days: int) -> Kept:
    """Return the body without the answers about a person whose days, counted from the entry, are over.

    `age`: since the entry happened. `pass_days`: what the rule set allows; a kind's own fewer days win. Numbers and
    choices that name nobody stay, as does every row, so that counts are the same.
    """
    return Kept(left_of(fields, body) if has_expired(fields, age=age, pass_days=pass_days) else dict(body))


def has_expired(fields: Sequence[Field], *, age: timedelta, pass_days: int) -> bool:
    """Tell whether any of the fields, rows' included, is no longer shown at that age."""
    limit = limit_of(fields)
    return limit is not None and limit.starts == "entry" and age >= timedelta(days=min(limit.days, pass_days))


def left_of(fields: Sequence[Field], body: Mapping[str, Any], *, typed: bool = False) -> dict[str, Any]:
    """Return what stays of the body of an entry that passed its kind, once its days are over.

    `typed`: nothing stays in which anything can be typed, whoever it is said to be about, as in a county's own form.
    """
    gone = dict(body)
    for field in answers(tuple(fields)):
        if field.personal or (typed and field.type in TYPED):
            gone.pop(field.name, None)
        elif field.type == "repeat" and isinstance(body.get(field.name), list):
            rows = (row for row in body[field.name] if isinstance(row, Mapping))
            gone[field.name] = [left_of(field.fields, row, typed=typed) for row in rows]
    return gone


def left_unjudged(fields: Sequence[Field], body: object) -> dict[str, Any]:
    """Return what stays of a body that nobody accepted: numbers and choices that are what they should be, and rows.

    In any other answer, and under a name that is no question, might stand whatever somebody typed.
    """
    left: dict[str, Any] = {}
    for field in answers(tuple(fields)):
        said = body.get(field.name) if isinstance(body, Mapping) else None
        if field.personal:
            continue
        if field.type == "repeat" and isinstance(said, list):
            left[field.name] = [left_unjudged(field.fields, row) for row in said]
        elif (field.options and said in field.options) or (field.type in NUMBERS and isinstance(said, int | float)):
            left[field.name] = said
    return left


def photographs(fields: Sequence[Field], body: Mapping[str, Any]) -> set[str]:
    """Return the hashes of the photographs the body names, in rows too."""
    found: set[str] = set()
    for field in answers(tuple(fields)):
        said = body.get(field.name)
        if field.type == "image" and isinstance(said, str) and said:
            found.add(said)
        elif field.type == "repeat" and isinstance(said, list):
            found.update(*(photographs(field.fields, row) for row in said if isinstance(row, Mapping)))
    return found
