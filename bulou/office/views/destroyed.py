"""What was destroyed of what records say of people: the record of it, in numbers, for whoever wants to check."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from bulou.access.views import Request, page
from bulou.core.divisions import county_of
from bulou.ledger import queries as ledger
from bulou.office import words
from bulou.office.keeping import basis_text, table_text
from bulou.office.views.frame import stand_in

DAYS = 90


@page("see")
def destroyed(request: Request, area: int) -> HttpResponse:
    """List what was destroyed in the county in the last 90 days: when, of which kind and day, how many, on what basis."""
    number = int(area)
    _place, now, context = stand_in(number, "office:records")
    county = county_of(number)
    found = ledger.destroyed(county, since=now - timedelta(days=DAYS))
    rows = ledger.emptied(county, since=now - timedelta(days=DAYS))
    context |= {
        "rows": [{"one": one, "title": table_text(one.name, one.columns), "basis": basis_text(one.basis)} for one in rows],
        "section": "office:records_home", "days": DAYS, "total": sum(one.count for one in found),
        "lines": [{"one": one, "title": words.title_of(one.kind), "basis": basis_text(one.basis)} for one in found],
    }  # fmt: skip
    return render(request, "office/destroyed.html", context)
