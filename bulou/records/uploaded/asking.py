"""The nodes of an XForm as questions of a kind: their types, choices, and what they say of themselves beside expressions."""

from collections.abc import Iterator, Mapping
from typing import Any

from bulou.records.fields import Field, FieldType, Personal, Sort, is_computed
from bulou.records.masking import sort_named
from bulou.records.uploaded.languages import Speech
from bulou.records.uploaded.naming import asked
from bulou.records.uploaded.reader import Reader
from bulou.records.uploaded.tree import Form, Node, attribute_of, elements, local
from bulou.records.uploaded.xpath import Untranslatable, predicates

_PERSONAL = ("姓名", "电话", "手机", "身份证", "证件", "住址", "地址", "体温", "症状", "病")
_PERSONAL_EN = ("name", "phone", "mobile", "id_number", "address", "temperature", "symptom", "diagnosis")
_TYPES: Mapping[str, FieldType] = {
    "int": "integer", "integer": "integer", "long": "integer", "decimal": "decimal", "date": "date", "time": "time",
    "dateTime": "dateTime", "geopoint": "geopoint", "barcode": "barcode",
}  # fmt: skip
_POINT = r"-?[0-9]+(\.[0-9]+)?( -?[0-9]+(\.[0-9]+)?){1,3}"


def fields_of(reader: Reader, parent: Node, *, with_expressions: bool) -> Iterator[Field]:
    for node in asked(parent):
        made = _field(reader, node, with_expressions)
        if made is not None:
            yield made


def _field(reader: Reader, node: Node, full: bool) -> Field | None:
    said: dict[str, Any] = {}
    if full:
        said = {
            c: reader.said[node.path, c] for c in ("relevant", "constraint", "default") if (node.path, c) in reader.said
        }
        said["constraint"] = " and ".join(f"({one})" for one in (said.get("constraint"), _bounds(node)) if one) or ""
    if node.children:
        inner = tuple(fields_of(reader, node, with_expressions=full))
        if not inner:
            return None
        said.pop("constraint", None)
        said.pop("default", None)
        if node.repeat and (node.path, "repeat_count") in reader.said:
            said["repeat_count"] = reader.said[node.path, "repeat_count"]
        return Field(node.key, "repeat" if node.repeat else "group", fields=inner, **said)
    type_, choices = type_of(reader, node)
    if type_ == "note":
        heading = "label" in attribute_of(node.control, "appearance").split() if node.control is not None else False
        return Field(node.key, type_, relevant=said.get("relevant", ""), appearance="hidden" if heading else "")
    if full:
        if type_ == "calculate":
            said["calculation"] = reader.said.get((node.path, "calculation"), "") or _constant(reader, node)
            said.pop("default", None)
            said.pop("constraint", None)
        elif not said.get("default") and node.preset and not is_computed(node.preset):
            said["default"] = node.preset
        said["required"] = _required(reader, node, type_)
    control = node.control
    appearance = attribute_of(control, "appearance") if control is not None else ""
    if control is not None and local(control) == "rank":
        appearance = "rank"
    if control is not None and local(control) == "upload":
        appearance = attribute_of(control, "mediatype").partition("/")[0] or appearance
    return Field(
        node.key, type_, choices=choices, open_choices=type_ in ("select_one", "select_multiple") and not choices,
        appearance=appearance, **_filter(reader, node, type_, choices) if full else {},
        read_only=node.said("readonly") in ("true()", "true"),
        personal=_personal(reader, node), **said,
        names=_sort(reader, node),
    )  # fmt: skip


def _bounds(node: Node) -> str:
    """Return, as a constraint, what a question says of its answer otherwise: the ends of a range, the points of a line."""
    if node.control is None:
        return ""
    if local(node.control) == "range":
        try:
            low, high = sorted((attribute_of(node.control, "start"), attribute_of(node.control, "end")), key=float)
        except ValueError:
            return ""
        return f". >= {_number(low)} and . <= {_number(high)}"
    if node.said("type").rpartition(":")[2] in ("geotrace", "geoshape"):
        return rf"regex(., '^({_POINT};[ ]*)*{_POINT};?[ ]*$')"
    return ""


def _number(said: str) -> str:
    return said if not said.startswith("-") else f"(0 - {said[1:]})"


def _constant(reader: Reader, node: Node) -> str:
    """Return the expression for what a question nobody sees always says; "" if something may set it."""
    if node.control is not None or not node.preset or node.said("calculate") or is_computed(node.preset):
        return ""
    if any(attribute_of(one, "ref") == node.path for one in setters_of(reader.form)) or set(node.preset) >= {"'", '"'}:
        return ""
    quote = '"' if "'" in node.preset else "'"
    return f"{quote}{node.preset}{quote}"


def setters_of(form: Form) -> Iterator[Any]:
    """Yield every action of the form that sets an answer."""
    places = [form.model, *[node.control for node in form.root.every() if node.control is not None]]
    for place in places:
        yield from (one for one in elements(place) if local(one) in ("setvalue", "setgeopoint", "recordaudio"))
        for inner in elements(place, "repeat"):
            yield from elements(inner, "setvalue", "setgeopoint")


def _filter(reader: Reader, node: Node, type_: FieldType, choices: tuple[str, ...]) -> dict[str, Any]:
    """Return what makes the choices depend on other answers, as far as the server can tell."""
    expression = reader.said.get((node.path, "choice_filter"), "")
    if not expression or not choices or type_ not in ("select_one", "select_multiple"):
        return {}
    table, value, _ = itemset_of(node)
    return {"choice_filter": expression, "choice_table": table, "choice_value": value}


def itemset_of(node: Node) -> tuple[str, str, str]:
    """Return the list a question chooses from, the column of its values, and what is asked of its items; "" if nothing."""
    for one in elements(node.control, "itemset") if node.control is not None else ():
        try:
            table, asked, _ = predicates(attribute_of(one, "nodeset"))
        except Untranslatable:
            return "", "", ""
        refs = {local(each): attribute_of(each, "ref") for each in elements(one)}
        return table, refs.get("value", "name"), " and ".join(f"({each})" for each in asked)
    return "", "", ""


def _required(reader: Reader, node: Node, type_: FieldType) -> bool | str:
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


def _called(reader: Reader, node: Node) -> str:
    """Return what the question is called in all languages of the form."""
    return " ".join(Speech(reader.form).label(node, language) for language in reader.form.languages)


def _personal(reader: Reader, node: Node) -> Personal | None:
    title = reader.form.title or "form"
    label = _called(reader, node)
    lower = f"{node.key} {label}".lower()
    hit = any(word in label for word in _PERSONAL) or any(word in lower for word in _PERSONAL_EN)
    return Personal(title[:120], reader.keep_days, "incident") if hit or _sort(reader, node) else None


def _sort(reader: Reader, node: Node) -> Sort:
    return sort_named(node.key.rpartition(".")[2], _called(reader, node))


def type_of(reader: Reader, node: Node) -> tuple[FieldType, tuple[str, ...]]:
    control = node.control
    bind = node.said("type").rpartition(":")[2]
    if control is None:
        return "calculate", ()
    tag = local(control)
    if tag in ("select1", "select") and "label" in attribute_of(control, "appearance").split():
        return "note", ()  # the heading of a table: it repeats the choices, and is no question
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
        if bind in ("", "string") and not node.preset and not preset_of(reader.form, node):
            return "note", ()
    return _TYPES.get(bind, "text"), ()


def preset_of(form: Form, node: Node) -> str:
    """Return what an action sets the question to when a form or row is begun; "" if none does."""
    places = [form.model, *[n.control for n in form.root.every() if n.repeat and n.control is not None]]
    for place in places:
        for one in elements(place, "setvalue"):
            if attribute_of(one, "ref") == node.path and attribute_of(one, "event") != "xforms-value-changed":
                return attribute_of(one, "value")
    return ""
