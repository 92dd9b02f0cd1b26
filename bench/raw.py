"""The rows a batch wrote, inserted again as fast as the database takes them: what `append` is compared with.

The twin is a copy of the database made before the first batch: same tables, indexes, triggers and durability, already
holding the same registers and duties. Nothing is checked, parsed or computed; the values lie ready in memory.
"""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

Rows = list[tuple[Any, ...]]
KEYS = {
    "ledger_entry": (), "ledger_evidence": (), "ledger_duty": ("county", "id"),
    "ledger_tally": ("county", "area", "name", "opens_at", "due_at", "closes_at"),
}  # fmt: skip


@dataclass
class Written:
    """What one batch wrote: rows new and rows changed, by table, with the names of the columns."""

    rows: dict[str, Rows] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))


def written_by(county: int, ids: Sequence[UUID]) -> Written:
    """Return every row of the ledger that the append of these entries wrote or changed."""
    from django.db import connection

    from bulou.store import is_postgres

    said: list[Any] = list(ids) if is_postgres() else [each.hex for each in ids]
    marks = ", ".join(["%s"] * len(said))
    touched = f"county = %s AND (opened_by IN ({marks}) OR met_by IN ({marks}) OR waived_by IN ({marks}))"
    keys = ("area", "name", "opens_at", "due_at", "closes_at")
    tallied = " AND ".join(f"t.{key} = d.{key}" for key in keys)
    asked = {
        "ledger_entry": (f"SELECT * FROM ledger_entry WHERE county = %s AND id IN ({marks})", [county, *said]),
        "ledger_evidence": (f"SELECT * FROM ledger_evidence WHERE county = %s AND entry IN ({marks})", [county, *said]),
        "ledger_duty": (f"SELECT * FROM ledger_duty WHERE {touched}", [county, *said, *said, *said]),
        "ledger_tally": (f"SELECT t.* FROM (SELECT DISTINCT {', '.join(keys)} FROM ledger_duty WHERE {touched}) d"
                         f" JOIN ledger_tally t ON t.county = %s AND {tallied}", [county, *said, *said, *said, county]),
    }  # fmt: skip
    found = Written()
    with connection.cursor() as cursor:
        for table, (sql, parameters) in asked.items():
            cursor.execute(sql, parameters)
            found.columns[table] = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            found.rows[table] = rows if is_postgres() else [tuple(map(_plain, row)) for row in rows]
    return found


def _plain(value: Any) -> Any:
    """Return the value as it lies in the file: Django's connection reads moments as datetimes."""
    return str(value) if value.__class__.__name__ == "datetime" else value


def _upsert(table: str, columns: Sequence[str]) -> str:
    if not (key := KEYS[table]):
        return ""
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"


class SqliteTwin:
    """One multi-row INSERT a table (as many as the parameter limit asks for), one transaction a batch, WAL and FULL."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.db import connection

        path = Path(settings.DATABASES["default"]["NAME"]).with_name("twin.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        self.file = sqlite3.connect(path, isolation_level=None)
        self.file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;")

    def prepare(self, written: Written) -> list[tuple[str, list[Any]]]:
        made = []
        for table, rows in written.rows.items():
            columns = written.columns[table]
            most = 32_000 // len(columns)
            names, one = ", ".join(f'"{name}"' for name in columns), f"({', '.join('?' * len(columns))})"
            for at in range(0, len(rows), most):
                part = rows[at : at + most]
                sql = f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * len(part))}{_upsert(table, columns)}"
                made.append((sql, [value for row in part for value in row]))
        return made

    def write(self, statements: list[tuple[str, list[Any]]]) -> None:
        self.file.execute("BEGIN IMMEDIATE")
        for sql, parameters in statements:
            self.file.execute(sql, parameters)
        self.file.execute("COMMIT")

    def count(self, table: str) -> int:
        return int(self.file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def close(self) -> None:
        self.file.close()


class PostgresTwin:
    """COPY into the tables that only grow; COPY into a temporary table and one upsert for those that change."""

    def __init__(self) -> None:
        import psycopg
        from django.db import connection

        settings = connection.settings_dict
        self.name, original = f"{settings['NAME']}_twin", settings["NAME"]
        self.login = {"host": settings["HOST"], "port": settings["PORT"] or None, "user": settings["USER"],
                      "password": settings["PASSWORD"] or None}  # fmt: skip
        connection.close()
        first = os.environ["DATABASE_URL"].rsplit("/", 1)[1]
        self.admin = psycopg.connect(**self.login, dbname=first, autocommit=True)
        self.admin.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
        self.admin.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{original}"')
        self.twin = psycopg.connect(**self.login, dbname=self.name)
        for table, key in KEYS.items():
            if key:
                self.twin.execute(f"CREATE TEMPORARY TABLE new_{table} (LIKE {table}) ON COMMIT DELETE ROWS")
        self.twin.commit()

    def prepare(self, written: Written) -> Written:
        return written

    def write(self, written: Written) -> None:
        with self.twin.transaction(), self.twin.cursor() as cursor:
            for table, rows in written.rows.items():
                columns = written.columns[table]
                names = ", ".join(f'"{name}"' for name in columns)
                into = f"new_{table}" if KEYS[table] else table
                with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as stream:
                    for row in rows:
                        stream.write_row(row)
                if KEYS[table]:
                    cursor.execute(
                        f"INSERT INTO {table} ({names}) SELECT {names} FROM new_{table}{_upsert(table, columns)}"
                    )

    def count(self, table: str) -> int:
        row = self.twin.execute(f"SELECT count(*) FROM {table}").fetchone()
        self.twin.rollback()
        assert row
        return int(row[0])

    def close(self) -> None:
        self.twin.close()
        self.admin.execute(f'DROP DATABASE "{self.name}"')
        self.admin.close()
