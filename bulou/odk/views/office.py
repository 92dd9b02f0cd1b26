"""The office's page about phones with Collect: make one, show its code once, see when each was heard from, revoke."""

from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access import places
from bulou.access import queries as access
from bulou.access.rules import Refusal, check_manage
from bulou.access.views import Request, page
from bulou.access.words import refusal_text
from bulou.core.divisions import last_of
from bulou.core.moments import now as present
from bulou.odk import actions, queries
from bulou.odk.forms import AppUserForm
from bulou.odk.rules.openrosa import settings_code
from bulou.odk.rules.passwords import password_of
from bulou.odk.views.doors import forget_met


@page("manage_accounts")
def phones(request: Request) -> HttpResponse:
    moment = present()
    users = queries.app_users()
    names = access.names_of({user.by for user in users})
    where = places.names_of({user.area for user in users})
    sent = queries.sent_by(users)
    rows = [
        {"user": user, "worker": names.get(user.by, ""), "area": where[user.area], "sent": sent[user.id],
         "live": user.is_live(moment)}
        for user in users
    ]  # fmt: skip
    return render(request, "odk/phones.html", {"phones": rows})


@page("manage_accounts", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Make a phone, and show its code in the answer itself: it is stored nowhere."""
    form = AppUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, moment = form.cleaned_data, present()
        account, problem = _worker(request, data["username"], data["area"], moment)
        if account is not None and not problem:
            try:
                made = actions.make_app_user(
                    name=data["name"], account=account, area=data["area"], language=data["language"],
                    expires_at=moment + timedelta(days=data["days"]), by=request.by, at=moment,
                )  # fmt: skip
            except ValueError:
                form.add_error("area", _("A phone belongs to one county: choose the county or an area in it."))
            else:
                return _code(request, made)
        elif problem:
            form.add_error("area" if account else "username", problem)
    return render(request, "odk/new.html", {"form": form, "areas": places.choices()})


def _worker(request: Request, username: str, area: int, moment: datetime) -> tuple[UUID | None, str]:
    """Return the worker's account, and why no phone can be made for it in the area."""
    account = access.find_account(username)
    try:
        row = access.get_account(account, moment) if account else None
    except LookupError:
        row = None
    if row is None:
        return None, _("There is no account of this name in your area.")
    holdings = access.holdings_of(row.id, moment)
    try:
        check_manage(request.scope.holdings, row.area, holdings)
    except Refusal as refusal:
        return None, refusal_text(refusal)
    if not any(low <= area and last_of(area) <= high for low, high in access.ranges_for(row.id, "record", moment)):
        return row.id, _("The worker may not record in this area. Give the role first, or choose another area.")
    return row.id, ""


def _code(request: Request, made: actions.Made) -> HttpResponse:
    user = queries.find_app_user(made.id)
    assert user is not None
    address = request.build_absolute_uri(f"/odk/{made.token}")
    signed = request.build_absolute_uri("/odk")
    drawn = segno.make(settings_code(address, _("Bulou")), error="l", micro=False)
    password = password_of(settings.SECRET_KEY, str(user.id))
    context = {
        "user": user, "address": address, "signed": signed, "password": password,
        "code": drawn.svg_data_uri(scale=5, border=4), "insecure": not request.is_secure(),
    }  # fmt: skip
    return render(request, "odk/code.html", context)


@page("manage_accounts", methods=("POST",))
def revoke(request: Request, user: UUID) -> HttpResponseBase:
    found = queries.find_app_user(user)
    if found is None:
        raise Http404
    actions.revoke_app_user(user=found, by=request.by, at=present())
    forget_met()
    messages.success(request, _("The phone gets nothing more. What it still sends waits among the held entries."))
    return redirect("odk:phones")
