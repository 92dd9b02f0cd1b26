"""The phones in one's own name: say of each that it is one's own, or take it out of use. Nobody else can say so."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access.rules import Refusal
from bulou.access.views import Request, personal
from bulou.access.words import refusal_text
from bulou.core.moments import now as present
from bulou.field import actions
from bulou.odk import actions as collect
from bulou.odk.views.doors import forget_met
from bulou.office.mine import mine


def _account(request: Request) -> UUID:
    return UUID(request.by.partition(":")[2])


@personal(fresh=True)  # type: ignore[untyped-decorator]  # it is of two shapes
def phones(request: Request) -> HttpResponse:
    """List them. The password is asked for again after five minutes: a page left open is nobody's word."""
    return render(request, "office/own_phones.html", {"phones": mine(_account(request), present())})


@personal(fresh=True)  # type: ignore[untyped-decorator]  # it is of two shapes
def say(request: Request, device: UUID) -> HttpResponseBase:
    """Take down what the worker says of one phone."""
    account, now, yes = _account(request), present(), request.POST.get("word") == "mine"
    here = next((one for one in mine(account, now) if one.id == device), None)
    if here is None:
        raise Http404
    if request.method != "POST":  # back from giving the password again
        return redirect("office:own_phones")
    if request.POST.get("word") not in ("mine", "not_mine"):
        raise Http404
    try:
        if here.collect:
            (collect.consent_app_user if yes else collect.disown_app_user)(user=device, account=account, at=now)
            forget_met()
        else:
            (actions.consent if yes else actions.disown)(device=device, account=account, at=now)
    except LookupError:
        raise Http404 from None
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
        return redirect("office:own_phones")
    if not yes:
        messages.success(request, _("It is out of use. What it still sends waits among the held entries."))
    elif here.waits and not here.collect:
        messages.success(
            request, _("You have said that it is yours. Go back to the app: now the office compares the digits.")
        )
    else:
        messages.success(request, _("You have said that it is yours."))
    return redirect("office:own_phones")
