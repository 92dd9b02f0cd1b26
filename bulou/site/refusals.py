"""What somebody is told whose request cannot be taken: in words, in the form their program reads, and whether to try again.

Nothing of such a request was recorded. Our own phones and Collect keep what they have and send it again by themselves.
"""

import errno
import sqlite3
import sys
from dataclasses import dataclass
from enum import Enum

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_noop

from bulou.field.wire import Problem
from bulou.field.words import fixed
from bulou.odk.rules import openrosa

FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Refused:
    """`code` is for programs. `again`: seconds after which to try again, 0 if the same would be refused again."""

    code: str
    status: int
    again: int
    words: str


class Said(Enum):
    STRANGER = Refused(
        "stranger",
        413,
        0,
        gettext_noop(
            "So much is taken only from somebody who is signed in and may send it to this address. Sign in and try again."
        ),
    )
    LARGE = Refused(
        "large",
        413,
        0,
        gettext_noop(
            "That is more than is taken here at once. Nothing was recorded: send a smaller file, or less at a time."
        ),
    )
    SLOW = Refused(
        "slow",
        408,
        0,
        gettext_noop(
            "It came too slowly and was given up. Nothing was recorded: try again where the signal is better."
        ),
    )
    BUSY = Refused(
        "busy",
        503,
        10,
        gettext_noop(
            "More is asked of the server than it can do just now. Nothing was recorded: try again in a moment. "
            "Phones keep what they have and send it again by themselves."
        ),
    )
    AWAY = Refused(
        "away",
        503,
        30,
        gettext_noop(
            "The database cannot be reached just now. Nothing was recorded: try again in half a minute. "
            "Phones keep what they have and send it again by themselves."
        ),
    )
    FULL = Refused("full", 503, 300, gettext_noop(
        "The server's disk is full. Nothing was recorded: tell whoever runs this installation, and try again then. "
        "Phones keep what they have and send it again by themselves."
    ))  # fmt: skip


def say(said: Said, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the answer at an address: its status, headers and content, for a phone, for Collect or for a person."""
    refused, words = said.value, fixed(said.value.words)
    headers = [("cache-control", "no-store"), *([("retry-after", str(refused.again))] if refused.again else [])]
    if path.startswith("/field/v1/"):
        content = msgspec.json.encode(Problem(error=refused.code, words=words))
        return refused.status, [("content-type", "application/json"), *headers], content
    texts = [words["zh_Hans"], words["en"]]
    if path.startswith("/odk/"):
        content = openrosa.message("\n".join(texts), refused.code).encode()
        return refused.status, [("content-type", "text/xml; charset=utf-8"), ("x-openrosa-version", openrosa.VERSION),
                                *headers], content  # fmt: skip
    page = render_to_string("refused.html", {"zh": texts[0], "en": texts[1], "again": refused.again})
    return refused.status, [("content-type", "text/html; charset=utf-8"), *headers], page.encode()


def response(said: Said, path: str) -> HttpResponse:
    status, headers, content = say(said, path)
    return HttpResponse(content, status=status, headers=dict(headers))


def reason_of(error: BaseException | None) -> Said | None:
    """Return what to say if it is the machine below that failed, and trying again later is right; None otherwise."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return Said.FULL
        if isinstance(error, DatabaseError | InterfaceError):
            return _of_database(error)
        error = error.__cause__ or error.__context__
    return None


def _of_database(error: DatabaseError | InterfaceError) -> Said | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # SQLite says the same class of a wrong statement: the code tells them apart.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return Said.FULL
        away = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
        return Said.AWAY if code in away else None
    if getattr(cause, "sqlstate", None) == "53100":
        return Said.FULL
    return Said.AWAY if isinstance(error, OperationalError | InterfaceError) else None


def failed(request: HttpRequest) -> HttpResponse:
    """Answer what raised: with *try again* if it was the database or the disk, else that something went wrong."""
    said = reason_of(sys.exc_info()[1])
    if said is not None:
        return response(said, request.path)
    return render(request, "500.html", status=500)
