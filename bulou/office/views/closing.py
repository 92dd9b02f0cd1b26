"""What the close of an incident sets going: what will be destroyed and when, whose word it needs, and what is left."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import Request, page
from bulou.command import actions, queries
from bulou.command.rules import Refused
from bulou.command.words import say
from bulou.core.divisions import county_of
from bulou.core.keeping import LOGS
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.office.clocks import Forecast, forecast
from bulou.office.forms import headquarters as forms
from bulou.office.keeping import basis_text, table_text
from bulou.office.views.frame import stand_in
from bulou.office.views.headquarters import SECTION, get_incident
from bulou.records.rulebook import rules_in_force

ADDRESS = "office:incident_closing"


@page("order")
def closing(request: Request, area: int, incident: UUID) -> HttpResponse:
    """Count what the close destroys, or would: nothing is changed by looking."""
    return _draw(request, area, incident)


def _draw(request: Request, area: int, incident: UUID) -> HttpResponse:
    found = get_incident(area, incident)
    _area, now, context = stand_in(area, "office:headquarters")
    county, today = county_of(int(area)), day_of(now)
    is_closed = found.closed_on is not None and found.closed_on < today
    ending = next((one for one in queries.endings(county, now=now) if one.incident == incident), None)
    given = ending.approvals if ending else ()
    coming = forecast(county, now=now, close=None if is_closed else (incident, found.closed_on or today))
    context |= {
        "section": SECTION, "incident": found, "is_closed": is_closed, "ending": ending, "needed": queries.NEEDED,
        "given": given, "names": access.names_of([one.by for one in given]),
        "lines": [_line(one) for one in coming if one.event == "incident"],
        "others": [_line(one) for one in coming if one.event != "incident"],
        "form": forms.WordForm(), "mine": any(one.by == request.by for one in given),
        "can_approve": is_closed and request.can("approve", found.area),
        "log_days": rules_in_force(county, now).get(LOGS),
        "elsewhere": bool(ending and not ending.spans),
    }  # fmt: skip
    return render(request, "office/closing.html", context)


def _line(one: Forecast) -> dict[str, Any]:
    return {"one": one, "title": table_text(one.name, one.columns), "basis": basis_text(one.basis)}


@page("approve", methods=("POST",))
def approve(request: Request, area: int, incident: UUID) -> HttpResponse:
    """Give one's word. The second person's begins the destruction."""
    found = get_incident(area, incident)
    form = forms.WordForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name the document it rests on."))
        return redirect(ADDRESS, area, incident)
    try:
        given = actions.approve_destruction(
            area=int(area), incident=found.id, basis=form.cleaned_data["basis"], by=request.by, at=present()
        )
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        done = _("Your word is given. It takes one more person's.")
        messages.success(request, _("Both have given their word: what is due is destroyed within the hour.")
                         if given >= queries.NEEDED else done)  # fmt: skip
    return redirect(ADDRESS, area, incident)


@page("order", methods=("POST",))
def reopen(request: Request, area: int, incident: UUID) -> HttpResponse:
    """Take the incident up again: its clocks stand still, and every word given is withdrawn."""
    found = get_incident(area, incident)
    form = forms.ReopenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name the document it rests on."))
        return redirect(ADDRESS, area, incident)
    try:
        actions.reopen_incident(area=int(area), incident=found.id, by=request.by, at=present(), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("The incident is open again. What was destroyed stays destroyed."))
    return redirect("office:headquarters", area)
