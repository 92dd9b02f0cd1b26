"""The register of persons: adding one to a household, changing and ending, merging two that are one and undoing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.core.divisions import county_area
from bulou.core.masks import mask_name
from bulou.core.moments import now as present
from bulou.office.forms.registers import MergeForm, PersonForm, ReasonForm
from bulou.office.forms.sheets import carried_out
from bulou.office.views.frame import stand_in
from bulou.office.views.registers import DESK, get_home
from bulou.office.views.sheets import draw_sheet
from bulou.people import actions
from bulou.people import queries as people
from bulou.people.queries import Person
from bulou.people.words import refusal

LIKELY = 20  # how many namesakes are offered; more must be searched for


@page("manage_people", methods=("GET", "POST"))
def add(request: Request, county: int, household: UUID) -> HttpResponse:
    home = get_home(county, household)
    _area, now, context = stand_in(home.area, "office:area")
    form = PersonForm(request.POST or None, today=now.date(), initial=None if home.head else {"relation": "户主"})

    def order(said: dict[str, Any]) -> None:
        try:
            actions.register_person(county=county, household=household, by=request.by, at=now, is_head=form.is_head,
                                    list_name=f"{DESK}:{request.by}", **form.values)  # fmt: skip
        except actions.Refused as refused:
            form.ask_without_id(refused.code == "id of another")
            raise

    back = reverse("office:household", args=[county, household])
    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s was added.") % {"name": mask_name(form.values["name"])})
        for doubt in form.told():
            messages.warning(request, doubt)
        return redirect(back)
    called = home.head_name or " ".join(filter(None, (home.number, home.address))) or "–"
    return draw_sheet(request, form, context, heading=_("Add a person to the household of %(name)s") % {"name": called},
                      submit=_("Add"), back=back)  # fmt: skip


def get_one(county: int, person: UUID, *, masked: bool = True) -> Person:
    """Return the person under the id they have now. Raise Http404 if there is none that may be changed here."""
    try:
        found = people.person_page(county, person, masked=masked).person
    except LookupError:
        raise Http404 from None
    if found.ended_at is not None:
        raise Http404
    return found


def _back(one: Person) -> str:
    return reverse("office:person", args=[one.county, one.id])


@page("manage_people", methods=("GET", "POST"))
def change(request: Request, county: int, person: UUID) -> HttpResponse:
    one = get_one(county, person)
    _area, now, context = stand_in(one.area, "office:area")
    form = PersonForm(request.POST or None, today=now.date(), known=one)

    def order(said: dict[str, Any]) -> None:
        standing = get_one(county, person, masked=False)
        changed = {column: value for column, value in form.values.items()
                   if (getattr(standing, column) if getattr(standing, column) != "" else None) != value}  # fmt: skip
        try:
            if changed:
                actions.change_person(county=county, person=one.id, by=request.by, at=now, **changed)
            if form.is_head and one.household:
                actions.change_household(county=county, household=one.household, head=one.id, by=request.by, at=now)
        except actions.Refused as refused:
            form.ask_without_id(refused.code == "id of another")
            raise

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("What is known of %(name)s was changed.") % {"name": get_one(county, person).name})
        for doubt in form.told():
            messages.warning(request, doubt)
        return redirect(_back(one))
    return draw_sheet(
        request, form, context, heading=_("Change what is known of %(name)s") % {"name": one.name},
        submit=_("Change"), back=_back(one),
        lead=_("Name, numbers and note stay masked here. Write only what is to be different."),
    )  # fmt: skip


@page("manage_people", methods=("GET", "POST"))
def end(request: Request, county: int, person: UUID) -> HttpResponse:
    one = get_one(county, person)
    _area, now, context = stand_in(one.area, "office:area")
    form = ReasonForm(request.POST or None)

    def order(said: dict[str, Any]) -> None:
        actions.end_person(county=county, person=one.id, by=request.by, at=now, reason=said["reason"])

    if request.method == "POST" and carried_out(form, order):
        messages.success(request, _("%(name)s was taken out of the register.") % {"name": one.name})
        return redirect(_back(one))
    return draw_sheet(
        request, form, context, heading=_("Take %(name)s out of the register") % {"name": one.name},
        submit=_("Take out"), back=_back(one), danger=True,
        lead=_("For somebody who has died or moved away for good. Who is only away for a while stays in the register."),
    )  # fmt: skip


@page("manage_people", methods=("GET", "POST"))
def merge(request: Request, county: int, person: UUID) -> HttpResponse:
    """Offer whoever may be the same person: namesakes, the same phone, or what was searched for, on record."""
    one = get_one(county, person)
    _area, now, context = stand_in(one.area, "office:area")
    text = str(request.POST.get("text", "")).strip()
    searching = "search" in request.POST and bool(text) and request.can("search", one.area)
    if searching:
        found = actions.search(text, within=county_area(county), by=request.by, at=now).persons
    else:
        found = _alike(get_one(county, person, masked=False))
    others = _said_in_a_line([other for other in found if other.id != one.id])
    chosen = "" if searching else str(request.POST.get("other", ""))
    if chosen and chosen not in dict(others):
        others += _chosen(county, chosen, but=one)
    form = MergeForm(None if searching else request.POST or None, others=others)

    def order(said: dict[str, Any]) -> None:
        kept, gone = one.id, UUID(said["other"])
        if said["stands"] == "other":
            kept, gone = gone, kept
        actions.merge_persons(county=county, kept=kept, gone=gone, by=request.by, at=now, reason=said["reason"])

    if request.method == "POST" and not searching and carried_out(form, order):
        messages.success(
            request, _("The two are one. What was recorded about either is now recorded about this person.")
        )
        return redirect(_back(one))
    context |= {
        "one": one, "form": form, "others": others, "searched": searching, "text": text, "back": _back(one),
        "can_search": request.can("search", one.area),
    }  # fmt: skip
    return render(request, "office/merge.html", context, status=422 if form.is_bound else 200)


def _alike(one: Person) -> list[Person]:
    """Return who has the same name or the same phone in the county, as far as may be seen, masked."""
    found: dict[UUID, Person] = {}
    for column in ("name", "phone"):
        value = getattr(one, column)
        if value:
            for other in people.search(value, county_area(one.county), limit=LIKELY, masked=False).persons:
                if getattr(other, column) == value:
                    found[other.id] = other.mask()
    return list(found.values())


def _chosen(county: int, key: str, *, but: Person) -> list[tuple[str, str]]:
    """Return the person chosen on a page of search results, if that may be seen and is another."""
    try:
        found = people.persons_by_id(county_area(county), [UUID(key)])
    except ValueError:
        return []
    return _said_in_a_line([one for one in found.values() if one.id != but.id and not one.merged_into])


def _said_in_a_line(found: list[Person]) -> list[tuple[str, str]]:
    """Return id and one masked line for each: two queries."""
    homes = (
        people.households_by_id(county_area(found[0].county), {p.household for p in found if p.household})
        if found
        else {}
    )
    places = areas.names({one.area for one in found})
    lines = []
    for one in found:
        home = homes.get(one.household) if one.household else None
        door = " ".join(filter(None, (home.number, home.address))) if home else ""
        parts = (
            one.name,
            str(one.birth.year) if one.birth else "",
            one.id_number,
            one.phone,
            places.get(one.area, ""),
            door,
        )
        lines.append((str(one.id), " · ".join(filter(None, parts))))
    return lines


@page("manage_people", methods=("POST",))
def unmerge(request: Request, county: int, person: UUID, merge: UUID) -> HttpResponse:
    try:
        found = people.person_page(county, person)
    except LookupError:
        raise Http404 from None
    if merge not in {one.id for one in found.merges}:
        raise Http404
    try:
        actions.unmerge(county=county, merge=merge, by=request.by, at=present())
    except actions.Refused as refused:
        messages.error(request, refusal(refused.code))
    except LookupError:
        messages.error(request, _("This merge was undone already."))
    else:
        messages.success(request, _("The two are two persons again."))
    return redirect("office:person", county, person)
