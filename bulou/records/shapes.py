"""What an answer must look like before anything is asked of it: the types of XLSForm as JSON."""

import re
from math import isfinite
from typing import Any

from bulou.records.coercion import is_clock, is_date, is_geopoint, is_moment, text_of_number, text_of_truth
from bulou.records.fields import Field

TEXT_LIMIT = 10_000  # characters
ROWS_LIMIT = 1_000
INTEGER_LIMIT = 2**31 - 1  # a phone's integer
_UNSAFE = re.compile("[\0\ud800-\udfff]")  # no database holds these


def is_text(value: Any) -> bool:
    """Tell whether the value is a text that can be kept."""
    return type(value) is str and len(value) <= TEXT_LIMIT and (value.isprintable() or not _UNSAFE.search(value))


def is_integer(value: Any) -> bool:
    return type(value) is int and -INTEGER_LIMIT <= value <= INTEGER_LIMIT


def is_decimal(value: Any) -> bool:
    return (type(value) is float and isfinite(value)) or is_integer(value)


def is_rows(value: Any) -> bool:
    return type(value) is list and len(value) <= ROWS_LIMIT and all(type(row) is dict for row in value)


def is_chosen(value: Any, options: frozenset[str]) -> bool:
    if type(value) is not list:
        return False
    try:
        return options.issuperset(value) and (len(value) < 2 or len(set(value)) == len(value))
    except TypeError:  # a list or an object among them
        return False


def is_words(value: Any) -> bool:
    """Tell whether the value is a list of different words, where nobody here knows which may be chosen."""
    return (
        type(value) is list and len(value) <= ROWS_LIMIT and all(map(is_text, value)) and len(set(value)) == len(value)
    )


def plain(value: Any) -> str:
    """Return what a phone worked out as expressions read it: as text."""
    if type(value) is bool:
        return text_of_truth(value)
    return value if type(value) is str else text_of_number(value)


def is_scalar(value: Any) -> bool:
    return is_text(value) or type(value) is bool or is_decimal(value)


def test_of(field: Field) -> str:
    """Return source that tells whether `v`, which is neither null nor "", is an answer to the field.

    `options` is the set of what may be chosen.
    """
    match field.type:
        case "text" | "barcode" | "image":
            return f"(type(v) is str and len(v) <= {TEXT_LIMIT} and v.isprintable() or is_text(v))"  # most are simple
        case "integer":
            return "is_integer(v)"
        case "decimal":
            return "is_decimal(v)"
        case "date":
            return "(type(v) is str and is_date(v))"
        case "dateTime":
            return "(type(v) is str and is_moment(v))"
        case "time":
            return "(type(v) is str and is_clock(v))"
        case "geopoint":
            return "(type(v) is str and is_geopoint(v))"
        case "select_one" if field.open_choices:
            return "is_text(v)"
        case "select_multiple" if field.open_choices:
            return "is_words(v)"
        case "select_one" | "yes_no":
            return "(type(v) is str and v in options)"
        case "select_multiple":
            return "is_chosen(v, options)"
        case "acknowledge":
            return "(v is True or v is False or v == 'OK')"
        case "repeat":
            return "is_rows(v)"
        case "body":
            return "type(v) is dict"
        case "calculate":
            return "is_scalar(v)"
    raise AssertionError(f"a {field.type} has no answer")


def blank_of(field: Field) -> str:
    """Return source of how a missing answer reads in an expression."""
    return {"integer": "None", "decimal": "None", "select_multiple": "()", "repeat": "()", "body": "None"}.get(
        field.type, "''"
    )


SHAPES: dict[str, Any] = {
    each.__name__: each
    for each in (
        is_text,
        is_integer,
        is_decimal,
        is_rows,
        is_chosen,
        is_scalar,
        is_words,
        plain,
        is_date,
        is_moment,
        is_clock,
        is_geopoint,
    )
}
"""The names the tests are run with."""
