"""Whom or what a duty or an entry is about, as a list shows it: masked, with the address of its page. Two queries a list."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access import queries as access
from bulou.areas import queries as areas
from bulou.checkpoints import queries as checkpoints
from bulou.core.divisions import county_area, county_of, number_of
from bulou.core.moments import CHINA
from bulou.ledger import queries as ledger
from bulou.office.keeping import pass_days
from bulou.office.words import title_of
from bulou.people import queries as people
from bulou.rosters import queries as rosters

REF = re.compile("(account|role|area|entry|household|person|post|responder|shift|team):[^ ]{1,80}")


@dataclass(frozen=True, slots=True)
class Label:
    """`name` is a masked name, `detail` a door or a household; `sort` says in words what it is."""

    name: str
    detail: str = ""
    sort: str = ""
    url: str = ""


def id_of(subject: str) -> UUID | None:
    """Return the id in "household:<uuid>" or the like; None if the subject has none."""
    try:
        return UUID(subject.partition(":")[2])
    except ValueError:
        return None


def labels(subjects: Iterable[tuple[int, str]], *, now: datetime) -> dict[str, Label]:
    """Return a label for every subject, given with its area. Subjects that may not be seen keep only their sort.

    `now` tells whose pass is still shown.
    """
    wanted: dict[str, dict[int, set[UUID]]] = {"household": {}, "person": {}}
    found: dict[str, Label] = {}
    numbers: dict[str, int] = {}
    pairs = list(subjects)
    for area, subject in pairs:
        sort, _colon, rest = subject.partition(":")
        key = id_of(subject)
        if sort in wanted and key:
            wanted[sort].setdefault(county_of(area), set()).add(key)
        elif sort == "area" and rest.isdigit():
            numbers[subject] = number_of(rest)
        found[subject] = Label(_sorts().get(sort, subject), sort=_sorts().get(sort, ""))
    standing: dict[int, set[str]] = {}
    for area, subject in pairs:
        if subject.partition(":")[0] in rosters.TYPES:
            standing.setdefault(county_of(area), set()).add(subject)
    for county, its in standing.items():
        for subject, label in rosters.subject_labels(county, its).items():
            found[subject] = roster_label(county, subject, label)
    found |= _arrivals(pairs, now) | _entries(pairs)
    for county, ids in wanted["household"].items():
        for household in people.households_by_id(county_area(county), ids).values():
            found[household.subject] = household_label(household)
    for county, ids in wanted["person"].items():
        for person in people.persons_by_id(county_area(county), ids).values():
            found[person.subject] = person_label(person)
    names = areas.names(numbers.values()) if numbers else {}
    for subject, number in numbers.items():
        found[subject] = Label(names.get(number, subject), sort=_("Area"), url=reverse("office:board", args=[number]))
    return found


def spoken_of(said: Iterable[tuple[int, Any]], *, now: datetime) -> dict[str, str]:
    """Return what a person reads for the subjects, accounts and roles that answers name ("role:township"), by name.

    `said` are bodies, or parts of them, each with the area of its entry. A fixed number of queries.
    """
    pairs = {(area, ref) for area, body in said for ref in _refs(body)}
    owners = {ref for _area, ref in pairs if ref.partition(":")[0] in ("account", "role")}
    about = labels(((area, ref) for area, ref in pairs if ref not in owners), now=now)
    return {ref: label.name for ref, label in about.items()} | access.names_of(owners)


def _refs(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        if REF.fullmatch(body):
            yield body
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from _refs(value)
    elif isinstance(body, list):
        for value in body:
            yield from _refs(value)


def _by_county(pairs: Iterable[tuple[int, str]], sort: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for area, subject in pairs:
        if subject.partition(":")[0] == sort:
            found.setdefault(county_of(area), set()).add(subject)
    return found


def _arrivals(pairs: Iterable[tuple[int, str]], now: datetime) -> dict[str, Label]:
    """Return who is expected, masked, with where they go and by which vehicle; after its days a pass names nobody."""
    found = {}
    for county, its in _by_county(pairs, "arrival").items():
        for one in checkpoints.labels(county, its, now=now, keep_days=pass_days(county, now)).values():
            name = one.name or one.card or one.plate or _("Somebody let in at a post")
            detail = " ".join(part for part in (one.address, one.plate if one.name else "") if part)
            found[one.subject] = Label(name, detail, _sorts()["arrival"], reverse("office:arriving", args=[one.area]))
    return found


def _entries(pairs: Iterable[tuple[int, str]]) -> dict[str, Label]:
    """Return which record something is owed about: what it is called and when it was made, and nothing it says."""
    found = {}
    for county, its in _by_county(pairs, "entry").items():
        for entry in ledger.entries_by_id(county, {key for one in its if (key := id_of(one))}).values():
            when = f"{entry.happened_at.astimezone(CHINA):%m-%d %H:%M}"
            found[f"entry:{entry.id}"] = Label(title_of(entry.kind), when, _sorts()["entry"])
    return found


def household_label(household: people.Household) -> Label:
    door = " ".join(part for part in (household.number, household.address) if part)
    name = household.head_name or door or _("Household without a name")
    return Label(name, door if household.head_name else "", _("Household"),
                 reverse("office:household", args=[household.county, household.id]))  # fmt: skip


def person_label(person: people.Person) -> Label:
    return Label(person.name, person.phone, _("Person"), reverse("office:person", args=[person.county, person.id]))


def roster_label(county: int, subject: str, label: rosters.SubjectLabel) -> Label:
    sort, _colon, rest = subject.partition(":")
    url = reverse("office:post", args=[county, rest]) if sort == "post" else ""
    return Label(label.name, label.detail, _sorts()[sort], url)


def _sorts() -> dict[str, str]:
    return {"household": _("Household"), "person": _("Person"), "area": _("Area"), "entry": _("Entry"),
            "post": pgettext("site", "Post"), "responder": _("Responder"), "shift": _("Turn"), "team": _("Team"),
            "arrival": _("Hand-off"),
            }  # fmt: skip
