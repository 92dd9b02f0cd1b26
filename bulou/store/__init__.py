"""Set-based SQL. One statement writes a whole batch, handed over as one JSON parameter, the same on both databases.

SQLite unpacks it with json_each, PostgreSQL with jsonb_to_recordset. Measured against executemany, COPY and multi-row
VALUES in docs/adr/0003.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import islice
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import Model

CHUNK = 10_000  # rows a statement, so that a sweep of a whole county is opened in bounded memory


@dataclass(frozen=True)
class Table:
    """A table's name, and its columns with the PostgreSQL type of each. `numbered`: rows get their place in a feed, the
    columns `position` and `txid`, as they are written.
    """

    name: str
    columns: dict[str, str]
    numbered: bool = False


@cache
def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def by_index(index: str) -> str:
    """Return what stands behind a table's name so that SQLite reads this index of it; PostgreSQL finds it by itself.

    SQLite guesses, and with other statistics, or none, otherwise: a query that must not depend on luck says it.
    """
    return "" if is_postgres() else f" INDEXED BY {index}"


def in_order() -> str:
    """Return the word between two tables that makes SQLite read them in the order they stand in: a join of its own name."""
    return "JOIN" if is_postgres() else "CROSS JOIN"


@lru_cache(maxsize=1 << 16)  # a batch says the same few moments again and again
def stamp(moment: datetime) -> str:
    """Return the moment as both databases read it: UTC, as Django writes it on SQLite."""
    return str(moment.astimezone(UTC))[:-6]  # without +00:00


@lru_cache(maxsize=1 << 12)  # as above
def read_moment(value: Any) -> datetime:
    """Return what a raw query gave for a moment: SQLite gives text or, for a column, a naive datetime."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(int=int(value, 16))  # spares UUID its search for other spellings


_JSON = msgspec.json.Encoder(uuid_format="hex")


def rows_json(rows: Iterable[Sequence[Any]], columns: Mapping[str, str] | None = None) -> str:
    """Return rows as the JSON parameter `unpack` reads, ids and moments as SQLite keeps them and PostgreSQL reads them.

    Where `columns` says what they are of, moments are looked for only there: half of the time a wide row takes.
    """
    if columns is None:
        packed = [[stamp(value) if value.__class__ is datetime else value for value in row] for row in rows]
    else:
        packed = [list(row) for row in rows]
        for at in [i for i, kind in enumerate(columns.values()) if kind == "timestamptz"]:
            for row in packed:
                if row[at].__class__ is datetime:  # and not None, or written as text already
                    row[at] = stamp(row[at])
    return _JSON.encode(packed).decode()


def unpack(columns: dict[str, str]) -> str:
    """Return a FROM item named x with these columns, reading its rows from one JSON parameter."""
    return _unpacking(tuple(columns.items()))


@cache
def _unpacking(columns: tuple[tuple[str, str], ...]) -> str:
    if is_postgres():
        picks = ", ".join(f'(value->>{i})::{kind} AS "{name}"' for i, (name, kind) in enumerate(columns))
        return f"(SELECT ordinality AS n, {picks} FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY) AS x"
    picks = ", ".join(f"json_extract(value, '$[{i}]') AS \"{name}\"" for i, (name, _) in enumerate(columns))
    return f"(SELECT key + 1 AS n, {picks} FROM json_each(%s)) AS x"


def day_in_china(column: str) -> str:
    """Return the expression of the calendar day in China on which the moment in the column falls."""
    return f"({column} AT TIME ZONE INTERVAL '+08:00')::date" if is_postgres() else f"date({column}, '+8 hours')"


def row_place() -> str:
    """Return the column that says where a row lies: the quickest way back to one found in the same statement."""
    return "ctid" if is_postgres() else "rowid"


def among(column: str, kind: str) -> str:
    """Return the condition that the column, of this PostgreSQL type, is one of a JSON parameter's rows of one value.

    PostgreSQL looks up an array in the index, whatever it believes of the table; of a set it may think that reading
    the whole county is quicker.
    """
    if is_postgres():
        return f"{column} = ANY(ARRAY(SELECT (value->>0)::{kind} FROM jsonb_array_elements(%s::jsonb)))"
    return f"{column} IN (SELECT x.v FROM {unpack({'v': kind})})"


def beside(columns: dict[str, str], table: str, condition: str) -> str:
    """Return FROM and WHERE for each row x of a JSON parameter with the rows t of the table that fit it.

    The table is searched for one row of the batch after the other, by its index and whatever the planner believes.
    """
    if is_postgres():
        return f"FROM {unpack(columns)} CROSS JOIN LATERAL (SELECT * FROM {table} t WHERE {condition} OFFSET 0) AS t"
    return f"FROM {unpack(columns)} CROSS JOIN {table} t WHERE {condition}"


def query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def scan(sql: str, *parameters: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Yield what the query finds, CHUNK rows at a time; inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def make_room() -> None:
    """Set this connection up for a pass over everything: memory for its pages, and what it sorts goes to the disk.

    On SQLite only before the transaction.
    """
    if is_postgres():
        query("SET work_mem = '64MB'")
    elif not connection.in_atomic_block:
        query(f"PRAGMA cache_size = -{256 * 1024}")
        query("PRAGMA temp_store = FILE")


@contextmanager
def loading(*models: type[Model]) -> Iterator[None]:
    """Do without these tables' indexes on SQLite, where nobody else writes, and make them anew from what was written.

    On PostgreSQL that would lock out the other counties, who work on.
    """
    indexes = [] if is_postgres() else [(model, index) for model in models for index in model._meta.indexes]
    for _, index in indexes:
        query(f"DROP INDEX {index.name}")
    yield
    for model, index in indexes:
        query(str(index.create_sql(model, connection.schema_editor())))


def insert(table: Table, rows: Sequence[Sequence[Any]], returning: str = "") -> list[tuple[Any, ...]]:
    """Insert the rows that are new, leaving those already there untouched; return `returning` of the inserted ones."""
    if not rows:
        return []
    statement = _inserting(table.name, tuple(table.columns.items()), table.numbered, returning)
    return query(statement, rows_json(rows, table.columns))


@cache
def _inserting(table: str, columns: tuple[tuple[str, str], ...], numbered: bool, returning: str) -> str:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    picks = ", ".join(f'x."{name}"' for name, _ in columns)
    if numbered:
        names += ", position, txid"
        picks += (
            f", nextval('{table}_position'), pg_current_xact_id()::text::bigint"
            if is_postgres()
            else f", (SELECT coalesce(max(position), 0) FROM {table} WHERE txid = 0) + x.n, 0"  # one step of an index
        )
    sql = (
        f"INSERT INTO {table} ({names}) SELECT {picks} FROM {_unpacking(columns)}"
        " WHERE true ORDER BY x.n ON CONFLICT DO NOTHING"
    )
    return sql + (f" RETURNING {returning}" if returning else "")


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


_turn = Lock()


@contextmanager
def turn() -> Iterator[None]:
    """On SQLite, wait for one's turn before a transaction that writes. Inside a transaction it is one's own already.

    The place is handed on at once; SQLite by itself looks for it again after up to a tenth of a second.
    """
    if is_postgres() or connection.in_atomic_block:
        yield
    else:
        with _turn:
            yield


@contextmanager
def writing(county: int) -> Iterator[None]:
    """Hold the county's one writer's place for a transaction.

    Two phones can prove the same duty, or an order and its evidence can arrive, at the same moment; with one writer a
    county neither is missed and no count is off. Counties do not wait for each other on PostgreSQL. On SQLite BEGIN
    IMMEDIATE is the same thing for the whole file.
    """
    with turn(), transaction.atomic():
        if is_postgres():
            query("SELECT pg_advisory_xact_lock(%s)", county)
        yield
