"""What every test stands on: it may see everything unless it says `unscoped`, and it may empty an append-only table."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import TransactionTestCase

from bulou.core import moments
from bulou.core.scope import EVERYTHING, seeing
from setup.words import compile_all
from tests.clock import NOON

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "admin_user", "admin_client"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "unscoped: nothing may be seen until the test binds a scope itself")
    config.addinivalue_line("markers", "database: uses the database, so it also runs on PostgreSQL (set by conftest)")
    config.addinivalue_line("markers", "browser: drives Chromium; runs once, on SQLite")
    if not os.environ.get("BULOU_SECRET_KEY"):
        settings.SECRET_KEY = "only the tests sign with this"
    if not hasattr(config, "workerinput"):
        compile_all()  # pages are tested in both languages, so a translation just written must be in force


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that `-m database` runs exactly that again on PostgreSQL."""
    for item in items:
        cls = getattr(item, "cls", None)
        if (
            item.get_closest_marker("django_db")
            or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
            or (cls is not None and issubclass(cls, TransactionTestCase))
        ):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _scope(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("unscoped"):
        yield
    else:
        with seeing(EVERYTHING):
            yield


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Begin the test at noon in China of the same day: what is due today, tonight or in an hour is so whenever it runs.

    The clock then goes on, so that what waits still waits. A folder whose tests ask for the present takes it for all of
    them; a browser, a server or a phone in another process would not share it.
    """
    real = moments._read()
    monkeypatch.setattr(moments, "_read", lambda: NOON + (datetime.now(UTC) - real))
    return NOON


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_append_only() -> Iterator[None]:
    """Let Django empty the tables after a transactional test, which the append-only triggers exist to prevent.

    They are lifted and put back inside the one transaction that empties the tables: no test ever runs without them.
    """
    original = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        connection = connections[self.connection.alias]
        lift = _lift_postgres if connection.vendor == "postgresql" else _lift_sqlite
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            undo = lift(cursor)
            original(self, sql_list)
            for statement in undo:
                cursor.execute(statement)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign, assignment]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


def _lift_sqlite(cursor) -> list[str]:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in triggers]


def _lift_postgres(cursor) -> list[str]:  # type: ignore[no-untyped-def]
    cursor.execute(
        """SELECT DISTINCT t.tgrelid::regclass::text, has_table_privilege(t.tgrelid, 'TRUNCATE')
           FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"""
    )
    undo = []
    for table, allowed in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        undo.append(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        if not allowed:
            cursor.execute(f"GRANT TRUNCATE ON {table} TO CURRENT_USER")
            undo.append(f"REVOKE TRUNCATE ON {table} FROM CURRENT_USER")
    return undo
