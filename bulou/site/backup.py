"""Copies of the whole database that are known to be good when they are made, and go back only where nothing is lost.

A backup is one file and a manifest beside it (`<file>.json`): which database, every table's rows at the moment of the
copy, and the file's hash. Both are made while people work; the copy is of one moment. Photographs are files of their own
(photographs.py). Once all is on the disk, phones may hear what they can forget.

What leaves the data folder is sealed with the installation's key, which is in no backup, and only its owner may read the
files (docs/adr/0021). Plain copies, which older versions made, still go back.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection, transaction

from bulou import __version__
from bulou.access.actions import reseal
from bulou.core.moments import CHINA
from bulou.core.sealing import mark_of
from bulou.field.actions import begin_epoch, mark_backup, unbroken_numbers
from bulou.ledger.actions import after_restore
from bulou.site.installation import data_folder, secrets_at_hand
from bulou.site.photographs import copy_beside, put_back
from bulou.site.sealed import open_file, own_file, seal_file


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `tables` counts rows; `role` is the PostgreSQL role that owned them.

    `key` tells, without giving it away, which key the installation had: the key itself is in no backup.
    """

    made_at: datetime
    bulou: str
    database: str
    role: str
    sha256: str
    tables: dict[str, int]
    key: str = ""

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def back_up(path: Path, *, at: datetime) -> Manifest:
    """Write a backup of the database to `path` and its manifest beside it, verified.

    Raise FileExistsError if the path is taken, ValueError if the copy turns out not to be whole.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}: make it first")
    for taken in (path, _manifest_path(path)):
        if taken.exists():
            raise FileExistsError(f"{taken} exists already; a backup never overwrites one")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    phones = unbroken_numbers() if _has_phones() else {}  # before the copy: all that came until now is in it
    with tempfile.TemporaryDirectory(dir=data_folder(), prefix="backup-") as folder:  # what is plain stays in here
        plain = Path(folder) / "copy"
        tables = _dump_postgres(plain) if connection.vendor == "postgresql" else _copy_sqlite(plain)
        try:
            seal_file(plain, part)
            if _hash_of(open_file(part, secrets_at_hand())) != _hash(plain):
                raise ValueError("what was sealed does not open again to what it was: is the disk sound?")
            manifest = Manifest(made_at=at, bulou=__version__, database=connection.vendor, sha256=_hash(part),
                                role=_role(), tables=tables, key=key_mark())  # fmt: skip
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    with own_file(_manifest_path(path)) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    _flush(_manifest_path(path))
    copy_beside(path)
    _flush(path.parent)
    if _has_phones():
        mark_backup(held=phones, made_at=at, at=at)
    return manifest


def key_mark() -> str:
    """Return what the installation's key is known by: too little to learn anything of the key from."""
    return mark_of(secrets_at_hand()[0])


def _has_phones() -> bool:
    """Tell whether the database knows phones: one of an older version does not, until it has been brought up to date."""
    return "field_device" in connection.introspection.table_names()


def restore(path: Path, *, at: datetime, replace: bool, keys: Sequence[str] = ()) -> tuple[Manifest, str]:
    """Put a backup in place of the database; return its manifest and where the old one was kept ("" if there was none).

    `keys` are keys it may have been sealed with, besides the installation's own. Raise ValueError if none of them is, if
    the file is not what its manifest says, is of the other kind of database, or if the database already holds something
    and `replace` is not given. Nothing is changed unless the whole backup goes in.
    """
    manifest = read_manifest(path)
    if manifest.database != connection.vendor:
        raise ValueError(f"{path.name} is a backup of {manifest.database}; this installation uses {connection.vendor}")
    if _hash(path) != manifest.sha256:
        raise ValueError(f"{path.name} is not the file its manifest describes: it was damaged or exchanged")
    known = [*secrets_at_hand(), *keys]
    stamp = at.astimezone(CHINA).strftime("%Y%m%d_%H%M%S")
    put_in = _restore_postgres if connection.vendor == "postgresql" else _restore_sqlite
    with tempfile.TemporaryDirectory(dir=data_folder(), prefix="restore-") as folder:
        plain = Path(folder) / "copy"
        with own_file(plain) as file:
            file.writelines(open_file(path, known))
        kept = put_in(plain, manifest, stamp, replace)
    after_restore()
    put_back(path, known)
    if "mfa_authenticator" in connection.introspection.table_names():
        reseal(known)  # what was sealed under another key is the installation's now
    if _has_phones():
        begin_epoch(because="restored", at=at)  # phones send again what they still hold
    return manifest, kept


def read_manifest(path: Path) -> Manifest:
    try:
        return msgspec.json.decode(_manifest_path(path).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise ValueError(
            f"{_manifest_path(path)} is missing: without it nobody can tell whether the backup is whole"
        ) from error
    except msgspec.MsgspecError as error:
        raise ValueError(f"{_manifest_path(path)} cannot be read: {error}") from error


def _manifest_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(pieces: Iterable[bytes]) -> str:
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
    return hashed.hexdigest()


def _flush(path: Path) -> None:
    """See that the file, or the folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_counts(found: Mapping[str, int], manifest: Manifest) -> None:
    wrong = sorted(name for name, rows in manifest.tables.items() if found.get(name) != rows)
    if wrong:
        raise ValueError("the rows of " + ", ".join(wrong) + " do not come to what the manifest says")


# SQLite: one file, copied by VACUUM INTO, which reads one moment and does not keep writers waiting.


def _copy_sqlite(part: Path) -> dict[str, int]:
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30)) as source:
        before = _entries(source)
        source.execute("VACUUM INTO ?", (str(part),))
        after = _entries(source)
    tables = _inspect_sqlite(part)
    if not before <= tables.get("ledger_entry", 0) <= after:
        raise ValueError("the copy does not hold every entry")
    return tables


def _entries(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM ledger_entry").fetchone()[0])


def _inspect_sqlite(path: Path) -> dict[str, int]:
    """Return the rows of each table; raise ValueError if the file is not sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            if (verdict := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise ValueError(f"{path.name} is damaged: {verdict}")
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            return {
                name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for (name,) in names.fetchall()
            }
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{path.name} is not a database that can be read: {error}") from error


def _restore_sqlite(path: Path, manifest: Manifest, stamp: str, replace: bool) -> str:
    target = Path(connection.settings_dict["NAME"])
    kept = target.with_name(f"{target.name}.before-restore-{stamp}")
    if target.exists() and not replace:
        raise ValueError(f"{target} exists; --replace keeps it as {kept.name} and puts the backup in its place")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    shutil.copyfile(path, part)
    _check_counts(_inspect_sqlite(part), manifest)
    with closing(sqlite3.connect(part)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    _flush(part)
    connection.close()
    existed = target.exists()
    if existed:
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.rename(kept)
        for tail in ("-wal", "-shm"):
            target.with_name(target.name + tail).unlink(missing_ok=True)
    part.rename(target)
    _flush(target.parent)
    return str(kept) if existed else ""


# PostgreSQL: pg_dump of one exported snapshot, so that the manifest counts exactly what the file holds.


def _role() -> str:
    return str(connection.settings_dict["USER"]) if connection.vendor == "postgresql" else ""


def _postgres(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's own programs on the database and return what it printed."""
    database = connection.settings_dict
    address = {"PGHOST": database["HOST"], "PGPORT": database["PORT"], "PGUSER": database["USER"],
               "PGPASSWORD": database["PASSWORD"], "PGDATABASE": database["NAME"]}  # fmt: skip
    environment = {**os.environ, **{name: str(value) for name, value in address.items() if value}}
    if shutil.which(program) is None:
        raise ValueError(f"{program} is not installed; it comes with PostgreSQL's client programs")
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ValueError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def _one_moment() -> Iterator[str]:
    """Yield the id of a snapshot that other connections can read the same moment by."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def _query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def _counts_postgres() -> dict[str, int]:
    names = [name for (name,) in _query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]
    return {name: _query(f'SELECT count(*) FROM "{name}"')[0][0] for name in sorted(names)}  # noqa: S608


def _dump_postgres(part: Path) -> dict[str, int]:
    with _one_moment() as snapshot:
        tables = _counts_postgres()
        _postgres("pg_dump", "--format=custom", "--schema=public", f"--snapshot={snapshot}", f"--file={part}")
    listed = _postgres("pg_restore", "--list", str(part))
    if missing := sorted(name for name in tables if f" TABLE DATA public {name} " not in listed):
        raise ValueError("the dump does not hold " + ", ".join(missing))
    return tables


def _restore_postgres(path: Path, manifest: Manifest, stamp: str, replace: bool) -> str:
    if manifest.role != _role():
        raise ValueError(f"the backup belongs to the role {manifest.role}; restore it as that role, with its grants")
    kept = f"before_restore_{stamp}"
    existing = _counts_postgres()
    if existing and not replace:
        raise ValueError(f"the database is not empty; --replace keeps what it holds as the schema {kept}")
    with transaction.atomic(durable=True):
        if existing:
            _query(f'ALTER SCHEMA public RENAME TO "{kept}"')
            _query("CREATE SCHEMA public")
    try:
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--schema=public",
                  f"--dbname={connection.settings_dict['NAME']}", str(path))  # fmt: skip
        _check_counts(_counts_postgres(), manifest)
    except ValueError:
        with transaction.atomic(durable=True):
            _query("DROP SCHEMA public CASCADE")
            _query(f'ALTER SCHEMA "{kept}" RENAME TO public' if existing else "CREATE SCHEMA public")
        raise
    return kept if existing else ""
