"""What of an XForm the phone app cannot draw or work out, told when a form is uploaded and never found out in the field.

What it can is listed in drawable.json, which the phone reads too (web/phone/form/undrawable.ts): both walk the form in
the same way and tests/agreement holds them to it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

_XF, _H = "{http://www.w3.org/2002/xforms}", "{http://www.w3.org/1999/xhtml}"
_EXPRESSIONS = ("relevant", "constraint", "calculate", "required", "readonly", "nodeset", "value")
_COUNT = "{http://openrosa.org/javarosa}count"
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALLED = re.compile(r"([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*\(")
_NOT_FUNCTIONS = frozenset({"and", "or", "div", "mod", "node", "text", "comment", "processing-instruction"})


@dataclass(frozen=True, slots=True, order=True)
class Undrawable:
    """A question (its path, such as "/data/route"; "" for the form itself) and why the phone cannot ask it.

    `code` is a key of `words` in drawable.json; `detail` is what was found, such as the name of a function.
    """

    question: str
    code: str
    detail: str

    def text(self, language: str) -> str:
        """Return it as a sentence in "zh_Hans" or "en"."""
        said: str = drawable()["words"][self.code][language]
        name = self.question.rsplit("/", 1)[-1]
        between, detail = ("：", f"（{self.detail}）") if language == "zh_Hans" else (": ", f" ({self.detail})")
        return f"{name}{between if name else ''}{said}{detail if self.detail else ''}"

    def __str__(self) -> str:
        return f"{self.question}: {self.code}{f' {self.detail}' if self.detail else ''}"


@cache
def drawable() -> dict[str, Any]:
    """Return what drawable.json says."""
    said: dict[str, Any] = json.loads((Path(__file__).parent / "drawable.json").read_text("utf-8"))
    return said


def undrawable(xform: str) -> list[Undrawable]:
    """Return all of the XForm that the phone app cannot draw or work out, in order of question.

    Raise ValueError if the text is not XML, or holds a DTD or entities.
    """
    try:
        root = fromstring(xform, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(f"the form is not XML that can be read: {error}") from error
    types = {each.get("nodeset", ""): each.get("type", "string") for each in root.iter(f"{_XF}bind")}
    body = root.find(f"{_H}body")
    found = {*_in_model(root), *_in_expressions(root)}
    if body is not None:
        for each in body:
            found.update(_in_body(each, types))
    return sorted(found)


def _in_model(root: Element) -> Iterator[Undrawable]:
    said = drawable()
    for each in root.iter(f"{_XF}instance"):
        if each.get("src"):
            yield Undrawable("", "file_choices", each.get("src", ""))
    if any(each.get("base64RsaPublicKey") for each in root.iter(f"{_XF}submission")):
        yield Undrawable("", "encryption", "")
    if any(_name(each) == "audit" for instance in root.iter(f"{_XF}instance") for each in instance.iter()):
        yield Undrawable("", "audit", "")
    if any(each.get("form") in ("image", "audio", "video", "big-image") for each in root.iter(f"{_XF}value")):
        yield Undrawable("", "media", "")
    for each in root.iter():
        if events := each.get("event") or each.get("{http://www.w3.org/2001/xml-events}event"):
            if _name(each) not in said["actions"]:
                yield Undrawable(each.get("ref", ""), "action", _name(each))
            for event in events.split():
                if event not in said["events"]:
                    yield Undrawable(each.get("ref", ""), "action", event)


def _in_expressions(root: Element) -> Iterator[Undrawable]:
    known = _NOT_FUNCTIONS.union(drawable()["functions"])
    for each in root.iter():
        for attribute in (*_EXPRESSIONS, _COUNT):
            for name in called(each.get(attribute, "")):
                if name not in known:
                    yield Undrawable(each.get("ref") or each.get("nodeset") or "", "function", name)


def called(expression: str) -> list[str]:
    """Return the names before brackets in an expression: functions, "or" and its like, tests such as "node"."""
    return _CALLED.findall(_QUOTED.sub("''", expression))


def _in_body(each: Element, types: dict[str, str]) -> Iterator[Undrawable]:
    said, control = drawable(), _name(each)
    where = each.get("ref") or each.get("nodeset") or ""
    if control in ("group", "repeat"):
        if each.get("intent"):
            yield Undrawable(where, "app", each.get("intent", "").partition("(")[0])
        for child in each:
            yield from _in_body(child, types)
        return
    if control in ("label", "hint", "setvalue") or not where:
        return
    if control not in said["controls"]:
        yield Undrawable(where, control if control in said["words"] else "type", "" if control == "rank" else control)
        return
    kind = types.get(where, "string").removeprefix("xsd:").removeprefix("xs:").removeprefix("odk:")
    if control in ("input", "range") and kind not in said[control]:
        yield Undrawable(where, kind if kind in said["words"] else "type", "" if kind in said["words"] else kind)
    if control == "upload":
        media = each.get("mediatype", "").partition("/")[0]
        if media not in said["upload"]:
            yield Undrawable(where, media if media in ("audio", "video") else "file", "")
    for appearance in each.get("appearance", "").split():
        place = kind == "geopoint" and appearance == "placement-map"
        if place or (appearance in said["appearances"] and control in ("upload", "select1", "select")):
            yield Undrawable(where, "appearance", appearance)
        if appearance.startswith(tuple(said["apps"])):
            yield Undrawable(where, "app", appearance.partition("(")[0])


def _name(each: Element) -> str:
    return each.tag.rpartition("}")[2]
