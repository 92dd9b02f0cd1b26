"""The API, described."""

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse

from bulou.field.openapi import document
from bulou.field.views.doors import anyone


@anyone("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return msgspec.json.encode(document())
