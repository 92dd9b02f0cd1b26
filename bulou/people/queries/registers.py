"""What the ledger asks the registers: who is in them, and where. Unscoped: a duty exists whoever is looking."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bulou.core.divisions import county_of, last_of
from bulou.ledger.rules import Member, Place
from bulou.people.models import Household, Person
from bulou.store import CHUNK, among, chunks, query, read_id, rows_json

SETS = {"households": "household", "persons": "person"}


def _registered(name: str) -> "QuerySet[Household] | QuerySet[Person]":
    """Return those under their present name, the ended ones too: what was missed while they were here stays missed."""
    return Household.objects.all() if name == "households" else Person.objects.filter(merged_into__isnull=True)


def members(name: str, area: int) -> Iterator[Member]:
    """Yield every member of "households" or "persons" under the area, in bounded memory."""
    first, last = area, last_of(area)
    rows = _registered(name).filter(county__range=(county_of(first), county_of(last)), area__range=(first, last))
    found = rows.order_by("county", "area", "id").values_list("id", "area", "since", "ended_at")
    for id_, where, since, until in found.iterator(CHUNK):
        yield Member(f"{SETS[name]}:{id_}", where, since, until)


def joined(name: str, subjects: Iterable[str]) -> Iterator[Member]:
    """Yield those of the subjects that are members of the set."""
    asked = _ids(SETS[name], subjects)
    for county in _counties(name) if asked else ():
        for chunk in chunks(asked):
            rows = _registered(name).filter(county=county, id__in=chunk)
            for id_, where, since, until in rows.values_list("id", "area", "since", "ended_at"):
                yield Member(f"{SETS[name]}:{id_}", where, since, until)


def _counties(name: str) -> Iterator[int]:
    """Yield the counties that have a register, each found with one step of the key: an id alone is no key."""
    last = -1
    rows = (Household if name == "households" else Person).objects.order_by("county").values_list("county", flat=True)
    while (found := rows.filter(county__gt=last).first()) is not None:
        yield found
        last = found


def _ids(kind: str, subjects: Iterable[str]) -> list[UUID]:
    found = []
    for subject in subjects:
        prefix, _, rest = subject.partition(":")
        if prefix == kind:
            try:
                found.append(UUID(rest))
            except ValueError:
                continue
    return found


def _known(table: str, columns: str, county: int, ids: Iterable[UUID]) -> list[tuple[Any, ...]]:
    """Return id and columns of those that are there. Handed over as one parameter: `append` asks for every batch."""
    return query(
        f"SELECT id, {columns} FROM {table} WHERE county = %s AND {among('id', 'uuid')}",  # noqa: S608
        county,
        rows_json([id_] for id_ in ids),
    )


def places(county: int, subjects: set[str]) -> Mapping[str, Place]:
    """Return where the households and persons among the subjects are, under their present names (after merges).

    Those that have left the register keep their place, so that what was recorded about them still counts.
    """
    found: dict[str, Place] = {}
    for id_, area in _known("people_household", "area", county, _ids("household", subjects)):
        subject = f"household:{read_id(id_)}"
        found[subject] = Place(subject, area)
    asked = _ids("person", subjects)
    known: dict[UUID, tuple[int, UUID | None]] = {}
    wanted = set(asked)
    while wanted:  # a second time only if somebody was merged
        for id_, area, merged in _known("people_person", "area, merged_into", county, wanted):
            known[read_id(id_)] = area, read_id(merged) if merged else None
        wanted = {merged for _, merged in known.values() if merged} - set(known) - wanted
    for id_ in asked:
        now = id_
        while now in known and (into := known[now][1]):
            now = into
        if now in known:
            subject = f"person:{id_}"
            found[subject] = Place(subject if now is id_ else f"person:{now}", known[now][0])
    return found
