"""What the table says of a vehicle and the people in it, and the table as the phone reads it.

The phone decides without a signal, by the same JSON and the same forty lines (`web/phone/desk/decide.ts`); an agreement
test holds the two against each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from bulou.checkpoints.rules.tables import GRAVITY, Input, Row, Span, Table

Known = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, by which row. Neither if no row fits, which `checking` finds before a table is taken into use."""

    outcome: str
    row: Row | None

    @property
    def name(self) -> str:
        return self.row.name if self.row else ""


@dataclass(frozen=True, slots=True)
class VehicleDecision:
    """What to do with the vehicle: the gravest of what its people call for, and for each of them what they do."""

    outcome: str
    row: Row | None
    people: tuple[Decision, ...]


def decide(table: Table, known: Known) -> Decision:
    """Return what the first row that fits says. What is not known fits no choice, and is missing as a number."""
    for row in table.rows:
        if row.fits(known):
            return Decision(row.then, row)
    return Decision("", None)


def decide_vehicle(table: Table, vehicle: Known, people: Sequence[Known]) -> VehicleDecision:
    """Return what to do with a vehicle: `vehicle` holds what is known of all, `people` what is known of each."""
    each = tuple(decide(table, {**vehicle, **person}) for person in people or ({},))
    gravest = min(each, key=lambda decision: gravity(decision.outcome))
    return VehicleDecision(gravest.outcome, gravest.row, each)


def demanded(table: Table, row: Row | None, decision: str) -> tuple[str, ...]:
    """Return what must be taken down before this is decided: what the row demands, or the table of an exception."""
    if row is not None and row.then == decision:
        return row.demands
    return table.otherwise if decision == "pass" else ()


def lacking(demands: Sequence[str], body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what of these the body of a pass does not say."""
    people = [row for row in body.get("people") or () if row.get("refused") != "yes"]
    said = {
        "plate": bool(body.get("plate")) or body.get("vehicle") == "on_foot",
        "from": bool(body.get("from_place") or body.get("from_code")),
        "name": all(row.get("name") for row in people),
        "phone": not people or any(row.get("phone") for row in people),
        "id_number": all(row.get("id_number") for row in people),
    }
    return tuple(name for name in demands if not said[name])


def gravity(outcome: str) -> int:
    """Return the place of an outcome from the gravest on; nothing decided comes before all."""
    return GRAVITY.index(outcome) if outcome in GRAVITY else -1


def as_json(table: Table) -> dict[str, Any]:
    """Return the table as the phone reads it: numbers and lists only, no rule left to look up."""
    return {
        "name": table.name,
        "title": dict(table.titles),
        "source": table.source,
        "valid_from": table.valid_from.isoformat(),
        "gravity": list(GRAVITY),
        "inputs": [_input(each) for each in table.inputs.values()],
        "regions": dict(table.regions),
        "otherwise": list(table.otherwise),
        "rows": [
            {
                "name": row.name,
                "when": {name: _condition(condition) for name, condition in row.when.items()},
                "then": row.then,
                "reason": dict(row.reasons),
                "source": row.source,
                "follow_days": row.follow_days,
                "follow_where": row.follow_where,
                "demands": list(row.demands),
            }
            for row in table.rows
        ],
    }


def _input(given: Input) -> dict[str, Any]:
    said: dict[str, Any] = {"name": given.name, "of": given.of, "title": dict(given.titles)}
    if given.is_number:
        return said | {"least": _number(given.least), "most": _number(given.most), "unit": given.unit}
    return said | {"choices": {value: dict(words) for value, words in given.choices.items()}, "default": given.default}


def _condition(condition: Span | frozenset[str]) -> object:
    if not isinstance(condition, Span):
        return sorted(condition)
    if condition.missing:
        return {"missing": True}
    return {
        "from": _number(condition.low),
        "to": _number(condition.high),
        "from_included": condition.low_in,
        "to_included": condition.high_in,
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
