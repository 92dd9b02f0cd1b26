"""Whether a row speaks of somebody already known: the same ID number, else the same name and phone.

Two things are worse than a person written down twice: a person lost because two were taken for one, and a list that
quietly changes what is known. So a doubtful match leaves two persons and says so (a merge can be done, and undone, by
hand), and where a list disagrees with what is known both are shown and nothing is overwritten.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bulou.core.identity import plain
from bulou.people.rules.rows import Problem, Said

PERSON_FIELDS = ("name", "sex", "birth", "id_number", "phone", "relation", "resident", "away", "away_to", "note")
HOUSEHOLD_FIELDS = ("number", "address", "household_class", "dwelling", "latitude", "longitude", "note")


@dataclass(slots=True)
class Known:
    """A person in the register, or one this batch is about to add."""

    id: UUID
    area: int
    household: UUID | None
    values: dict[str, object]  # by PERSON_FIELDS
    id_sure: bool
    new: bool = False  # first seen in this very run

    @property
    def name(self) -> object:
        return self.values.get("name", "")

    @property
    def id_number(self) -> object:
        return self.values.get("id_number", "")


@dataclass(frozen=True, slots=True)
class Match:
    """Who the row speaks of, if anybody known. `drop_id`: the number is another's, so it must not be taken over."""

    known: Known | None
    warnings: tuple[Problem, ...] = ()
    weak: bool = False  # by name in the household only
    drop_id: bool = False


def _contradicts(known: Known, said: Said) -> bool:
    """Tell whether both carry a sound ID number and they differ: two people, whatever else they share."""
    return known.id_sure and said.id_sure and known.id_number != said.person.get("id_number")


def match(said: Said, *, same_id: Iterable[Known], same_phone: Iterable[Known], at_home: Iterable[Known]) -> Match:
    """Return who the row speaks of.

    `same_id`, `same_phone`: those with the row's ID number, those with its phone. `at_home`: the members of its
    household.
    """
    twins = list(same_id)
    for known in twins:
        if known.name == said.name:
            return Match(known)
    named = [k for k in same_phone if k.name == said.name and not _contradicts(k, said)]
    home = [k for k in at_home if k.name == said.name and not _contradicts(k, said)]
    others = [k for k in twins if k.id_sure and said.id_sure]
    if named or home:
        taken = tuple(Problem("id of another", "id_number", other=str(k.name)) for k in others[:1])
        return Match((named or home)[0], taken, weak=not named and not said.id_sure, drop_id=bool(others))
    if others:
        known = others[0]
        if known.new or known in list(at_home):
            # In one list, or one family, the line above was copied down: a person must not vanish behind another's
            # number.
            return Match(None, (Problem("id of another", "id_number", other=str(known.name)),), drop_id=True)
        return Match(known, (Problem("other name", "name", said.name, str(known.name)),))
    namesake = [k for k in same_phone if k.name == said.name]
    return Match(None, tuple(Problem("same name and phone", "id_number", other=str(k.id_number)) for k in namesake[:1]))


@dataclass(frozen=True, slots=True)
class Difference:
    """The list says `said` where the register says `known`; the register stands."""

    field: str
    known: object
    said: object


def compare(known: Mapping[str, object], said: Mapping[str, object]) -> tuple[dict[str, object], list[Difference]]:
    """Return what the list adds to blanks, and where it disagrees."""
    adds: dict[str, object] = {}
    differs: list[Difference] = []
    for field, value in said.items():
        have = known.get(field)
        if value in ("", None):
            continue
        if have in ("", None):
            adds[field] = value
        elif have != value and field != "note":  # every list has its own remarks; they are kept with the source
            differs.append(Difference(field, have, value))
    return adds, differs


_DOOR = re.compile(r"\d[\dA-Za-z-]*(号|室|户|房)?$|\d+-\d+")


def household_key(said: Said) -> str:
    """Return what a list knows the household by inside its area, "" if by nothing.

    An address alone names a household only if it ends in a door: in a village everybody's address is the village.
    """
    if number := said.household.get("number"):
        return f"n:{number}"
    address = str(said.household.get("address", ""))
    if said.head:
        return f"h:{said.head}|{address}"
    return f"a:{address}" if _DOOR.search(plain(address)) or (address and not said.name) else ""
