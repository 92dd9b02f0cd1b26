"""How a phone is let in: by the session it carries, never by a cookie. Its scope is bound as any other request's is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bulou.access import queries as access
from bulou.access.rules import Scope
from bulou.access.views import SMALL, Door, Request
from bulou.core.moments import now as present
from bulou.core.scope import seeing
from bulou.field import queries, wire
from bulou.field.actions import begin_epoch
from bulou.field.rules.binding import ACTIVE, REVOKED, Phone
from bulou.field.rules.marks import make_mark
from bulou.field.rules.signing import moment_text
from bulou.field.words import PROBLEMS, fixed

P = ParamSpec("P")
S = TypeVar("S")
_ENCODER = msgspec.json.Encoder()


class PhoneRequest(Request):
    """A request of a phone: `phone` is which, `name` its worker's, `now` when it came. `usable`: its account is open."""

    phone: Phone
    name: str
    usable: bool
    now: datetime


View = Callable[Concatenate[PhoneRequest, P], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponse]


def answer(said: msgspec.Struct, status: int = 200) -> HttpResponse:
    return _kept_private(HttpResponse(_ENCODER.encode(said), content_type="application/json", status=status))


def refuse(status: int, error: str, words: str = "") -> HttpResponse:
    """Return a problem: a stable code, and what a person is told."""
    return answer(wire.Problem(error=error, words=fixed(PROBLEMS[words or error])), status)


def _kept_private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


class Unread(Exception):
    """The body is not what the address takes; `response` says so."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def body_of(request: HttpRequest, shape: type[S], most: int = SMALL) -> S:
    """Return the request's JSON as the shape. Raise Unread, with the answer to give, if it is not that."""
    try:
        size = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        raise Unread(refuse(400, "unreadable")) from None
    if size > most:
        raise Unread(refuse(413, "too many"))
    raw = request.read(most + 1)
    if len(raw) > most:
        raise Unread(refuse(413, "too many"))
    try:
        raw.decode()
        return msgspec.json.decode(raw, type=shape)
    except (ValueError, RecursionError):
        raise Unread(refuse(400, "unreadable")) from None


def anyone(*methods: str) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Let anybody ask, with an empty scope: enrolling and signing in come before any."""

    def decorate(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        @wraps(view)
        def opened(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request = cast(HttpRequest, args[0])
            if request.method not in methods:
                return _not_so(methods)
            with seeing(()):
                try:
                    return _kept_private(view(*args, **kwargs))
                except Unread as unread:
                    return unread.response

        opened.door = Door("public", methods=methods)  # type: ignore[attr-defined]
        opened.csrf_exempt = True  # type: ignore[attr-defined]
        return opened

    return decorate


def phone(*methods: str, even_revoked: bool = False, most: int = SMALL) -> Callable[[View[P]], Guarded[P]]:
    """Let in a phone with a good session, and bind the areas its worker may record in, of those it is bound to.

    `even_revoked`: also one that is no longer trusted, whose time is over or whose account was closed, so that what it
    recorded before is not lost. `most` is how many bytes it may send.
    """

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            now = present()
            known = _known(request, now)
            if known is None:
                return refuse(401, "session")
            if request.method not in methods:
                return _not_so(methods)
            name = access.find_usable(known.account, now)
            if not even_revoked:
                standing = known.standing(now) if name is not None else REVOKED
                if standing != ACTIVE:
                    return refuse(403, "expired" if standing == "expired" else "revoked")
            mine = _signed(request, known, name, now)
            ranges = queries.ranges_of_phone(known, mine.scope.holdings, "record")
            with seeing(ranges):
                try:
                    return _kept_private(view(mine, *args, **kwargs))
                except Unread as unread:
                    return unread.response

        guarded.door = Door("phone", "record", methods, most=most, admits=_has_session, own_words=True)  # type: ignore[attr-defined]
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def _known(request: HttpRequest, now: datetime) -> Phone | None:
    scheme, _space, session = request.headers.get("Authorization", "").partition(" ")
    return queries.find_session(session.strip(), now) if scheme.lower() == "bearer" and session else None


def _has_session(request: HttpRequest, _named: Mapping[str, Any]) -> bool:
    return _known(request, present()) is not None


def _signed(request: HttpRequest, known: Phone, name: str | None, now: datetime) -> PhoneRequest:
    mine = cast(PhoneRequest, request)
    mine.phone, mine.name, mine.usable, mine.now, mine.by = known, name or "", name is not None, now, known.by
    mine.scope = Scope("record", access.holdings_of(known.account, now))
    mine.can = mine.scope.can  # type: ignore[method-assign]
    return mine


def _not_so(methods: tuple[str, ...]) -> HttpResponse:
    response = refuse(405, "method")
    response.headers["Allow"] = ", ".join(methods)
    return response


def installation_key() -> bytes:
    """Return the key that seals what only this installation can have said."""
    return str(settings.SECRET_KEY).encode()


def said_now(phone: Phone, now: datetime) -> dict[str, Any]:
    """Return what every answer tells: the server's time, alone and as a mark, and the life its database is in."""
    return {
        "server_time": moment_text(now),
        "mark": make_mark(str(phone.id), key=installation_key(), at=now),
        "epoch": queries.find_epoch() or begin_epoch(because="first", at=now),
    }
