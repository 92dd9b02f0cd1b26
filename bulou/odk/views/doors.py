"""The door for phones with Collect: a token in the address, or a name and password. It binds what the worker may see."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from bulou.access import queries as access
from bulou.access.actions import begin_try, note_wrong
from bulou.access.guessing import source_of
from bulou.access.rules import TooSoon
from bulou.access.views.doors import SMALL, Door
from bulou.core.divisions import last_of
from bulou.core.moments import now
from bulou.core.scope import Range, seeing
from bulou.odk import queries, words
from bulou.odk.actions import note_contact
from bulou.odk.queries import AppUser
from bulou.odk.rules import openrosa, passwords
from bulou.odk.rules.passwords import Basic, Digest

KIND = "odk"
OVER = "the phone was revoked or has expired, or its worker's account was closed"
NOT_YET = "the worker has not said that the phone is theirs"
XML = "text/xml; charset=utf-8"  # any other type, and Collect believes that something stands in between


class PhoneRequest(HttpRequest):
    """A request of a phone. `shut` says why it may read nothing any more, "" if it may; `at` is when it came."""

    app_user: AppUser
    shut: str
    at: datetime
    prefix: str  # of every address it is given: with its token, or without


def phone(
    *, methods: tuple[str, ...] = ("GET",), shut_too: bool = False, most: int = SMALL
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let in a phone by its token or its password, bound to what its worker may record inside the phone's area.

    `shut_too` lets in one that was revoked or has expired, with an empty scope: what was recorded is still taken.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, token: str = "", **kwargs: Any) -> HttpResponseBase:
            with seeing(()):
                return _stamped(_enter(cast(PhoneRequest, request), token, args, kwargs))

        def _enter(
            request: PhoneRequest, token: str, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> HttpResponseBase:
            request.at = now()
            met = _met(token, request.at) if token else _welcomed(_signed_in(request), request.at)
            if met is None:
                return say("unknown", 404) if token else _counted(request) or _asked_for_password(request)
            user, ranges = met
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            request.app_user, request.prefix = user, f"/odk/{token}" if token else "/odk"
            request.shut = "" if ranges else NOT_YET if user.waits_for_consent else OVER
            if request.shut and not shut_too:
                return say("not yet" if user.waits_for_consent else "shut", 403, user.language)
            with seeing(ranges):
                return view(request, *args, **kwargs)

        opened = csrf_exempt(guarded)
        opened.door = Door(KIND, methods=methods, most=most, admits=_admits, own_words=True)  # type: ignore[attr-defined]
        return opened

    return decorate


def _admits(request: HttpRequest, named: Mapping[str, Any]) -> bool:
    """Tell whether it is a phone we know, shut or not: what was recorded is still taken."""
    token = str(named.get("token", ""))
    with seeing(()):
        return (_met(token, now()) if token else _signed_in(request)) is not None


Met = tuple[AppUser, tuple[Range, ...]]

_REMEMBERED = timedelta(seconds=5)  # a phone sends its day's records one after the other
_lately: dict[str, tuple[datetime, Met]] = {}


def _met(token: str, at: datetime) -> Met | None:
    """Return whose token it is and what they may read; what was found within the last seconds is not asked again.

    So a revocation shuts a phone within _REMEMBERED. What is written meanwhile is judged by the ledger, which asks for
    the permission itself.
    """
    digest = passwords.token_hash(token)
    known = _lately.get(digest)
    if known is not None and timedelta() <= at - known[0] < _REMEMBERED:
        return known[1]
    met = _welcomed(queries.find_by_token(digest), at)
    if len(_lately) > 10_000:
        _lately.clear()
    if met is not None:
        _lately[digest] = at, met
    return met


def _welcomed(user: AppUser | None, at: datetime) -> Met | None:
    if user is None:
        return None
    note_contact(user=user, at=at)
    return user, ranges_of(user, at)


def forget_met() -> None:
    """Ask again about every phone, because one was just revoked."""
    _lately.clear()


def ranges_of(user: AppUser, at: datetime) -> tuple[Range, ...]:
    """Return what the phone may read: where its worker may record, inside its area; nothing if it is shut."""
    if not user.usable(at) or not access.is_usable(user.account, at):
        return ()
    first, last = user.area, last_of(user.area)
    held = access.ranges_for(user.account, "record", at)
    return tuple((max(low, first), min(high, last)) for low, high in held if max(low, first) <= min(high, last))


def say(code: str, status: int, language: str = "zh_Hans") -> HttpResponse:
    """Return a refusal in the words Collect shows."""
    return HttpResponse(openrosa.message(words.said(code, language), code.replace(" ", "_")), XML, status)


def _stamped(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["X-OpenRosa-Version"] = openrosa.VERSION
    response.headers["Date"] = http_date(now().timestamp())
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _signed_in(request: HttpRequest) -> AppUser | None:
    said = passwords.read_authorization(request.headers.get("Authorization", ""))
    user = queries.find_by_username(said.username) if said else None
    if user is None:
        return None
    password = passwords.password_of(settings.SECRET_KEY, str(user.id))
    match said:
        case Basic() if request.is_secure() and passwords.same(said.password, password):
            return user
        case Digest():
            asked = unquote(request.get_full_path())
            right = passwords.is_right(
                said, password=password, method=str(request.method), uri_is=lambda uri: unquote(uri).endswith(asked)
            )
            return user if right and passwords.is_fresh(said, settings.SECRET_KEY, _seconds()) else None
    return None


def _counted(request: PhoneRequest) -> HttpResponse | None:
    """Count a wrong password by the law of all passwords; return how long to wait, None to be asked again.

    A right one is never counted and never waits: it has a hundred bits, so whoever has it has not guessed it.
    """
    said = passwords.read_authorization(request.headers.get("Authorization", ""))
    if said is None or (isinstance(said, Basic) and not request.is_secure()):
        return None
    if isinstance(said, Digest) and not passwords.is_fresh(said, settings.SECRET_KEY, _seconds()):
        return None  # nobody looked at the password
    try:
        tried = begin_try(name=f"{KIND}:{said.username}", source=source_of(request), at=request.at)
    except TooSoon as refused:
        response = say("too soon", 429)
        response["Retry-After"] = str(refused.seconds(request.at))
        return response
    user = queries.find_by_username(said.username)
    note_wrong(tried, account=user.account if user else None, at=request.at)
    return None


def _asked_for_password(request: HttpRequest) -> HttpResponse:
    """Ask for Basic over https, for Digest where anybody could read a password on its way."""
    said = passwords.read_authorization(request.headers.get("Authorization", ""))
    stale = isinstance(said, Digest) and not passwords.is_fresh(said, settings.SECRET_KEY, _seconds())
    response = say("password", 401)
    response.headers["WWW-Authenticate"] = (
        f'Basic realm="{passwords.REALM}", charset="UTF-8"'
        if request.is_secure()
        else passwords.challenge(settings.SECRET_KEY, _seconds(), stale=stale)
    )
    return response


def _seconds() -> int:
    return int(now().timestamp())
