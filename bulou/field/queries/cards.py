"""What a phone shows of a household, a person, an area: masked, with what a form about it begins with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from bulou.areas.rules.tree import Area
from bulou.areas.rules.tree import subject_of as subject_of_area
from bulou.core.divisions import code_of
from bulou.field.rules.beginnings import member_rows, repeats_of_persons
from bulou.field.wire import Card, LaneOpen, Said
from bulou.field.words import fixed
from bulou.ledger.rules import Duty, Entry
from bulou.people.queries import Household, Person
from bulou.records.display import card as shown_on_card
from bulou.records.display import words_in
from bulou.records.kinds import BoundKind
from bulou.records.lanes import Known, kept_from, left_open
from bulou.records.words import LANGUAGES

ADDRESS, CLASS, DWELLING = gettext_noop("Address"), gettext_noop("Class"), gettext_noop("Dwelling")
MEMBERS, NOTE, RELATION = gettext_noop("Members"), gettext_noop("Note"), gettext_noop("Relation to the head")
BORN, RESIDENT, AWAY = gettext_noop("Born"), gettext_noop("Resident"), gettext_noop("Away to")
DWELLINGS = {
    "owner": gettext_noop("Lived in by the owner"), "rented": gettext_noop("Rented out"),
    "vacant": gettext_noop("Vacant"), "unassigned": gettext_noop("Unassigned"),
}  # fmt: skip


def _line(label: str, value: object) -> list[tuple[Said, Said | str]]:
    return [(fixed(label), value if isinstance(value, dict) else str(value))] if value not in ("", None) else []


def lines_of(*said: tuple[str, object]) -> list[tuple[Said, Said | str]]:
    """Return lines of a card from English labels marked for translation, those without a value left out."""
    return [line for label, value in said for line in _line(label, value)]


def with_members(bounds: Iterable[BoundKind]) -> list[BoundKind]:
    """Return the kinds about households that have a row for every member."""
    return [bound for bound in bounds if "household" in bound.kind.subject and repeats_of_persons(bound.kind)]


def lanes_open(subject: str, persons: Sequence[str], kinds: Iterable[BoundKind], known: Known) -> dict[str, Any]:
    """Return, of each kind about the subject, what of its fast lanes the record keeps from being filled in."""
    found: dict[str, dict[str, LaneOpen]] = {}
    for bound in kinds:
        if subject.partition(":")[0] not in bound.kind.subject:
            continue
        for lane in bound.kind.lanes:
            never = kept_from(lane, known.facts.get(subject, set()))
            asks = left_open(lane, subject, persons, known)
            if never or asks:
                found.setdefault(bound.name, {})[lane.name] = LaneOpen(never=never, asks=asks)
    return found


def household_card(
    home: Household, members: Sequence[Person], names: Mapping[int, str], bounds: Iterable[BoundKind],
    lanes: dict[str, dict[str, LaneOpen]],
) -> Card:  # fmt: skip
    door = " ".join(part for part in (home.number, home.address) if part)
    rows = [{"person": one.subject} for one in members]
    lines = [
        *_line(ADDRESS, door if home.head_name else home.address), *_line(CLASS, home.household_class),
        *_line(DWELLING, _dwelling(home.dwelling)), *_line(MEMBERS, len(members)),
        *_line(NOTE, home.note),
    ]  # fmt: skip
    return Card(
        subject=home.subject, type="household", title=home.head_name or door or "—",
        subtitle=door if home.head_name else "", area=code_of(home.area), area_name=names.get(home.area, ""),
        lines=lines, members=[one.subject for one in members],
        phone_masked=next((one.phone for one in members if one.id == home.head), ""), position=_position(home),
        prefill={bound.name: member_rows(bound.kind, rows) for bound in bounds} if rows else {}, lanes=lanes,
    )  # fmt: skip


def _dwelling(state: str) -> Said | str:
    return fixed(DWELLINGS[state]) if state in DWELLINGS else state


def _position(home: Household) -> tuple[float, float] | None:
    return (home.latitude, home.longitude) if home.latitude is not None and home.longitude is not None else None


def person_card(
    one: Person, home: Household | None, names: Mapping[int, str], lanes: dict[str, dict[str, LaneOpen]]
) -> Card:
    """Return the card of a person, who is already masked."""
    lines = [
        *_line(RELATION, one.relation), *_line(BORN, one.birth.year if one.birth else ""),
        *_line(RESIDENT, one.resident), *_line(AWAY, one.away_to), *_line(NOTE, one.note),
    ]  # fmt: skip
    where = " ".join(part for part in (home.number, home.address) if part) if home else ""
    return Card(
        subject=one.subject, type="person", title=one.name or "—", subtitle=where, area=code_of(one.area),
        area_name=names.get(one.area, ""), lines=lines, household=home.subject if home else "",
        phone_masked=one.phone, id_masked=one.id_number, lanes=lanes,
    )  # fmt: skip


def area_card(area: Area, above: str) -> Card:
    return Card(subject=subject_of_area(area.number), type="area", title=area.name, subtitle=above,
                area=code_of(area.number), area_name=area.name, lines=[])  # fmt: skip


def entry_card(entry: Entry, bound: BoundKind | None, names: Mapping[int, str]) -> Card:
    """Return the card of an entry that something is owed about, such as a task one was given."""
    lines: list[tuple[Said, Said | str]] = []
    title: dict[str, str] = {}
    if bound is not None:
        title = {language: words_in(bound.kind, language).title for language in LANGUAGES}
        english = {each.key: each for each in shown_on_card(bound.kind, entry.body, LANGUAGES[1])}
        for each in shown_on_card(bound.kind, entry.body, LANGUAGES[0]):
            other = english.get(each.key, each)
            said = {LANGUAGES[0]: each.text, LANGUAGES[1]: other.text} if other.text != each.text else each.text
            lines.append(
                ({LANGUAGES[0]: each.label, LANGUAGES[1]: other.label}, "***" if each.field.personal else said)
            )
    return Card(subject=f"entry:{entry.id}", type="entry", title=title.get(LANGUAGES[0], entry.kind), subtitle="",
                area=code_of(entry.area), area_name=names.get(entry.area, ""), lines=lines)  # fmt: skip


def plain_card(duty: Duty, title: Said, names: Mapping[int, str]) -> Card:
    """Return a card for something nobody has said how to show: by what is owed about it, so that it is not missed."""
    return Card(subject=duty.subject, type=duty.subject.partition(":")[0], title=title.get(LANGUAGES[0], duty.name),
                subtitle="", area=code_of(duty.area), area_name=names.get(duty.area, ""), lines=[])  # fmt: skip


def by_household(persons: Iterable[Person], homes: Mapping[UUID, Household]) -> dict[UUID, list[Person]]:
    """Return the members of each household, its head first."""
    found: dict[UUID, list[Person]] = {}
    for one in persons:
        if one.household is not None:
            found.setdefault(one.household, []).append(one)
    for key, members in found.items():
        head = homes[key].head if key in homes else None
        members.sort(key=lambda one: (one.id != head, one.since, one.id))
    return found
