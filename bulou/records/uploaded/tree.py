"""An XForm as a tree of questions: what its model says of each node and how its body asks for it.

Reads what ODK's own tools and others write: absolute and relative references, itext or plain labels, choices in the
body or in an instance of their own. Nothing in it is evaluated.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.dom.minidom import Document, Element
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.minidom import parseString

CONTROLS = ("input", "select1", "select", "upload", "trigger", "range", "rank", "secret")
DEEPEST, MOST = 30, 5000  # levels and nodes
HOLE = "…"  # stands for an answer filled into a label


class NotAForm(ValueError):
    """The file is no XForm. `code` is a key of the words in findings.py."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(eq=False)
class Node:
    """A node of the form's instance. `key` is what it is called in a record; `row` the nearest repeat around it."""

    name: str
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    bind: Element | None = None
    control: Element | None = None
    repeat: bool = False
    preset: str = ""
    elements: list[Element] = field(default_factory=list)
    key: str = ""
    count: str = ""  # of a repeat: how many rows, if the form says so

    @property
    def path(self) -> str:
        return f"{self.parent.path if self.parent else ''}/{self.name}"

    @property
    def row(self) -> "Node | None":
        """The repeat whose row holds the node; itself, if it is one."""
        node: Node | None = self
        while node is not None and not node.repeat:
            node = node.parent
        return node

    def child(self, name: str) -> "Node | None":
        return next((one for one in self.children if one.name == name), None)

    def every(self) -> Iterator["Node"]:
        yield self
        for one in self.children:
            yield from one.every()

    def said(self, attribute: str) -> str:
        """Return what the bind says, such as "relevant" or "constraintMsg", whatever its prefix."""
        return attribute_of(self.bind, attribute) if self.bind is not None else ""


@dataclass
class Form:
    """The tree, and what the form says in each of its languages. `languages`: the form's own names, its first first."""

    document: Document
    root: Node
    model: Element
    title: str
    languages: list[str]
    texts: dict[str, dict[str, dict[str, str]]]  # language → itext id → form ("" the text itself) → words
    lists: dict[str, list[dict[str, str]]]  # instance id → its items
    sources: dict[str, str]  # instance id → where it is fetched from


def local(element: Any) -> str:
    """Return the name of an element without its prefix."""
    return str(element.tagName).rpartition(":")[2]


def attribute_of(element: Element, name: str) -> str:
    """Return an attribute by its name without prefix; "" if it is not there."""
    if element.hasAttribute(name):
        return str(element.getAttribute(name)).strip()
    return next((value.strip() for own, value in attributes(element) if own.rpartition(":")[2] == name), "")


def attributes(element: Element) -> list[tuple[str, str]]:
    """Return the attributes of an element as they are written, with their prefixes."""
    return [(str(name), str(value)) for name, value in element.attributes.items()]


def elements(element: Any, *names: str) -> list[Element]:
    """Return the children that are elements, of these names only if any are given."""
    found = [one for one in element.childNodes if one.nodeType == one.ELEMENT_NODE]
    return [one for one in found if local(one) in names] if names else found


def text_of(element: Any) -> str:
    """Return what an element says; an answer filled in is left as a hole."""
    said = []
    for one in element.childNodes:
        if one.nodeType in (one.TEXT_NODE, one.CDATA_SECTION_NODE):
            said.append(one.data)
        elif one.nodeType == one.ELEMENT_NODE:
            said.append(HOLE if local(one) == "output" else text_of(one))
    return " ".join("".join(said).split())


def read_tree(xml: str) -> Form:
    """Return the form. Raise NotAForm."""
    try:
        document = parseString(xml, forbid_dtd=True)
    except (ExpatError, DefusedXmlException, ValueError, UnicodeError) as error:
        raise NotAForm("not xml", str(error)[:120]) from error
    html = document.documentElement
    heads = elements(html, "head")
    models = elements(heads[0], "model") if heads else []
    bodies = elements(html, "body")
    if local(html) != "html" or not models or not bodies:
        raise NotAForm("no xform")
    model = models[0]
    instances = elements(model, "instance")
    roots = elements(instances[0]) if instances else []
    if not roots:
        raise NotAForm("no instance")
    titles = elements(heads[0], "title")
    root = _grown(roots[0], None, [0])
    languages, texts = _itext(model)
    form = Form(document, root, model, text_of(titles[0]) if titles else "", languages, texts, {}, {})
    for one in instances[1:]:
        name, source = attribute_of(one, "id"), attribute_of(one, "src")
        if source:
            form.sources[name] = source
        else:
            form.lists[name] = [
                {local(part): text_of(part) for part in elements(item)}
                for top in elements(one)
                for item in elements(top)
            ]
    binds = _bound(model, root)
    _asked(bodies[0], root, root, binds)
    return form


def _grown(element: Element, parent: Node | None, count: list[int], depth: int = 0) -> Node:
    count[0] += 1
    if count[0] > MOST or depth > DEEPEST:
        raise NotAForm("too many questions", str(MOST))
    node = Node(str(element.tagName), parent, elements=[element])
    for one in elements(element):
        grown = _grown(one, node, count, depth + 1)
        same = node.child(grown.name)
        if same is None:
            node.children.append(grown)
        else:  # the template of a repeat and its first row
            _merge(same, grown)
    if not node.children:
        node.preset = text_of(element)
    return node


def _merge(into: Node, other: Node) -> None:
    into.elements += other.elements
    for one in other.children:
        same = into.child(one.name)
        if same is None:
            one.parent = into
            into.children.append(one)
        else:
            _merge(same, one)


def find(reference: str, context: Node, root: Node) -> Node | None:
    """Return the node a plain path leads to; None if there is none."""
    node: Node | None = context
    steps = [step.strip() for step in reference.strip().split("/")]
    if steps and steps[0] == "":
        if len(steps) < 2 or steps[1] != root.name:
            return None
        node, steps = root, steps[2:]
    for step in steps:
        if node is None or step in (".", ""):
            continue
        node = node.parent if step == ".." else node.child(step)
    return node


def _bound(model: Element, root: Node) -> dict[str, Node]:
    """Give every node its bind; return the nodes by the ids of their binds."""
    by_id = {}
    for one in elements(model, "bind"):
        node = find(attribute_of(one, "nodeset") or attribute_of(one, "ref"), root, root)
        if node is not None:
            node.bind = one
            by_id[attribute_of(one, "id")] = node
    return by_id


def _asked(element: Any, context: Node, root: Node, binds: dict[str, Node]) -> None:
    """Give every node its control, and tell which are repeats."""
    for one in elements(element):
        name = local(one)
        reference = attribute_of(one, "nodeset" if name == "repeat" else "ref") or attribute_of(one, "ref")
        node = find(reference, context, root) if reference else binds.get(attribute_of(one, "bind") or "-")
        if name in ("group", "repeat"):
            if node is not None and node is not root:
                node.repeat = node.repeat or name == "repeat"
                node.count = node.count or (attribute_of(one, "count") if name == "repeat" else "")
                if node.control is None or name == "group":
                    node.control = one
            _asked(one, node or context, root, binds)
        elif name in CONTROLS and node is not None:
            node.control = node.control or one


def _itext(model: Element) -> tuple[list[str], dict[str, dict[str, dict[str, str]]]]:
    texts: dict[str, dict[str, dict[str, str]]] = {}
    first = ""
    for itext in elements(model, "itext"):
        for translation in elements(itext, "translation"):
            language = attribute_of(translation, "lang")
            if attribute_of(translation, "default") and not first:
                first = language
            said = texts.setdefault(language, {})
            for text in elements(translation, "text"):
                said[attribute_of(text, "id")] = {
                    attribute_of(value, "form"): text_of(value) for value in reversed(elements(text, "value"))
                }
    languages = sorted(texts, key=lambda language: language != first)
    return languages or [""], texts
