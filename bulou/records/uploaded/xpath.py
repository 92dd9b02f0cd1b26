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
_LIST = re.compile(r"""instance\(\s*(['"])([^'"]+)\1\s*\)\s*/\s*[\w.-]+\s*/\s*[\w.-]+\s*""")
AGGREGATES = frozenset({"sum", "count", "count-non-empty", "min", "max", "join", "concat", "indexed-repeat"})
_LEFT_TO_PHONES = {
    "random": "chance", "uuid": "chance", "randomize": "chance", "jr:choice-name": "language", "jr:itext": "language",
    "lang": "language",
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
            found.append(_name(piece, context, root))
    return "".join(found).strip()


def predicates(path: str) -> tuple[str, list[str], str]:
    """Return the list an instance(..) path leads into, what is asked of its items, and what follows them.

    Raise Untranslatable if it is no such path.
    """
    found = _LIST.search(path)
    if found is None:
        raise Untranslatable("instance", path[:60])
    said = parts(path[found.end() :])
    asked, at = [], 0
    while at < len(said) and said[at].text == "[":
        end = _closing(said, at)
        asked.append("".join(part.text for part in said[at + 1 : end]))
        at = _index(said, end + 1)
    return found[2], asked, "".join(part.text for part in said[at:]).strip()


def translate_filter(expression: str, context: Node, root: Node) -> str:
    """Return what is asked of the items of a list, in our language: bare words are its columns. Raise Untranslatable."""
    found = []
    for piece in walk(expression, context, root):
        if isinstance(piece, str):
            found.append(piece)
        elif piece.text.startswith(("/", "current()")):
            found.append(_name(piece, context, root))
        elif re.fullmatch(r"[A-Za-z_]\w*(?:-[A-Za-z_]\w*)*", piece.text, re.ASCII):
            found.append(piece.text)
        else:
            raise Untranslatable("xpath", piece.text[:60])
    said = "".join(found).strip()
    if re.fullmatch(r"[\d.]*", said):  # the place of an item
        raise Untranslatable("xpath", f"[{said}]")
    return said


def _lookup(path: Path, context: Node, root: Node) -> str:
    """Return instance('list')/…/item[key = value]/column as pulldata(). Raise Untranslatable if it asks for more."""
    name, asked, rest = predicates(path.text)
    column = re.fullmatch(r"/\s*([\w.-]+)", rest)
    if len(asked) != 1 or column is None:
        raise Untranslatable("instance", path.text[:60])
    said, depth, sides = parts(asked[0]), 0, [""]
    for part in said:
        depth += (part.text in ("(", "[")) - (part.text in (")", "]"))
        if depth == 0 and part.text in ("=", "and", "or", "!=", "<", ">", "<=", ">="):
            if part.text != "=":
                raise Untranslatable("instance", path.text[:60])
            sides.append("")
        else:
            sides[-1] += part.text
    keys = [side.strip() for side in sides if re.fullmatch(r"\s*[^\W\d][\w.-]*\s*", side)]
    if len(sides) != 2 or len(keys) != 1:
        raise Untranslatable("instance", path.text[:60])
    value = next(side for side in sides if side.strip() != keys[0])
    return f"pulldata('{name}', '{column[1]}', '{keys[0]}', {translate_filter(value, context, root)})"


def _row_of(node: Node) -> Node | None:
    """Return the repeat whose row asks the question: of a repeat, the one around it."""
    return (node.parent.row if node.parent else None) if node.repeat else node.row


def _name(path: Path, context: Node, root: Node) -> str:
    if path.text == ".":
        return "."
    if path.text.startswith("instance"):
        return _lookup(path, context, root)
    if not path.plain:
        raise Untranslatable("xpath", path.text[:60])
    node = path.node
    if node is None:
        raise Untranslatable("no question", path.text[:60])
    if path.within == "position" and node.repeat and node is context.row:
        return ".."
    if node.children and not node.repeat:
        raise Untranslatable("group", path.text[:60])
    around: list[Node] = []  # the repeats the expression stands in, the nearest first
    row = _row_of(context)
    while row is not None:
        around.append(row)
        row = _row_of(row)
    inside, absolute = _row_of(node), path.text.startswith("/")
    if inside is None or inside in around:
        if inside is not None and path.within in AGGREGATES and absolute:
            raise Untranslatable("xpath", path.text[:60])  # all the rows, seen from within one of them
        nearer = around[: around.index(inside)] if inside is not None else around
        if nearer and any(each.key == node.key and _row_of(each) in nearer for each in root.every()):
            raise Untranslatable("xpath", path.text[:60])  # a question of the row has the same name
        return f"${{{node.key}}}"
    key = node.key
    while inside is not None:
        if absolute and inside in around:
            raise Untranslatable("xpath", path.text[:60])
        key, inside = f"{inside.key}.{key}", _row_of(inside)
    return f"${{{key}}}"


def renamed(expression: str, context: Node, root: Node, name_of: Callable[[Node], str]) -> str:
    """Return the expression with the steps of its paths as `name_of` calls them. What leads nowhere stays as it is."""
    try:
        return _renamed_in(expression, context, root, name_of, inside=False)
    except Untranslatable:
        return expression


def _renamed_in(
    expression: str, context: Node, root: Node, name_of: Callable[[Node], str], *, inside: bool
) -> str:  # fmt: skip
    """`inside` a predicate, what does not begin at the root or the question itself speaks of the item of a list."""
    found = []
    for piece in walk(expression, context, root):
        if isinstance(piece, str):
            found.append(piece)
        elif "[" in piece.text:
            said, at, text = parts(piece.text), 0, ""
            while at < len(said):
                if said[at].text == "[":
                    end = _closing(said, at)
                    inner = "".join(part.text for part in said[at + 1 : end])
                    text += f"[{_renamed_in(inner, context, root, name_of, inside=True)}]"
                    at = end
                else:
                    text += said[at].text
                at += 1
            found.append(text)
        elif inside and not piece.text.startswith(("/", "current()")):
            found.append(piece.text)
        else:
            found.append(_renamed(piece, name_of))
    return "".join(found)


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
