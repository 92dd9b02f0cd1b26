"""From an expression's tree to Python source, with XPath's types worked out beforehand.

An expression has a type before it has a value, so that `${temperature} >= 37.3` becomes one comparison of floats. The
source speaks of fields as local variables, which whoever writes the function around it (`judging.py`) has filled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from math import inf, isfinite
from operator import add, mul, sub
from typing import Any, Literal, Protocol

from bulou.records.coercion import divide, modulo, number_of_text
from bulou.records.expressions import (
    Binary,
    Call,
    Column,
    Expression,
    Name,
    Negative,
    Node,
    Number,
    Self,
    Text,
    nearest,
)
from bulou.records.fields import Table
from bulou.records.rulesets import RuleSet

Type = Literal["number", "text", "truth", "moment", "list", "rows"]


@dataclass(frozen=True, slots=True)
class Code:
    """Python source and what it yields.

    "number": a float or int, NaN if none. "text": a str. "truth": a bool. "moment": days since 1970 as a float.
    `field` marks the value of a field, which may be missing: then a "number" is None, a "text" is "", a "list" (what a
    select_multiple holds) is empty. With `many` the source yields a list of such values, one a row of the `repeat`, not
    `asked` if there may be rows that do not ask it. "rows" is a repeat itself.
    """

    source: str
    type: Type
    field: bool = False
    many: bool = False
    literal: str | float | None = None
    repeat: str = ""
    asked: bool = True


class Scope(Protocol):
    """What names mean where an expression stands."""

    ruleset: RuleSet | None

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables that can be looked into, by name."""

    @property
    def constant(self) -> Callable[[Any], str]:
        """Gives a name under which the source finds a value."""

    def field(self, expression: Expression, name: Name) -> Code:
        """Return the value of a field. Raise ExpressionError, naming the nearest, if there is none."""

    def self(self, expression: Expression, node: Self) -> Code:
        """Return the answer itself (`.`). Raise ExpressionError where there is none."""

    def column(self, expression: Expression, node: Column) -> Code:
        """Return the column of the list chosen from. Raise ExpressionError where there is none."""

    def row(self, expression: Expression, node: Node) -> Code:
        """Return the number of the row, from 1. Raise ExpressionError outside a repeat."""

    def now(self, expression: Expression, node: Node) -> Code:
        """Return the moment the record speaks of, in days."""

    def today(self, expression: Expression, node: Node) -> Code:
        """Return the first moment of that day, in days."""


_ARITHMETIC: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "+": ("({} + {})", add),
    "-": ("({} - {})", sub),
    "*": ("({} * {})", mul),
    "div": ("divide({}, {})", divide),
    "mod": ("modulo({}, {})", modulo),
}


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles one expression in one scope."""

    expression: Expression
    scope: Scope
    fresh: "count[int]"

    def compile(self, node: Node) -> Code:
        """Return the source of a part of the expression. Raise ExpressionError if it makes no sense."""
        match node:
            case Number(value=value):
                return Code(_number(value), "number", literal=value)
            case Text(value=value):
                return Code(repr(value), "text", literal=value)
            case Name():
                return self.scope.field(self.expression, node)
            case Self(parent=True):
                raise self.expression.error(node, "expected .. only in position(..)")
            case Column():
                return self.scope.column(self.expression, node)
            case Self():
                return self.scope.self(self.expression, node)
            case Negative(operand=operand):
                return Code(f"(-{self.number(self.compile(operand))})", "number")
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
        raise AssertionError(f"no such node: {node!r}")

    def _call(self, node: Call) -> Code:
        check_call(self.expression, node)
        fewest, most, build = FUNCTIONS[node.name]
        if not fewest <= len(node.arguments) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} or more" if most == MANY else f"{fewest} to {most}"
            said = f"expected {wanted} arguments in {node.name}(), not {len(node.arguments)}"
            raise self.expression.error(node, said)
        return build(self, node)

    def _binary(self, node: Binary) -> Code:
        operator = node.operator
        if operator in ("and", "or"):
            sides = f" {operator} ".join(self.truth(self.compile(side), side) for side in (node.left, node.right))
            return Code(f"({sides})", "truth")
        left, right = self.compile(node.left), self.compile(node.right)
        if operator in ("=", "!=", "<", "<=", ">", ">="):
            return Code(self._compare(node, "==" if operator == "=" else operator, left, right), "truth")
        source, work_out = _ARITHMETIC[operator]
        if isinstance(left.literal, int | float) and isinstance(right.literal, int | float):
            value = work_out(left.literal, right.literal)
            return Code(_number(value), "number", literal=value)
        return Code(source.format(self.number(left), self.number(right)), "number")

    def _compare(self, node: Binary, operator: str, left: Code, right: Code) -> str:
        """A comparison with the rows of a repeat holds if it holds for any of them."""
        for side, other, turned in ((left, right, False), (right, left, True)):
            if side.many:
                each = self.each(side)
                inner = self._compare(node, operator, *((other, each) if turned else (each, other)))
                return f"any({inner} for {each.source} in {side.source})"
        if operator not in ("==", "!="):
            return f"({self.number(left)} {operator} {self.number(right)})"
        if "truth" in (left.type, right.type):
            return f"({self.truth(left, node.left)} {operator} {self.truth(right, node.right)})"
        if any(side.type in ("number", "moment") and not side.field for side in (left, right)):
            plain = [side.source if side.type == "number" else self.number(side) for side in (left, right)]
            return f"({plain[0]} {operator} {plain[1]})"
        for side, other in ((left, right), (right, left)):
            if side.field and other.literal == "":
                blank = {"number": f"{side.source} is None", "list": f"not {side.source}"}.get(side.type)
                if blank:
                    return f"({blank})" if operator == "==" else f"(not ({blank}))"
        if left.type == right.type == "number":
            return f"({left.source} {operator} {right.source})"
        return f"({self.text(left)} {operator} {self.text(right)})"

    def each(self, code: Code) -> Code:
        """Return one of many, under a fresh name."""
        return replace(code, source=f"e{next(self.fresh)}", many=False)

    def one(self, code: Code) -> Code:
        """Return the first of many, as XPath does where one value is wanted."""
        if not code.many:
            return code
        return replace(code, source=f"({code.source}[0] if {code.source} else {missing(code)})", many=False)

    def text(self, code: Code) -> str:
        """Return source of the value as text."""
        code = self.one(code)
        match code.type:
            case "text":
                return code.source
            case "number" if code.field:
                return f"('' if {code.source} is None else text_of_number({code.source}))"
            case "number":
                return f"text_of_number({code.source})"
            case "truth":
                return f"text_of_truth({code.source})"
            case "moment":
                return f"text_of_days({code.source})"
            case "list":
                return f"' '.join({code.source})"
            case "rows":
                raise self.expression.error(self.expression.root, "expected a value: a repeat can only be counted")

    def number(self, code: Code) -> str:
        """Return source of the value as a number, NaN if it is none."""
        code = self.one(code)
        match code.type:
            case "number" if code.field:
                return f"(nan if {code.source} is None else {code.source})"
            case "number" | "moment":
                return code.source
            case "truth":
                return f"(1 if {code.source} else 0)"
        if isinstance(code.literal, str):
            return _number(number_of_text(code.literal))
        return f"number_of_text({self.text(code)})"

    def truth(self, code: Code, node: Node) -> str:
        """Return source of the value as a truth.

        Raise ExpressionError for a bare field: ODK's engines disagree on whether an unanswered question is true.
        """
        if code.field or code.many:
            raise self.expression.error(
                node, "expected a comparison: an answer alone is neither true nor false, write != ''", "bare"
            )
        match code.type:
            case "truth":
                return code.source
            case "text":
                return f"({code.source} != '')"
        return f"truth_of_number({code.source})"


def missing(code: Code) -> str:
    """Return source of what a field of the type is where nothing was answered."""
    return {"number": "None", "list": "()"}.get(code.type, "''")


Build = Callable[[Compiler, Call], Code]
FUNCTIONS: dict[str, tuple[int, int, Build]] = {}  # fewest and most arguments, builder: see functions.py
MANY = 99


def check_call(expression: Expression, node: Call) -> None:
    """Raise ExpressionError, naming the nearest, if there is no function of the name."""
    if node.name not in FUNCTIONS:
        said = f"expected a function: {node.name}() is none{nearest(node.name, set(FUNCTIONS))}"
        raise expression.error(node, said, "function", f"{node.name}()")


def _number(value: float) -> str:
    if not isfinite(value):
        return {inf: "inf", -inf: "(-inf)"}.get(value, "nan")
    return repr(int(value) if value == int(value) and abs(value) < 2**53 else value)
