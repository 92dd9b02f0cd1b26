"""The regular expressions of an uploaded form, wherever they stand: what a phone or we could not judge is refused.

Whatever the server leaves to phones, a pattern is looked at: one that explodes would freeze the phone in the worker's hand.
"""

from collections.abc import Iterator
from xml.dom.minidom import Element

from bulou.records.patterns import BadPattern, check_pattern
from bulou.records.uploaded.reader import Reader
from bulou.records.uploaded.tree import Node, attribute_of, attributes, elements, find
from bulou.records.uploaded.xpath import Untranslatable, parts


def say_patterns(reader: Reader) -> None:
    """Say of every pattern that is not taken why not, with its question and row, and what means the same."""
    top = reader.form.document.documentElement
    for element in _every(top) if top is not None else ():
        for _name, expression in attributes(element):
            if "regex" not in expression:
                continue
            node = _question(reader, element)
            for pattern in patterns_in(expression):
                if pattern is None:
                    reader.say("refuses", "pattern from answers", node, expression[:160])
                    continue
                try:
                    check_pattern(pattern)
                except BadPattern as bad:
                    said = "\0".join((pattern[:160], bad.code, bad.detail, bad.instead))
                    reader.say("refuses", "pattern", node, said)


def patterns_in(expression: str) -> Iterator[str | None]:
    """Yield the pattern of every regex() in the expression; None of one that is not written out in quotes."""
    try:
        said = [part for part in parts(expression) if part.kind != "space"]
    except Untranslatable:
        return  # of what is no XPath another finding tells, and no phone opens it
    for at, part in enumerate(said[:-1]):
        if part.kind != "name" or part.text != "regex" or said[at + 1].text != "(":
            continue
        arguments: list[list[str]] = [[]]
        depth = 0
        for one in said[at + 1 :]:
            opens, closes = one.text in ("(", "["), one.text in (")", "]")
            depth += (opens and one.kind == "symbol") - (closes and one.kind == "symbol")
            if depth == 0:
                break
            if depth == 1 and one.text == "," and one.kind == "symbol":
                arguments.append([])
            elif one is not said[at + 1]:
                arguments[-1].append(one.text if one.kind == "text" else "")
        second = arguments[1] if len(arguments) > 1 else []
        yield second[0][1:-1] if len(second) == 1 and second[0] else None


def _every(element: Element) -> Iterator[Element]:
    yield element
    for one in elements(element):
        yield from _every(one)


def _question(reader: Reader, element: Element) -> Node | None:
    """Return the question an element of the form speaks of."""
    for name in ("nodeset", "ref"):
        if said := attribute_of(element, name):
            return find(said, reader.form.root, reader.form.root)
    return None
