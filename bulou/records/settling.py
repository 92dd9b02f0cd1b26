"""What an entry must say to meet a duty, as far as one answer decides it: so that a phone without a signal does not take
a visit where nobody was home for a visit."""

from collections.abc import Mapping
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.duties import Meets
from bulou.records.expressions import Binary, ExpressionError, Name, Node, Text, parse
from bulou.records.fields import Field


def settling(kind: Declaration) -> list[dict[str, Any]]:
    """Return, for every duty that one choice decides about, the choices that meet it. Plain JSON.

    Each is `{duty, field, values}`, in a repeat with `each` (its name) and `subject` (the field that says who). A duty
    that is met without a condition, or by more than one answer, is left out: the server alone can tell.
    """
    keys = kind.keys()
    found = []
    for effect in kind.duties:
        if isinstance(effect, Meets) and effect.when and "${" not in effect.duty:
            said = _settled(effect, keys)
            if said is not None:
                found.append(said)
    return found


def _settled(effect: Meets, keys: Mapping[str, Field]) -> dict[str, Any] | None:
    try:
        expression = parse(effect.when)
        subject = parse(effect.subject).root if effect.subject else None
    except ExpressionError:
        return None
    names = expression.names()
    if len(names) != 1 or (effect.each and not isinstance(subject, Name)) or (subject and not effect.each):
        return None
    name = names.pop()
    asked = keys.get(f"{effect.each}.{name}" if effect.each else name)
    if asked is None or asked.type not in ("select_one", "yes_no"):
        return None
    answers = [(value, _holds(expression.root, value)) for value in asked.options]
    if any(holds is None for _value, holds in answers):
        return None
    said: dict[str, Any] = {"duty": effect.duty, "field": name, "values": [value for value, holds in answers if holds]}
    return said | {"each": effect.each, "subject": subject.name} if isinstance(subject, Name) else said


def _holds(node: Node, value: str) -> bool | None:
    """Tell whether it holds when the one field it speaks of says `value`. None: more than comparisons are in it."""
    match node:
        case Binary(operator="or" | "and", left=left, right=right):
            sides = _holds(left, value), _holds(right, value)
            if None in sides:
                return None
            return any(sides) if node.operator == "or" else all(sides)
        case Binary(operator="=" | "!=", left=Name(), right=Text(value=said)):
            return (said == value) is (node.operator == "=")
    return None
