"""From what a browser sends to the body of an entry. Nothing typed is thrown away: what cannot be read stays as typed.

A name on the page is the field's name; in the third row of a repeat it is "members.2.temperature", and so on in rows
within rows. The form also sends "members.rows", how many rows it drew, so that a row of empty answers is still a row.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from bulou.core.reading import Unread, read_day, read_moment, read_number
from bulou.records.fields import Field

MOST_ROWS = 200


class Sent(Protocol):
    """What Django calls a QueryDict."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...


def read_body(fields: Sequence[Field], sent: Sent, prefix: str = "") -> dict[str, Any]:
    """Return the body that was filled in; unanswered questions are left out of it."""
    body: dict[str, Any] = {}
    for field in fields:
        name = prefix + field.name
        if field.type == "group":
            body |= read_body(field.fields, sent, prefix)
        elif field.type == "repeat":
            if rows := [read_body(field.fields, sent, f"{name}.{row}.") for row in range(rows_of(sent, name))]:
                body[field.name] = rows
        elif (answer := _answer(field, sent, name)) is not None:
            body[field.name] = answer
    return body


def is_photograph(field: Field) -> bool:
    """Tell whether the question takes a picture; sound, films and other files are taken by ODK Collect only."""
    return field.type == "image" and field.appearance not in ("audio", "video", "application", "text", "*")


def rows_of(sent: Sent, name: str) -> int:
    """Return how many rows of the repeat the page held."""
    said = str(sent.get(f"{name}.rows", "") or "0")
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdigit() else 0


def _answer(field: Field, sent: Sent, name: str) -> Any:
    if field.type in ("note", "calculate", "body"):
        return None
    if field.type == "select_multiple":
        chosen = [str(value) for value in sent.getlist(name) if value]
        if field.open_choices:  # written down, as nobody here knows what may be chosen
            chosen = list(dict.fromkeys(word for text in chosen for word in text.split()))
        return chosen or None
    text = str(sent.get(name, "") or "").strip()
    if not text:
        return None
    return _READ.get(field.type, str)(text)


def _read(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return what reads an answer by core.reading; what cannot be read stays as typed, to be told of."""

    def read(text: str) -> Any:
        try:
            return reader(text)
        except Unread:
            return text

    return read


def _moment(text: str) -> str:
    """The browser gives the wall clock; a county's clock is China's."""
    return read_moment(text).isoformat()


_READ: Mapping[str, Any] = {
    "integer": _read(partial(read_number, whole=True)),
    "decimal": _read(read_number),
    "date": _read(lambda text: read_day(text).isoformat()),
    "dateTime": _read(_moment),
    "acknowledge": lambda text: text in ("on", "yes", "true"),
}


def with_row_changes(body: dict[str, Any], sent: Sent) -> dict[str, Any]:
    """Return the body after the buttons "add a row" (_add=members) and "remove this row" (_remove=members.2)."""
    if added := str(sent.get("_add", "") or ""):
        return _changed(body, added.split("."), lambda rows: [*rows, {}] if len(rows) < MOST_ROWS else rows)
    name, _, row = str(sent.get("_remove", "") or "").rpartition(".")
    if name and row.isdigit():
        return _changed(body, name.split("."), lambda rows: [one for i, one in enumerate(rows) if i != int(row)])
    return body


def _changed(body: dict[str, Any], path: list[str], change: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """Return the body with the rows at the path changed: ["homes", "2", "members"]. What is not there stays so."""
    name, *rest = path
    rows = body.get(name, [])
    if not isinstance(rows, list):
        return body
    if not rest:
        return {**body, name: change(rows)}
    number, *inner = rest
    if not inner or not number.isdigit() or int(number) >= len(rows):
        return body
    return {**body, name: [_changed(row, inner, change) if i == int(number) else row for i, row in enumerate(rows)]}


def numbers_of(name: str) -> tuple[str, tuple[int, ...]]:
    """Return the key and the rows (from 1) of a name on the page: members.2.well is members.well in row 3."""
    parts = name.split(".")
    return ".".join(parts[::2]), tuple(int(part) + 1 for part in parts[1::2])


def name_on_page(key: str, numbers: Sequence[int]) -> str:
    """Return the name on the page of a question in these rows (from 1): the other way round."""
    steps = key.split(".")
    return ".".join(f"{step}.{number - 1}" for step, number in zip(steps, numbers, strict=False)) + (
        f"{'.' if numbers else ''}{'.'.join(steps[len(numbers) :])}" if steps[len(numbers) :] else ""
    )
