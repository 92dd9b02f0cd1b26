"""What the questions of a form are called in a record: their own names, where those can be keys."""

import re
from collections.abc import Iterator
from xml.dom.minidom import Element

from bulou.records.fields import NAME
from bulou.records.uploaded.tree import Form, Node, attributes, elements, local
from bulou.records.uploaded.xpath import renamed

_BAD = re.compile(r"[^A-Za-z0-9_]")
_ATTRIBUTES = (
    "nodeset",
    "ref",
    "relevant",
    "constraint",
    "calculate",
    "required",
    "readonly",
    "count",
    "value",
    "saveto",
)


def is_meta(node: Node) -> bool:
    """Tell whether the node is the form's own: instance id, audit, entity."""
    return node.name.rpartition(":")[2] == "meta" and node.parent is not None and node.parent.parent is None


def asked(node: Node) -> list[Node]:
    """Return the children that are questions."""
    return [one for one in node.children if not is_meta(one)]


def safe(name: str) -> str:
    """Return the name as a key may be written: letters it cannot have are told by their number."""
    found = _BAD.sub(lambda one: "_" if one[0] in "-.:" else f"u{ord(one[0]):x}", name).strip("_")
    return found if NAME.fullmatch(found) else f"q_{found}"


def name_nodes(form: Form) -> list[Node]:
    """Give every question its key, unique in its record or row; return those that had to be renamed."""
    changed: list[Node] = []
    _name(form.root, {}, set(), changed)
    return changed


def _name(parent: Node, taken: dict[str, Node], columns: set[str], changed: list[Node]) -> None:
    children = asked(parent)
    for node in children:
        wanted = safe(node.name)
        inside = f"{node.row.key}_" if node.row is not None and node.row is not node else ""
        key, number = wanted, 1
        while key in taken or (inside and f"{inside}{key}" in columns):
            key = f"{safe(parent.name)}_{wanted}" if number == 1 else f"{wanted}_{number}"
            number += 1
        taken[key] = node
        if inside:
            columns.add(f"{inside}{key}")
        node.key = key
        if key != node.name:
            changed.append(node)
    for node in children:
        if node.children:
            _name(node, {} if node.repeat else taken, columns, changed)


def rename(form: Form) -> None:
    """Call every question in the form as its key, and every reference to it."""
    owners = {id(one): node for node in form.root.every() for one in (node.bind, node.control) if one is not None}
    top = form.document.documentElement
    for element, context in _every(top, form.root, form.root, owners) if top is not None else ():
        # What stands on a question is written from the root by every tool we know, or relative to the question.
        for name, value in attributes(element):
            if name.rpartition(":")[2] not in _ATTRIBUTES or name.startswith("xmlns"):
                continue
            if name != "value" or local(element) in ("output", "setvalue"):
                element.setAttribute(name, renamed(value, context, form.root, _key_of))
    for node in form.root.every():
        if node.key and node.key != node.name:
            for old in node.elements:
                _retag(form, old, node.key)


def _key_of(node: Node) -> str:
    return node.key or node.name


def _retag(form: Form, old: Element, name: str) -> None:
    new = form.document.createElement(name)
    for attribute, value in attributes(old):
        new.setAttribute(attribute, value)
    while old.firstChild:
        new.appendChild(old.firstChild)
    if old.parentNode is not None:
        old.parentNode.replaceChild(new, old)


def _every(element: Element, context: Node, root: Node, owners: dict[int, Node]) -> Iterator[tuple[Element, Node]]:
    """Yield every element with the question it stands on, the form where it stands on none; choices stand on theirs."""
    here = owners.get(id(element), context if local(element) == "itemset" else root)
    yield element, here
    for one in elements(element):
        yield from _every(one, here, root, owners)
