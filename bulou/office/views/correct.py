"""Correcting and withdrawing an entry: both are entries themselves, and every version stays."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.command import queries as command
from bulou.core.divisions import county_of
from bulou.core.moments import now as present
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry, effective
from bulou.office.forms.saying import answers
from bulou.office.keeping import has_expired, kept
from bulou.office.views.leave import undoing
from bulou.office.views.photographs import MOST_SENT
from bulou.office.views.record import (
    CLOCK,
    REASON,
    Sheet,
    append_once,
    begin,
    bound_kind,
    compose,
    draw,
    errors_of,
    find_about,
    is_redraw,
    key_of,
    receipted,
)
from bulou.office.words import refusal, words_of
from bulou.records.declaration import Declaration


def _standing(request: Request, county: int, key: UUID) -> tuple[Entry, Entry]:
    """Return the entry as written and as it stands. Raise Http404 if there is none, or it was withdrawn; PermissionDenied
    if the account may not change it."""
    written = ledger.find_entry(county, key)
    if written is None or written.amends:
        raise Http404
    stands = effective(written, ledger.corrections_of(county, [key]).get(key, ()))
    if stands is None:
        raise Http404
    if not command.changeable([written], by=request.by, now=present()):
        raise PermissionDenied
    return written, stands


def _check_may_read(request: Request, kind: Declaration, written: Entry) -> None:
    """Raise PermissionDenied of what says something of someone's health, as no page shows it to this reader either."""
    if kind.sensitive and written.by != request.by and not request.can("reveal", written.area):
        raise PermissionDenied


@page("record", methods=("GET", "POST"), most=MOST_SENT)
def correct(request: Request, county: int, entry: UUID) -> HttpResponse:
    """Draw the entry's own form, filled in as it stands, with a reason; write the correction."""
    written, stands = _standing(request, county, entry)
    bound, about = bound_kind(written.kind, written.version), find_about(county, written.subject)
    _check_may_read(request, bound.kind, written)
    if has_expired(bound.kind, written, now=present()):
        messages.error(request, _("What this record says of people is no longer shown. It can only be withdrawn."))
        return redirect("office:withdraw", county, entry)
    sheet = begin(request, bound, about, dict(stands.body), stands.happened_at)
    reason = str(request.POST.get(REASON, "")).strip()
    more: dict[str, Any] = {"reason": reason, "correcting": written}
    if request.method != "POST" or is_redraw(request):
        return draw(request, sheet, template="office/correct.html", **more)
    corrected = compose(sheet)
    errors = errors_of(bound, corrected) | dict(sheet.problems)
    if sheet.clock_problem:
        errors[CLOCK] = [sheet.clock_problem]
    if not reason:
        errors[REASON] = [_("Say why it is corrected.")]
    if errors:
        return draw(request, sheet, errors=errors, template="office/correct.html", **more)
    body: dict[str, Any] = {"body": dict(corrected.body), "reason": reason}
    if corrected.happened_at != written.happened_at:
        body["happened_at"] = corrected.happened_at.isoformat()
    fix = _fix(request, written, body)
    if refused := command.refusals([replace(fix, received_at=sheet.now)], {written.id: written})[0]:
        return draw(request, sheet, errors={"": [refusal(refused)]}, template="office/correct.html", **more)
    return _append(request, sheet, written, body)


@page("record", methods=("GET", "POST"))
def withdraw(request: Request, county: int, entry: UUID) -> HttpResponse:
    """Ask for a reason and withdraw the entry: what it proved is unproved again."""
    written, stands = _standing(request, county, entry)
    bound, about = bound_kind(written.kind, written.version), find_about(county, written.subject)
    _check_may_read(request, bound.kind, written)
    sheet = begin(request, bound, about, dict(stands.body), stands.happened_at)
    reason = str(request.POST.get(REASON, "")).strip()
    if request.method == "POST" and reason:
        return _append(request, sheet, written, {"withdrawn": True, "reason": reason})
    said = words_of(bound.kind)
    names = {m.subject: m.name for m in about.members}
    shown = kept(bound.kind, written, stands.body, now=present())
    context = {
        "about": about, "title": said.title, "written": written, "key": sheet.key,
        "answers": answers(bound.kind.fields, said, shown, names), "failed": request.method == "POST",
        "undone": undoing(county, written.id),
    }  # fmt: skip
    return render(request, "office/withdraw.html", context, status=422 if request.method == "POST" else 200)


def _fix(request: Request, written: Entry, body: dict[str, Any]) -> Entry:
    now, kind = present(), bound_kind("correction").kind
    return Entry(key_of(request), kind.name, written.subject, written.area, now, now, request.by, body,
                 version=kind.version, amends=written.id, rules=written.rules)  # fmt: skip


def _append(request: Request, sheet: Sheet, written: Entry, body: dict[str, Any]) -> HttpResponse:
    fix = _fix(request, written, body)
    undone = undoing(county_of(written.area), written.id) if body.get("withdrawn") else ()
    return receipted(request, sheet.about, fix, append_once(fix, at=fix.recorded_at), undone)
