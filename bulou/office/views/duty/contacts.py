"""The contact matrix: which leader answers for which department and which township, as of a day."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.core.reading import day_or
from bulou.exchange import actions as exchange
from bulou.office.forms import rosters as forms
from bulou.office.forms.sheets import PurposeForm, carried_out
from bulou.office.forms.teams import EndForm
from bulou.office.views.duty.standing import begin, sheet
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.rosters import actions, queries
from bulou.rosters.actions import NewContact


@page("see")
def contacts(request: Request, area: int) -> HttpResponse:
    """Which leader answers for which department and which township, as of a day."""
    _place, now, context = begin(request, area, "contacts")
    on = _on(request, day_of(now))
    lines = queries.contacts(county_of(area), on=on)
    places = areas.names({line.area for line in lines if line.area})
    leaders: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for line in lines:
        row = leaders.setdefault((line.leader, line.position), {"departments": [], "townships": []})
        row["townships" if line.area else "departments"].append(
            places.get(line.area, "") if line.area else line.department
        )
    covered = {line.area for line in lines}
    townships = _townships(int(area))
    context |= {
        "lines": [(line, places.get(line.area, "") if line.area else line.department) for line in lines],
        "rows": [
            (leader, position, row["departments"], row["townships"]) for (leader, position), row in leaders.items()
        ],
        "uncovered": [name for number, name in townships if number not in covered] if lines else [],
        "on": on,
        "can_export": request.can("export", int(area)),
    }
    return render(request, "office/duty/contacts.html", context)


def _townships(area: int) -> list[tuple[int, str]]:
    return [(each.number, each.name) for each in areas.children(county_area(county_of(area)))]


def _on(request: Request, today: date) -> date:
    return day_or(str(request.GET.get("on", "")), today)


@page("order", methods=("GET", "POST"))
def add_contact(request: Request, area: int) -> HttpResponse:
    townships = [(str(number), name) for number, name in _townships(int(area))]
    form = forms.ContactForm(request.POST or None, townships=townships)

    def order(given: dict[str, Any], at: datetime) -> None:
        township = int(given["township"]) if given["township"] else None
        new = NewContact(given["leader"], given["since"], given["position"], given["department"], township)
        actions.add_contacts(county_of(area), [new], by=request.by, at=at)

    return sheet(request, area, "contacts", form, order, done=_("The line was added."),
                 heading=_("Add a line to the contact matrix"), submit=_("Add"))  # fmt: skip


@page("order", methods=("GET", "POST"))
def end_contact(request: Request, area: int, contact: UUID) -> HttpResponse:
    """Let a line of the matrix end; it still stands as of the days before."""
    line = next((each for each in queries.contacts(county_of(area), on=day_of(present())) if each.id == contact), None)
    if line is None:
        raise Http404
    form = EndForm(request.POST or None, initial={"until": day_of(present())})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.end_contact(county_of(area), contact, until=given["until"], by=request.by, at=at)

    what = areas.names([line.area]).get(line.area, "") if line.area else line.department
    return sheet(request, area, "contacts", form, order, done=_("The line has ended."), submit=_("End"),
                 heading=_("End a line of the contact matrix"), lead=f"{line.leader} · {what}")  # fmt: skip


@page("export", methods=("GET", "POST"))
def export_contacts(request: Request, area: int) -> HttpResponseBase:
    place, now, context = begin(request, area, "contacts")
    form = PurposeForm(request.POST or None)
    made: list[exchange.Exported] = []

    def order(given: dict[str, Any]) -> None:
        made.append(exchange.export_contacts(int(area), on=_on(request, day_of(now)), by=request.by,
                                             exporter=str(request.user), purpose=given["purpose"], at=now))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        return FileResponse(BytesIO(made[0].content), as_attachment=True, filename=made[0].name, content_type=XLSX)
    return draw_sheet(request, form, context, submit=_("Export"), back=reverse("office:contacts", args=[area]),
                      heading=_("%(name)s: contact matrix") % {"name": place.name})  # fmt: skip
