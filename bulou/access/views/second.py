"""What waits for a second person: for whoever may approve, and for whoever asked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from bulou.access import actions, places, queries
from bulou.access.queries import Asked
from bulou.access.rules import Refusal, Wanted
from bulou.access.views.doors import Request, page, personal
from bulou.access.words import ACTS, asked_words, refusal_text
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing


def _described(rows: list[Asked]) -> list[dict[str, Any]]:
    """Return what the pages show of asks: who, what, where, and every parameter in words."""
    people = queries.names_of({row.by for row in rows} | {row.answered_by for row in rows if row.answered_by})
    inside = {int(row.asked["over"]) for row in rows if "over" in row.asked}
    areas = places.names_of({row.area for row in rows} | inside)
    roles = queries.role_names(get_language() or "")
    return [
        {"ask": row, "who": people.get(row.by, row.by), "answered": people.get(row.answered_by, row.answered_by),
         "what": gettext(ACTS[row.act]) if row.act in ACTS else row.act, "area": areas[row.area],
         "said": asked_words(row.asked, roles, areas), "text": row.asked.get("text", "")}
        for row in rows
    ]  # fmt: skip


@page("approve")
def waiting(request: Request) -> HttpResponse:
    """What others ask to do in one's areas, exactly as it would be done."""
    rows = _described(queries.asks_here(now(), by=request.by))
    return render(request, "access/second.html", {"rows": rows, "section": "access:second"})


@page("approve", methods=("POST",))
def answer(request: Request, ask: UUID) -> HttpResponse:
    if queries.find_ask(ask, now()) is None:
        raise Http404
    approve = request.POST.get("answer") == "approve"
    try:
        actions.answer(ask, approve=approve, word=str(request.POST.get("word", "")), by=request.by, at=now())
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
    except LookupError:
        messages.error(request, gettext("This waits no longer: somebody answered it, or its time is over."))
    else:
        said = gettext("Approved. Whoever asked can now carry it out, once.")
        messages.success(request, said if approve else gettext("Refused, on record."))
    return redirect("access:second")


@personal
def mine(request: Request) -> HttpResponse:
    """What one asked for oneself, what came of it, and the way to carry it out."""
    moment = now()
    with seeing(EVERYTHING):  # of the places one asked about, the names only
        rows = _described(queries.asks_of(request.by, moment))
    for row in rows:
        if row["ask"].state == "waits":
            one: Asked = row["ask"]
            wanted = Wanted(one.act, one.area, one.by, one.asked, one.outside)
            row["seconds"] = queries.names_of_seconds(wanted, moment)
    return render(request, "access/second_mine.html", {"rows": rows, "may_approve": request.can("approve")})
