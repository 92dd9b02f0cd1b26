"""Responders, who was called back, teams and the contact matrix."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access.views import Request, page
from bulou.core.divisions import county_of
from bulou.office.forms import rosters as forms
from bulou.office.views.duty.standing import begin, sheet
from bulou.rosters import actions, queries
from bulou.rosters.rules.registers import NewResponder
from bulou.rosters.words import ROLES, role_word

PAGE = 50


@page("see")
def responders(request: Request, area: int) -> HttpResponse:
    """The responders of the area: masked, by system and role, with who cannot serve until when."""
    place, now, context = begin(request, area, "responders")
    role, system = str(request.GET.get("role", "")), str(request.GET.get("system", ""))
    number = str(request.GET.get("page", "0"))
    at = min(int(number), 10_000) if number.isdigit() else 0
    found = queries.responders(int(area), role=role, system=system, limit=PAGE, offset=at * PAGE)
    total = queries.count_responders(int(area), role=role, system=system)
    absent = (
        queries.away(county_of(area), since=now, until=now.replace(year=now.year + 1)) if context["in_county"] else {}
    )
    context |= {
        "rows": [(one, [role_word(each) for each in one.roles], absent.get(one.id, [])[:1]) for one in found],
        "total": total,
        "role": role,
        "system": system,
        "roles": [(each, role_word(each)) for each in ROLES],
        "systems": queries.systems(int(area)),
        "party": queries.keeps_party(county_of(area)),
        "at": at,
        "more": (at + 1) * PAGE < total,
        "place": place,
        "can_import": request.can("import", int(area)),
    }
    return render(request, "office/duty/responders.html", context)


@page("order", methods=("GET", "POST"))
def add(request: Request, area: int) -> HttpResponse:
    """Register a responder whose home is the area."""
    form = forms.ResponderForm(request.POST or None, party=queries.keeps_party(county_of(area)))

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.add_responder(
            NewResponder(area=int(area), **given | {"roles": tuple(given["roles"])}), by=request.by, at=at
        )

    return sheet(request, area, "responders", form, order, done=_("The responder was registered."),
                 heading=_("Register a responder"), submit=pgettext("button", "Register"))  # fmt: skip


@page("see")
def musters(request: Request, area: int) -> HttpResponse:
    """Orders to return to post: share returned, who is missing."""
    _place, now, context = begin(request, area, "musters")
    context |= {"rows": [(one, round(100 * one.share) if one.share is not None else None) for one in
                         queries.musters(int(area), now=now)]}  # fmt: skip
    return render(request, "office/duty/musters.html", context)


@page("see")
def muster(request: Request, county: int, entry: UUID) -> HttpResponse:
    found = queries.find_muster(county, entry)
    if found is None:
        raise Http404
    _place, now, context = begin(request, found.area, "musters")
    may = request.can("record_for", found.area)
    context |= {
        "muster": found,
        "share": round(100 * found.share) if found.share is not None else None,
        "rows": [
            (row, reverse("office:record", args=["muster_return", county, f"responder:{row.responder}"]) if may else "")
            for row in queries.called_back(found, now=now)
        ],
    }
    return render(request, "office/duty/muster.html", context)


@page("order", methods=("GET", "POST"))
def call_back(request: Request, area: int) -> HttpResponse:
    """Call responders of the area back to their posts."""
    every = queries.count_responders(int(area))
    choices = [("", _("Everybody (%(n)d)") % {"n": every})]
    choices += [(name, f"{name} ({n})") for name, n in queries.systems(int(area)) if name]
    form = forms.MusterForm(request.POST or None, systems=choices)

    def order(given: dict[str, Any], at: datetime) -> None:
        people = [one.id for one in queries.responders(int(area), system=given["system"])]
        if not people:
            raise ValueError(_("Nobody is in the register here."))
        actions.call_back(area=int(area), title=given["title"], basis=given["basis"], deadline=given["deadline"],
                          responders=people, by=request.by, at=at)  # fmt: skip

    return sheet(request, area, "musters", form, order, done=_("The order was given."), heading=_("Call back to post"),
                 submit=_("Call back"))  # fmt: skip
