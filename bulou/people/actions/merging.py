"""Two persons found to be one, and back again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.core.ids import new_id
from bulou.ledger.actions import follow_registers
from bulou.people.actions.registering import NAMES, Refused, get_live_person
from bulou.people.actions.tables import PERSON_VALUES
from bulou.people.models import Household, Merge, Person
from bulou.store import writing


def merge_persons(
    *, county: int, kept: UUID, gone: UUID, by: str, at: datetime, reason: str = "", take: Iterable[str] = ()
) -> UUID:
    """Make `gone` one with `kept` and return the merge's id. Blanks of `kept` are filled from `gone`; where they differ
    `kept` stands, except for the fields in `take`. Sources, entries and duties of both are then the kept person's.

    Raise LookupError if one of them is unknown or merged already, Refused if they are the same row.
    """
    if kept == gone:
        raise Refused("same person", "choose two different persons")
    with writing(county):
        one, other = get_live_person(county, kept), get_live_person(county, gone)
        chosen = set(take)
        changes: dict[str, Any] = {}
        for column in PERSON_VALUES:
            mine, theirs = getattr(one, column), getattr(other, column)
            if theirs not in ("", None) and mine != theirs and (mine in ("", None) or column in chosen):
                changes[column] = theirs
        if "id_number" in changes:
            changes["id_sure"] = other.id_sure
        if one.household is None and other.household is not None:
            changes |= {"household": other.household, "area": other.area}
        before = {column: getattr(one, column) for column in changes}
        headed = Household.objects.filter(county=county, head=gone).values_list("id", flat=True).first()
        if headed:
            heads = kept if changes.get("household", one.household) == headed else None
            Household.objects.filter(county=county, id=headed).update(head=heads)
        Person.objects.filter(county=county, id=gone).update(merged_into=kept)
        Person.objects.filter(county=county, id=kept).update(**changes)
        merge = new_id()
        said = {"before": before, "after": changes, "headed": headed}
        Merge.objects.create(
            county=county,
            id=merge,
            kept=kept,
            gone=gone,
            reason=reason,
            by=by,
            at=at,
            changed=msgspec.json.encode(said).decode(),
        )
        follow_registers(county, {f"person:{kept}", f"person:{gone}"}, names=NAMES)
    return merge


def unmerge(*, county: int, merge: UUID, by: str, at: datetime) -> None:
    """Undo a merge: `gone` stands again, and `kept` loses what it took over unless it was changed since.

    Raise LookupError if there is no such merge or it was undone; Refused if `kept` has since been merged itself.
    """
    with writing(county):
        done = Merge.objects.filter(county=county, id=merge, undone_at__isnull=True).first()
        if done is None:
            raise LookupError("there is no such merge, or it was undone already")
        kept = Person.objects.filter(county=county, id=done.kept).first()
        if kept is None or kept.merged_into is not None:
            raise Refused("merged again", "the kept person has been merged since: undo that merge first")
        said = msgspec.json.decode(done.changed)
        back = {
            column: _restored(column, said["before"][column])
            for column, taken in said["after"].items()
            if _same(getattr(kept, column), taken)
        }
        if ("id_number" in back) != ("id_sure" in back):  # the two belong together
            back.pop("id_sure", None)
            if "id_number" in back:
                back["id_sure"] = bool(said["before"].get("id_sure"))
        Person.objects.filter(county=county, id=done.kept).update(**back)
        Person.objects.filter(county=county, id=done.gone).update(merged_into=None)
        if said["headed"]:
            Household.objects.filter(county=county, id=UUID(said["headed"])).update(head=done.gone)
        Merge.objects.filter(county=county, id=merge).update(undone_at=at, undone_by=by)
        follow_registers(county, {f"person:{done.kept}", f"person:{done.gone}"}, names=NAMES)


def _plain(value: Any) -> Any:
    """Return the value as the record of the merge keeps it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _same(now: Any, then: Any) -> bool:
    return bool(_plain(now) == then)


def _restored(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column == "birth":
        return date.fromisoformat(value)
    if column == "household":
        return UUID(value)
    return value
