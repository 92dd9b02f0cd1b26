"""Passwords and codes as they come in with a request: where from, in which browser, and what is said to who must wait."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare, salted_hmac

from bulou.access import actions, queries
from bulou.access.actions import Try
from bulou.access.rules import TooSoon, source_of_address
from bulou.access.trying import mark
from bulou.core.ids import new_secret

COOKIE = "bulou_browser"
KNOWN_FOR = timedelta(days=180)
MOST_NAMES = 8  # that one browser knows: an office shares a computer
_ENTRY = re.compile(r"[0-9a-f]{40}\.[0-9]{1,10}\.[0-9a-z]{16}\.[0-9a-f]{64}")


def source_of(request: HttpRequest) -> str:
    """Return where a request comes from, as the front knows it: what the proxy says only where there is one of ours."""
    return source_of_address(get_client_ip(request) or "")


def came_at(request: HttpRequest) -> datetime:
    """Return when the request came, as the middleware wrote it on it."""
    return request.came_at  # type: ignore[attr-defined,no-any-return]


def begin(request: HttpRequest, name: str) -> Try:
    """Count a try of the name's password or code; answer with how long to wait if it comes too soon.

    Say afterwards `right` or `wrong`.
    """
    at, name = came_at(request), plain(name)
    try:
        return actions.begin_try(name=name, source=source_of(request), browser=known_browser(request, name), at=at)
    except TooSoon as refused:
        raise ImmediateHttpResponse(asked_to_wait(request, refused, at)) from None


def right(tried: Try) -> None:
    """Take back a try that was right."""
    actions.take_back(tried)


def wrong(tried: Try, name: str, *, code: bool = False) -> None:
    """Write down a try that was wrong."""
    actions.note_wrong(tried, account=queries.find_account(plain(name)), at=tried.at, code=code)


@contextmanager
def counted(request: HttpRequest, name: str, *, refused: type[Exception], code: bool = False) -> Iterator[None]:
    """Count a try that the block looks at; `refused` is what it raises of a wrong one."""
    tried = begin(request, name)
    try:
        yield
    except refused:
        wrong(tried, name, code=code)
        raise
    right(tried)


def plain(name: str) -> str:
    """Return a user name as it is counted and looked up."""
    return name.strip().lower()


def asked_to_wait(request: HttpRequest, refused: TooSoon, at: datetime) -> HttpResponse:
    """Say in words and in Retry-After how many seconds there are to wait."""
    seconds = refused.seconds(at)
    response = render(request, "access/wait.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    add_never_cache_headers(response)
    return response


def signed_in(request: HttpRequest, account: Any) -> None:
    """Clear the tries of an account that has proved all it must, and let this browser be one it knows."""
    name = plain(account.username)
    actions.clear_tries(name=name, source=source_of(request), browser=known_browser(request, name))
    request.knows_now = account  # type: ignore[attr-defined]


def known_browser(request: HttpRequest, name: str) -> str:
    """Return what stands for this browser if the account of the name has signed in with it, "" if not.

    It is forgotten after KNOWN_FOR, when the password changes or is reset, and wherever the account's sessions end.
    """
    whose = mark("name", name)
    for entry in _entries(request):
        tag, made, secret, seal = entry.split(".")
        if tag != whose:
            continue
        account = queries.find_signing(name)
        fresh = timedelta() <= came_at(request) - datetime.fromtimestamp(int(made), UTC) <= KNOWN_FOR
        if account and fresh and constant_time_compare(seal, _seal(account.pk, made, secret, account.sessions)):
            return secret
    return ""


def _entries(request: HttpRequest) -> list[str]:
    said = request.COOKIES.get(COOKIE, "").split("~")[:MOST_NAMES]
    return [entry for entry in said if _ENTRY.fullmatch(entry)]


def _seal(account: UUID, made: str, secret: str, sessions: str) -> str:
    return salted_hmac(
        "bulou.access.browser", f"{account} {made} {secret} {sessions}", algorithm="sha256"
    ).hexdigest()  # fmt: skip


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser what it is known by, if somebody has just signed in with it or chosen a new password in it."""
    account = getattr(request, "knows_now", None)
    if account is None:
        return
    whose, made, secret = mark("name", plain(account.username)), str(int(came_at(request).timestamp())), new_secret(16)
    seal = _seal(account.pk, made, secret, account.get_session_auth_hash())
    others = [entry for entry in _entries(request) if entry.partition(".")[0] != whose]
    response.set_cookie(
        COOKIE, "~".join([f"{whose}.{made}.{secret}.{seal}", *others][:MOST_NAMES]), max_age=KNOWN_FOR, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path=settings.SESSION_COOKIE_PATH,
    )  # fmt: skip
