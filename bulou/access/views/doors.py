"""The one place where a request is let in and given its scope.

`page` asks for a permission and binds the areas it is held over, until the last byte of the answer is written. What no
door lets through is refused by the middleware; what runs outside a page runs with an empty scope and shows nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import serialize_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, get_user
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext

from bulou.access import actions, queries
from bulou.access.converters import Area
from bulou.access.rules import DEMANDS_SECOND_FACTOR, PERMISSIONS, NeedsSecond, Scope, TooMany
from bulou.access.words import refusal_text
from bulou.core.moments import now
from bulou.core.scope import Range, seeing

P = ParamSpec("P")
CSRF = "csrfmiddlewaretoken"
SAFE = frozenset({"GET", "HEAD"})
SMALL = 64 * 2**10  # bytes anybody may send, to any address
PAGE = 2**20  # bytes of a form of somebody who is signed in; what takes files says how much more


class Request(HttpRequest):
    """A request that came through a door, and when. `by` is how its account signs entries and the audit:
    "account:<uuid>"."""

    scope: Scope
    by: str
    came_at: datetime

    def can(self, permission: str, area: int | None = None) -> bool:
        """Tell whether the account holds the permission, over the area if one is named."""
        raise NotImplementedError  # the middleware gives every request its own


View = Callable[Concatenate[Request, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


Admits = Callable[[HttpRequest, Mapping[str, Any]], bool]  # the request without its body, what its address names


def _nobody(_request: HttpRequest, _named: Mapping[str, Any]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Door:
    """How a view may be reached; the mark that the middleware and the tests look for. No permission: any account.

    Anybody may send SMALL bytes; whom `admits` lets in may send `most`. It is asked before any more is read, and decides
    nothing else: the view's own door still stands before it. `own_words`: the door refuses before it reads a body.
    """

    kind: str  # "page", "personal" or "public"
    permission: str = ""
    methods: tuple[str, ...] = ("GET",)
    second_factor: bool = False
    most: int = SMALL
    admits: Admits = field(default=_nobody, compare=False)
    own_words: bool = False


def public(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Let anybody reach the view, with an empty scope."""

    @wraps(view)
    def opened(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with seeing(()):
            return _finished(view(*args, **kwargs), ())

    opened.door = Door("public", methods=("GET", "POST"))  # type: ignore[attr-defined]
    return opened


def personal(
    view: View[P] | None = None, *, fresh: bool = False, expired_password: bool = False
) -> Any:  # a decorator with and without arguments
    """Let any signed-in account reach the view, with an empty scope: its own password, its own second factor.

    `fresh` asks for the second factor again, or the password where there is none, if that was more than five minutes
    ago. `expired_password` lets in an account that must first change its password.
    """

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (instead := _turned_away(request, expired_password=expired_password)) is not None:
                return instead
            mine = _signed(request, "")
            if fresh:
                _check_fresh(request, factor=queries.has_second_factor(_id(request)))
            with seeing(()):
                response = _finished(view(mine, *args, **kwargs), ())
            return _kept_private(response)

        guarded.door = Door("personal", methods=("GET", "POST"), most=PAGE, admits=_knows)  # type: ignore[attr-defined]
        return guarded

    return decorate(view) if view is not None else decorate


def page(
    permission: str, *, methods: Iterable[str] = ("GET",), totp: bool = False, most: int = PAGE
) -> Callable[[View[P]], Guarded[P]]:
    """Let in who holds the permission somewhere, and bind the areas it is held over for the whole answer.

    Every area in the address must be one of them: any other is not found, exactly as if it did not exist. With `totp`,
    and always for the permissions in DEMANDS_SECOND_FACTOR, the account must have a second factor, and must have proved
    itself within five minutes before it exports or changes anything. `most` is how many bytes it may be sent. What needs
    a second person (NeedsSecond) is kept as an ask, and who asked is shown it.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"there is no permission called {permission!r}")
    allowed = tuple(methods)
    second_factor = totp or permission in DEMANDS_SECOND_FACTOR

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (instead := _turned_away(request)) is not None:
                return instead
            mine = _signed(request, permission)
            ranges = mine.scope.ranges
            if not ranges:
                raise PermissionDenied
            for value in (*args, *kwargs.values()):
                if isinstance(value, Area) and not mine.scope.contains(value):
                    raise Http404
            if request.method not in allowed and not (request.method == "HEAD" and "GET" in allowed):
                return HttpResponseNotAllowed(allowed)
            if second_factor:
                if not queries.has_second_factor(_id(request)):
                    request.session["after_second_factor"] = request.get_full_path()
                    return _go(request, redirect("access:enrol_factor"))
                if request.method not in SAFE or permission == "export":
                    _check_fresh(request, factor=True)
            try:
                with seeing(ranges):
                    response = _finished(view(mine, *args, **kwargs), ranges)
            except TooMany as refused:
                response = _slowed_down(mine, refused)
            except NeedsSecond as waits:
                response = _go(mine, _asked(mine, waits))
            return _kept_private(response)

        admits = partial(_may_send, permission)
        guarded.door = Door("page", permission, allowed, second_factor, most, admits)  # type: ignore[attr-defined]
        return guarded

    return decorate


_SESSIONS = SessionMiddleware(lambda _request: HttpResponse())


def _knows(request: HttpRequest, _named: Mapping[str, Any]) -> bool:
    """Tell whether the request comes with the session of an account that may still sign in."""
    _SESSIONS.process_request(request)
    request.user = get_user(request)
    return request.user.is_authenticated


def _may_send(permission: str, request: HttpRequest, named: Mapping[str, Any]) -> bool:
    return _knows(request, named) and bool(Scope(permission, queries.holdings_of(_id(request), now())).ranges)


def _turned_away(request: HttpRequest, *, expired_password: bool = False) -> HttpResponseBase | None:
    """Return where to send who is not signed in, or must first choose a password; None to go on."""
    if not request.user.is_authenticated:
        return _go(request, redirect_to_login(request.get_full_path()))
    if request.user.must_change_password and not expired_password:
        return _go(request, redirect("account_change_password"))
    return None


def _id(request: HttpRequest) -> UUID:
    return cast(UUID, request.user.pk)


def _go(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the redirect; for a fragment asked for by htmx, one that moves the whole page."""
    if "HX-Request" not in request.headers:
        return response
    return HttpResponse(status=401, headers={"HX-Redirect": response["Location"]})


def _signed(request: HttpRequest, permission: str) -> Request:
    mine = cast(Request, request)
    mine.by = f"account:{request.user.pk}"
    mine.scope = Scope(permission, queries.holdings_of(_id(request), now()))
    mine.can = mine.scope.can  # type: ignore[method-assign]
    return mine


def _slowed_down(request: Request, refused: TooMany) -> HttpResponse:
    """Say how many people may be looked at, and when again. A fragment is put where its answer would have stood."""
    said = refusal_text(refused)
    if "HX-Request" in request.headers:
        return render(request, "office/revealed.html", {"refused": said})
    response = render(request, "access/too_many.html", {"said": said}, status=429)
    if refused.again is not None:
        response["Retry-After"] = str(max(1, round((refused.again - now()).total_seconds())))
    return response


def _asked(request: Request, waits: NeedsSecond) -> HttpResponse:
    """Keep what needs a second person as an ask, with what was sent, and show it among one's own."""
    sent = {name: [str(value) for value in values] for name, values in request.POST.lists() if name != CSRF}
    actions.ask(waits.wanted, at=now(), path=request.get_full_path(), form={} if request.FILES else sent)
    messages.info(request, gettext("This needs a second person. It is asked for; once approved, carry it out here."))
    return redirect("access:second_mine")


def _check_fresh(request: HttpRequest, *, factor: bool) -> None:
    """Send the account to prove itself again unless it did so within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    Where there is a second factor only that proves anything: a password somebody has seen must not be enough.
    """
    records = get_authentication_records(request, request.user)
    if factor:
        records = [record for record in records if record["method"] == "mfa"]
    if not records or time.time() - records[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ImmediateHttpResponse(_prove_again(request))


def _prove_again(request: HttpRequest) -> HttpResponse:
    """Return the way to where the account proves itself; what was sent is kept, and done when it has.

    As allauth's suspend_request, which forgets what was sent to an address with a query.
    """
    ways, back = get_adapter().get_reauthentication_methods(request.user), request.get_full_path()
    if request.method == "POST":
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
        back = request.path  # its query is in what is kept
    return redirect(f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def _finished(response: HttpResponseBase, ranges: tuple[Range, ...]) -> HttpResponseBase:
    """Return the answer with nothing left to do outside the scope: templates rendered, streams carrying it along."""
    if isinstance(response, SimpleTemplateResponse):
        return response.render()
    if isinstance(response, StreamingHttpResponse):
        if response.is_async:
            raise TypeError("an asynchronous stream would outlive its scope: give a plain iterator")
        response.streaming_content = _carrying(cast(Iterable[bytes], response.streaming_content), ranges)
    return response


def _carrying(content: Iterable[bytes], ranges: tuple[Range, ...]) -> Iterator[bytes]:
    """Yield the content, making each piece inside the scope and leaving the scope between pieces."""
    pieces = iter(content)
    while True:
        with seeing(ranges):
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece


def _kept_private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep what an account sees out of every cache: the next person at this computer is somebody else."""
    add_never_cache_headers(response)
    return response
