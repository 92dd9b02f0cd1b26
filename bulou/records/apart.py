"""A body as its form means it, and apart from it what was said beside the form: unasked, or worked out otherwise.

Another client may answer what was not asked, or send a wrong sum. What was signed stays letter by letter in the ledger;
it is not an answer, and whoever shows, counts or exports a body takes the judged one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.fields import Field, answers, walk
from bulou.records.shapes import plain


@dataclass(frozen=True, slots=True)
class Beside:
    """What was said of the question `key` in the rows of these numbers (from 1), and does not count.

    `counts` is what was worked out instead; None: the question was not asked.
    """

    key: str
    field: Field
    place: tuple[int, ...]
    said: Any
    counts: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    body: Mapping[str, Any]
    beside: tuple[Beside, ...] = ()


@lru_cache(maxsize=512)  # kinds are compared by identity
def can_differ(kind: Declaration) -> bool:
    """Tell whether anything can be said beside the form: a question is asked only sometimes, or an answer worked out."""
    return any(field.relevant or field.calculation for _, field in walk(kind.fields))


def judged(kind: Declaration, body: Mapping[str, Any], meant: Mapping[str, Any]) -> Judged:
    """Return the body with what counts of it. `meant`: its answers as the form reads them (BoundKind.answers)."""
    beside: list[Beside] = []
    return Judged(_judged(kind.fields, body, meant, "", (), beside), tuple(beside))


def _judged(
    fields: tuple[Field, ...], body: Mapping[str, Any], meant: Mapping[str, Any], prefix: str, place: tuple[int, ...],
    beside: list[Beside],
) -> dict[str, Any]:  # fmt: skip
    found = dict(body)
    for field in answers(fields):
        said = body.get(field.name)
        if said is None or said == "" or said == [] or said is False:
            continue
        key, counts = prefix + field.name, meant.get(field.name)
        if field.calculation:
            found[field.name] = counts
            if counts is None:
                del found[field.name]
            if counts is None or not _same(said, counts):
                beside.append(Beside(key, field, place, said, "" if counts is None else plain(counts)))
        elif field.name not in meant:
            del found[field.name]
            beside += _all_beside(field, key, place, said)
        elif field.type == "repeat":
            rows = zip(said, counts or (), strict=False)
            found[field.name] = [
                _judged(field.fields, row, its, f"{key}.", (*place, n), beside) for n, (row, its) in enumerate(rows, 1)
            ]
    return found


def _all_beside(field: Field, key: str, place: tuple[int, ...], said: Any) -> Iterator[Beside]:
    if field.type != "repeat" or not isinstance(said, list):
        yield Beside(key, field, place, said)
        return
    for number, row in enumerate(said, 1):
        for each in answers(field.fields):
            if (
                each.type != "calculate"
                and isinstance(row, Mapping)
                and row.get(each.name) not in (None, "", [], False)
            ):
                yield from _all_beside(each, f"{key}.{each.name}", (*place, number), row[each.name])


def _same(said: Any, counts: Any) -> bool:
    if plain(said) == plain(counts):
        return True
    try:
        return abs(float(said) - float(counts)) < 1e-9
    except (TypeError, ValueError):
        return False
