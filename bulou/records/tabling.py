"""Records of a kind as tables: one row a record, and a table of its own for every repeat, joined by the record's id.

All versions of a kind stand in the same tables: a column for every question that any of them asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulou.records.declaration import Declaration
from bulou.records.display import text_of, words_in
from bulou.records.fields import Field, answers
from bulou.records.keeping import Kept
from bulou.records.masking import mask_answer, mask_choice
from bulou.records.words import Words


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the repeat's key ("members", "members.visits"), "" for the records; `keys` and `headers` of its columns."""

    name: str
    title: str
    keys: tuple[str, ...]
    headers: tuple[str, ...]

    @property
    def depth(self) -> int:
        """How many row numbers tell a row: 0 for the records, 1 for a repeat, 2 for a repeat within one."""
        return self.name.count(".") + 1 if self.name else 0


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table: `place` are the numbers of the rows it stands in, from 1; `cells` by key."""

    table: str
    place: tuple[int, ...]
    cells: Mapping[str, str]


def tables(versions: Sequence[Declaration], language: str) -> list[Table]:
    """Return the tables that hold records of all these versions (oldest first), the records' own first.

    A question is called what the latest version that asks it calls it.
    """
    columns: dict[str, dict[str, str]] = {"": {}}
    titles = {"": words_in(versions[-1], language).title if versions else ""}
    for kind in versions:
        words = words_in(kind, language)
        for table, key, field in _questions(kind.fields, "", ""):
            if field.type == "repeat":
                columns.setdefault(key, {})
                titles[key] = words.label(key)
            else:
                columns[table][key] = words.label(key)
    return [
        Table(name, titles[name], tuple(asked), tuple(_told_apart(list(asked.values()))))
        for name, asked in columns.items()
    ]


def lay_out(kind: Declaration, body: Kept, language: str, *, masked: bool) -> Iterator[TableRow]:
    """Yield the rows one record makes: its own, then those of its repeats. Answers in words, personal ones masked."""
    yield from _rows(words_in(kind, language), kind.fields, body, "", (), masked)


def _rows(
    words: Words, fields: tuple[Field, ...], body: Mapping[str, Any], table: str, place: tuple[int, ...], masked: bool
) -> Iterator[TableRow]:
    prefix = f"{table}." if table else ""
    cells: dict[str, str] = {}
    inner: list[tuple[Field, list[Any]]] = []
    for field in answers(fields):
        value = body.get(field.name)
        if field.type == "repeat":
            inner.append((field, value if isinstance(value, list) else []))
        elif value not in (None, "", [], False) and field.type != "body":
            cells[prefix + field.name] = answer_text(words, field, prefix + field.name, value, masked)
    yield TableRow(table, place, cells)
    for field, rows in inner:
        for number, row in enumerate(rows, 1):
            if isinstance(row, Mapping):
                yield from _rows(words, field.fields, row, prefix + field.name, (*place, number), masked)


def answer_text(words: Words, field: Field, key: str, value: Any, masked: bool) -> str:
    """Return one answer as a file holds it; `masked`, as one that leaves may."""
    chosen = isinstance(value, list)
    if masked and field.options:
        value = [mask_choice(field, str(one)) for one in value] if chosen else mask_choice(field, str(value))
    if chosen != (field.type == "select_multiple"):  # kept as it came, before anybody could check it
        said = " ".join(map(str, value)) if chosen else str(value)
    else:
        said = text_of(words, field, key, value)
    return mask_answer(field, words.label(key), said, strictly=True) if masked else said


def _questions(fields: tuple[Field, ...], table: str, prefix: str) -> Iterator[tuple[str, str, Field]]:
    """Yield every question with the table it stands in and its key; a repeat before what it holds."""
    for field in answers(fields):
        key = prefix + field.name
        if field.type == "body":
            continue
        yield table, key, field
        if field.type == "repeat":
            yield from _questions(field.fields, key, f"{key}.")


def _told_apart(headers: list[str]) -> list[str]:
    """Return the headers, those said twice with a number."""
    seen: dict[str, int] = {}
    found = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        found.append(f"{header} ({seen[header]})" if seen[header] > 1 else header)
    return found
