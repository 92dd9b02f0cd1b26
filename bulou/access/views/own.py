"""One's own account, the first page after signing in, and the first account of all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bulou.access import actions, guessing, places, queries
from bulou.access.forms import SetupForm
from bulou.access.queries import Factor
from bulou.access.rules import DEMANDS_SECOND_FACTOR, Refusal, held_permissions
from bulou.access.views.doors import Request, personal, public
from bulou.access.views.factors import HANDED
from bulou.access.words import refusal_text
from bulou.core.moments import CHINA, now
from bulou.core.scope import EVERYTHING, seeing

SETUP = "the key to an empty installation"  # no user name has blanks


@personal
def start(request: Request) -> HttpResponseBase:
    """Go to the first page this account can use; first to the second factor, if a role demands one and there is none."""
    moment = now()
    own = UUID(str(request.user.pk))
    if queries.must_enrol(own, moment):
        return redirect("access:enrol_factor")
    factor = queries.find_factor(own)
    if factor and factor.used_at:
        messages.warning(request, recovery_said(factor))
    return redirect("/" if request.can("see") else "access:me")


def recovery_said(factor: Factor) -> str:
    """Return that a recovery code was used, when, and how many are left, for the person whose they are."""
    assert factor.used_at is not None
    said = gettext(
        "A recovery code was used on %(when)s; %(left)s are left. If it was not you, tell your managers now."
    )
    return said % {"when": f"{factor.used_at.astimezone(CHINA):%Y-%m-%d %H:%M}", "left": factor.codes_left}


@personal
def me(request: Request) -> HttpResponse:
    moment, own = now(), UUID(str(request.user.pk))
    factor = queries.find_factor(own)
    reset = next(iter(queries.open_resets(own, moment)), None) if factor else None
    roles = queries.role_names(get_language() or "")
    with seeing(EVERYTHING):  # of the places one has a role over, the names only
        areas = places.names_of(holding.area for holding in request.scope.holdings)
    context = {
        "holdings": [
            {"role": roles.get(h.role, h.role), "area": areas[h.area], "until": h.ends_at}
            for h in sorted(request.scope.holdings, key=lambda h: (h.area, h.role))
        ],
        "only_records": request.can("record") and not request.can("see"),
        "factor": factor,
        "recovery": recovery_said(factor) if factor and factor.used_at else "",
        "reset": reset,
        "reset_by": queries.names_of([reset.by]).get(reset.by, "") if reset else "",
        "demanded": bool(held_permissions(request.scope.holdings) & DEMANDS_SECOND_FACTOR),
    }
    return render(request, "access/me.html", context)


@personal
def carry_on(request: Request) -> HttpResponseBase:
    """Go back to the page that asked for a second factor, now that there is one."""
    url = request.session.pop("after_second_factor", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return redirect(url if safe else "access:start")


@public
@never_cache
@sensitive_post_parameters("key", "password", "again")
def setup(request: HttpRequest) -> HttpResponseBase:
    """Make the first headquarters account with the key the server printed; not found once somebody manages accounts."""
    if not queries.setup_is_open(now()):
        raise Http404
    form = SetupForm(request.POST or None, initial={"key": request.GET.get("key", "")[:80]})
    if request.method == "POST" and form.is_valid():
        data, tried = form.cleaned_data, guessing.begin(request, SETUP)
        try:
            digest = _made(data)
        except Refusal as refusal:
            form.add_error("username" if refusal.code == "username_taken" else "key", refusal_text(refusal))
            if refusal.code == "setup_key":
                guessing.wrong(tried, SETUP)
            else:
                guessing.right(tried)
        else:
            guessing.right(tried)
            logout(request)
            # The key was the proof: this browser, once signed in, sets the second factor up with no other.
            request.session[HANDED] = digest
            return redirect("account_login")
    return render(request, "access/setup.html", {"form": form})


@transaction.atomic
def _made(data: dict[str, Any]) -> str:
    """Make the first account; return the hash of what its second factor is set up with."""
    moment = now()
    account = actions.use_setup(key=data["key"], username=data["username"], display_name=data["display_name"],
                                password=data["password"], area=data["area"], at=moment)  # fmt: skip
    code = actions.make_factor_code(account=account, by="system:setup", at=moment)
    return actions.try_factor_code(account=account, code=code, at=moment)
