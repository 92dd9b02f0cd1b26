"""XLSForm expressions: text to a tree. `compiler.py` turns the tree into Python; nothing interprets it per record.

The grammar is XPath 1.0's for what XLSForm uses of it: `or and = != < <= > >= + - * div mod`, `${field}`, `.` (the
answer itself, in a constraint), literals and a fixed list of functions. `rule('path')` is ours: what the rules say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache


class ExpressionError(ValueError):
    """An expression that cannot be understood: where, and what was expected.

    `why` sorts out what other people's forms do, so that they can be told in plain words (uploaded/findings.py): a function
    not known here ("function", `what` its name), or something ODK's own engines disagree on.
    """

    def __init__(self, text: str, position: int, message: str, why: str = "compile", what: str = "") -> None:
        super().__init__(f"{message}, at character {position + 1} of {text!r}")
        self.text = text
        self.position = position
        self.why, self.what = why, what


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; `start` and `end` are where it stands in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: float


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """`${name}`."""

    name: str


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A bare word: in a choice_filter, a column of the list that is chosen from; elsewhere a mistake."""

    name: str


@dataclass(frozen=True, slots=True)
class Self(Node):
    """`.`, the answer the expression belongs to, or `..`, the row it stands in."""

    parent: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as it was written and as it was understood."""

    text: str
    root: Node

    def error(self, node: Node, message: str, why: str = "compile", what: str = "") -> ExpressionError:
        """Return an error that points at the node."""
        return ExpressionError(self.text, node.start, message, why, what)

    def nodes(self) -> Iterator[Node]:
        """Yield every part, outermost first."""
        yield from _nodes(self.root)

    def names(self) -> set[str]:
        """Return the fields it speaks of."""
        return {node.name for node in self.nodes() if isinstance(node, Name)}

    def rules(self) -> set[str]:
        """Return the paths of the rules it speaks of."""
        return {rule_path(self, node) for node in self.nodes() if isinstance(node, Call) and node.name == "rule"}

    def with_rules(self, literal: Callable[[str], str]) -> str:
        """Return the text with every rule('path') replaced by the literal given for the path."""
        text = self.text
        for node in sorted(self.nodes(), key=lambda node: -node.start):
            if isinstance(node, Call) and node.name == "rule":
                text = text[: node.start] + literal(rule_path(self, node)) + text[node.end :]
        return text


def rule_path(expression: Expression, call: Call) -> str:
    """Return the path in rule('path'). Raise ExpressionError if it is not written out there."""
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Text):
        raise expression.error(call, "rule() takes one path in quotes, such as rule('fever.threshold_c')")
    return call.arguments[0].value


def nearest(name: str, known: "set[str] | frozenset[str]") -> str:
    """Return "; did you mean …?" with the nearest known name, nothing if none is near."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    parts: tuple[Node, ...] = ()
    match node:
        case Call():
            parts = node.arguments
        case Binary():
            parts = (node.left, node.right)
        case Negative():
            parts = (node.operand,)
    for part in parts:
        yield from _nodes(part)


_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<text>'[^']*'|"[^"]*")
  | (?P<field>\$\{[ ]*(?P<field_name>[A-Za-z_][\w.-]*)[ ]*\})
  | (?P<name>[A-Za-z_][\w]*(?:-[A-Za-z_][\w]*)*)
  | (?P<symbol>!=|<=|>=|\.\.|[=<>+\-*(),.])
  | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)
_WORDS = frozenset({"or", "and", "div", "mod"})
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._read())
        self.at = 0
        self.depth = 0

    def _read(self) -> Iterator[_Token]:
        position = 0
        while True:
            found = _TOKEN.match(self.text, position)
            if found is None or found.lastgroup is None:
                raise self._unreadable(position)
            kind = "field" if found.lastgroup == "field_name" else found.lastgroup
            yield _Token(kind, found["field_name"] or found[kind], found.start(kind), found.end())
            if kind == "end":
                return
            position = found.end()

    def _unreadable(self, position: int) -> ExpressionError:
        rest = self.text[position:].lstrip()
        start = len(self.text) - len(rest)
        if rest[0] in "'\"":
            return ExpressionError(self.text, start, f"expected a closing {rest[0]}")
        if rest.startswith("$"):
            return ExpressionError(self.text, start, "expected a field, such as ${temperature}")
        hint = {"!": "expected != or not(…)", "&": "expected and", "|": "expected or", "/": "expected div"}
        return ExpressionError(self.text, start, hint.get(rest[0], f"expected an expression, not {rest[0]!r}"))

    def parse(self) -> Expression:
        root = self._binary(0)
        self._expect("end", "", "an operator or the end")
        return Expression(self.text, root)

    def _peek(self) -> _Token:
        return self.tokens[self.at]

    def _next(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, kind: str, text: str, wanted: str) -> _Token:
        token = self._peek()
        if token.kind != kind or (text and token.text != text):
            raise ExpressionError(self.text, token.start, f"expected {wanted}, not {token.text or 'the end'}")
        return self._next()

    def _operator(self, level: int) -> str:
        token = self._peek()
        if token.kind == "symbol" or (token.kind == "name" and token.text in _WORDS):
            return token.text if token.text in _LEVELS[level] else ""
        return ""

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while operator := self._operator(level):
            self._next()
            right = self._binary(level + 1)
            left = Binary(left.start, right.end, operator, left, right)
        return left

    def _unary(self) -> Node:
        token = self._peek()
        if token.kind == "symbol" and token.text == "-":
            self._next()
            operand = self._primary()  # XPath allows - - 1, phones do not
            return Negative(token.start, operand.end, operand)
        return self._primary()

    def _deeper(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError(self.text, token.start, f"expected at most {_DEEPEST} levels of brackets")

    def _primary(self) -> Node:
        token = self._next()
        match token.kind, token.text:
            case "number", text:
                return Number(token.start, token.end, float(text))
            case "text", text:
                return Text(token.start, token.end, text[1:-1])
            case "field", name:
                return Name(token.start, token.end, name)
            case "symbol", "." | "..":
                return Self(token.start, token.end, token.text == "..")
            case "symbol", "(":
                self._deeper(token)
                inner = self._binary(0)
                self._expect("symbol", ")", "a closing )")
                self.depth -= 1
                return inner
            case "name", name if name not in _WORDS:
                return self._call(token)
        raise ExpressionError(self.text, token.start, f"expected a value, not {token.text or 'the end'}")

    def _call(self, name: _Token) -> Node:
        if self._peek().text != "(" or self._peek().kind != "symbol":
            return Column(name.start, name.end, name.text)
        self._deeper(self._next())
        arguments: list[Node] = []
        if self._peek().text != ")":
            arguments.append(self._binary(0))
            while self._peek().text == "," and self._peek().kind == "symbol":
                self._next()
                arguments.append(self._binary(0))
        end = self._expect("symbol", ")", "a comma or a closing )")
        self.depth -= 1
        return Call(name.start, end.end, name.text, tuple(arguments))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return the expression. Raise ExpressionError, saying where and what was expected, if it is none."""
    if len(text) > 4000:
        raise ExpressionError(text[:40] + "…", 0, "expected at most 4000 characters")
    return _Parser(text).parse()


_HOLE = re.compile(r"\$\{\s*([A-Za-z_][\w.]*)\s*\}")


def fill(text: str) -> list[str | Name]:
    """Return the pieces of a text in which `${field}` is to be filled in: words and names in turn."""
    pieces: list[str | Name] = []
    end = 0
    for hole in _HOLE.finditer(text):
        pieces += [text[end : hole.start()], Name(hole.start(), hole.end(), hole[1])]
        end = hole.end()
    return [piece for piece in (*pieces, text[end:]) if piece != ""]
