"""An XForm's XPath in the terms of our expressions: paths to questions become `${name}`, or it is said why they cannot.

A path is followed through the form's tree as XPath does: from the root, or from where the expression stands. The same
walk renames questions in an expression, for the few forms whose names cannot be keys of a record.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bulou.records.uploaded.tree import Node

_TOKEN = re.compile(
    r"""(?P<space>\s+)
  | (?P<text>'[^']*'|"[^"]*")
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<dots>\.\.|\.)
  | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
  | (?P<slash>//|/)
  | (?P<symbol>!=|<=|>=|::|[=<>+\-*(),|\[\]@$])
    """,
    re.VERBOSE,
)
_OPERATORS = frozenset({"or", "and", "div", "mod"})
AGGREGATES = frozenset({"sum", "count", "count-non-empty", "min", "max", "join", "concat", "indexed-repeat"})
_LEFT_TO_PHONES = {
    "random": "chance", "uuid": "chance", "randomize": "chance", "jr:choice-name": "language", "jr:itext": "language",
    "lang": "language", "pulldata": "instance",
}  # fmt: skip
"""Functions → why only a phone can answer: a key of the words in findings.py."""


class Untranslatable(ValueError):
    """An expression the server does not work out. `why` is a key of WHY in findings.py, `detail` what was met."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why} {detail}".strip())
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Path:
    """A path in an expression: as it was written, and the question it leads to (None if it leads to none)."""

    text: str
    node: Node | None
    within: str  # the function whose argument it is, "" if none
    plain: bool = True  # no predicate, wildcard or axis


def parts(expression: str) -> list[_Part]:
    """Return the parts of the expression, blanks kept. Raise Untranslatable at what is no XPath."""
    found: list[_Part] = []
    at = 0
    while at < len(expression):
        one = _TOKEN.match(expression, at)
        if one is None or one.lastgroup is None:
            raise Untranslatable("unreadable", expression[at : at + 20])
        found.append(_Part(one.lastgroup, one[0]))
        at = one.end()
    return found


def walk(expression: str, context: Node, root: Node) -> Iterator[str | Path]:
    """Yield the expression in pieces: text as it stands, and paths followed from the node it belongs to.

    Predicates, and paths into other instances, are yielded as paths that are not plain. Raise Untranslatable.
    """
    said = parts(expression)
    at = 0
    calls: list[str] = []
    before = ""  # the last part that was not blank: after an operand, a name is an operator and * multiplies
    while at < len(said):
        part = said[at]
        after_operand = before not in ("", "(", ",", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "|") and (
            before not in _OPERATORS
        )
        if part.kind == "name" and not (after_operand and part.text in _OPERATORS):
            following = _next(said, at + 1)
            if following == "(" and part.text not in ("current", "instance", "node", "text"):
                yield part.text
                calls.append(part.text)
                yield "("
                at = _index(said, at + 1) + 1
                before = "("
                continue
            path, at = _path(said, at, context, root, calls[-1] if calls else "")
            yield path
            before = ")"
            continue
        if part.kind == "slash" or part.text in (".", "..") or (part.text in ("*", "@") and not after_operand):
            path, at = _path(said, at, context, root, calls[-1] if calls else "")
            yield path
            before = ")"
            continue
        if part.text in ("|", "$", "::", "["):
            raise Untranslatable("xpath", part.text)
        if part.text == "(":
            calls.append("")
        elif part.text == ")" and calls:
            calls.pop()
        yield part.text
        if part.kind != "space":
            before = part.text if part.kind in ("symbol", "name") else ")"
        at += 1


def _index(said: list[_Part], at: int) -> int:
    while at < len(said) and said[at].kind == "space":
        at += 1
    return at


def _next(said: list[_Part], at: int) -> str:
    at = _index(said, at)
    return said[at].text if at < len(said) else ""


def _path(said: list[_Part], at: int, context: Node, root: Node, within: str) -> tuple[Path, int]:
    """Read one path from `at`; return it and where it ends."""
    start, node, plain = at, context, True
    found: Node | None = context
    fresh = True  # a step is expected
    first = said[at].text
    if first == "/":
        found, at = root, at + 1
        fresh = True
        if at < len(said) and said[at].text == root.name:
            at, fresh = at + 1, False
        else:
            found = None
    elif first in ("current", "instance"):
        plain = plain and first == "current"
        if first == "instance":
            found = None
        at = _closing(said, _index(said, at + 1)) + 1
        fresh = False
    while at < len(said):
        text, kind = said[at].text, said[at].kind
        if text == "[":
            plain, at = False, _closing(said, at) + 1
            continue
        if text == "//":
            plain, found, fresh, at = False, None, True, at + 1
            continue
        if text == "/" and not fresh:
            fresh, at = True, at + 1
            continue
        if not fresh:
            break
        if text == "..":
            found = found.parent if found else None
        elif text == ".":
            pass
        elif text in ("*", "@"):
            plain, found = False, None
            at, fresh = at + 1, text == "@"
            continue
        elif kind == "name":
            if _next(said, at + 1) in ("(", "::"):
                plain, found = False, None
                at = _closing(said, _index(said, at + 1)) if _next(said, at + 1) == "(" else _index(said, at + 1)
            else:
                found = found.child(text) if found else None
        else:
            break
        fresh, at = False, at + 1
    del node
    return Path("".join(part.text for part in said[start:at]), found, within, plain), at


def _closing(said: list[_Part], at: int) -> int:
    """Return where the bracket that opens at `at` closes. Raise Untranslatable if it does not."""
    depth = 0
    for i in range(at, len(said)):
        if said[i].text in ("(", "["):
            depth += 1
        elif said[i].text in (")", "]"):
            depth -= 1
            if depth == 0:
                return i
    raise Untranslatable("unreadable", said[at].text if at < len(said) else "")


def translate(expression: str, context: Node, root: Node) -> str:
    """Return the expression in our language. Raise Untranslatable, saying what the server cannot follow."""
    found = []
    for piece in walk(expression, context, root):
        if isinstance(piece, str):
            if piece in _LEFT_TO_PHONES:
                raise Untranslatable(_LEFT_TO_PHONES[piece], f"{piece}()")
            found.append(piece)
        else:
            found.append(_name(piece, context))
    return "".join(found).strip()


def _name(path: Path, context: Node) -> str:
    if path.text == ".":
        return "."
    if path.text.startswith("instance") or not path.plain:
        raise Untranslatable("instance" if path.text.startswith("instance") else "xpath", path.text[:60])
    node = path.node
    if node is None:
        raise Untranslatable("no question", path.text[:60])
    if path.within == "position" and node.repeat and node is context.row:
        return ".."
    if node.children and not node.repeat:
        raise Untranslatable("group", path.text[:60])
    around = node.parent.row if node.repeat and node.parent else node.row
    if around is not None and around.parent is not None and around.parent.row is not None:
        raise Untranslatable("rows in rows", path.text[:60])
    if around is not None and around is context.row and path.within in AGGREGATES and path.text.startswith("/"):
        raise Untranslatable("xpath", path.text[:60])  # all the rows, seen from within one of them
    return f"${{{node.key}}}"


def renamed(expression: str, context: Node, root: Node, name_of: Callable[[Node], str]) -> str:
    """Return the expression with the steps of its paths as `name_of` calls them. What leads nowhere stays as it is."""
    try:
        pieces = list(walk(expression, context, root))
    except Untranslatable:
        return expression
    return "".join(p if isinstance(p, str) else _renamed(p, name_of) for p in pieces)


def _renamed(path: Path, name_of: Callable[[Node], str]) -> str:
    if path.node is None or not path.plain:
        return path.text
    steps = path.text.split("/")
    node: Node | None = path.node
    for i in range(len(steps) - 1, -1, -1):
        step = steps[i].strip()
        if node is None or not step or step.startswith("current"):
            break
        if step in (".", ".."):
            break
        steps[i] = name_of(node)
        node = node.parent
    return "/".join(steps)
