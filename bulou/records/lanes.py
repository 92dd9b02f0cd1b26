"""Fast lanes as the phone reads them, and what is wrong with one."""

from collections.abc import Iterator
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.fields import Field
from bulou.records.words import LANGUAGES

_TEXT = ("text", "barcode", "date", "time", "dateTime", "geopoint", "calculate")


def lanes_of(kind: Declaration) -> list[dict[str, Any]]:
    """Return the kind's lanes as the phone reads them: name, title in every language, asks, fill. Plain JSON."""
    return [
        {
            "name": lane.name,
            "title": {lang: kind.words[lang].lane(lane.name) for lang in LANGUAGES if lang in kind.words},
            "asks": list(lane.asks),
            "fill": dict(lane.fill),
        }
        for lane in kind.lanes
    ]


def lane_faults(kind: Declaration) -> Iterator[str]:
    """Yield what is wrong with the kind's lanes."""
    keys = kind.keys()
    names = [lane.name for lane in kind.lanes]
    yield from (f"lane {name}: two lanes have this name" for name in sorted(set(names)) if names.count(name) > 1)
    for lane in kind.lanes:
        if not lane.fill:
            yield f"lane {lane.name}: fills nothing in, which makes it no faster than the form"
        for key in (*lane.asks, *lane.fill):
            if key not in keys or keys[key].type in ("group", "repeat", "note", "body"):
                yield f"lane {lane.name}: {key!r} is no question"
        for key, value in lane.fill.items():
            if key in keys and not _answers(keys[key], value):
                yield f"lane {lane.name}: {value!r} is no answer to {key}"


def _answers(asked: Field, value: Any) -> bool:
    match asked.type:
        case "select_one" | "yes_no":
            return value in asked.options
        case "select_multiple":
            return type(value) is list and bool(value) and set(value) <= set(asked.options)
        case "integer":
            return type(value) is int
        case "decimal":
            return type(value) in (int, float)
        case "acknowledge":
            return value is True
    return type(value) is str and asked.type in _TEXT
