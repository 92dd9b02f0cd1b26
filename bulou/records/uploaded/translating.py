"""The expressions of an XForm in our language, as far as the server can work them out; of the others it is said why not."""

from collections.abc import Mapping

from bulou.records.drawing import called, drawable
from bulou.records.expressions import parse
from bulou.records.fields import Table
from bulou.records.scopes import FormScope, Question, number, repeats_around, text, truth
from bulou.records.uploaded.asking import itemset_of, preset_of, setters_of, type_of
from bulou.records.uploaded.findings import unchecked
from bulou.records.uploaded.languages import Speech, around
from bulou.records.uploaded.reader import Reader
from bulou.records.uploaded.tree import Node, attribute_of, local
from bulou.records.uploaded.xpath import Untranslatable, translate, translate_filter

BINDS = {"relevant": "relevant", "constraint": "constraint", "calculate": "calculation", "required": "required"}


def translate_all(reader: Reader, stands: tuple[Question, ...]) -> None:
    """Keep every expression the server can work out; say of each other one why not."""
    tables, setters = reader.tables, list(setters_of(reader.form))
    theirs: list[str] = []
    for node in reader.form.root.every():
        if not node.key:
            continue
        said = {column: node.said(bind) for bind, column in BINDS.items()}
        said["default"] = preset_of(reader.form, node)
        if said["required"] in ("true()", "false()", "true", "false"):
            said["required"] = ""
        own_type = "" if node.children else type_of(reader, node)[0]
        if node.repeat:
            said["repeat_count"] = node.count
        if own_type in ("select_one", "select_multiple"):
            said["choice_filter"] = itemset_of(node)[2]
        for column, expression in said.items():
            _say_called(reader, node, expression)
            if not expression or (column == "calculation" and own_type != "calculate"):
                continue
            if node.children and column not in ("relevant", "repeat_count"):
                continue
            try:
                turn = translate_filter if column == "choice_filter" else translate
                ours = turn(expression, node, reader.form.root)
                _check(ours, column, node, stands, tables)
                reader.said[node.path, column] = ours
            except Untranslatable as error:
                reader.findings.append(unchecked(node.name, column, error.why, expression, reader.row(node),
                                                 error.detail))  # fmt: skip
                if column == "relevant":
                    reader.unsure.add(node.path)
        control = node.control
        preload = node.said("preload")
        changed = any(attribute_of(one, "ref") == node.path and "xforms-value-changed" in attribute_of(one, "event")
                      for one in setters)  # fmt: skip
        worked = control is not None and node.said("calculate") and own_type != "calculate"
        if preload in ("property", "audit") or (preload, node.said("preloadParams")) == ("timestamp", "end"):
            theirs.append(node.name)
        elif preload not in ("", "uid") or changed or worked:
            reader.say("notes", "filled in by phones", node)
        if control is not None and node.said("required") in ("true()", "true"):
            sort = attribute_of(control, "mediatype").partition("/")[0] if local(control) == "upload" else "image"
            if sort not in ("", "image"):
                reader.say("warns", "not in the office", node)
        if (
            control is not None
            and local(control) in ("select1", "select", "rank")
            and not Speech(reader.form).choices(node)
            and not reader.missing
        ):
            reader.say("warns", "choices from answers", node)
    if theirs:
        reader.say("notes", "filled in by collect", detail="、".join(theirs))


def _say_called(reader: Reader, node: Node, expression: str) -> None:
    """Say what stops a form in the middle on one of the phones, whoever else can work it out."""
    names = called(expression)
    for name in sorted(set(names).intersection(drawable()["not_in_collect"])):
        reader.say("warns", "collect", node, f"{name}()")
    if "distance" in names and "if" not in names:
        reader.say("warns", "distance", node)
    if any(name in names for name in ("sum", "min", "max")) and "[" not in expression:
        reader.say("notes", "blank rows", node)


def _check(ours: str, column: str, node: Node, stands: tuple[Question, ...], tables: Mapping[str, Table]) -> None:
    """Raise Untranslatable if the server cannot compile the expression where it stands."""
    key = around(node) + node.key
    repeats = repeats_around(stands, key)
    own = next((one for one in (repeats[-1].rows if repeats else stands) if one.key == key), None)
    scope = FormScope(stands, None, own=own, repeats=repeats, tables=tables)
    if column == "choice_filter":
        scope.columns = frozenset().union(*tables.get(itemset_of(node)[0], ()))
    try:
        turn = {"calculation": text, "default": text, "repeat_count": number}.get(column, truth)
        turn(parse(ours), scope)
    except (LookupError, ValueError) as error:
        raise Untranslatable(getattr(error, "why", "compile"), getattr(error, "what", "")) from error
