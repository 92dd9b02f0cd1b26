"""What a form begins with before anybody answers, drawn on a phone or at a desk."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from bulou.ledger.rules import Duty
from bulou.records.declaration import Declaration


@lru_cache(maxsize=512)
def ordered_names(kind: Declaration) -> frozenset[str]:
    """Return the questions that an order may already have answered: those with a default, such as a look-back date."""
    return frozenset(field.name for field in kind.fields if field.default)


@lru_cache(maxsize=512)
def touched(kind: Declaration) -> frozenset[str]:
    """Return the names of the duties the kind has to do with."""
    return frozenset(effect.duty for effect in kind.duties)


def order_behind(kind: Declaration, duties: Iterable[Duty]) -> UUID | None:
    """Return the order behind the last of the open duties that the kind would meet or let go."""
    names = touched(kind)
    opened = [d.opened_by for d in duties if d.name in names and not d.met_by and not d.waived_by]
    return opened[-1] if opened else None


def from_order(kind: Declaration, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers the order's body has given already."""
    return {name: order[name] for name in ordered_names(kind) if order.get(name)}


SIDES = {"handover.give": {"side": "give"}, "handover.take": {"side": "take"}}


def from_duty(kind: str, duty: str) -> dict[str, Any]:
    """Return the answers that lie in what is owed: whoever owes handing over does not take over."""
    return dict(SIDES.get(duty, {})) if kind == "shift_handover" else {}


@lru_cache(maxsize=512)
def repeats_of_persons(kind: Declaration) -> list[str]:
    """Return the repeats that have a row for every person of a household."""
    if kind.xform_xml:  # a county's own form has its own idea of who is in a household
        return []
    return sorted({key.partition(".")[0] for key in kind.keys() if key.endswith(".person")})  # noqa: SIM118


def member_rows(kind: Declaration, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return those repeats with the rows, one a member; nothing if there are no members."""
    return {name: [dict(row) for row in rows] for name in repeats_of_persons(kind)} if rows else {}
