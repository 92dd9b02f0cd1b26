"""The records of a kind, whichever it is: listed, one of them read in full with its corrections, and out as a file."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.command import queries as command
from bulou.core.divisions import county_of
from bulou.core.moments import at_midnight, day_of
from bulou.core.moments import now as present
from bulou.exchange import actions as exchange
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Standing
from bulou.office import words
from bulou.office.forms.exports import offered
from bulou.office.forms.records import RecordsForm, WhichRecords
from bulou.office.forms.saying import answers
from bulou.office.forms.sheets import carried_out
from bulou.office.history import Written, written_of
from bulou.office.keeping import kept
from bulou.office.subjects import labels, spoken_of
from bulou.office.views.frame import stand_in
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.own_forms import queries as own_forms
from bulou.records.fields import walk
from bulou.records.law import BoundKind

SECTION = "office:records_home"
PAGE = 50
DAYS = 30  # listed if nobody says from when


@page("see")
def home(request: Request) -> HttpResponse:
    """The records of the highest area the account may see."""
    return redirect("office:records", area=request.scope.root())


def kinds_here(area: int, *, health: bool) -> dict[str, BoundKind]:
    """Return the kinds there may be records of under the area, withdrawn forms too, by name, as they are called.

    `health`: this reader may see what says something of someone's health. Corrections are left out: they are applied.
    """
    found = {}
    for name, bound in own_forms.kinds_in(area, below=True, withdrawn=True).items():
        kind = bound.kind
        if (kind.sensitive and not health) or any(field.type == "body" for _key, field in walk(kind.fields)):
            continue
        found[name] = bound
    return dict(sorted(found.items(), key=lambda each: words.words_of(each[1].kind).title))


def _choices(kinds: dict[str, BoundKind]) -> list[tuple[str, str]]:
    return [(name, words.words_of(bound.kind).title) for name, bound in kinds.items()]


def _asked(request: Request, kinds: dict[str, BoundKind], today: date) -> dict[str, Any]:
    """Return what the address asks for, and what is taken where it says nothing."""
    kind = request.GET.get("kind", "")
    return {
        "kind": kind if kind in kinds else next(iter(kinds), ""),
        "first": request.GET.get("first") or (today - timedelta(days=DAYS)).isoformat(),
        "last": request.GET.get("last") or today.isoformat(),
    }


@page("see")
def records(request: Request, area: int) -> HttpResponse:
    """List the records of a kind, latest first, with what stands on a card."""
    number = int(area)
    _place, now, context = stand_in(number, "office:records")
    kinds = kinds_here(number, health=request.can("reveal", number))
    asked = _asked(request, kinds, day_of(now))
    form = WhichRecords(asked, kinds=_choices(kinds))
    form.use_required_attribute = False
    offset = int(said) if (said := request.GET.get("from", "")).isdecimal() and len(said) < 8 else 0
    context |= {"section": SECTION, "form": form, "lines": [], "offset": offset}
    if form.is_valid():
        given = form.cleaned_data
        found = ledger.latest(
            number, kind=given["kind"], since=at_midnight(given["first"]),
            until=at_midnight(given["last"] + timedelta(days=1)), limit=PAGE + 1, offset=offset,
        )  # fmt: skip
        context["lines"] = _lines(kinds[given["kind"]], found[:PAGE], now)
        query = urlencode(asked)
        address = reverse("office:records", args=[number])
        context["before"] = f"{address}?{query}&from={max(0, offset - PAGE)}" if offset else ""
        context["after"] = f"{address}?{query}&from={offset + PAGE}" if len(found) > PAGE else ""
        if request.can("export", number):
            context["export"] = f"{reverse('office:records_export', args=[number])}?{query}"
    return render(request, "office/records.html", context, status=200 if form.is_valid() or not kinds else 422)


def _lines(bound: BoundKind, found: list[Standing], now: datetime) -> list[dict[str, Any]]:
    """Return the records as the list shows them: a fixed number of queries."""
    places = areas.names({one.written.area for one in found})
    authors = access.names_of({one.written.by for one in found})
    about = labels(((one.written.area, one.written.subject) for one in found), now=now)
    names = spoken_of(((one.stands.area, one.stands.body) for one in found if one.stands), now=now)
    lines = []
    for one in found:
        entry = one.stands or one.written
        kind = bound.at(entry.version)
        fields = tuple(field for field in kind.fields if field.name in kind.summary)
        said = (
            answers(fields, words.words_of(kind), kept(kind, entry, entry.body, now=now), names) if one.stands else ()
        )
        lines.append({
            "entry": entry, "about": about[entry.subject], "place": places.get(entry.area, ""),
            "by": authors.get(entry.by, entry.by), "said": said, "corrected": bool(one.corrections),
            "withdrawn": one.stands is None, "url": reverse("office:entry", args=[county_of(entry.area), entry.id]),
        })  # fmt: skip
    return lines


@page("see")
def entry(request: Request, county: int, entry: UUID) -> HttpResponse:
    """One record in full, masked, with all that corrected it and its photographs."""
    found = ledger.find_entry(county, entry)
    if found is None or found.amends:
        raise Http404
    health = request.can("reveal", found.area)
    written: Written = written_of(county, found, health=health, now=present())
    _place, now, context = stand_in(found.area, "office:records")
    context |= {
        "section": SECTION, "county": county, "title": written.title, "history": [written], "alone": True,
        "about": labels([(found.area, found.subject)], now=now)[found.subject],
        "changeable": command.changeable([found], by=request.by, now=now), "can_reveal": health, "key": found.id,
    }  # fmt: skip
    return render(request, "office/entry.html", context)


@page("export", methods=("GET", "POST"))
def export(request: Request, area: int) -> HttpResponseBase:
    """Ask which records, what for and as what, then hand the file over."""
    number = int(area)
    place, now, context = stand_in(number, "office:records")
    reveal = request.can("reveal", number)
    kinds = kinds_here(number, health=reveal)
    form = offered(
        RecordsForm(request.POST or None, kinds=_choices(kinds), initial=_asked(request, kinds, day_of(now))),
        full=reveal,
    )
    made: list[exchange.ExportedRecords] = []

    def order(said: dict[str, Any]) -> None:
        made.append(exchange.export_records(
            number, kinds[said["kind"]], first=said["first"], last=said["last"], language=words.language(),
            by=request.by, exporter=str(request.user), purpose=said["purpose"], at=now, masked=not said.get("full"),
            form=said["form"], keep=partial(kept, now=now),
        ))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        done = made[0]
        kind = XLSX if done.name.endswith(".xlsx") else "application/zip"
        return FileResponse(done.file, as_attachment=True, filename=done.name, content_type=kind)
    back = f"{reverse('office:records', args=[number])}?{urlencode(_asked(request, kinds, day_of(now)))}"
    return draw_sheet(
        request, form, context | {"section": SECTION}, submit=_("Export"), back=back,
        heading=_("%(name)s: export records") % {"name": place.name},
        lead=_("Corrections are applied and marked; withdrawn records and those in the held tray are left out and"
               " counted. All versions of a form are in one table; what is asked again and again is on a sheet of its"
               " own, joined by the number of the record."),
    )  # fmt: skip
