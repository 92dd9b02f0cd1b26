"""Alerts: who looked at more people than work explains, and whose password somebody guesses at.

Each stays until its audience has said what it found.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access import actions, places, queries
from bulou.access.rules import Refusal
from bulou.access.views.doors import Request, page
from bulou.access.words import LOOKED, refusal_text
from bulou.core.moments import now

AUDITOR, DESK = "auditor", "desk"


def _list(request: Request, audience: str, address: str) -> HttpResponse:
    seen = "seen" in request.GET
    found = queries.alerts(audience, seen=seen)
    people = queries.names_of({one.account for one in found} | {one.seen_by for one in found})
    people |= {one.account: _("One address") for one in found if one.account.startswith("address:")}
    areas = places.names_of({one.area for one in found})
    rows = [
        {"alert": one, "who": people.get(one.account, one.account), "area": areas[one.area],
         "what": _(LOOKED.get(one.action, one.action)), "seen_by": people.get(one.seen_by, one.seen_by),
         "own": one.account == request.by}
        for one in found
    ]  # fmt: skip
    context = {"rows": rows, "seen": seen, "address": address, "section": address, "audit": audience == AUDITOR}
    return render(request, "access/alerts.html", context)


@page("audit")
def audits(request: Request) -> HttpResponse:
    """Those the auditor has still to look at, over the areas they audit."""
    return _list(request, AUDITOR, "access:alerts")


@page("resolve")
def desks(request: Request) -> HttpResponse:
    """Those about people of one's own areas."""
    return _list(request, DESK, "access:desk_alerts")


def _see(request: Request, alert: UUID, audience: str, address: str) -> HttpResponse:
    if queries.find_alert(alert, audience) is None:
        raise Http404
    note = str(request.POST.get("note", "")).strip()[:1000]
    try:
        if not note:
            messages.error(request, _("Say in a few words what you found."))
        else:
            actions.see_alert(alert, by=request.by, at=now(), note=note)
            messages.success(request, _("Noted, on record."))
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
    except LookupError:
        messages.error(request, _("Somebody has looked at it already."))
    return redirect(address)


@page("audit", methods=("POST",))
def audit_seen(request: Request, alert: UUID) -> HttpResponse:
    return _see(request, alert, AUDITOR, "access:alerts")


@page("resolve", methods=("POST",))
def desk_seen(request: Request, alert: UUID) -> HttpResponse:
    return _see(request, alert, DESK, "access:desk_alerts")
