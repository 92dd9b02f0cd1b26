"""Changing the tree of areas and who answers for it; and the responsibility list (包保责任清单) as a file."""

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulou.access.views import Request, page
from bulou.areas import actions
from bulou.areas import queries as areas
from bulou.areas.rules.answering import Assignment
from bulou.core.divisions import county_of
from bulou.core.masks import mask_name
from bulou.core.moments import day_of
from bulou.exchange import actions as exchange
from bulou.office.forms.areas import AddAreaForm, AssignForm, CloseForm, EndForm, RenameForm, starting
from bulou.office.forms.exports import ListForm, offered
from bulou.office.forms.sheets import carried_out
from bulou.office.views.areas import read_on
from bulou.office.views.frame import stand_in
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.people import queries as people

SECTION = {"section": "office:areas"}


@page("manage_areas", methods=("GET", "POST"))
def add(request: Request, area: int) -> HttpResponse:
    place, now, context = stand_in(area, "office:area")
    form = AddAreaForm(request.POST or None)

    def order(said: dict[str, str]) -> None:
        actions.add_area(int(area), name=said["name"], kind=said["kind"], code=said["code"], by=request.by, at=now)

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s was added.") % {"name": form.cleaned_data["name"]})
        return redirect("office:area", area)
    return draw_sheet(request, form, context | SECTION, heading=_("Add an area under %(name)s") % {"name": place.name},
                      submit=_("Add"), back=_back(area))  # fmt: skip


@page("manage_areas", methods=("GET", "POST"))
def rename(request: Request, area: int) -> HttpResponse:
    place, now, context = stand_in(area, "office:area")
    form = RenameForm(request.POST or None, initial={"name": place.name, "kind": place.kind})

    def order(said: dict[str, str]) -> None:
        actions.rename(int(area), name=said["name"], kind=said["kind"], by=request.by, at=now)

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("The name was changed. What it was called before is kept."))
        return redirect("office:area", area)
    return draw_sheet(request, form, context | SECTION, heading=_("Rename %(name)s") % {"name": place.name},
                      submit=_("Rename"), back=_back(area))  # fmt: skip


@page("manage_areas", methods=("GET", "POST"))
def close(request: Request, area: int) -> HttpResponse:
    place, now, context = stand_in(area, "office:area")
    form = CloseForm(request.POST or None, initial={"until": day_of(now)})

    def order(said: dict[str, object]) -> None:
        living = sum(one.households for one in people.counts_by_area(int(area)).values())
        if living:
            raise ValueError(ngettext(
                "%(n)s household is still registered in %(name)s. Move it to another grid first.",
                "%(n)s households are still registered in %(name)s. Move them to another grid first.", living,
            ) % {"n": living, "name": place.name})  # fmt: skip
        actions.close(int(area), until=form.cleaned_data["until"], by=request.by, at=now)

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s was closed.") % {"name": place.name})
        return redirect("office:area", place.parent if place.parent and request.can("see", place.parent) else area)
    return draw_sheet(
        request, form, context | SECTION, heading=_("Close %(name)s") % {"name": place.name}, submit=_("Close it"),
        back=_back(area), danger=True,
        lead=_("What was recorded here stays. The number is never given to another area."),
    )  # fmt: skip


@page("manage_areas", methods=("GET", "POST"))
def assign(request: Request, area: int) -> HttpResponse:
    place, now, context = stand_in(area, "office:area")
    form = AssignForm(request.POST or None, initial=starting(day_of(now)))

    def order(said: dict[str, object]) -> None:
        given = form.cleaned_data
        actions.assign_responsibility(
            Assignment(int(area), given["role"], given["person"], given["since"], tier=given["tier"],
                       unit=given["unit"], phone=given["phone"]),
            by=request.by, at=now,
        )  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s now answers for %(place)s.")
                         % {"name": mask_name(form.cleaned_data["person"]), "place": place.name})  # fmt: skip
        return redirect("office:area", area)
    return draw_sheet(request, form, context | SECTION, heading=_("Who answers for %(name)s") % {"name": place.name},
                      submit=_("Enter"), back=_back(area))  # fmt: skip


@page("manage_areas", methods=("GET", "POST"))
def end(request: Request, area: int, responsibility: UUID) -> HttpResponse:
    place, now, context = stand_in(area, "office:area")
    today = day_of(now)
    found = next((one for one in areas.standing_in(int(area), on=today) if one.id == responsibility), None)
    if found is None:
        raise Http404
    form = EndForm(request.POST or None, initial=starting(today))

    def order(said: dict[str, object]) -> None:
        actions.end_responsibility(found.id, county=county_of(area), until=form.cleaned_data["until"],
                                   by=request.by, at=now)  # fmt: skip

    who = {"name": found.masked().person, "role": found.role, "place": place.name}
    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s (%(role)s) no longer answers for %(place)s.") % who)
        return redirect("office:area", area)
    return draw_sheet(
        request, form, context | SECTION, heading=_("%(name)s (%(role)s) no longer answers for %(place)s") % who,
        submit=_("End it"), back=_back(area), danger=True,
        lead=_("What was true until that day stays true. Whatever falls due after it is owed by whoever follows, or is"
               " unowned."),
    )  # fmt: skip


@page("export", methods=("GET", "POST"))
def export(request: Request, area: int) -> HttpResponseBase:
    """The responsibility list of everything under the area, on the day asked for."""
    place, now, context = stand_in(area, "office:area")
    on = read_on(request, day_of(now))
    form = offered(ListForm(request.POST or None), full=request.can("reveal", area))
    made: list[exchange.Exported] = []

    def order(said: dict[str, object]) -> None:
        made.append(exchange.export_responsibilities(
            int(area), on=on, by=request.by, exporter=str(request.user), purpose=form.cleaned_data["purpose"], at=now,
            masked=not form.cleaned_data.get("full"),
        ))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        return FileResponse(BytesIO(made[0].content), as_attachment=True, filename=made[0].name, content_type=XLSX)
    return draw_sheet(
        request, form, context | SECTION, submit=_("Export"), back=_back(area),
        heading=_("%(name)s: responsibility list") % {"name": place.name},
        lead=_("Who answers in three tiers for every area below, one line each, as of %(day)s.") % {"day": on},
    )  # fmt: skip


def _back(area: int) -> str:
    return reverse("office:area", args=[area])
