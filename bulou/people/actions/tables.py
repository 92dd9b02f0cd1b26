"""The registers' tables as set-based SQL writes them (bulou.store)."""

from collections.abc import Iterable, Sequence
from typing import Any

from bulou import store
from bulou.store import Table, query, rows_json, unpack

HOUSEHOLD = Table(
    "people_household",
    {
        "county": "int",
        "id": "uuid",
        "area": "bigint",
        "key": "text",
        "number": "text",
        "address": "text",
        "household_class": "text",
        "dwelling": "text",
        "latitude": "float8",
        "longitude": "float8",
        "head": "uuid",
        "note": "text",
        "since": "timestamptz",
    },
)
PERSON = Table(
    "people_person",
    {
        "county": "int",
        "id": "uuid",
        "household": "uuid",
        "area": "bigint",
        "name": "text",
        "sex": "text",
        "birth": "date",
        "id_number": "text",
        "id_sure": "boolean",
        "phone": "text",
        "relation": "text",
        "resident": "text",
        "away": "boolean",
        "away_to": "text",
        "note": "text",
        "since": "timestamptz",
    },
)
SOURCE = Table(
    "people_source",
    {
        "county": "int",
        "subject": "text",
        "list_name": "text",
        "ref": "text",
        "at": "timestamptz",
        "by": "text",
        "data": "text",
        "run": "uuid",
    },
)

HOUSEHOLD_VALUES = ("number", "address", "household_class", "dwelling", "latitude", "longitude", "note")
PERSON_VALUES = ("name", "sex", "birth", "id_number", "phone", "relation", "resident", "away", "away_to", "note")
NULLABLE = {"birth", "away", "latitude", "longitude"}


def blank(column: str) -> object:
    return None if column in NULLABLE else ""


def insert(table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Insert the rows, all of them: a row the database would leave out must stop the whole batch, or it would be
    lost."""
    for chunk in store.chunks(rows):
        if len(store.insert(table, chunk, returning="id")) != len(chunk):
            raise RuntimeError(f"{table.name}: some rows are there already, or break a constraint")


def update(table: Table, columns: Sequence[str], county: int, rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of the county's rows; each row is its id, then their values."""
    kinds = {"id": "uuid"} | {c: table.columns[c] for c in columns}
    for chunk in store.chunks(rows):
        query(
            f"UPDATE {table.name} SET {', '.join(f'{c} = x.{c}' for c in columns)} FROM {unpack(kinds)}"  # noqa: S608
            f" WHERE {table.name}.county = %s AND {table.name}.id = x.id",
            rows_json(chunk),
            county,
        )


def put_sources(rows: Iterable[Sequence[Any]]) -> None:
    """Write what lists said, in place of what the same list said before of the same subject."""
    names = ", ".join(f'"{c}"' for c in SOURCE.columns)
    sets = ", ".join(f'"{c}" = excluded."{c}"' for c in SOURCE.columns if c not in ("county", "subject", "list_name"))
    picks = ", ".join(f'x."{c}"' for c in SOURCE.columns)
    for chunk in store.chunks(rows):
        unique = {(row[1], row[2]): row for row in chunk}
        query(
            f"INSERT INTO people_source ({names}) SELECT {picks} FROM {unpack(SOURCE.columns)} WHERE true ORDER BY x.n"  # noqa: S608
            f" ON CONFLICT (county, subject, list_name) DO UPDATE SET {sets}",
            rows_json(unique.values()),
        )
