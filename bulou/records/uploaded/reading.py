"""An XForm read as the declaration of a kind: the questions, their words, and what the server can work out of them.

What it cannot work out is left to the phones, and a finding says so; the form the phones get is the form itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.drawing import undrawable
from bulou.records.expressions import ExpressionError
from bulou.records.judging import make_answers, make_asked, make_judge
from bulou.records.scopes import questions
from bulou.records.uploaded.asking import fields_of
from bulou.records.uploaded.findings import Finding, unchecked
from bulou.records.uploaded.languages import Speech, words_of
from bulou.records.uploaded.naming import is_meta, name_nodes, rename
from bulou.records.uploaded.patterns import say_patterns
from bulou.records.uploaded.reader import Reader
from bulou.records.uploaded.tables import List, choice_faults, read_list, written
from bulou.records.uploaded.translating import translate_all
from bulou.records.uploaded.tree import Form, Node, NotAForm, attribute_of, elements, local, read_tree
from bulou.records.uploaded.xpath import Untranslatable, predicates

SUBJECTS = ("household", "person", "area")
RECORDED_BY = frozenset(
    {
        "headquarters",
        "county_desk",
        "township",
        "village",
        "grid_worker",
        "village_doctor",
        "storekeeper",
        "post_staff",
        "inspector",
    }
)
"""A county's own form says nothing of who fills it in: whoever records."""
PHONE_CANNOT = frozenset({"type", "rank", "geotrace", "geoshape", "audio", "video", "file", "function"})
OUR_LISTS = frozenset({"households.csv", "persons.csv", "areas.csv", "tasks.csv"})  # which ODK Collect has from us


@dataclass(frozen=True)
class Draft:
    """A form as it was understood. `declaration` is None if it cannot be taken; `on_phones`: our own app can draw it."""

    declaration: Declaration | None
    findings: tuple[Finding, ...]
    form_id: str = ""
    label: str = ""  # the version as the form itself calls it
    on_phones: bool = True
    missing: tuple[str, ...] = ()  # files it needs that were not brought

    @property
    def refused(self) -> bool:
        return any(finding.weight == "refuses" for finding in self.findings)


def read_form(
    xml: str,
    *,
    name: str,
    version: int,
    subject: str = "area",
    sensitive: bool = False,
    rows: Mapping[str, int] | None = None,
    keep_days: int,
    files: Mapping[str, bytes] | None = None,
) -> Draft:
    """Return the form as a kind of the name and version. `rows`: the row of the sheet by a question's path.

    `files`: the lists brought beside it, name → CSV.

    `keep_days`: how long what names or describes a person is kept after the end of the response.

    Never raises for what a form may hold: what cannot be taken is among the findings.
    """
    if subject not in SUBJECTS:
        return Draft(None, (Finding("refuses", "subject", detail=subject),))
    try:
        form = read_tree(xml)
    except NotAForm as error:
        return Draft(None, (Finding("refuses", error.code, detail=error.detail),))
    before = {id(node): node.path for node in form.root.every()}
    changed = name_nodes(form)
    reader = Reader(form, rows or {}, keep_days)
    for node in changed:
        reader.say("notes", "renamed", node, node.key)
    if changed:
        rename(form)
        for node in form.root.every():
            node.name = node.key or node.name
        reader.paths = {node.path: before[id(node)] for node in form.root.every()}
        again = read_tree(form.document.toxml())
        _same_keys(form.root, again.root)
        reader.form = form = again
    form_id, label = attribute_of(form.root.elements[0], "id"), attribute_of(form.root.elements[0], "version")
    _look_around(reader, files or {})
    served = _served(form, name, version)
    drawn = undrawable(served)
    for each in drawn:
        if each.code not in ("file_choices", "encryption"):
            where = _find_path(form, each.question)
            reader.findings.append(
                Finding("warns", "undrawable", where.name if where else "", f"{each.code}|{each.detail}",
                        reader.row(where) if where else 0)
            )  # fmt: skip
    declaration = _declared(reader, name, version, subject, sensitive, served)
    if declaration is not None and not declaration.fields:
        reader.say("refuses", "no questions")
        declaration = None
    findings = tuple(sorted(dict.fromkeys(reader.findings), key=_order))
    phones = not any(each.code in PHONE_CANNOT for each in drawn)
    refused = any(finding.weight == "refuses" for finding in findings)
    return Draft(None if refused else declaration, findings, form_id, label, phones, tuple(reader.missing))


def _order(finding: Finding) -> tuple[int, int]:
    return ("refuses", "warns", "notes").index(finding.weight), finding.row


def _same_keys(old: Node, new: Node) -> None:
    new.key = old.key
    for one in new.children:
        twin = old.child(one.name)
        if twin is not None:
            _same_keys(twin, one)


def _find_path(form: Form, path: str) -> Node | None:
    return next((node for node in form.root.every() if node.path == path), None) if path else None


def _look_around(reader: Reader, files: Mapping[str, bytes]) -> None:
    """Say what the form as a whole asks for that cannot be given."""
    form = reader.form
    for one in elements(form.model, "submission"):
        if attribute_of(one, "base64RsaPublicKey"):
            reader.say("refuses", "encrypted")
        if attribute_of(one, "action"):
            reader.say("warns", "submission", detail=attribute_of(one, "action")[:80])
    _bring(reader, files)
    say_patterns(reader)
    for node in form.root.every():
        if node.name.rpartition(":")[2] == "entity" and node.parent is not None and is_meta(node.parent):
            reader.say("warns", "entities")
        if node.control is not None and "search(" in attribute_of(node.control, "appearance"):
            reader.say("refuses", "search", node, attribute_of(node.control, "appearance")[:80])
        if node.control is not None and attribute_of(node.control, "query"):
            reader.say("refuses", "itemsets", node)


def _bring(reader: Reader, files: Mapping[str, bytes]) -> None:
    """Read the lists the form takes from files into its own, or say which are missing."""
    form, given = reader.form, {name.lower(): name for name in files}
    for key, source in form.sources.items():
        name = source.rpartition("/")[2]
        if source.endswith("last-saved"):
            reader.say("warns", "last saved")
        elif not name.lower().endswith(".csv"):
            reader.say("refuses", "file kind", detail=name[:80])
        elif name.lower() in OUR_LISTS:
            reader.say("refuses", "file name", detail=name)
        elif name.lower() not in given:
            reader.say("refuses", "file", detail=name[:80])
            reader.missing.append(name)
        else:
            read = reader.brought.get(name) or read_list(name, files[given[name.lower()]])
            reader.brought[name] = read
            reader.findings += read.findings
            form.lists[key] = [dict(row) for row in read.table]
    for name in files:
        if name.lower() not in {used.lower() for used in reader.brought}:
            unused = name.lower().endswith(".csv")
            reader.say("warns", "unused file" if unused else "not a list", detail=name[:80])
    reader.missing = list(dict.fromkeys(reader.missing))
    asked = [(node, one) for node in form.root.every() if node.control is not None
             for one in elements(node.control, "itemset")]  # fmt: skip
    for node, itemset in asked:
        nodeset = attribute_of(itemset, "nodeset")
        try:
            key, filters, _ = predicates(nodeset)
        except Untranslatable:
            continue
        name = form.sources.get(key, "").rpartition("/")[2]
        read = reader.brought.get(name) or List((), (), (), ())
        if read.table:
            refs = {local(one): attribute_of(one, "ref") for one in elements(itemset)}
            reader.findings += choice_faults(
                name, read, refs.get("value", "name"), refs.get("label", "label"), filtered=bool(filters),
                several=node.control is not None and local(node.control) != "select1",
            )  # fmt: skip


def _served(form: Form, name: str, version: int) -> str:
    """Return the form as phones get it: under the kind's name and version, sent nowhere but here."""
    root = form.root.elements[0]
    root.setAttribute("id", name)
    root.setAttribute("version", str(version))
    for one in elements(form.model, "submission"):
        for attribute in ("action", "method"):
            if one.hasAttribute(attribute):
                one.removeAttribute(attribute)
    xml: str = form.document.toxml()
    return xml


def _declared(
    reader: Reader, name: str, version: int, subject: str, sensitive: bool, served: str
) -> Declaration | None:
    form = reader.form
    speech = Speech(form)
    bare = tuple(fields_of(reader, form.root, with_expressions=False))
    if not bare:
        return Declaration(name, version, (subject,), ())
    try:
        stands = tuple(questions(bare))
    except ValueError as error:
        reader.say("refuses", "broken", detail=str(error)[:200])
        return None
    translate_all(reader, stands)
    words = words_of(speech, name)
    for code, language in (("no chinese", "zh_Hans"), ("no english", "en")):
        if speech.named(language) is None:
            reader.say("notes", code, detail=speech.languages[0] or "default")
    while True:
        declared = _made(reader, name, version, subject, sensitive, served, words)
        try:
            for make in (make_judge, make_answers, make_asked):
                make(declared, None)
            return declared
        except ExpressionError as error:  # what makes sense alone, but not beside the others
            culprits = [key for key, expression in reader.said.items() if expression == error.text]
            _leave(reader, culprits or list(reader.said), error.why if culprits else "form", error.what)
        except (LookupError, ValueError, SyntaxError):
            if not reader.said:
                raise
            _leave(reader, list(reader.said), "form")


def _leave(reader: Reader, keys: list[tuple[str, str]], why: str, what: str = "") -> None:
    """Leave expressions to the phones, and say so."""
    for path, column in keys:
        expression = reader.said.pop((path, column))
        if column == "relevant":
            reader.unsure.add(path)
        if node := _find_path(reader.form, path):
            reader.findings.append(unchecked(node.name, column, why, expression, reader.row(node), what))


def _made(
    reader: Reader, name: str, version: int, subject: str, sensitive: bool, served: str, words: Any
) -> Declaration:
    fields = tuple(fields_of(reader, reader.form.root, with_expressions=True))
    asked_first = [one.name for one in fields if one.type not in ("note", "group", "repeat", "calculate", "image")]
    return Declaration(
        name, version, (subject,), fields, recorded_by=RECORDED_BY, summary=tuple(asked_first[:3]),
        sensitive=sensitive, words=words, xform_xml=served, tables=reader.tables,
        files={name: written(read) for name, read in reader.brought.items()},
    )  # fmt: skip
