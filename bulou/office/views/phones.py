"""Phones: let one in once its worker has said that it is theirs, see what each has and has not sent, take one out of use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulou.access import queries as access
from bulou.access.views import Request, page
from bulou.access.words import author_word
from bulou.areas import queries as areas
from bulou.core.divisions import contains
from bulou.core.moments import now as present
from bulou.field import actions, queries
from bulou.field.queries import Worker
from bulou.field.rules.binding import ACTIVE, Phone
from bulou.field.rules.ranges import Ranges, gaps, within
from bulou.odk import actions as collect
from bulou.odk import queries as collects
from bulou.office.views.frame import stand_in
from bulou.office.words import between

DAYS = (7, 30, 90)
SILENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Row:
    """One phone as the list shows it. `missing` are the numbers it gave out and the server never received."""

    phone: Phone
    worker: str
    where: str
    standing: str
    missing: str
    missing_count: int
    lost: str
    clock: str
    silent: bool


def not_yet() -> str:
    return _("Its worker has not said yet that it is theirs: on the phone, sign in and say so.")


def numbers(found: Ranges) -> str:
    """Return ranges as people write them: 3–5, 8."""
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found)


def clock_words(seconds: int) -> str:
    """Return how wrong a clock was, in the largest unit that says it; nothing if it was not."""
    size = abs(seconds)
    if not size:
        return ""
    if size >= 2 * 86_400:
        said = ngettext("%(n)s day", "%(n)s days", size // 86_400) % {"n": size // 86_400}
    elif size >= 2 * 3_600:
        said = ngettext("%(n)s hour", "%(n)s hours", size // 3_600) % {"n": size // 3_600}
    else:
        said = ngettext("%(n)s minute", "%(n)s minutes", size // 60) % {"n": size // 60}
    return (_("%(time)s ahead") if seconds > 0 else _("%(time)s behind")) % {"time": said}


def drawn(found: Iterable[Phone], now: datetime) -> list[Row]:
    """Return the phones as the list shows them: two queries, however many."""
    phones = list(found)
    workers = access.names_of({phone.by for phone in phones})
    names = areas.names({area for phone in phones for area in phone.areas_ever})
    rows = []
    for phone in phones:
        missing = gaps(phone.received)
        said_lost = [(a, b) for a, b in phone.lost if any(not within(n, phone.received) for n in (a, b))]
        rows.append(
            Row(phone, workers.get(phone.by) or _("account not known here"),
                between().join(names.get(a, "") for a in phone.areas), phone.standing(now), numbers(missing),
                sum(b - a + 1 for a, b in missing), numbers(said_lost),
                clock_words(phone.clock_off) if phone.suspect_entries else "",
                phone.state == ACTIVE and (phone.last_contact is None or now - phone.last_contact > SILENT))
        )  # fmt: skip
    return rows


@page("manage_devices")
def home(request: Request) -> HttpResponseBase:
    return redirect("office:phones", request.scope.root())


@page("manage_devices")
def phones(request: Request, area: int) -> HttpResponse:
    """List the phones under the area, those still to be decided about first."""
    _area, now, context = stand_in(area, "office:phones")
    order = {"waiting": 0, "active": 1, "expired": 2, "revoked": 3, "refused": 4}
    rows = [row for row in drawn(queries.phones(area), now) if row.standing != "refused"]
    rows.sort(
        key=lambda row: (
            order[row.standing],
            not row.phone.came_back,
            not row.phone.is_new_to_township,
            not row.missing_count,
            row.phone.area,
            row.worker,
        )
    )
    context |= {"rows": rows, "section": "office:phones_home", "collects": _unseen(request, area, now)}
    return render(request, "office/phones.html", context)


def _unseen(request: Request, area: int, now: datetime) -> list[dict[str, Any]]:
    """Return the phones with Collect under the area that the township has not looked at, as the notice shows them."""
    found = [user for user in collects.app_users_unseen(now) if contains(area, user.area)]
    people = access.names_of({user.by for user in found} | {user.made_by for user in found})
    names = areas.names({user.area for user in found})
    return [
        {"user": user, "worker": people.get(user.by) or _("account not known here"), "where": names.get(user.area, ""),
         "maker": people.get(user.made_by) or author_word(user.made_by),
         "may_look": request.by not in (user.made_by, user.by) and queries.oversees(request.by, user.area, now)}
        for user in found
    ]  # fmt: skip


def _workers(request: Request, area: int, now: datetime) -> list[Worker]:
    """Return whom this account may give a phone: nobody who may do there what it may not do itself."""
    found = []
    for worker in queries.workers(area, now):
        held = [h for h in access.holdings_of(worker.account, now) if any(contains(a, h.area) for a in worker.areas)]
        if all(request.can(permission, h.area) for h in held for permission in h.permissions):
            found.append(worker)
    return found


@page("manage_devices", methods=("GET", "POST"))
def enrol(request: Request, area: int) -> HttpResponse:
    """Choose the worker; then show the code the phone scans, once."""
    _area, now, context = stand_in(area, "office:phones")
    workers = _workers(request, area, now)
    context |= {"workers": workers, "days": DAYS, "section": "office:phones_home"}
    if request.method != "POST":
        return render(request, "office/phone_enrol.html", context)
    worker = next((one for one in workers if str(one.account) == request.POST.get("account")), None)
    days = str(request.POST.get("days", ""))
    if worker is None or days not in map(str, DAYS):
        context["problem"] = _("Choose whom the phone is for.")
        return render(request, "office/phone_enrol.html", context, status=422)
    token = actions.issue_token(account=worker.account, areas=worker.areas, days=int(days), by=request.by, at=now)
    address = f"{request.build_absolute_uri(reverse('field:phone'))}#enrol={token}"
    context |= {
        "worker": worker, "address": address, "code": segno.make(address, error="m").svg_data_uri(scale=6, border=4),
        "insecure": not request.is_secure(), "waiting_url": _waiting(area, queries.digest_of(token)),
    }  # fmt: skip
    return render(request, "office/phone_code.html", context)


def _waiting(area: int, digest: str) -> str:
    return f"{reverse('office:phone_waiting', args=[area])}?token={digest}"


@page("manage_devices")
def waiting(request: Request, area: int) -> HttpResponse:
    """What the page with the code asks every two seconds: has a phone answered, and with which six digits?"""
    issued = queries.find_token(request.GET.get("token", "")[:64], request.by)
    if issued is None:
        raise Http404
    context: dict[str, Any] = {"area_number": area, "url": _waiting(area, request.GET["token"])}
    context["over"] = issued.device is None and present() >= issued.expires_at
    if issued.device is not None:
        context["row"] = drawn([_found(issued.device)], present())[0]
    return render(request, "office/phone_waiting.html", context)


def _found(device: UUID) -> Phone:
    try:
        return queries.get_phone(device)
    except LookupError:
        raise Http404 from None


@page("manage_devices")
def phone(request: Request, device: UUID) -> HttpResponse:
    """One phone: everything known of it, and what can be done."""
    return _phone_page(request, device)


def _phone_page(request: Request, device: UUID, problem: str = "") -> HttpResponse:
    row = drawn([_found(device)], present())[0]
    _area, now, context = stand_in(row.phone.area, "office:phones")
    worker = next((w for w in _workers(request, row.phone.area, now) if w.account == row.phone.account), None)
    may_look = request.by != row.phone.by and queries.oversees(request.by, row.phone.area, now)
    maker = access.names_of({row.phone.enrolled_by}).get(row.phone.enrolled_by) or author_word(row.phone.enrolled_by)
    context |= {
        "row": row, "days": DAYS, "problem": problem, "worker": worker, "section": "office:phones_home",
        "may_look": may_look, "maker": maker,
    }  # fmt: skip
    return render(request, "office/phone.html", context, status=422 if problem else 200)


@page("manage_devices", methods=("POST",))
def decide(request: Request, device: UUID) -> HttpResponseBase:
    """Let the phone in, or turn it away, after the six digits were compared; or leave in use one that came back."""
    found = _found(device)
    decision = request.POST.get("decision")
    act, done = (
        (actions.confirm, _("The phone is in use."))
        if decision == "same"
        else (actions.keep, _("The phone stays in use."))
        if decision == "stays"
        else (actions.refuse, _("The phone was turned away."))
    )
    try:
        act(device=found.id, by=request.by, at=present())
    except LookupError:
        messages.warning(request, _("Somebody has decided about it already."))
    except actions.NoConsent:
        messages.warning(request, not_yet())
    else:
        messages.success(request, done)
    return redirect("office:phones", found.area)


@page("manage_devices", methods=("POST",))
def look(request: Request, device: UUID) -> HttpResponseBase:
    """Take the township's notice of a new phone off."""
    found = _found(device)
    return _looked(request, lambda: actions.look(device=found.id, by=request.by, at=present()))


@page("manage_devices", methods=("POST",))
def look_at_collect(request: Request, user: UUID) -> HttpResponseBase:
    """Take the township's notice of a new phone with Collect off."""
    found = collects.find_app_user(user)
    if found is None:
        raise Http404
    return _looked(request, lambda: collect.look_at_app_user(user=found, by=request.by, at=present()))


def _looked(request: Request, act: Callable[[], None]) -> HttpResponseBase:
    try:
        act()
    except LookupError:
        messages.warning(request, _("Somebody has looked at it already."))
    except PermissionError:
        messages.warning(
            request, _("The notice is to the township: it goes once somebody who manages its phones has looked.")
        )
    else:
        messages.success(request, _("Looked at, on record."))
    return redirect("office:phones_home")


@page("manage_devices", methods=("POST",))
def revoke(request: Request, device: UUID) -> HttpResponseBase:
    """Take a phone out of use, with a reason."""
    found = _found(device)
    try:
        actions.revoke(device=found.id, reason=str(request.POST.get("reason", ""))[:500], by=request.by, at=present())
    except ValueError:
        return _phone_page(request, device, _("Say why: it is lost, stolen, given to somebody else…"))
    messages.success(request, _("The phone is shown nothing more. What it still sends waits among the held entries."))
    return redirect("office:phones", found.area)


@page("manage_devices", methods=("POST",))
def renew(request: Request, device: UUID) -> HttpResponseBase:
    """Let a phone go on, bound to where its worker records now."""
    found, days = _found(device), str(request.POST.get("days", ""))
    worker = next((w for w in _workers(request, request.scope.root(), present()) if w.account == found.account), None)
    if worker is None or days not in map(str, DAYS):
        return _phone_page(request, device, _("The worker has no role in your area. Give the role first."))
    try:
        actions.renew(device=found.id, days=int(days), areas=worker.areas, by=request.by, at=present())
    except LookupError:
        return _phone_page(request, device, _("This phone is not in use. Enrol it again."))
    messages.success(request, _("The phone goes on, in the areas its worker has now."))
    return redirect("office:phone", found.id)
