"""Looking at people is itself on record: who, whom, why, in the transaction that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.access.actions import audit, record_looks
from bulou.core.divisions import county_area, county_of
from bulou.people import queries
from bulou.people.actions.registering import Refused
from bulou.store import writing


@dataclass(frozen=True, slots=True)
class Revealed:
    persons: dict[UUID, queries.Person]
    households: dict[UUID, queries.Household]


def reveal(
    *, county: int, by: str, at: datetime, purpose: str, persons: Iterable[UUID] = (), households: Iterable[UUID] = ()
) -> Revealed:
    """Return the persons (and the heads' names of the households) in full, and write one line of audit for each shown.

    Those that may not be seen are left out. `purpose` as access.rules.check_purpose returns it. Raise
    Refused("no purpose") without one, access's TooMany above the rate.
    """
    if not purpose.strip():
        raise Refused("no purpose", "say what the full details are needed for")
    area = county_area(county)
    with writing(county):
        shown = Revealed(
            queries.persons_by_id(area, persons, masked=False), queries.households_by_id(area, households, masked=False)
        )
        subjects: list[queries.Person | queries.Household] = [*shown.persons.values(), *shown.households.values()]
        looks = [(one.area, one.subject) for one in subjects]
        record_looks(looks, by=by, at=at, action="reveal", purpose=purpose.strip(), detail={})
    return shown


def search(text: str, *, within: int, by: str, at: datetime, purpose: str = "", limit: int = 50) -> queries.Found:
    """Return what queries.search finds, masked, and write to the audit that it was asked and how many it showed.

    What was typed is not kept: it names somebody.
    """
    with writing(county_of(within)):
        found = queries.search(text, within, limit=limit)
        shown = {"by": found.by, "persons": len(found.persons), "households": len(found.households)}
        audit(by=by, at=at, action="search", area=within, purpose=purpose, detail=shown)
    return found
