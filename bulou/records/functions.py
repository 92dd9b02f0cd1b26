"""The functions an expression may call. Additions need an ADR: a language that grows becomes a programming language."""

import re
from collections.abc import Callable, Sequence

from bulou.records.compiler import FUNCTIONS, MANY, Build, Code, Compiler
from bulou.records.expressions import Call, Node, Self, Text, rule_path
from bulou.records.runtime import matching


def _function(name: str, fewest: int, most: int | None = None) -> Callable[[Build], Build]:
    def register(build: Build) -> Build:
        FUNCTIONS[name] = fewest, fewest if most is None else most, build
        return build

    return register


def _texts(compiler: Compiler, nodes: Sequence[Node]) -> list[str]:
    return [compiler.text(compiler.compile(node)) for node in nodes]


def _of_texts(name: str, arguments: int, source: str, type_: str, optional: int = 0) -> None:
    """Register a function whose arguments are texts, filled into `source` as {0}, {1} …"""

    def build(compiler: Compiler, node: Call) -> Code:
        return Code(source.format(*_texts(compiler, node.arguments)), type_)  # type: ignore[arg-type]

    FUNCTIONS[name] = arguments, arguments + optional, build


def _of_numbers(name: str, fewest: int, most: int, runtime: str) -> None:
    def build(compiler: Compiler, node: Call) -> Code:
        numbers = [compiler.number(compiler.compile(argument)) for argument in node.arguments]
        return Code(f"{runtime}({', '.join(numbers)})", "number")

    FUNCTIONS[name] = fewest, most, build


_of_texts("contains", 2, "({1} in {0})", "truth")
_of_texts("starts-with", 2, "{0}.startswith({1})", "truth")
_of_texts("ends-with", 2, "{0}.endswith({1})", "truth")
_of_texts("string-length", 1, "length({0})", "number")
_of_texts("coalesce", 2, "({0} or {1})", "text")
_of_texts("string", 1, "{0}", "text")
_of_numbers("int", 1, 1, "whole")
_of_numbers("round", 1, 2, "rounded")
_of_numbers("abs", 1, 1, "abs")
_of_numbers("number", 1, 1, "")
_of_numbers("decimal-date-time", 1, 1, "")


@_function("true", 0)
def _true(compiler: Compiler, node: Call) -> Code:
    return Code("True", "truth")


@_function("false", 0)
def _false(compiler: Compiler, node: Call) -> Code:
    return Code("False", "truth")


@_function("not", 1)
def _not(compiler: Compiler, node: Call) -> Code:
    return Code(f"(not {compiler.truth(compiler.compile(node.arguments[0]), node.arguments[0])})", "truth")


@_function("boolean", 1)
def _boolean(compiler: Compiler, node: Call) -> Code:
    return Code(compiler.truth(compiler.compile(node.arguments[0]), node.arguments[0]), "truth")


@_function("if", 3)
def _if(compiler: Compiler, node: Call) -> Code:
    """Both branches of one type keep it; mixed ones become text, which compares with numbers all the same."""
    condition = compiler.truth(compiler.compile(node.arguments[0]), node.arguments[0])
    yes, no = (compiler.compile(branch) for branch in node.arguments[1:])
    if yes.type == no.type and yes.type in ("truth", "moment"):
        return Code(f"({yes.source} if {condition} else {no.source})", yes.type)
    if yes.type == no.type == "number" and not (yes.field or no.field):
        return Code(f"({yes.source} if {condition} else {no.source})", "number")
    return Code(f"({compiler.text(yes)} if {condition} else {compiler.text(no)})", "text")


@_function("concat", 0, MANY)
def _concat(compiler: Compiler, node: Call) -> Code:
    parts = []
    for argument in node.arguments:
        code = compiler.compile(argument)
        if code.many:
            each = compiler.each(code)
            parts.append(f"''.join({compiler.text(each)} for {each.source} in {code.source})")
        else:
            parts.append(compiler.text(code))
    return Code(f"({' + '.join(parts)})" if parts else "''", "text")


@_function("substr", 2, 3)
def _substr(compiler: Compiler, node: Call) -> Code:
    text, *ends = node.arguments
    numbers = ", ".join(compiler.number(compiler.compile(end)) for end in ends)
    return Code(f"part({compiler.text(compiler.compile(text))}, {numbers})", "text")


@_function("regex", 2)
def _regex(compiler: Compiler, node: Call) -> Code:
    """ODK's engines differ on whether a pattern must match all of the text, so ours must say so: '^…$'."""
    value, pattern = node.arguments
    if not isinstance(pattern, Text) or not (pattern.value.startswith("^") and pattern.value.endswith("$")):
        raise compiler.expression.error(pattern, "expected a pattern in quotes from ^ to $, such as '^[0-9]{11}$'")
    try:
        matching(pattern.value)
    except re.error as error:
        raise compiler.expression.error(pattern, f"expected a regular expression: {error}") from error
    return Code(f"matches({pattern.value!r}, {compiler.text(compiler.compile(value))})", "truth")


@_function("selected", 2)
def _selected(compiler: Compiler, node: Call) -> Code:
    chosen = compiler.one(compiler.compile(node.arguments[0]))
    value = compiler.compile(node.arguments[1])
    if chosen.type == "list" and isinstance(value.literal, str) and value.literal.strip():
        return Code(f"({value.literal.strip()!r} in {chosen.source})", "truth")
    return Code(f"selected({compiler.text(chosen)}, {compiler.text(value)})", "truth")


@_function("count-selected", 1)
def _count_selected(compiler: Compiler, node: Call) -> Code:
    chosen = compiler.one(compiler.compile(node.arguments[0]))
    return Code(f"len({chosen.source if chosen.type == 'list' else compiler.text(chosen) + '.split()'})", "number")


@_function("selected-at", 2)
def _selected_at(compiler: Compiler, node: Call) -> Code:
    chosen, index = (compiler.compile(argument) for argument in node.arguments)
    return Code(f"selected_at({compiler.text(chosen)}, {compiler.number(index)})", "text")


def _rows(compiler: Compiler, node: Node) -> Code:
    code = compiler.compile(node)
    if not (code.many or code.type == "rows"):
        raise compiler.expression.error(node, "expected a repeat, or a field of one from outside it")
    return code


@_function("count", 1)
def _count(compiler: Compiler, node: Call) -> Code:
    return Code(f"len({_rows(compiler, node.arguments[0]).source})", "number")


@_function("count-non-empty", 1)
def _count_non_empty(compiler: Compiler, node: Call) -> Code:
    code = _rows(compiler, node.arguments[0])
    each = compiler.each(code)
    return Code(f"sum({compiler.text(each)} != '' for {each.source} in {code.source})", "number")


@_function("sum", 1)
def _sum(compiler: Compiler, node: Call) -> Code:
    """As the phone's form writes it (xforms.py): of nothing answered 0, else as in XPath, where a blank is no number."""
    code = _rows(compiler, node.arguments[0])
    each = compiler.each(code)
    total = f"sum({compiler.number(each)} for {each.source} in {code.source})"
    return Code(f"({total} if any({compiler.text(each)} != '' for {each.source} in {code.source}) else 0)", "number")


def _extreme(name: str) -> None:
    def build(compiler: Compiler, node: Call) -> Code:
        parts = []
        for argument in node.arguments:
            code = compiler.compile(argument)
            if code.many:
                each = compiler.each(code)
                parts.append(f"*({compiler.number(each)} for {each.source} in {code.source})")
            else:
                parts.append(compiler.number(code))
        return Code(f"extreme({name}, ({', '.join(parts)},))", "number")

    FUNCTIONS[name] = 1, MANY, build


_extreme("min")
_extreme("max")


@_function("pulldata", 4)
def _pulldata(compiler: Compiler, node: Call) -> Code:
    """What a table says in one column, of the first row whose other column holds the value; "" if none does."""
    names = [each.value if isinstance(each, Text) else "" for each in node.arguments[:3]]
    table = compiler.scope.tables.get(names[0])
    if table is None:
        raise compiler.expression.error(node.arguments[0], f"expected the name of a table, not {names[0]!r}")
    for name, argument in zip(names[1:], node.arguments[1:3], strict=True):
        if not any(name in row for row in table):
            raise compiler.expression.error(argument, f"expected a column: the table {names[0]!r} has no {name!r}")
    wanted, by = names[1:]
    found = {row.get(by, ""): row.get(wanted, "") for row in reversed(table)}
    value = compiler.text(compiler.compile(node.arguments[3]))
    return Code(f"{compiler.scope.constant(found)}.get({value}, '')", "text")


@_function("now", 0)
def _now(compiler: Compiler, node: Call) -> Code:
    return compiler.scope.now(compiler.expression, node)


@_function("today", 0)
def _today(compiler: Compiler, node: Call) -> Code:
    return compiler.scope.today(compiler.expression, node)


@_function("date-time", 1)
def _date_time(compiler: Compiler, node: Call) -> Code:
    return Code(compiler.number(compiler.compile(node.arguments[0])), "moment")


@_function("date", 1)
def _date(compiler: Compiler, node: Call) -> Code:
    return Code(f"day({compiler.number(compiler.compile(node.arguments[0]))})", "moment")


@_function("format-date", 2)
@_function("format-date-time", 2)
def _format_date(compiler: Compiler, node: Call) -> Code:
    moment, layout = _texts(compiler, node.arguments)
    return Code(f"formatted({moment}, {layout}, {node.name == 'format-date-time'})", "text")


@_function("once", 1)
def _once(compiler: Compiler, node: Call) -> Code:
    own = compiler.text(compiler.scope.self(compiler.expression, Self(node.start, node.end)))
    return Code(f"({own} or {_texts(compiler, node.arguments)[0]})", "text")


@_function("position", 1)
def _position(compiler: Compiler, node: Call) -> Code:
    argument = node.arguments[0]
    if not (isinstance(argument, Self) and argument.parent):
        raise compiler.expression.error(argument, "expected position(..), the number of the row")
    return compiler.scope.row(compiler.expression, node)


@_function("rule", 1)
def _rule(compiler: Compiler, node: Call) -> Code:
    path = rule_path(compiler.expression, node)
    if compiler.scope.ruleset is None:
        raise compiler.expression.error(node, "there is no rule set here")
    try:
        value = compiler.scope.ruleset.get(path)
    except LookupError as error:
        raise compiler.expression.error(node, str(error.args[0])) from error
    match value:
        case bool():
            return Code(repr(value), "truth")
        case int() | float():
            return Code(repr(value), "number", literal=value)
        case str():
            return Code(repr(value), "text", literal=value)
    raise compiler.expression.error(node, f"the rule {path!r} is a list, which an expression cannot hold")
