"""What Collect sends, read: the instance's own facts, and its answers as the body of an entry.

Nothing in it is trusted. A document type, an entity, a tree too deep or too long is refused as unreadable; everything
else is turned into JSON as it stands, right or wrong, for the kind to judge.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import isfinite
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bulou.core.moments import parse_moment
from bulou.core.reading import Unread, read_number
from bulou.odk.rules.forms import SORT, SUBJECT, is_person
from bulou.odk.rules.openrosa import LARGEST_XML
from bulou.records.coercion import first_moment
from bulou.records.fields import Field
from bulou.records.fields import answers as walk_answers

DEEPEST, MOST_NODES = 12, 20_000
_SPACE = uuid5(NAMESPACE_URL, "https://bulou/openrosa")  # ids of instances that name themselves by no UUID
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_VERSION = re.compile(r"(\d{1,6})(?:-.*)?", re.ASCII)
_SUBJECTS = ("household", "person", "area", "entry")


class Unreadable(ValueError):
    """What was sent is not an instance of a form. `code` is stable."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance: `id` is a UUID in any case; `replaces` the one it edits; `subject` "" if none was chosen."""

    form: str
    version: str
    id: UUID
    replaces: UUID | None
    start: datetime | None
    end: datetime | None
    subject: str
    root: Element

    @property
    def number(self) -> int | None:
        """The kind's version in the form's ("2" in "2-cn-2020-02"); None if it is none of ours."""
        found = _VERSION.fullmatch(self.version)
        return int(found[1]) if found else None


def digest_of(xml: bytes) -> str:
    """Return the hash by which a retry is told from a clash."""
    return sha256(xml).hexdigest()


def id_of_bytes(xml: bytes) -> UUID:
    """Return the id of something that names itself by none: the same bytes have the same."""
    return uuid5(_SPACE, digest_of(xml))


def clash_id(instance: UUID, digest: str) -> UUID:
    """Return the id under which another content of the same instance is remembered, so that it is kept once."""
    return uuid5(_SPACE, f"{instance}:{digest}")


def withdrawal_id(instance: UUID) -> UUID:
    """Return the id of the entry that withdraws what an instance about another subject replaces."""
    return uuid5(_SPACE, f"{instance}:withdrawn")


def read_instance(xml: bytes) -> Instance:
    """Return what was sent. Raise Unreadable if it is not a form's instance."""
    root = _parsed(xml)
    form = root.get("id") or ""
    if not form or len(form) > 200:
        raise Unreadable("no form", "the instance does not name its form (id)")
    meta = _child(root, "meta")
    own = _text(meta, "instanceID")
    old = _text(meta, "deprecatedID")
    return Instance(
        form,
        root.get("version") or "",
        _id(own) if own else id_of_bytes(xml),
        _id(old) if old else None,
        _moment(_text(root, "_start")),
        _moment(_text(root, "_end")),
        _subject(root),
        root,
    )


def body_of(fields: tuple[Field, ...], root: Element, files: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers as the ledger keeps them. `files`: name → sha256 of what came with the instance.

    What the kind does not ask is kept under its own name, so that it is seen and not lost.
    """
    body = _answers(fields, root, files)
    known = {each.name for each in fields} | {"meta"}
    for node in root:
        name = _name(node)
        if name not in known and not name.startswith("_"):
            body.setdefault(name[:100], " ".join(text.strip() for text in node.itertext() if text.strip()))
    return body


def _rows_of_persons(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the repeats of which a row may be about a person of the register whose name must be said."""
    for each in fields:
        named = {one.name: one for one in each.fields}
        person, name = named.get("person"), named.get("name")
        if each.type == "repeat" and person and name and is_person(person) and "${person}" not in name.relevant:
            yield each


def persons_unnamed(fields: tuple[Field, ...], body: Mapping[str, Any]) -> set[UUID]:
    """Return the persons chosen in rows that do not name them: their form had only the masked name."""
    found = set()
    for each in _rows_of_persons(fields):
        for row in body.get(each.name, ()):
            if row.get("person") and not row.get("name"):
                with suppress(ValueError):
                    found.add(UUID(str(row["person"]).removeprefix("person:")))
    return found


def with_names(fields: tuple[Field, ...], body: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the body with the names of these subjects ("person:<uuid>") in the rows that do not say them."""
    filled = dict(body)
    for each in _rows_of_persons(fields):
        filled[each.name] = [
            {**row, "name": names[row["person"]]} if not row.get("name") and row.get("person") in names else row
            for row in body.get(each.name, ())
        ]
        if each.name not in body:
            del filled[each.name]
    return filled


def happened_at(instance: Instance, body: Mapping[str, Any], received: datetime) -> tuple[datetime, datetime]:
    """Return when it happened and when it was written down.

    It happened when the form was opened: records are often finished, or all sent off together, in the evening. But not
    before what the record itself says had happened by the time it was finished ("now", a reading just taken).
    """
    start, end = instance.start or instance.end or received, instance.end or instance.start or received
    end = max(start, end)
    said = [moment for moment in _moments(body) if start < moment <= end]
    return max([start, *said]), end


def _parsed(xml: bytes) -> Element:
    if len(xml) > LARGEST_XML:
        raise Unreadable("too big", f"{len(xml)} bytes; at most {LARGEST_XML}")
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("entities", type(error).__name__) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise Unreadable("not xml", str(error)[:200]) from error
    level, nodes = [root], 0
    for _ in range(DEEPEST):
        nodes += len(level)
        if nodes > MOST_NODES:
            raise Unreadable("too big", f"more than {MOST_NODES} answers")
        level = [child for node in level for child in node]
        if not level:
            return root
    raise Unreadable("too deep", f"more than {DEEPEST} levels")


def _name(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _child(node: Element | None, name: str) -> Element | None:
    return next((child for child in node if _name(child) == name), None) if node is not None else None


def _text(node: Element | None, name: str) -> str:
    found = _child(node, name)
    return (found.text or "").strip() if found is not None else ""


def _id(said: str) -> UUID:
    try:
        return UUID(said.removeprefix("uuid:"))
    except ValueError:
        return uuid5(_SPACE, said)


def _moment(said: str) -> datetime | None:
    try:
        moment = parse_moment(said)
        moment.timestamp()
    except (ValueError, OverflowError):
        return None
    return moment if 1971 <= moment.year <= 9000 else None


def _subject(root: Element) -> str:
    group = _child(root, SUBJECT)
    chosen = {sort: said for sort in _SUBJECTS if (said := _text(group, f"_{sort}"))}
    sort = _text(group, SORT) or next(iter(chosen), "")
    subject = f"{sort}:{chosen[sort]}" if sort in chosen else ""
    return subject if len(subject) <= 80 and subject.isprintable() else ""


def _answers(fields: tuple[Field, ...], parent: Element, files: Mapping[str, str]) -> dict[str, Any]:
    nodes: dict[str, list[Element]] = {}
    for node in parent:
        nodes.setdefault(_name(node), []).append(node)
    body: dict[str, Any] = {}
    for field in fields:
        found = nodes.get(field.name, [])
        if not found or field.type == "note":
            continue
        if field.type == "group":
            body |= _answers(field.fields, found[0], files)
        elif field.type == "repeat":
            worked = {each.name for each in walk_answers(field.fields) if each.type == "calculate"}
            rows = [row for node in found if (row := _answers(field.fields, node, files)).keys() - worked]
            if rows:  # a row in which nobody answered anything is how a form begins
                body[field.name] = rows
        elif said := (found[0].text or "").strip():
            body[field.name] = _value(field, said, files)
    return body


def _value(field: Field, said: str, files: Mapping[str, str]) -> Any:
    match field.type:
        case "integer" | "decimal":
            return _typed(said, whole=field.type == "integer")
        case "calculate":
            return _number(said)
        case "select_multiple":
            return list(dict.fromkeys(said.split()))
        case "acknowledge":
            return True if said.upper() in ("OK", "TRUE", "YES") else said
        case "image":
            return f"sha256:{files[said]}" if said in files else said
        case "text" if is_person(field) and not said.startswith("person:"):
            return f"person:{said}"
    return said


def _typed(said: str, *, whole: bool) -> int | float | str:
    """Return a number as every door reads one; what is none stays as it was sent, for the kind to refuse in words."""
    try:
        number = read_number(said, whole=whole)
    except Unread:
        return said if whole else _number(said)
    return said if number is None else number


def _number(said: str) -> int | float | str:
    if _WHOLE.fullmatch(said):
        return int(said)
    try:
        number = float(said)
    except ValueError:
        return said
    return number if isfinite(number) and "_" not in said else said


def _moments(value: Any) -> Iterator[datetime]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _moments(each)
    elif isinstance(value, str) and 10 <= len(value) <= 40 and (moment := first_moment(value)):
        yield moment
