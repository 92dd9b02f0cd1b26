"""The functions an expression may call: those of the ODK XForms specification that give the same answer wherever asked.

What is not here and why: docs/adr/0004. Additions need a word there: a language that grows becomes a programming one.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import pi

from bulou.records.compiler import FUNCTIONS, MANY, Build, Code, Compiler, missing
from bulou.records.expressions import Call, Node, Self, Text, rule_path
from bulou.records.patterns import BadPattern, check_pattern, why


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


def _each_text(compiler: Compiler, nodes: Sequence[Node]) -> str:
    """Return source of a list of texts: one for each argument, one a row of what stands in a repeat."""
    parts = []
    for argument in nodes:
        code = compiler.compile(argument)
        if code.many:
            each = compiler.each(code)
            parts.append(f"*({compiler.text(each)} for {each.source} in {code.source})")
        else:
            parts.append(compiler.text(code))
    return f"[{', '.join(parts)}]"


_of_texts("contains", 2, "({1} in {0})", "truth")
_of_texts("starts-with", 2, "{0}.startswith({1})", "truth")
_of_texts("ends-with", 2, "{0}.endswith({1})", "truth")
_of_texts("string-length", 1, "length({0})", "number")
_of_texts("coalesce", 2, "({0} or {1})", "text")
_of_texts("string", 1, "{0}", "text")
_of_texts("substring-before", 2, "ahead_of({0}, {1})", "text")
_of_texts("translate", 3, "translated({0}, {1}, {2})", "text")
_of_texts("normalize-space", 1, "unspaced({0})", "text")
_of_texts("base64-decode", 1, "unbase64({0})", "text")
_of_texts("boolean-from-string", 1, "({0} in ('1', 'true'))", "truth")
_of_texts("decimal-time", 1, "clock_days({0})", "number")
_of_texts("geofence", 2, "inside({0}, {1})", "truth")
for _name, _source in (("int", "whole"), ("abs", "abs"), ("number", ""), ("log", "logarithm"),
                       ("log10", "logarithm10")):  # fmt: skip
    _of_numbers(_name, 1, 1, _source)
for _name in ("floor", "ceiling", "sqrt", "exp", "exp10", "sin", "cos", "tan", "asin", "acos", "atan"):
    _of_numbers(_name, 1, 1, _name)
_of_numbers("round", 1, 2, "rounded")
_of_numbers("pow", 2, 2, "power")
_of_numbers("atan2", 2, 2, "atan2")


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
    return Code(f"''.join({_each_text(compiler, node.arguments)})", "text")


@_function("join", 1, MANY)
def _join(compiler: Compiler, node: Call) -> Code:
    between, *said = node.arguments
    for each in said:
        _asked(compiler, node, each, compiler.compile(each))
    return Code(f"{_texts(compiler, [between])[0]}.join({_each_text(compiler, said)})", "text")


@_function("substring-after", 2)
def _substring_after(compiler: Compiler, node: Call) -> Code:
    """ODK's engine for the web leaves one letter out however long the text looked for is; JavaRosa leaves all of it out."""
    wanted = node.arguments[1]
    if not isinstance(wanted, Text) or len(wanted.value) > 1:
        said = "expected one letter in quotes: after more, ODK's engines disagree"
        raise compiler.expression.error(wanted, said, "engines", "substring-after()")
    text = _texts(compiler, node.arguments[:1])[0]
    return Code(f"{text}.partition({wanted.value!r})[2]" if wanted.value else text, "text")


@_function("substring", 2, 3)
def _substring(compiler: Compiler, node: Call) -> Code:
    text, *ends = node.arguments
    numbers = ", ".join(compiler.number(compiler.compile(end)) for end in ends)
    return Code(f"cut({_texts(compiler, [text])[0]}, {numbers})", "text")


_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@_function("digest", 2, 3)
def _digest(compiler: Compiler, node: Call) -> Code:
    text, algorithm, *rest = node.arguments
    if not isinstance(algorithm, Text) or algorithm.value not in _HASHES:
        raise compiler.expression.error(algorithm, f"expected one of {', '.join(_HASHES)} in quotes")
    encoding = rest[0].value if rest and isinstance(rest[0], Text) else "" if rest else "base64"
    if encoding not in ("base64", "hex"):
        raise compiler.expression.error(rest[0], "expected 'base64' or 'hex'")
    return Code(f"hashed({_texts(compiler, [text])[0]}, {_HASHES[algorithm.value]!r}, {encoding!r})", "text")


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
        said = "expected a pattern in quotes from ^ to $, such as '^[0-9]{11}$'"
        raise compiler.expression.error(pattern, said, "engines", "regex()")
    try:
        check_pattern(pattern.value)
    except BadPattern as bad:
        said = f"expected a regular expression: {why(bad.code, bad.detail, bad.instead, 'en')}"
        raise compiler.expression.error(pattern, said, "pattern", "regex()") from bad
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


def _asked(compiler: Compiler, call: Call, node: Node, code: Code) -> None:
    """Raise ExpressionError if there may be rows that do not ask it: JavaRosa leaves them out, the phone does not."""
    if not code.asked:
        said = "expected a field that every row asks: of others ODK's engines differ"
        raise compiler.expression.error(node, said, "engines", f"{call.name}()")


@_function("count", 1)
def _count(compiler: Compiler, node: Call) -> Code:
    code = _rows(compiler, node.arguments[0])
    _asked(compiler, node, node.arguments[0], code)
    return Code(f"len({code.source})", "number")


@_function("count-non-empty", 1)
def _count_non_empty(compiler: Compiler, node: Call) -> Code:
    code = _rows(compiler, node.arguments[0])
    each = compiler.each(code)
    return Code(f"sum({compiler.text(each)} != '' for {each.source} in {code.source})", "number")


@_function("sum", 1)
def _sum(compiler: Compiler, node: Call) -> Code:
    """Of what was answered, and of nothing 0, as JavaRosa has it; for ODK's other engine xforms.py writes it out."""
    return Code(f"sum({_numbers_of(compiler, _rows(compiler, node.arguments[0]))})", "number")


def _numbers_of(compiler: Compiler, rows: Code) -> str:
    """Return source of the numbers in the rows that have an answer."""
    each = compiler.each(rows)
    return f"{compiler.number(each)} for {each.source} in {rows.source} if {compiler.text(each)} != ''"


@_function("indexed-repeat", 3)
def _indexed_repeat(compiler: Compiler, node: Call) -> Code:
    value, rows = (compiler.compile(argument) for argument in node.arguments[:2])
    if not value.many:
        raise compiler.expression.error(node.arguments[0], "expected a field of a repeat from outside it")
    if rows.type != "rows" or rows.repeat != value.repeat:
        raise compiler.expression.error(node.arguments[1], f"expected the repeat the field is in, {value.repeat!r}")
    index = compiler.number(compiler.compile(node.arguments[2]))
    return replace(value, source=f"at_row({value.source}, {index}, {missing(value)})", many=False, repeat="")


@_function("checklist", 3, MANY)
def _checklist(compiler: Compiler, node: Call) -> Code:
    fewest, most = (compiler.number(compiler.compile(each)) for each in node.arguments[:2])
    met = " + ".join(compiler.truth(compiler.compile(each), each) for each in node.arguments[2:])
    return Code(f"between({fewest}, {most}, {met})", "truth")


@_function("weighted-checklist", 4, MANY)
def _weighted_checklist(compiler: Compiler, node: Call) -> Code:
    fewest, most = (compiler.number(compiler.compile(each)) for each in node.arguments[:2])
    conditions, weights = node.arguments[2::2], node.arguments[3::2]
    if len(conditions) != len(weights):
        raise compiler.expression.error(node, "expected a weight after every condition in weighted-checklist()")
    met = " + ".join(
        f"({compiler.number(compiler.compile(weight))} if {compiler.truth(compiler.compile(each), each)} else 0)"
        for each, weight in zip(conditions, weights, strict=True)
    )
    return Code(f"between({fewest}, {most}, {met})", "truth")


def _over_places(name: str, most: int) -> None:
    def build(compiler: Compiler, node: Call) -> Code:
        return Code(f"{name}({_each_text(compiler, node.arguments)})", "number")

    FUNCTIONS[name] = 1, most, build


_over_places("distance", MANY)
_over_places("area", 1)


@_function("pi", 0)
def _pi(compiler: Compiler, node: Call) -> Code:
    return Code("pi", "number", literal=pi)


def _extreme(name: str) -> None:
    def build(compiler: Compiler, node: Call) -> Code:
        parts = []
        for argument in node.arguments:
            code = compiler.compile(argument)
            if code.many:
                parts.append(f"*({_numbers_of(compiler, code)})")
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


def _days(compiler: Compiler, node: Node) -> str:
    """Return source of days: a number as it stands, of anything else the moment its text names."""
    code = compiler.compile(node)
    if code.type == "moment" or (code.type == "number" and not code.field):
        return compiler.number(code)
    return f"days_named({compiler.text(code)})"


@_function("decimal-date-time", 1)
def _decimal_date_time(compiler: Compiler, node: Call) -> Code:
    return Code(_days(compiler, node.arguments[0]), "number")


@_function("date-time", 1)
def _date_time(compiler: Compiler, node: Call) -> Code:
    return Code(_days(compiler, node.arguments[0]), "moment")


@_function("date", 1)
def _date(compiler: Compiler, node: Call) -> Code:
    return Code(f"day({_days(compiler, node.arguments[0])})", "moment")


_of_texts("format-date", 2, "formatted({0}, {1})", "text")
_of_texts("format-date-time", 2, "formatted({0}, {1})", "text")


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
