"""Finding a household or a person: by name, number, phone or address. Every search is on record; what was typed is not."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.core.divisions import county_of, depth_of
from bulou.core.moments import now as present
from bulou.office.subjects import household_label, person_label
from bulou.people import actions as people

COUNTY = 2


@page("search", methods=("GET", "POST"))
def find(request: Request) -> HttpResponse:
    """Ask what to look for; show who was found, masked. Sent by POST: a name must not stand in an address."""
    text = str(request.POST.get("text", "")).strip()
    roots = [root for root in request.scope.roots() if depth_of(root) >= COUNTY]
    # Above a county one county is searched at a time: the registers are kept by county.
    counties = [] if roots else [a for root in request.scope.roots() for a in areas.at_level(root, COUNTY)]
    chosen = str(request.POST.get("county", ""))
    within = roots or [a.number for a in counties if chosen == str(county_of(a.number))]
    context: dict[str, Any] = {
        "text": text,
        "counties": [(str(county_of(a.number)), a.name) for a in counties],
        "chosen": chosen,
    }
    if request.method == "POST" and text:
        found = [people.search(text, within=root, by=request.by, at=present()) for root in within]
        persons = [one for part in found for one in part.persons]
        homes = [one for part in found for one in part.households]
        places = areas.names({*(one.area for one in persons), *(one.area for one in homes)})
        context |= {
            "searched": True,
            "persons": [(person_label(one), places.get(one.area, "")) for one in persons],
            "households": [(household_label(one), places.get(one.area, "")) for one in homes],
            "more": any(part.more for part in found),
        }
    return render(request, "office/find.html", context)
