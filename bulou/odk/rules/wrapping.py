"""A county's own XForm with our first question put before its own: whom or what the record is about.

Everything of theirs stays as it is. What we add goes by the prefix their form uses for XForms.
"""

import re
from collections.abc import Iterator
from typing import Any, cast
from xml.dom.minidom import Document, Element

from defusedxml.minidom import parseString

from bulou.records.xforms import XFormError

JR = "http://openrosa.org/javarosa"


def wrapped(xml: str, *, group: str, label: str, sort: str, sorts: list[tuple[str, str, str, str]], asks: str) -> str:
    """Return the form with the group of our questions. Raise XFormError if it has no place for them.

    `sorts`: of each type of subject its name, what it is called, the question, and the list it is chosen from; where
    there are several, `sort` is the name of the question which, and `asks` that question.
    """
    document: Document = parseString(xml)
    try:
        model = next(_below(document, "model"))
        primary = next(_below(model, "instance"))
        root = next(_children(primary))
        body = next(_below(document, "body"))
    except StopIteration:
        raise XFormError("the form has no model, no instance or no body") from None
    made = _Made(document, f"{model.prefix}:" if model.prefix else "", f"/{root.tagName}")
    _step_aside(document, model, {source for *_, source in sorts})
    data = document.createElement(group)
    questions = made.new("group", appearance="field-list", ref=f"{made.root}/{group}")
    questions.appendChild(made.said("label", label))
    binds: list[Element] = []
    several = len(sorts) > 1
    if several:
        data.appendChild(document.createElement(sort))
        which = made.new("select1", ref=f"{made.root}/{group}/{sort}")
        which.appendChild(made.said("label", asks))
        for name, called, *_ in sorts:
            item = made.new("item")
            item.appendChild(made.said("label", called))
            item.appendChild(made.said("value", name))
            which.appendChild(item)
        questions.appendChild(which)
        binds.append(made.new("bind", nodeset=f"{made.root}/{group}/{sort}", type="string", required="true()"))
    for name, _, asked, source in sorts:
        path = f"{made.root}/{group}/_{name}"
        data.appendChild(document.createElement(f"_{name}"))
        relevant = {"relevant": f"{made.root}/{group}/{sort} = '{name}'"} if several else {}
        binds.append(made.new("bind", nodeset=path, type="string", required="true()", **relevant))
        questions.appendChild(made.chosen(path, asked, source))
        instance = made.new("instance", id=source, src=f"jr://file-csv/{source}.csv")
        model.insertBefore(instance, cast(Any, primary.nextSibling))
    for name in ("start", "end"):
        root.insertBefore(document.createElement(f"_{name}"), root.firstChild)
        stamp = made.new("bind", nodeset=f"{made.root}/_{name}", type="dateTime")
        stamp.setAttribute("xmlns:jr", JR)
        stamp.setAttribute("jr:preload", "timestamp")
        stamp.setAttribute("jr:preloadParams", name)
        binds.append(stamp)
    root.insertBefore(data, root.firstChild)
    for bind in binds:
        model.appendChild(bind)
    body.insertBefore(questions, body.firstChild)
    return document.toxml()


def _step_aside(document: Document, model: Element, ours: set[str]) -> None:
    """Rename their lists that are called as ours: a list of choices may well be called "areas"."""
    for theirs in list(_below(model, "instance")):
        name = theirs.getAttribute("id")
        if name not in ours:
            continue
        theirs.setAttribute("id", f"own_{name}")
        spoken = re.compile(rf"""((?:instance|pulldata)\(\s*['"]){re.escape(name)}(?=['"])""")
        for element in document.getElementsByTagName("*"):
            for attribute, value in list(element.attributes.items()):
                if spoken.search(value):
                    element.setAttribute(attribute, spoken.sub(r"\1own_" + name, value))


class _Made:
    """Makes elements of XForms in their document."""

    def __init__(self, document: Document, prefix: str, root: str) -> None:
        self.document = document
        self.prefix = prefix
        self.root = root

    def new(self, name: str, **attributes: str) -> Element:
        element = self.document.createElement(self.prefix + name)
        if not self.prefix:  # where they stand in another default namespace, such as XHTML's body
            element.setAttribute("xmlns", "http://www.w3.org/2002/xforms")
        for key, value in attributes.items():
            element.setAttribute(key, value)
        return element

    def said(self, name: str, text: str) -> Element:
        element = self.new(name)
        element.appendChild(self.document.createTextNode(text))
        return element

    def chosen(self, path: str, label: str, source: str) -> Element:
        select = self.new("select1", ref=path, appearance="minimal autocomplete")
        select.appendChild(self.said("label", label))
        items = self.new("itemset", nodeset="/".join((f"instance('{source}')", "root", "item")))
        items.appendChild(self.new("value", ref="name"))
        items.appendChild(self.new("label", ref="label"))
        select.appendChild(items)
        return select


def _children(node: Document | Element) -> Iterator[Element]:
    yield from (child for child in node.childNodes if isinstance(child, Element))


def _below(node: Document | Element, name: str) -> Iterator[Element]:
    for child in _children(node):
        if child.tagName.rpartition(":")[2] == name:
            yield child
        yield from _below(child, name)
