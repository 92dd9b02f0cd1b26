"""What the ledger asks of the areas (ledger.rules.Law). Not limited by scope: a duty exists whoever is looking, and an
entry is put where its subject is, whoever sent it. No page may call these."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bulou.areas.actions.tables import SETS
from bulou.areas.models import Area
from bulou.areas.rules.tree import subject_of
from bulou.core.divisions import last_of, number_of
from bulou.core.moments import at_midnight
from bulou.ledger.rules import Member, Place
from bulou.store import query, read_moment, rows_json, unpack

_DEPTHS = {name: depth for depth, name in SETS.items()}


def _number(subject: str) -> int | None:
    """Return the area number of "area:<code>", or None if it is no such subject."""
    sort, _, code = subject.partition(":")
    if sort != "area":
        return None
    try:
        return number_of(code)
    except ValueError:
        return None


def _known(subjects: set[str], columns: str) -> list[tuple[str, tuple[Any, ...]]]:
    numbers = {subject: number for subject in subjects if (number := _number(subject)) is not None}
    rows = query(
        f"SELECT a.number, {columns} FROM {unpack({'number': 'bigint'})} JOIN areas_area a ON a.number = x.number",  # noqa: S608
        rows_json([number] for number in sorted(set(numbers.values()))),
    ) if numbers else []  # fmt: skip
    found = {row[0]: row for row in rows}
    return [(subject, found[number]) for subject, number in numbers.items() if number in found]


def places(county: int, subjects: set[str]) -> dict[str, Place]:
    """Return where the areas among the subjects are: areas of other counties too, which the ledger then holds with a
    reason. A closed area is still known: what happened there happened there."""
    return {subject: Place(subject_of(number), number) for subject, (number, *_rest) in _known(subjects, "a.depth")}


def members(name: str, area: int) -> Iterator[Member]:
    """Yield the townships or villages in the area's subtree. Raise KeyError on any other set."""
    rows = Area.objects.filter(number__range=(area, last_of(area)), depth=_DEPTHS[name])
    for number, since, until in rows.order_by("number").values_list("number", "registered_at", "until").iterator(2_000):
        yield Member(subject_of(number), number, since, at_midnight(until) if until else None)


def joined(name: str, subjects: set[str]) -> Iterator[Member]:
    """Yield those of the subjects that are members of the set. Raise KeyError on any other set."""
    depth = _DEPTHS[name]
    for _subject, (number, at, its_depth, until) in _known(subjects, "a.registered_at, a.depth, a.until"):
        if its_depth == depth:
            end = at_midnight(date.fromisoformat(str(until))) if until else None
            yield Member(subject_of(number), number, read_moment(at), end)
