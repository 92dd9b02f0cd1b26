"""Moments compared to the minute on every phone: JavaRosa, inside ODK Collect, compares and subtracts them by their days.

So what the form we make for a phone compares with a moment is written out as a number of days with its fraction.
"""

from collections.abc import Iterator, Mapping

from bulou.records.coercion import moment_of_text
from bulou.records.expressions import Binary, Call, Name, Negative, Node, Self, Text, parse
from bulou.records.fields import FieldType

_REACH = frozenset({"<", "<=", ">", ">=", "-"})


def to_the_minute(expression: str, types: Mapping[str, FieldType], own: FieldType) -> str:
    """Return the expression with moments that are compared or subtracted as decimal-date-time(…).

    `types` are of the fields by name, `own` of the field it belongs to. Two dates are left as they are.
    """
    wanted: dict[int, Node] = {}
    for node in parse(expression).nodes():
        if not isinstance(node, Binary) or node.operator not in _REACH:
            continue
        sorts = [(leaf, _sort(leaf, types, own)) for leaf in _leaves(node)]
        if any(sort == "dateTime" for _, sort in sorts):
            wanted |= {leaf.start: leaf for leaf, sort in sorts if sort}
    for start, leaf in sorted(wanted.items(), reverse=True):
        expression = f"{expression[:start]}decimal-date-time({expression[start : leaf.end]}){expression[leaf.end :]}"
    return expression


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Binary(operator="+" | "-" | "<" | "<=" | ">" | ">="):
            yield from _leaves(node.left)
            yield from _leaves(node.right)
        case Negative():
            yield from _leaves(node.operand)
        case _:
            yield node


def _sort(node: Node, types: Mapping[str, FieldType], own: FieldType) -> str:
    """Return "dateTime" or "date" for what names a moment, "" for anything else."""
    match node:
        case Name(name=name):
            found = types.get(name, "")
        case Self(parent=False):
            found = own
        case Call(name=name):
            found = {"now": "dateTime", "date-time": "dateTime", "today": "date", "date": "date"}.get(name, "")
        case Text(value=value):
            found = "date" if moment_of_text(value) else ""
        case _:
            found = ""
    return found if found in ("date", "dateTime") else ""
