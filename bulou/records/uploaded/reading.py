"""An XForm read as the declaration of a kind: the questions, their words, and what the server can work out of them.

What it cannot work out is left to the phones, and a finding says so; the form the phones get is the form itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.drawing import called, drawable, undrawable
from bulou.records.expressions import ExpressionError, parse
from bulou.records.fields import Field, FieldType, Personal, is_computed
from bulou.records.judging import make_answers, make_asked, make_judge
from bulou.records.scopes import FormScope, Question, RowScope, questions, text, truth
from bulou.records.uploaded.findings import Finding, unchecked
from bulou.records.uploaded.languages import Speech, words_of
from bulou.records.uploaded.naming import asked, is_meta, name_nodes, rename
from bulou.records.uploaded.tree import Form, Node, NotAForm, attribute_of, elements, local, read_tree
from bulou.records.uploaded.xpath import Untranslatable, translate

SUBJECTS = ("household", "person", "area")
RECORDED_BY = frozenset({"county_desk", "township", "village", "grid_worker", "village_doctor", "inspector"})
BINDS = {"relevant": "relevant", "constraint": "constraint", "calculate": "calculation", "required": "required"}
_PERSONAL = ("姓名", "电话", "手机", "身份证", "证件", "住址", "地址", "体温", "症状", "病")
_PERSONAL_EN = ("name", "phone", "mobile", "id_number", "address", "temperature", "symptom", "diagnosis")
_TYPES: Mapping[str, FieldType] = {
    "int": "integer", "integer": "integer", "long": "integer", "decimal": "decimal", "date": "date", "time": "time",
    "dateTime": "dateTime", "geopoint": "geopoint", "barcode": "barcode",
}  # fmt: skip
PHONE_CANNOT = frozenset(
    {"type", "rank", "geotrace", "geoshape", "audio", "video", "file", "function", "nested_repeat"}
)


@dataclass(frozen=True)
class Draft:
    """A form as it was understood. `declaration` is None if it cannot be taken; `on_phones`: our own app can draw it."""

    declaration: Declaration | None
    findings: tuple[Finding, ...]
    form_id: str = ""
    label: str = ""  # the version as the form itself calls it
    on_phones: bool = True

    @property
    def refused(self) -> bool:
        return any(finding.weight == "refuses" for finding in self.findings)


@dataclass
class _Reader:
    form: Form
    rows: Mapping[str, int]
    keep_days: int
    paths: Mapping[str, str] = field(default_factory=dict)  # path now → path as uploaded
    findings: list[Finding] = field(default_factory=list)
    said: dict[tuple[str, str], str] = field(default_factory=dict)  # (path, column) → what the server works out
    unsure: set[str] = field(default_factory=set)  # paths the server cannot tell whether they are asked

    def row(self, node: Node) -> int:
        return self.rows.get(self.paths.get(node.path, node.path), 0)

    def say(self, weight: Any, code: str, node: Node | None = None, detail: str = "") -> None:
        self.findings.append(Finding(weight, code, node.name if node else "", detail, self.row(node) if node else 0))


def read_form(
    xml: str,
    *,
    name: str,
    version: int,
    subject: str = "area",
    sensitive: bool = False,
    rows: Mapping[str, int] | None = None,
    keep_days: int,
) -> Draft:
    """Return the form as a kind of the name and version. `rows`: the row of the sheet by a question's path.

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
    reader = _Reader(form, rows or {}, keep_days)
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
    _look_around(reader)
    served = _served(form, name, version)
    drawn = undrawable(served)
    for each in drawn:
        if each.code not in ("file_choices", "encryption", "nested_repeat"):
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
    return Draft(None if refused else declaration, findings, form_id, label, phones)


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


def _look_around(reader: _Reader) -> None:
    """Say what the form as a whole asks for that cannot be given."""
    form = reader.form
    for one in elements(form.model, "submission"):
        if attribute_of(one, "base64RsaPublicKey"):
            reader.say("refuses", "encrypted")
        if attribute_of(one, "action"):
            reader.say("warns", "submission", detail=attribute_of(one, "action")[:80])
    for source in dict.fromkeys(form.sources.values()):
        if source.endswith("last-saved"):
            reader.say("warns", "last saved")
        else:
            reader.say("refuses", "file", detail=source.rpartition("/")[2][:80])
    for node in form.root.every():
        if node.name.rpartition(":")[2] == "entity" and node.parent is not None and is_meta(node.parent):
            reader.say("warns", "entities")
        if node.control is not None and "search(" in attribute_of(node.control, "appearance"):
            reader.say("refuses", "file", node, attribute_of(node.control, "appearance")[:80])
        if node.control is not None and attribute_of(node.control, "query"):
            reader.say("refuses", "file", node, "itemsets.csv")


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
    reader: _Reader, name: str, version: int, subject: str, sensitive: bool, served: str
) -> Declaration | None:
    form = reader.form
    speech = Speech(form)
    bare = tuple(_fields(reader, form.root, with_expressions=False))
    if not bare:
        return Declaration(name, version, (subject,), ())
    try:
        stands = tuple(questions(bare))
    except ValueError as error:
        reader.say("refuses", "broken", detail=str(error)[:200])
        return None
    _translate_all(reader, stands)
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


def _leave(reader: _Reader, keys: list[tuple[str, str]], why: str, what: str = "") -> None:
    """Leave expressions to the phones, and say so."""
    for path, column in keys:
        expression = reader.said.pop((path, column))
        if column == "relevant":
            reader.unsure.add(path)
        if node := _find_path(reader.form, path):
            reader.findings.append(unchecked(node.name, column, why, expression, reader.row(node), what))


def _made(
    reader: _Reader, name: str, version: int, subject: str, sensitive: bool, served: str, words: Any
) -> Declaration:
    fields = tuple(_fields(reader, reader.form.root, with_expressions=True))
    asked_first = [one.name for one in fields if one.type not in ("note", "group", "repeat", "calculate", "image")]
    return Declaration(
        name, version, (subject,), fields, recorded_by=RECORDED_BY, summary=tuple(asked_first[:3]),
        sensitive=sensitive, words=words, xform_xml=served,
    )  # fmt: skip


def _fields(reader: _Reader, parent: Node, *, with_expressions: bool) -> Iterator[Field]:
    for node in asked(parent):
        made = _field(reader, node, with_expressions)
        if made is not None:
            yield made


def _field(reader: _Reader, node: Node, full: bool) -> Field | None:
    said: dict[str, Any] = {}
    if full:
        said = {
            c: reader.said[node.path, c] for c in ("relevant", "constraint", "default") if (node.path, c) in reader.said
        }
    if node.children:
        inner = tuple(_fields(reader, node, with_expressions=full))
        if not inner:
            return None
        said.pop("constraint", None)
        said.pop("default", None)
        return Field(node.key, "repeat" if node.repeat else "group", fields=inner, **said)
    type_, choices = _type(reader, node)
    if type_ == "note":
        return Field(node.key, type_, relevant=said.get("relevant", ""))
    if full:
        if type_ == "calculate":
            said["calculation"] = reader.said.get((node.path, "calculation"), "")
            said.pop("default", None)
        elif not said.get("default") and node.preset and not is_computed(node.preset):
            said["default"] = node.preset
        said["required"] = _required(reader, node, type_)
    control = node.control
    appearance = attribute_of(control, "appearance") if control is not None else ""
    if control is not None and local(control) == "upload":
        appearance = attribute_of(control, "mediatype").partition("/")[0] or appearance
    return Field(
        node.key, type_, choices=choices, open_choices=type_ in ("select_one", "select_multiple") and not choices,
        appearance=appearance, read_only=node.said("readonly") in ("true()", "true"),
        personal=_personal(reader, node), **said,
    )  # fmt: skip


def _required(reader: _Reader, node: Node, type_: FieldType) -> bool | str:
    around: Node | None = node
    while around is not None:
        if around.path in reader.unsure:
            return False  # the phone may not have asked it
        around = around.parent
    if type_ == "calculate" or node.control is None:
        return False
    if node.said("required") in ("true()", "true"):
        return True
    return reader.said.get((node.path, "required"), False)


def _personal(reader: _Reader, node: Node) -> Personal | None:
    title = reader.form.title or "form"
    label = " ".join(Speech(reader.form).label(node, language) for language in reader.form.languages)
    lower = f"{node.key} {label}".lower()
    hit = any(word in label for word in _PERSONAL) or any(word in lower for word in _PERSONAL_EN)
    return Personal(title[:120], reader.keep_days) if hit else None


def _type(reader: _Reader, node: Node) -> tuple[FieldType, tuple[str, ...]]:
    control = node.control
    bind = node.said("type").rpartition(":")[2]
    if control is None:
        return "calculate", ()
    tag = local(control)
    if tag in ("select1", "select", "rank"):
        values = Speech(reader.form).choices(node)
        spaced = any(" " in value for value in values)  # such a value is no word: then any answer is taken
        fine = () if spaced else tuple(dict.fromkeys(value for value in values if value))
        return ("select_one" if tag == "select1" else "select_multiple"), fine
    if tag == "upload":
        return "image", ()
    if tag == "trigger":
        return "acknowledge", ()
    if node.said("readonly") in ("true()", "true") and tag == "input":
        if node.said("calculate"):
            return "calculate", ()
        if bind in ("", "string") and not node.preset and not _set(reader.form, node):
            return "note", ()
    return _TYPES.get(bind, "text"), ()


def _set(form: Form, node: Node) -> str:
    """Return what an action sets the question to when a form or row is begun; "" if none does."""
    places = [form.model, *[n.control for n in form.root.every() if n.repeat and n.control is not None]]
    for place in places:
        for one in elements(place, "setvalue"):
            if attribute_of(one, "ref") == node.path and attribute_of(one, "event") != "xforms-value-changed":
                return attribute_of(one, "value")
    return ""


def _translate_all(reader: _Reader, stands: tuple[Question, ...]) -> None:
    """Keep every expression the server can work out; say of each other one why not."""
    repeats = {question.field.name: question for question in stands if question.rows}
    for node in reader.form.root.every():
        if not node.key:
            continue
        nested = _nested(node)
        if node.repeat and nested:
            reader.say("warns", "rows in rows", node)
        said = {column: node.said(bind) for bind, column in BINDS.items()}
        said["default"] = _set(reader.form, node)
        if said["required"] in ("true()", "false()", "true", "false"):
            said["required"] = ""
        own_type = "" if node.children else _type(reader, node)[0]
        for column, expression in said.items():
            _say_called(reader, node, expression)
            if not expression or (column == "calculation" and own_type != "calculate"):
                continue
            if node.children and column != "relevant":
                continue
            try:
                if nested:
                    raise Untranslatable("rows in rows")
                ours = translate(expression, node, reader.form.root)
                _check(ours, column, node, stands, repeats)
                reader.said[node.path, column] = ours
            except Untranslatable as error:
                reader.findings.append(
                    unchecked(node.name, column, error.why, expression, reader.row(node), error.detail)
                )
                if column == "relevant":
                    reader.unsure.add(node.path)
        control = node.control
        if control is not None and node.said("required") in ("true()", "true"):
            sort = attribute_of(control, "mediatype").partition("/")[0] if local(control) == "upload" else "image"
            if sort not in ("", "image") and not nested:
                reader.say("warns", "not in the office", node)
        if control is not None and local(control) in ("select1", "select", "rank"):
            if any("[" in attribute_of(one, "nodeset") for one in elements(control, "itemset")):
                reader.say("notes", "filter", node)
            if not Speech(reader.form).choices(node):
                reader.say("warns", "choices from answers", node)


def _say_called(reader: _Reader, node: Node, expression: str) -> None:
    """Say what stops a form in the middle on one of the phones, whoever else can work it out."""
    names = called(expression)
    for name in sorted(set(names).intersection(drawable()["not_in_collect"])):
        reader.say("warns", "collect", node, f"{name}()")
    if "distance" in names and "if" not in names:
        reader.say("warns", "distance", node)
    if any(name in names for name in ("sum", "min", "max")) and "[" not in expression:
        reader.say("notes", "blank rows", node)


def _nested(node: Node) -> bool:
    row = node.row
    return row is not None and row.parent is not None and row.parent.row is not None


def _check(ours: str, column: str, node: Node, stands: tuple[Question, ...], repeats: Mapping[str, Question]) -> None:
    """Raise Untranslatable if the server cannot compile the expression where it stands."""
    row = node.parent.row if node.repeat and node.parent else node.row
    repeat = repeats.get(row.key) if row is not None else None
    around = repeat.rows if repeat is not None else stands
    own = next((question for question in around if question.field.name == node.key), None)
    scope = RowScope(stands, None, own=own, repeat=repeat) if repeat else FormScope(stands, None, own=own)
    try:
        (text if column in ("calculation", "default") else truth)(parse(ours), scope)
    except (LookupError, ValueError) as error:
        raise Untranslatable(getattr(error, "why", "compile"), getattr(error, "what", "")) from error


def renumbered(declaration: Declaration, version: int) -> Declaration:
    """Return the declaration under another version."""
    return replace(declaration, version=version)
