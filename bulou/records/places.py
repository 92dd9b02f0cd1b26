"""What a judge tells of: faults and questions by where they stand, rows within rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bulou.ledger.rules import Meeting, Opening
from bulou.records.scopes import Question

Place = int | tuple[int, ...]
"""The row from 1; 0 outside rows; the numbers of both, (2, 1), of a row within a row."""
Fault = tuple[str, Place, str, str]
"""The field's key ("" if the entry itself is at fault), the row, a code, a detail."""
Verdict = tuple[list[Fault], list[Opening], list[Meeting]]


def numbers_in(place: Place) -> tuple[int, ...]:
    """Return the numbers of the rows, the outermost first; none outside rows."""
    return place if isinstance(place, tuple) else (place,) if place else ()


def place_in(numbers: tuple[int, ...]) -> Place:
    """Return the place of these numbers: the other way round."""
    return numbers if len(numbers) > 1 else numbers[0] if numbers else 0


Folds = tuple[tuple[str, "Folds | None"], ...]


def folds_of(each: Question) -> Folds:
    """Return the names of what a row of the repeat holds, each with the same of its own rows."""
    return tuple((q.field.name, folds_of(q) if q.rows else None) for q in each.rows)


def unfolded(folds: Folds, rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return rows within rows as they were said."""
    return [
        {name: unfolded(inner, v) if inner else v for (name, inner), v in zip(folds, row, strict=False) if v or v == 0}
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a form stands that is still being filled in, each question as (key, row).

    `hidden` are not relevant with the answers so far, `required` must be answered, `worked` is what is calculated,
    `preset` the text of what an unanswered question begins with, `offered` what may be chosen where that depends on other
    answers, and `rows` how many a repeat has where the form says so.
    """

    hidden: frozenset[tuple[str, Place]]
    required: frozenset[tuple[str, Place]]
    worked: Mapping[tuple[str, Place], Any]
    preset: Mapping[tuple[str, Place], str]
    offered: Mapping[tuple[str, Place], tuple[str, ...]]
    rows: Mapping[tuple[str, Place], int]
