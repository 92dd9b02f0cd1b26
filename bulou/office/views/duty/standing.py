"""What every screen of posts and rosters stands in: the area, the tabs, the rules in force."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request
from bulou.areas.rules.tree import Area
from bulou.core.divisions import depth_of
from bulou.office.forms.sheets import carried_out
from bulou.office.views.frame import stand_in
from bulou.office.views.sheets import draw_sheet

SECTION = "office:posts_home"
COUNTY = 2  # the depth of a county: registers of a whole province are not listed on one page


def begin(request: Request, area: int, tab: str) -> tuple[Area, datetime, dict[str, Any]]:
    """Return the area, the moment and the context of a screen, its tab marked. Raise Http404 if it may not be seen."""
    place, now, context = stand_in(int(area), f"office:{tab}")
    tabs = [
        ("posts", _("On duty")),
        ("grid", _("Roster")),
        ("drafts", _("Make a roster")),
        ("responders", _("Responders")),
        ("reserve", _("Reserve")),
        ("musters", _("Called back")),
        ("teams", _("Teams")),
        ("contacts", _("Contact matrix")),
    ]
    context |= {
        "section": SECTION,
        "tabs": [(title, reverse(f"office:{name}", args=[area]), name == tab) for name, title in tabs],
        "can_order": request.can("order", int(area)),
        "can_record": request.can("record_for", int(area)),  # of responders, who speak for themselves
        "in_county": depth_of(int(area)) >= COUNTY,
    }
    return place, now, context


def sheet(
    request: Request, area: int, tab: str, form: Any, order: Callable[[dict[str, Any], datetime], object], *, done: str,
    heading: str, submit: str, lead: str = "", back: str = "",
) -> HttpResponse:  # fmt: skip
    """Carry out the form's order and go back to the tab, or draw the form again with what was wrong."""
    _area, now, context = begin(request, area, tab)
    back = back or reverse(f"office:{tab}", args=[area])
    if request.method == "POST" and carried_out(form, lambda said: order(said, now)):
        messages.success(request, done)
        return redirect(back)
    return draw_sheet(request, form, context, heading=heading, submit=submit, back=back, lead=lead)
