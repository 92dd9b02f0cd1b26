"""The register of households: the list of an area, adding one, changing, moving and ending it, and taking the list out."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.areas.rules.tree import Area
from bulou.core.divisions import COUNTY, code_of, county_area, county_of, number_of
from bulou.exchange import actions as exchange
from bulou.office.forms.exports import RegisterForm, offered
from bulou.office.forms.registers import HouseholdForm, MoveForm, ReasonForm
from bulou.office.forms.sheets import carried_out
from bulou.office.views.frame import stand_in
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.people import actions
from bulou.people import queries as people
from bulou.people.queries import Household, HouseholdCursor

PAGE = 50
DESK = "desk"  # how a source typed in on a screen is called, before who typed it


@page("see")
def households(request: Request, area: int) -> HttpResponse:
    """The households under the area, a page at a time, in the order of the tree."""
    _place, _now, context = stand_in(area, "office:households")
    dwelling = request.GET.get("dwelling", "")
    found = people.households_in(
        int(area), limit=PAGE + 1, after=_cursor(request.GET.get("after", "")), dwelling=dwelling
    )
    shown = found[:PAGE]
    places = areas.names({home.area for home in shown})
    context |= {
        "section": "office:areas", "dwelling": dwelling, "choices": HouseholdForm.base_fields["dwelling"].choices,  # type: ignore[attr-defined]
        "rows": [(home, places.get(home.area, "")) for home in shown],
        "after": f"{code_of(shown[-1].area)}.{shown[-1].id}" if len(found) > PAGE else "",
        "first": not request.GET.get("after"),
        "can_manage": request.can("manage_people", area),
        "can_export": request.can("export", area),
    }  # fmt: skip
    return render(request, "office/households.html", context)


def _cursor(said: str) -> HouseholdCursor | None:
    code, _dot, key = said.partition(".")
    try:
        return HouseholdCursor(number_of(code), UUID(key))
    except ValueError:
        return None


def grids(within: int) -> list[tuple[str, str]]:
    """Return code and name of every area households can be in, with the name of the area above: two queries."""
    leaves: Sequence[Area] = areas.leaves(within)
    above = areas.names({leaf.parent for leaf in leaves if leaf.parent})
    return [(leaf.code, f"{above.get(leaf.parent or 0, '')} {leaf.name}".strip()) for leaf in leaves]


@page("manage_people", methods=("GET", "POST"))
def add(request: Request, area: int) -> HttpResponse:
    """Add a household; what stands over the area's households is owed about it at once."""
    place, now, context = stand_in(area, "office:area")
    if place.depth < COUNTY or place.until is not None:
        raise Http404
    places = grids(int(area))
    form = HouseholdForm(request.POST or None, today=now.date(), places=places)
    made: list[UUID] = []

    def order(said: dict[str, Any]) -> None:
        where = number_of(said.get("place") or (places[0][0] if places else code_of(int(area))))
        with transaction.atomic():
            made.append(actions.register_household(area=where, by=request.by, at=now, list_name=f"{DESK}:{request.by}",
                                                   **form.values))  # fmt: skip
            if said["head"].strip():
                actions.register_person(name=said["head"], by=request.by, at=now, household=made[0],
                                        county=county_of(where), is_head=True, relation="户主",
                                        list_name=f"{DESK}:{request.by}")  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        messages.success(
            request, _("The household was added. Whatever is ordered for all households is owed about it too.")
        )
        _warn(request, form)
        return redirect("office:household", county_of(int(area)), made[0])
    return draw_sheet(request, form, context | {"section": "office:areas"}, submit=_("Add"),
                      heading=_("Add a household in %(name)s") % {"name": place.name},
                      back=reverse("office:area", args=[area]))  # fmt: skip


def _warn(request: Request, form: Any) -> None:
    for doubt in form.told():
        messages.warning(request, doubt)


def get_home(county: int, household: UUID) -> Household:
    """Return the household, masked. Raise Http404 if there is none that may be changed here."""
    try:
        found = people.household_page(county, household).household
    except LookupError:
        raise Http404 from None
    if found.ended_at is not None:
        raise Http404
    return found


def _called(home: Household) -> str:
    return home.head_name or " ".join(filter(None, (home.number, home.address))) or "–"


def _back(home: Household) -> str:
    return reverse("office:household", args=[home.county, home.id])


@page("manage_people", methods=("GET", "POST"))
def change(request: Request, county: int, household: UUID) -> HttpResponse:
    home = get_home(county, household)
    _area, now, context = stand_in(home.area, "office:area")
    form = HouseholdForm(request.POST or None, today=now.date(), known=home)

    def order(said: dict[str, Any]) -> None:
        changed = {column: value for column, value in form.values.items()
                   if (getattr(home, column) or None) != (value or None)}  # fmt: skip
        if changed:
            actions.change_household(county=county, household=household, by=request.by, at=now, **changed)

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("The household was changed."))
        _warn(request, form)
        return redirect(_back(home))
    return draw_sheet(request, form, context, heading=_("Change the household of %(name)s") % {"name": _called(home)},
                      submit=_("Change"), back=_back(home))  # fmt: skip


@page("manage_people", methods=("GET", "POST"))
def move(request: Request, county: int, household: UUID) -> HttpResponse:
    home = get_home(county, household)
    _area, now, context = stand_in(home.area, "office:area")
    places = [(code, name) for code, name in grids(county_area(county)) if number_of(code) != home.area]
    form = MoveForm(request.POST or None, places=places)

    def order(said: dict[str, Any]) -> None:
        actions.move_household(county=county, household=household, area=number_of(said["place"]), by=request.by, at=now)

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("The household was moved, with everybody in it and all that is owed about them."))
        return redirect(_back(home))
    return draw_sheet(
        request, form, context, heading=_("Move the household of %(name)s") % {"name": _called(home)},
        submit=_("Move"), back=_back(home),
        lead=_("Everybody in it moves along, and what is owed about them is then owed by whoever answers there."),
    )  # fmt: skip


@page("manage_people", methods=("GET", "POST"))
def end(request: Request, county: int, household: UUID) -> HttpResponse:
    home = get_home(county, household)
    _area, now, context = stand_in(home.area, "office:area")
    form = ReasonForm(request.POST or None)

    def order(said: dict[str, Any]) -> None:
        actions.end_household(county=county, household=household, by=request.by, at=now, reason=said["reason"])

    if request.method == "POST" and carried_out(form, order):
        messages.success(
            request, _("The household was taken out of the register. Its people stay, without a household.")
        )
        return redirect(_back(home))
    return draw_sheet(
        request, form, context, heading=_("Take the household of %(name)s out of the register") % {"name": _called(home)},
        submit=_("Take it out"), back=_back(home), danger=True,
        lead=_("For a house pulled down or written down twice. Its people stay in the register, without a household, so"
               " that nobody is lost with a door."),
    )  # fmt: skip


@page("export", methods=("GET", "POST"))
def export(request: Request, area: int) -> HttpResponseBase:
    """The registers under the area as a file that can be read back."""
    place, now, context = stand_in(area, "office:area")
    form = offered(RegisterForm(request.POST or None), full=request.can("reveal", area))
    made: list[exchange.Exported] = []

    def order(said: dict[str, Any]) -> None:
        made.append(exchange.export_register(
            int(area), by=request.by, exporter=str(request.user), purpose=said["purpose"], at=now,
            masked=not said.get("full"), form=said["form"],
        ))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        kind = XLSX if made[0].name.endswith(".xlsx") else "text/csv"
        return FileResponse(BytesIO(made[0].content), as_attachment=True, filename=made[0].name, content_type=kind)
    return draw_sheet(
        request, form, context | {"section": "office:areas"}, submit=_("Export"),
        heading=_("%(name)s: register of households and persons") % {"name": place.name},
        back=reverse("office:households", args=[area]),
        lead=_("The columns are those the import reads: what is corrected in the file can be read back."),
    )  # fmt: skip
