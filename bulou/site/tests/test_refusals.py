"""What is the machine's fault is told apart from what is ours, and told in the form each program reads."""

import errno
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import Client, RequestFactory

from bulou.site.refusals import Said, failed, reason_of, say


def of_sqlite(error: sqlite3.Error) -> DatabaseError:
    raised = OperationalError(str(error))
    raised.__cause__ = error
    return raised


def raised_by(path: Path, statement: str, *before: str) -> sqlite3.Error:
    database = sqlite3.connect(path, timeout=0)
    try:
        for one in before:
            database.execute(one)
        database.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        database.close()
    raise AssertionError(statement)


def test_a_locked_and_a_full_database_are_the_machines_fault_a_wrong_statement_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN IMMEDIATE")
    assert reason_of(of_sqlite(raised_by(path, "BEGIN IMMEDIATE"))) is Said.AWAY
    other.rollback()
    other.close()
    full = raised_by(path, "INSERT INTO t VALUES (zeroblob(1000000))", "PRAGMA max_page_count = 3")
    assert reason_of(of_sqlite(full)) is Said.FULL
    assert reason_of(of_sqlite(raised_by(path, "SELECT * FROM nothing"))) is None
    assert reason_of(IntegrityError("twice")) is None
    assert reason_of(ValueError("ours")) is None


def test_a_full_disk_is_found_below_what_it_caused() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("a photograph could not be kept") from error
    except RuntimeError as error:
        assert reason_of(error) is Said.FULL
    assert reason_of(OSError(errno.ENOENT, "no such file")) is None


@pytest.mark.parametrize("said", list(Said))
def test_everybody_is_told_in_both_languages_and_in_their_form(said: Said) -> None:
    status, headers, page = say(said, "/board/")
    assert ("content-type", "text/html; charset=utf-8") in headers and "没有收下".encode() in page
    assert status == said.value.status and (status != 503 or dict(headers)["retry-after"])
    _, _, told = say(said, "/field/v1/entries")
    words = json.loads(told)["words"]
    assert words["en"] != words["zh_Hans"] and words["zh_Hans"].encode() in page
    _, headers, xml = say(said, "/odk/token/submission")
    assert xml.startswith(b"<?xml") and dict(headers)["x-openrosa-version"]


@pytest.mark.django_db
def test_a_page_whose_database_is_away_says_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("FATAL: sorry, too many clients already")

    monkeypatch.setattr("bulou.access.queries.find_account", away)
    client = Client(raise_request_exception=False)
    answer = client.post("/account/login/", {"login": "anna", "password": "wrong"})
    assert answer.status_code == 503 and answer["Retry-After"]

    def ours(*_: Any, **__: Any) -> None:
        raise ValueError("ours")

    monkeypatch.setattr("bulou.access.queries.find_account", ours)
    assert client.post("/account/login/", {"login": "anna", "password": "wrong"}).status_code == 500
    assert failed(RequestFactory().get("/")).status_code == 500
