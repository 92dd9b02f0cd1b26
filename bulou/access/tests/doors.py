"""A little site of its own, in which what the doors promise is tried: some views good, some careless."""

from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path

from bulou.access.login_urls import urlpatterns as login
from bulou.access.urls import urlpatterns as access
from bulou.access.views import page, personal, public
from bulou.core.scope import visible, visible_within

HOUSEHOLDS = {610927100201 * 10**6 + 1: "H1", 610927101202 * 10**6 + 1: "H2"}  # one in each of two villages


def households():
    """Return what a query over households returns: those in the bound scope, none if nothing is bound."""
    return [name for area, name in HOUSEHOLDS.items() if any(low <= area <= high for low, high in visible())]


def careless(request):
    """Stands behind no door."""
    return HttpResponse(",".join(households()))


@page("see")
def listed(request):
    return HttpResponse(",".join(households()))


@page("see")
def rendered_later(request):
    """Asks its question only when the template is rendered, after the view has returned."""
    template = engines["django"].from_string("{{ households|join:',' }}")
    return TemplateResponse(request, template, {"households": lambda: households()})


@page("export")
def streamed(request):
    """Asks its question piece by piece, after the whole middleware has returned."""
    return StreamingHttpResponse(name for _ in range(2) for name in households())


@page("see")
def streamed_later(request):
    async def pieces():
        yield b"too late"

    return StreamingHttpResponse(pieces())


@page("see")
def area(request, area):
    return HttpResponse(str(visible_within(area)))


@page("see")
def named_otherwise(request, upper):
    return HttpResponse(str(upper))


@page("record", methods=("POST",))
def written(request):
    return HttpResponse("written")


@page("see", totp=True)
def delicate(request):
    return HttpResponse("delicate")


@public
def everybody(request):
    return HttpResponse(",".join(households()) or "nothing")


@personal
def mine(request):
    return HttpResponse((",".join(households()) or "nothing") + f" {request.can('see')} {request.by}")


toys = [
    path("careless/", careless),
    path("listed/", listed),
    path("later/", rendered_later),
    path("streamed/", streamed),
    path("streamed-later/", streamed_later),
    path("area/<area:area>/", area),
    path("upper/<area:upper>/", named_otherwise),
    path("written/", written),
    path("delicate/", delicate),
    path("everybody/", everybody),
    path("mine/", mine),
]
urlpatterns = [*toys, path("", include((access, "access"))), *login]
