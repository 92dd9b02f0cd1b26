"""The missing list: by name, what is owed about whom and by whom; the unowned on top, then the longest overdue."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.core.divisions import ancestors_of
from bulou.core.moments import day_of
from bulou.ledger.rules import State
from bulou.office import actions, queries, rules, words
from bulou.office import lines as drawn
from bulou.office.forms.sheets import PurposeForm
from bulou.office.queries import Board, Filters
from bulou.office.sweeps import round_title, verdict_text
from bulou.office.views.frame import stand_in
from bulou.office.views.sheets import draw_sheet

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = (State.OVERDUE.value, State.OPEN.value, queries.OVERNIGHT)


@page("see")
def home(request: Request) -> HttpResponse:
    """The missing list of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def missing(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


@page("export", methods=("GET", "POST"))
def export(request: Request, area: int) -> HttpResponseBase:
    """Ask what the file is needed for, then hand it over."""
    area = int(area)
    place, now, context = stand_in(area, "office:missing")
    wanted = read_filters(request)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        made = actions.export_missing(area, wanted, place=place.name, by=request.by, exporter=str(request.user),
                                      purpose=form.cleaned_data["purpose"], at=now)  # fmt: skip
        return FileResponse(BytesIO(made.content), as_attachment=True, filename=made.name, content_type=XLSX)
    context["section"] = "office:missing_home"
    lead = _("The file holds the list with its filters. Names and phones are masked. Your name, the time and the purpose"
             " stand on every sheet and go on record.")  # fmt: skip
    return draw_sheet(request, form, context, heading=_("Export to Excel"), submit=_("Export"),
                      back=address(area, wanted), lead=lead)  # fmt: skip


def read_filters(request: Request) -> Filters:
    said = request.GET
    state = said.get("state", "")
    return Filters(said.get("duty", ""), state if state in STATES else "", said.get("owner", ""), said.get("sweep", ""))


def _draw(request: Request, number: int) -> HttpResponse:
    _area, now, context = stand_in(number, "office:missing")
    wanted = read_filters(request)
    view = request.GET.get("view", "")
    first = _offset(request.GET.get("from", ""))
    rounds = queries.sweeps(number, now=now)
    sweep = queries.find_sweep(rounds, wanted.sweep)
    latest = sweep or (rounds[0] if rounds else None)
    swept = queries.sweep_board(number, now=now, opens_at=latest.opens_at) if latest else None
    found = swept if sweep and swept else queries.board(number, now=now)
    people = queries.owed_by_person(found)
    covered = rules.by_name(swept.counts) if swept else {}
    context |= {
        "section": "office:missing_home",
        "can_export": request.can("export", number),
        "whole": sum(covered.values(), rules.NONE),
        "verdict_text": verdict_text(covered),
        "missing": any(count.missing for count in found.counts),
        "sweeps": [{"key": queries.sweep_key(one), "title": round_title(one, words.swept())} for one in rounds],
        "wanted": wanted,
        "view": view if view in ("owner", "area") else "",
        "duties": _duties(found),
        "states": STATES,
        "answering": [one.masked() for one in areas.responsible([number], on=day_of(now)).get(number, [])],
        "owners": [_owner_row(number, one, wanted) for one in people],
    }
    if context["view"] == "area":
        context["places"] = _places(found, number, wanted.sweep)
    elif context["view"] != "owner":
        rows = queries.missing_page(found, wanted, offset=first, limit=PAGE)
        context |= {"lines": drawn.lines(found, rows.duties), "total": rows.total, "unowned": rows.unowned}
        context |= _pages(number, wanted, first, rows.total)
    context["tabs"] = {f"by_{name or 'name'}": address(number, wanted, view=name) for name in ("", "owner", "area")}
    context["export"] = address(number, wanted, route="office:missing_export")
    return render(request, "office/missing.html", context)


def _offset(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def address(number: int, wanted: Filters, *, route: str = "office:missing", view: str = "", first: int = 0) -> str:
    """Return the address of the list with these filters."""
    said = {"duty": wanted.duty, "state": wanted.state, "owner": wanted.owner, "sweep": wanted.sweep, "view": view,
            "from": first}  # fmt: skip
    query = urlencode({key: value for key, value in said.items() if value not in ("", 0)})
    return reverse(route, args=[number]) + (f"?{query}" if query else "")


def _pages(number: int, wanted: Filters, first: int, total: int) -> dict[str, Any]:
    before, after = max(first - PAGE, 0), first + PAGE
    return {
        "first": first + 1,
        "last": min(after, total),
        "before": address(number, wanted, first=before) if first else "",
        "after": address(number, wanted, first=after) if after < total else "",
    }


def _duties(found: Board) -> list[tuple[str, str, int]]:
    """Return name, title and number missing of every duty that has any."""
    titles = words.duty_titles()
    return [
        (name, titles.get(name, name), one.missing) for name, one in rules.by_name(found.counts).items() if one.missing
    ]


def _owner_row(number: int, one: queries.Owed, wanted: Filters) -> dict[str, Any]:
    return {
        "owner": one.owner.masked() if one.owner else None,
        "key": one.key,
        "open": one.open,
        "overdue": one.overdue,
        "missing": one.missing,
        "areas": len({each.area for each in one.owing}),
        "url": address(number, Filters(owner=one.key, sweep=wanted.sweep)),
    }


def _places(found: Board, number: int, sweep: str) -> list[dict[str, Any]]:
    """Return what is missing in each leaf area, the most overdue first."""
    leaves: dict[int, rules.Coverage] = {}
    for count in found.counts:
        if count.missing:
            leaves[count.area] = leaves.get(count.area, rules.NONE) + rules.total([count], found.unowned)
    names = areas.names({n for leaf in leaves for n in (leaf, *ancestors_of(leaf)) if n >= number})
    rows = [
        {"name": " ".join(names[n] for n in (*ancestors_of(leaf), leaf) if n in names and (n > number or n == leaf)),
         "coverage": one, "url": address(leaf, Filters(sweep=sweep))}
        for leaf, one in leaves.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["coverage"].overdue, -row["coverage"].missing, row["name"]))
