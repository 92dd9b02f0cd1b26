"""A kind as other programs read it: JSON Schema 2020-12, OpenAPI 3.1, and the columns of a workbook.

The schema accepts every body that validation accepts. It cannot say what expressions say, so it accepts some more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.display import words_in
from bulou.records.fields import Field, answers
from bulou.records.shapes import INTEGER_LIMIT, ROWS_LIMIT, TEXT_LIMIT
from bulou.records.words import LANGUAGES, Words

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_PATTERNS = {
    "date": f"^({_DATE})?$",
    "time": f"^({_CLOCK}{_OFFSET})?$",
    "dateTime": rf"^({_DATE}T[0-9]{{2}}(:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]+)?)?)?{_OFFSET})?$",
    "geopoint": r"^(-?[0-9]+(\.[0-9]*)?( -?[0-9]+(\.[0-9]*)?){1,3})?$",
}
_ENVELOPE_COLUMNS = {
    "zh_Hans": {
        "_id": "记录编号",
        "_subject": "对象",
        "_area": "区划代码",
        "_happened_at": "发生时间",
        "_by": "记录人",
    },
    "en": {"_id": "Record", "_subject": "About", "_area": "Area", "_happened_at": "Happened at", "_by": "Recorded by"},
}


def schema(kind: Declaration, language: str = LANGUAGES[0]) -> dict[str, Any]:
    """Return the JSON Schema of the kind's bodies, with labels in the language."""
    words = words_in(kind, language)
    return {
        "$schema": DIALECT,
        "title": words.title,
        "description": words.description,
        **_object(kind.fields, words, ""),
    }


def openapi(kinds: Iterable[Declaration], language: str = LANGUAGES[0]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of what a device sends: an entry of any of the kinds."""
    known = sorted(kinds, key=lambda kind: kind.name)
    schemas: dict[str, Any] = {}
    for kind in known:
        schemas[f"{kind.name}_body"] = {
            name: said for name, said in schema(kind, language).items() if name != "$schema"
        }
        schemas[f"{kind.name}_entry"] = _envelope(kind, words_in(kind, language))
    schemas["entry"] = {
        "oneOf": [{"$ref": f"#/components/schemas/{kind.name}_entry"} for kind in known],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {kind.name: f"#/components/schemas/{kind.name}_entry" for kind in known},
        },
    }
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {"title": "Bulou entries", "version": "1"},
        "components": {"schemas": schemas},
    }


def _envelope(kind: Declaration, words: Words) -> dict[str, Any]:
    """Return the schema of an entry of the kind: who wrote what about whom, where and when."""
    moment = {"type": "string", "format": "date-time"}
    code = {"type": "string", "pattern": "^[0-9]{12}([0-9]{6})?$"}
    subject = {"type": "string", "pattern": f"^({'|'.join(kind.subject)}):.+$"}
    return {
        "type": "object",
        "title": words.title,
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "kind": {"const": kind.name},
            "version": {"type": "integer", "minimum": 1, "maximum": kind.version},
            "subject": subject,
            "area": code,
            "happened_at": moment,
            "recorded_at": moment,
            "by": {"type": "string"},
            "device": {"type": "string"},
            "seq": {"type": ["integer", "null"], "minimum": 1},
            "prev_hash": {"type": "string"},
            "signature": {"type": "string"},
            "amends": {"type": ["string", "null"], "format": "uuid"},
            "body": {"$ref": f"#/components/schemas/{kind.name}_body"},
        },
        "required": ["id", "kind", "subject", "area", "happened_at", "recorded_at", "body"],
    }


def _object(fields: tuple[Field, ...], words: Words, prefix: str) -> dict[str, Any]:
    asked = list(answers(fields))
    always = {field.name for field in fields if field.required is True and not field.relevant}
    required = [field.name for field in asked if field.name in always]
    properties = {field.name: _property(field, words, prefix + field.name) for field in asked}
    for field in asked:
        if field.type == "repeat" and (field.relevant or field not in fields):
            properties[field.name]["items"]["required"] = []  # rows of what is not asked for are not looked at
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(field: Field, words: Words, key: str) -> dict[str, Any]:
    said: dict[str, Any] = {"title": words.label(key), **_typed(field, words, key)}
    if key in words.fields and words.fields[key].hint:
        said["description"] = words.fields[key].hint
    if field.options:
        said["x-labels"] = {option: words.choice(key, option) for option in field.options}
    if field.personal:
        said["x-personal"] = {
            "purpose": field.personal.purpose,
            "keep_days": field.personal.keep_days,
            "starts": field.personal.starts,
        }
    return said


def _typed(field: Field, words: Words, key: str) -> dict[str, Any]:
    match field.type:
        case "integer":
            return {"type": ["integer", "null"], "minimum": -INTEGER_LIMIT, "maximum": INTEGER_LIMIT}
        case "decimal":
            return {"type": ["number", "null"]}
        case "select_multiple" if field.open_choices:
            return {"type": ["array", "null"], "items": {"type": "string"}, "uniqueItems": True}
        case "select_one" | "yes_no" if not field.open_choices:
            return {"enum": [*field.options, "", None]}
        case "select_multiple":
            return {"type": ["array", "null"], "items": {"enum": list(field.options)}, "uniqueItems": True}
        case "acknowledge":
            return {"enum": [True, False, "OK", "", None]}
        case "calculate":
            return {"type": ["string", "number", "boolean", "null"], "readOnly": True}
        case "body":
            return {"type": ["object", "null"]}
        case "repeat":
            return {"type": ["array", "null"], "maxItems": ROWS_LIMIT, "items": _object(field.fields, words, f"{key}.")}
    said: dict[str, Any] = {"type": ["string", "null"], "maxLength": TEXT_LIMIT}
    return said | ({"pattern": _PATTERNS[field.type]} if field.type in _PATTERNS else {})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook: the field's key ("members.name"), or `_id`, `_subject` … of the envelope."""

    key: str
    header: str
    field: Field | None = None


def columns(kind: Declaration, language: str = LANGUAGES[0]) -> list[Column]:
    """Return the columns of a workbook of the kind's entries, with headers people read.

    A question in a repeat is headed by both labels; no two headers are the same, a number telling like ones apart.
    """
    words = words_in(kind, language)
    found = [Column(key, header) for key, header in _ENVELOPE_COLUMNS[language].items()]
    for field in answers(kind.fields):
        inner = list(answers(field.fields)) if field.type == "repeat" else []
        for each in inner:
            key = f"{field.name}.{each.name}"
            found.append(Column(key, f"{words.label(field.name)}·{words.label(key)}", each))
        if not inner:
            found.append(Column(field.name, words.label(field.name), field))
    return _told_apart(found)


def _told_apart(columns: list[Column]) -> list[Column]:
    seen: dict[str, int] = {}
    found = []
    for column in columns:
        seen[column.header] = seen.get(column.header, 0) + 1
        again = seen[column.header]
        found.append(Column(column.key, f"{column.header} ({again})" if again > 1 else column.header, column.field))
    return found
