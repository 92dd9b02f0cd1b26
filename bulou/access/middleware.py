"""What every request passes: the doors, and the content security policy."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bulou.access.guessing import remember
from bulou.access.rules import Scope
from bulou.access.views.doors import Request
from bulou.core.moments import now
from bulou.core.scope import seeing

Respond = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",  # the QR code of the second factor is drawn into the page
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class Doors:
    """Starts every request with an empty scope, and refuses every view that does not stand behind a door."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        outside = cast(Request, request)
        outside.scope = Scope()
        outside.by, outside.came_at = "", now()
        outside.can = outside.scope.can  # type: ignore[method-assign]
        with seeing(()):
            response = self.get_response(request)
        remember(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if not hasattr(view, "door"):
            raise PermissionDenied(f"{view!r} stands behind no door")


class ContentPolicy:
    """Lets a page load only what this server serves, and run no script or style written into it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
