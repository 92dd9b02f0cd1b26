"""Headquarters: the incident and its response level, the rules in force with their sources, 一办八组 and who leads them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.command import actions, queries
from bulou.command.queries import Headquarters, Incident
from bulou.command.rules import Refused, Seat, in_force
from bulou.command.words import level_word, say, seat_word
from bulou.core.divisions import COUNTY
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.office.forms import headquarters as forms
from bulou.office.forms.sheets import carried_out
from bulou.office.views.frame import stand_in
from bulou.office.views.sheets import draw_sheet
from bulou.office.words import between
from bulou.records.rulebook import rulesets

SECTION = "office:headquarters_home"


@page("see")
def home(request: Request) -> HttpResponse:
    """The headquarters of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def headquarters(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def _draw(request: Request, number: int) -> HttpResponse:
    area, now, context = stand_in(number, "office:headquarters")
    today = day_of(now)
    known = queries.incidents(number)
    incident = queries.find_incident(number, today)
    use = queries.find_ruleset(number, today)
    ruleset = rulesets().get(use.name) if use else None
    # An order is given where it was declared: a village reads its county's incident, and cannot change it.
    orders = bool(incident and request.can("order", incident.area))
    context |= {
        "section": SECTION, "incident": incident, "orders": orders,
        "past": [one for one in known if incident is None or one.id != incident.id],
        "where": areas.names({one.area for one in known}),
        "can_open": request.can("order", number),
        "can_use": request.can("order", number) and area.depth <= COUNTY,
        "use": use, "ruleset": ruleset,
        "values": [(path, _text(rule.value), rule.unit, rule.source) for path, rule in ruleset.values.items()]
        if ruleset else [],
    }  # fmt: skip
    if incident:
        levels = queries.levels(incident)
        current = in_force(levels, today)
        context |= {
            "level": level_word(current.level) if current else "", "current": current,
            "levels": [(level_word(one.level), one) for one in reversed(levels)],
            "headquarters": queries.headquarters(incident, today),
            "seats": {seat.name: seat_word(seat) for seat in Seat},
            "template": queries.template(),
        }  # fmt: skip
    return render(request, "office/headquarters.html", context)


def _text(value: object) -> str:
    """Return a rule's value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return between().join(value) if isinstance(value, tuple) else str(value)


def get_incident(area: int, incident: UUID) -> Incident:
    """Return the incident declared for this very area. Raise Http404 if there is none."""
    try:
        found = queries.get_incident(int(area), incident)
    except LookupError:
        raise Http404 from None
    if found.area != int(area):
        raise Http404
    return found


def _sheet(
    request: Request, area: int, form: Any, order: Callable[[dict[str, Any], datetime], object], *, done: str,
    heading: str, submit: str, lead: str = "", danger: bool = False,
) -> HttpResponse:  # fmt: skip
    """Give the order of the form and go back to the headquarters, or draw the form again with what was wrong."""
    _area, now, context = stand_in(area, "office:headquarters")
    back = reverse("office:headquarters", args=[area])
    if request.method == "POST" and carried_out(form, lambda said: order(said, now)):
        messages.success(request, done)
        return redirect(back)
    return draw_sheet(request, form, context | {"section": SECTION}, heading=heading, submit=submit, back=back,
                      lead=lead, danger=danger)  # fmt: skip


def _signed(request: Request, at: datetime) -> dict[str, Any]:
    return {"by": request.by, "at": at}


@page("order", methods=("GET", "POST"))
def open_incident(request: Request, area: int) -> HttpResponse:
    form = forms.OpenForm(request.POST or None, initial={"opened_on": _today()})

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.open_incident(area=int(area), **said, **_signed(request, at))

    return _sheet(request, area, form, order, done=_("The incident was opened."), heading=_("Open an incident"),
                  submit=_("Open"), lead=_("Everything below this area then responds to it."))  # fmt: skip


@page("order", methods=("GET", "POST"))
def set_level(request: Request, area: int, incident: UUID) -> HttpResponse:
    found = get_incident(area, incident)
    form = forms.LevelForm(request.POST or None, initial={"since": _today()})

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.set_level(area=int(area), incident=found.id, **said, **_signed(request, at))

    return _sheet(request, area, form, order, done=_("The response level was declared."),
                  heading=_("%(name)s: response level") % {"name": found.name}, submit=_("Declare"))  # fmt: skip


@page("order", methods=("GET", "POST"))
def close(request: Request, area: int, incident: UUID) -> HttpResponse:
    found = get_incident(area, incident)
    form = forms.CloseForm(request.POST or None, initial={"closed_on": _today()})

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.close_incident(area=int(area), incident=found.id, **said, **_signed(request, at))

    done = _("The incident was closed. Two people must now give their word to what its close destroys.")
    return _sheet(
        request, area, form, order, done=done, danger=True,
        heading=_("Close %(name)s") % {"name": found.name}, submit=_("Close it"),
        lead=_("The response is stood down from the day after, and the days begin after which what was recorded of people is"
               " destroyed, once two people have given their word. Look first at what that comes to."),
    )  # fmt: skip


@page("order", methods=("POST",))
def set_up(request: Request, area: int, incident: UUID) -> HttpResponse:
    """Make the office and the eight groups of the template."""
    found = get_incident(area, incident)
    _area, now, _context = stand_in(area, "office:headquarters")
    try:
        actions.set_up_headquarters(area=int(area), incident=found.id, template=queries.template(),
                                    **_signed(request, now))  # fmt: skip
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("The headquarters was set up. Name its groups and say who leads them."))
    return redirect("office:headquarters", area)


def _get_units(found: Incident) -> Headquarters:
    return queries.headquarters(found, _today())


@page("order", methods=("GET", "POST"))
def rename_unit(request: Request, area: int, incident: UUID, unit: UUID) -> HttpResponse:
    found = get_incident(area, incident)
    one = next((one for one in _get_units(found).units if one.id == unit), None)
    if one is None:
        raise Http404
    form = forms.UnitForm(request.POST or None, initial={"name": one.name if one.named else ""})

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.rename_unit(area=int(area), incident=found.id, unit=unit, **said, **_signed(request, at))

    return _sheet(request, area, form, order, done=_("The group has its name."),
                  heading=_("Name “%(name)s”") % {"name": one.name}, submit=_("Name it"))  # fmt: skip


@page("order", methods=("GET", "POST"))
def appoint(request: Request, area: int, incident: UUID) -> HttpResponse:
    """Seat somebody: in the headquarters itself, or as lead or member of one of its units (?unit=)."""
    found = get_incident(area, incident)
    units = [(str(one.id), one.name) for one in _get_units(found).units]
    asked = request.GET.get("unit", "")
    seat = Seat.LEAD if asked else Seat.COMMANDER
    initial = {"since": _today(), "unit": asked, "seat": seat.value}
    form = forms.AppointForm(request.POST or None, units=units, initial=initial)

    def order(said: dict[str, Any], at: datetime) -> None:
        unit = UUID(said["unit"]) if said["unit"] else None
        actions.appoint(area=int(area), incident=found.id, **{**said, "unit": unit, "seat": Seat(said["seat"])},
                        **_signed(request, at))  # fmt: skip

    return _sheet(
        request, area, form, order, done=_("The appointment was entered."), heading=_("Appoint"), submit=_("Appoint"),
        lead=_("Whoever commanded, or led the group, until that day leaves the seat. What was true before stays true."),
    )  # fmt: skip


@page("order", methods=("GET", "POST"))
def end_appointment(request: Request, area: int, incident: UUID, appointment: UUID) -> HttpResponse:
    found = get_incident(area, incident)
    one = next((one for one in queries.appointments(found) if one.id == appointment and one.until is None), None)
    if one is None:
        raise Http404
    form = forms.EndForm(request.POST or None, initial={"until": _today()})

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.end_appointment(area=int(area), incident=found.id, appointment=appointment, **said,
                                **_signed(request, at))  # fmt: skip

    said = {"name": one.person, "seat": seat_word(one.seat)}
    return _sheet(request, area, form, order, done=_("The appointment has ended."), danger=True,
                  heading=_("%(name)s is no longer %(seat)s") % said, submit=_("End it"))  # fmt: skip


@page("order", methods=("GET", "POST"))
def use_ruleset(request: Request, area: int) -> HttpResponse:
    sets = [(one.name, f"{one.title} ({one.valid_from})") for one in rulesets().values()]
    form = forms.RuleSetForm(request.POST or None, initial={"since": _today()}, sets=sets)

    def order(said: dict[str, Any], at: datetime) -> None:
        actions.use_ruleset(area=int(area), **said, **_signed(request, at))

    return _sheet(
        request, area, form, order, done=_("The rule set was put in force."), heading=_("Put a rule set in force"),
        submit=_("Put in force"),
        lead=_("What was recorded before is not judged again: every entry names the rule set it was judged under."),
    )  # fmt: skip


def _today() -> date:
    return day_of(present())
