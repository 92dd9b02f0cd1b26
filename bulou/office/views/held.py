"""The held tray: what was received and could not be applied, with the reason, until a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.command import queries as command
from bulou.core.divisions import county_of
from bulou.core.masks import mask_numbers
from bulou.core.moments import now as present
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, resolve_held
from bulou.ledger.queries import HeldEntry, Setback
from bulou.ledger.rules import Entry
from bulou.office import subjects, words
from bulou.office.forms.saying import Answer, answers
from bulou.office.forms.veiling import Veil, veil_of
from bulou.office.keeping import Gone, gone, has_expired, kept, read_held
from bulou.office.views.frame import stand_in
from bulou.office.views.record import (
    REASON,
    Sheet,
    begin,
    bound_kind,
    compose,
    draw,
    errors_of,
    find_about,
    is_redraw,
)
from bulou.records.behalf import Behalf, find_behalf
from bulou.records.declaration import Declaration

MOST = 200


@dataclass(frozen=True, slots=True)
class Tray:
    """One held entry as the page shows it. `entry` is None if what was sent is not even an entry."""

    held: HeldEntry
    entry: Entry | None
    title: str
    reason: str
    by: str
    where: str
    about: subjects.Label | None
    answers: tuple[Answer, ...]
    gone: Gone | None = None


def reason_of(code: str) -> str:
    """Return a held entry's reason in the language of the page."""
    return {
        "unknown kind": _("No such kind of record is known here"),
        "unknown subject": _("Whom it is about is in no register of this county"),
        "elsewhere": _("It is about somebody in another county"),
        "body": _("Its answers do not pass"),
        "not permitted": _("Its writer was not permitted to write it"),
        "clash of ids": _("Another entry has the same id"),
        "used number": _("The device had already used this number"),
        "unreadable": _("It could not be read"),
        "bad signature": _("Its signature does not fit"),
        "broken chain": _("It does not follow what the phone sent before"),
        "revoked": _("Its phone was out of use"),
        "account closed": _("Its writer's account was closed"),
        "expired": _("It came after the phone's time was over"),
        "waits": _("It waits for the record it is about or corrects, and is taken in by itself when that comes"),
        "clock": _("Its date cannot be right: the clock was wrong, or the date"),
        "no subject": _("It does not say whom or what it is about"),
        "unknown version": _("It was made with an unknown version of the form"),
        "unknown original": _("The record it corrects was not received"),
    }.get(code, code)


@page("resolve")
def tray(request: Request) -> HttpResponse:
    root = request.scope.root()
    _area, _now, context = stand_in(root, "office:board")
    resolved = "resolved" in request.GET
    found = [one for area in request.scope.roots() for one in ledger.held(area, resolved=resolved)]
    context |= {
        "rows": drawn(found[:MOST], now=present()),
        "total": len(found),
        "resolved": resolved,
        "section": "office:held",
        "stuck": [] if resolved else _stuck(),
    }
    return render(request, "office/held.html", context)


def _stuck() -> list[tuple[Setback, str, subjects.Label]]:
    """Return the entries that are in the ledger but from which nothing followed yet, in those areas that may be seen."""
    found = ledger.setbacks()
    about = subjects.labels(((one.area, one.subject) for one in found), now=present())
    return [(one, words.title_of(one.kind), about[one.subject]) for one in found]


def _said(kind: Declaration, entry: Entry, names: Mapping[str, str], now: datetime) -> tuple[Answer, ...]:
    return answers(kind.fields, words.words_of(kind), kept(kind, entry, entry.body, now=now), names)


def drawn(found: list[HeldEntry], *, now: datetime) -> list[Tray]:
    """Return the held entries as the page shows them: a fixed number of queries."""
    entries = {one.id: read_held(one) for one in found}
    about = subjects.labels(((e.area, e.subject) for e in entries.values() if e), now=now)
    authors = access.names_of({one.by for one in found} | {one.resolved_by for one in found})
    places = areas.names({one.area for one in found})
    names = subjects.spoken_of(((e.area, dict(e.body)) for e in entries.values() if e), now=now)
    erased = {id_: one for county in {h.county for h in found} for id_, one in gone(county, entries).items()}
    rows = []
    for one in found:
        entry = entries[one.id]
        kind = words.kind_of(entry.kind, entry.version) if entry else None
        said = _said(kind, entry, names, now) if kind and entry else ()
        veil = veil_of(kind.fields, words.words_of(kind), entry.body) if kind and entry else Veil()
        one = replace(one, detail=mask_numbers(veil.over(one.detail)))
        rows.append(Tray(one, entry, words.title_of(entry.kind) if entry else _("Something unreadable"),
                         reason_of(one.reason), authors.get(one.by, one.by), places.get(one.area, ""),
                         about.get(entry.subject) if entry else None, said, erased.get(one.id)))  # fmt: skip
    return rows


def _get_held(request: Request, held: UUID) -> HeldEntry:
    for area in request.scope.roots():
        if (found := ledger.find_held(area, held)) is not None:
            return found
    raise Http404


@page("resolve", methods=("GET", "POST"))
def resolve(request: Request, held: UUID) -> HttpResponse:
    """Decide about one: apply it as it is, or dismiss it, always with a note."""
    one = _get_held(request, held)
    county, note = county_of(one.area), str(request.POST.get("note", "")).strip()
    context: dict[str, Any] = {"row": drawn([one], now=present())[0], "note": note, "section": "office:held"}
    if request.method == "POST" and one.resolved_at is None:
        if not note:
            context["problem"] = _("Say in a few words why, so that the person who sent it can understand.")
        else:
            dismiss = request.POST.get("decision") == "dismiss"
            if (problem := _decide(request, county, one, note, dismiss)) is None:
                return redirect("office:held")
            context["problem"] = problem
    context["can_correct"] = _correctable(context["row"])
    return render(request, "office/held_one.html", context, status=422 if context.get("problem") else 200)


def _decide(
    request: Request, county: int, one: HeldEntry, note: str, dismiss: bool, instead: Entry | None = None
) -> str | None:
    """Carry out the decision; return why it could not be, or None."""
    try:
        receipt = resolve_held(county, one.id, by=request.by, at=present(), note=note, instead=instead, dismiss=dismiss)
    except LookupError:
        return _("Somebody has decided about it already.")
    if receipt is not None and receipt.outcome is Outcome.HELD:
        return _("It still cannot be applied: %(why)s") % {"why": receipt.detail}
    messages.success(request, _("Dismissed.") if dismiss else _("Applied."))
    return None


def _correctable(row: Tray) -> bool:
    """Tell whether the form of its kind can be drawn, to apply it put right."""
    return row.entry is not None and words.kind_of(row.entry.kind) is not None and bool(row.about and row.about.url)


def _instead(sheet: Sheet, sent: Entry) -> Entry:
    """Return what is to count instead: still the word of whoever sent it, or was named in it, if it may be written down
    for them; else of whoever decides."""
    word = find_behalf(sent.body) or Behalf(sent.by, "held")
    theirs = compose(replace(sheet, behalf=word))
    return compose(sheet) if command.refusals([replace(theirs, received_at=sheet.now)])[0] else theirs


@page("resolve", methods=("GET", "POST"))
def correct_held(request: Request, held: UUID) -> HttpResponse:
    """Draw the form of a held entry, filled in as it was sent, and apply what it then says instead."""
    one = _get_held(request, held)
    entry = read_held(one)
    if entry is None or one.resolved_at is not None:
        raise Http404
    bound, about = bound_kind(entry.kind, entry.version), find_about(county_of(one.area), entry.subject)
    if has_expired(bound.kind, entry, now=present()):
        messages.error(
            request, _("What this record says of people is no longer shown: apply it as it is, or dismiss it.")
        )
        return redirect("office:resolve", held)
    sheet = begin(request, bound, about, dict(entry.body), entry.happened_at)
    note = str(request.POST.get(REASON, "")).strip()
    more: dict[str, Any] = {"reason": note, "held": one}
    if request.method != "POST" or is_redraw(request):
        return draw(request, sheet, template="office/held_correct.html", **more)
    instead = _instead(sheet, entry)
    errors = errors_of(bound, instead) | dict(sheet.problems)
    if not note:
        errors[REASON] = [_("Say in a few words why, so that the person who sent it can understand.")]
    if not errors and (problem := _decide(request, county_of(one.area), one, note, False, instead)):
        errors[""] = [problem]
    if errors:
        return draw(request, sheet, errors=errors, template="office/held_correct.html", **more)
    return redirect("office:held")
