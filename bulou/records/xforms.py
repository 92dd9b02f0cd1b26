"""A kind as the form ODK Collect downloads: an XLSForm, which pyxform turns into an XForm."""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml.minidom import parseString
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from bulou.records.declaration import Declaration
from bulou.records.display import words_in
from bulou.records.expressions import Call, parse, rule_path
from bulou.records.faults import masked_words
from bulou.records.fields import YES_NO, Field, is_computed
from bulou.records.masking import UNMASKED, takes_names
from bulou.records.rulesets import RuleSet, Value
from bulou.records.timing import to_the_minute
from bulou.records.words import LANGUAGES

Row = dict[str, str]
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no XML holds these
_LANGUAGES = {"zh_Hans": "中文 (zh)", "en": "English (en)"}  # as XLSForm names them


class XFormError(ValueError):
    """A kind that pyxform cannot turn into an XForm, in pyxform's words."""


def xform(kind: Declaration, ruleset: RuleSet | None, lang: str = LANGUAGES[0]) -> str:
    """Return the XForm of the kind under the rule set, in all languages, `lang` first.

    Raise XFormError if pyxform refuses it or so much as warns.

    A form that a county uploaded is given as it is, with the lists it takes from files written into it: so they are on a
    phone without a signal.
    """
    if kind.xform_xml:
        return _with_lists(kind) if kind.files else kind.xform_xml
    warnings: list[str] = []
    try:
        made = convert(xlsform(kind, ruleset, lang), warnings=warnings, form_name="data")
    except PyXFormError as error:
        raise XFormError(f"kind {kind.name}: {error}") from error
    if warnings:
        raise XFormError(f"kind {kind.name}: {'; '.join(warnings)}")
    xml: str = made.xform
    return xml


def _with_lists(kind: Declaration) -> str:
    document = parseString(kind.xform_xml)
    for instance in document.getElementsByTagName("*"):
        source = instance.getAttribute("src")
        if instance.tagName.rpartition(":")[2] != "instance" or not source.rpartition("/")[2].lower().endswith(".csv"):
            continue
        prefix = instance.tagName.rpartition("instance")[0]
        instance.removeAttribute("src")
        root = instance.appendChild(document.createElement(f"{prefix}root"))
        for row in kind.tables.get(instance.getAttribute("id"), ()):
            item = root.appendChild(document.createElement(f"{prefix}item"))
            for column, said in row.items():
                cell = item.appendChild(document.createElement(f"{prefix}{column}"))
                cell.appendChild(document.createTextNode(_UNWRITABLE.sub("", said)))
    made: str = document.toxml()
    return made


def xlsform(kind: Declaration, ruleset: RuleSet | None, lang: str = LANGUAGES[0]) -> dict[str, list[Row]]:
    """Return the sheets of the kind's XLSForm. The version names the rule set whose values its expressions hold."""
    version = f"{kind.version}-{ruleset.name}" if ruleset else str(kind.version)
    settings = {
        "form_id": kind.name,
        "form_title": words_in(kind, lang).title,
        "version": version,
        "default_language": _LANGUAGES[lang],
    }
    return {
        "survey": list(_survey(kind, kind.fields, "", ruleset)),
        "choices": list(_choices(kind)),
        "settings": [settings],
    }


def _survey(kind: Declaration, fields: tuple[Field, ...], prefix: str, ruleset: RuleSet | None) -> Iterator[Row]:
    for field in fields:
        key = prefix + field.name
        if field.type == "body":
            continue
        row = _row(kind, field, key, ruleset)
        if field.type in ("group", "repeat"):
            yield row
            yield from _survey(kind, field.fields, f"{key}." if field.type == "repeat" else prefix, ruleset)
            yield {"type": f"end_{field.type}", "name": field.name}
        else:
            yield row


def _row(kind: Declaration, field: Field, key: str, ruleset: RuleSet | None) -> Row:
    types: dict[str, str] = {
        "group": "begin_group",
        "repeat": "begin_repeat",
        "select_one": f"select_one {_list(key)}",
        "select_multiple": f"select_multiple {_list(key)}",
        "yes_no": "select_one yes_no",
    }
    known = {each.name: each.type for each in kind.keys().values()}

    def said(expression: str) -> str:
        return _literal(to_the_minute(expression, known, field.type), ruleset) if expression else ""

    unmasked = takes_names(field)
    constraint = " and ".join(
        f"({one})" if unmasked else one for one in (field.constraint, unmasked and UNMASKED) if one
    )
    required = said(field.required) if isinstance(field.required, str) else "yes" if field.required else ""
    row: dict[str, Any] = {
        "type": types.get(field.type, field.type),
        "name": field.name,
        "required": required,
        "relevant": said(field.relevant),
        "constraint": said(constraint),
        "calculation": said(field.calculation),
        "default": _default(field.default, ruleset),
        "appearance": field.appearance,
        "read_only": "yes" if field.read_only else "",
    }
    if field.type == "group":
        row["required"] = ""  # of a repeat it says that there must be a row: our phone minds it, Collect does not
    if field.type != "calculate":
        for language, named in _LANGUAGES.items():
            words = words_in(kind, language)
            told = words.fields.get(key)
            row[f"label::{named}"] = words.label(key)
            row[f"hint::{named}"] = told.hint if told else ""
            row[f"constraint_message::{named}"] = told.constraint if told and field.constraint else ""
            if unmasked and not row[f"constraint_message::{named}"]:
                row[f"constraint_message::{named}"] = masked_words(language)
    return {name: value for name, value in row.items() if value}


def _choices(kind: Declaration) -> Iterator[Row]:
    keys = kind.keys()
    lists = {_list(key): (key, field.choices) for key, field in keys.items() if field.choices}
    if any(field.type == "yes_no" for field in keys.values()):
        lists["yes_no"] = "", YES_NO
    for name, (key, options) in lists.items():
        for option in options:
            labels = {f"label::{named}": words_in(kind, lang).choice(key, option) for lang, named in _LANGUAGES.items()}
            yield {"list_name": name, "name": option, **labels}


def _list(key: str) -> str:
    return key.replace(".", "_")


def _literal(expression: str, ruleset: RuleSet | None) -> str:
    """Return the expression as a phone reads it: what the rules say written in, and the sum of blanks 0.

    A phone has no rule set; and to ODK's engine for the web a row without an answer makes the sum no number.
    """
    if "rule(" in expression and ruleset is not None:
        expression = parse(expression).with_rules(lambda path: _written(ruleset.get(path)))
    if "sum(" not in expression:
        return expression
    parsed = parse(expression)
    for node in sorted(parsed.nodes(), key=lambda node: -node.start):
        if isinstance(node, Call) and node.name == "sum":
            rows = expression[node.arguments[0].start : node.arguments[0].end]
            total = f"if(count-non-empty({rows}) > 0, sum({rows}[. != '']), 0)"
            expression = expression[: node.start] + total + expression[node.end :]
    return expression


def _default(default: str, ruleset: RuleSet | None) -> str:
    """Return the default: where it is only what a rule says, the plain value, for quotes would be part of the answer."""
    if not is_computed(default) or ruleset is None:
        return default
    asked = parse(default)
    if isinstance(asked.root, Call) and asked.root.name == "rule":
        value = ruleset.get(rule_path(asked, asked.root))
        return _written(value) if isinstance(value, bool) else str(value)
    return _literal(default, ruleset)


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true()" if value else "false()"
        case str():
            return f'"{value}"' if "'" in value else f"'{value}'"
    return str(value)
