"""The second factor: setting it up with a code handed over, moving it, recovery codes; and what managers do about it."""

import base64
from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from bulou.access import actions, guessing, queries
from bulou.access.forms import FirstCodeForm, HandedCodeForm
from bulou.access.models import Account
from bulou.access.queries import AccountRow
from bulou.access.rules import Refusal
from bulou.access.views.doors import Request, page, personal
from bulou.access.words import refusal_text
from bulou.core.moments import now

HANDED = "factor_code"  # in the session: the hash of the code that was handed over and typed in


@personal(fresh=True)  # type: ignore[untyped-decorator]  # it is of two shapes
@sensitive_post_parameters("handed", "code")
def enrol(request: Request) -> HttpResponseBase:
    """Ask for the code another manager handed over; then show the picture for the authenticator app."""
    user, moment = cast(Account, request.user), now()
    if queries.has_second_factor(_own(request)):
        return redirect("access:me")
    digest = str(request.session.get(HANDED, ""))
    if not user.demo and not actions.factor_code_stands(account=_own(request), digest=digest, at=moment):
        return _ask_for_code(request, said_before=bool(request.session.pop(HANDED, "")))
    form = FirstCodeForm(request.POST if "code" in request.POST else None, user=user)
    if form.is_bound and form.is_valid():
        try:
            codes = actions.enrol_factor(account=_own(request), secret=form.secret, digest=digest, at=moment)
        except Refusal as refusal:
            form.add_error("code", refusal_text(refusal))
        else:
            request.session.pop(HANDED, None)
            _stay(request)
            return _show_codes(request, codes, first=True)
    return _picture(request, form)


def _own(request: Request) -> UUID:
    return UUID(str(request.user.pk))


def _ask_for_code(request: Request, *, said_before: bool) -> HttpResponseBase:
    form = HandedCodeForm(request.POST if "handed" in request.POST else None)
    if form.is_bound and form.is_valid():
        own, handed = cast(Account, request.user), form.cleaned_data["handed"]
        try:
            with guessing.counted(request, own.username, refused=Refusal, code=True):
                request.session[HANDED] = actions.try_factor_code(account=own.id, code=handed, at=now())
        except Refusal as refusal:
            form.add_error("handed", refusal_text(refusal))
        else:
            return redirect("access:enrol_factor")
    context = {"form": form, "void": said_before and not form.is_bound,
               "demanded": queries.must_enrol(_own(request), now()),
               "later": "/" if request.can("see") else reverse("access:me")}  # fmt: skip
    return render(request, "access/factor_code_asked.html", context)


def _picture(request: Request, form: FirstCodeForm, *, moving: bool = False) -> HttpResponse:
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, form.secret))
    picture = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return render(request, "access/factor_picture.html", {"form": form, "picture": picture, "moving": moving})


def _stay(request: Request) -> None:
    """Keep this session while all others of the account end; the app's code was typed in just now."""
    clear_totp_secret(request)
    user = cast(Account, request.user)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    record_authentication(request, user, "mfa", type="totp")
    request.knows_now = user  # type: ignore[attr-defined]  # it forgot the account with the sessions


def _show_codes(request: Request, codes: list[str], *, first: bool = False) -> HttpResponse:
    """Show the recovery codes once, in the answer itself: as with a password, nothing shows them again."""
    return render(request, "access/recovery_shown.html", {"codes": codes, "first": first})


@personal(fresh=True)  # type: ignore[untyped-decorator]
@sensitive_post_parameters("code")
def move(request: Request) -> HttpResponseBase:
    """Put another authenticator app in the place of the one that just proved itself."""
    if not queries.has_second_factor(_own(request)):
        return redirect("access:enrol_factor")
    form = FirstCodeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.move_factor(account=_own(request), secret=form.secret, at=now())
        _stay(request)
        messages.success(request, gettext("The codes of the new phone count now; those of the old one do not."))
        return redirect("access:me")
    return _picture(request, form, moving=True)


@personal(fresh=True)  # type: ignore[untyped-decorator]
def recovery_codes(request: Request) -> HttpResponseBase:
    """Say how many recovery codes are left, and make new ones."""
    factor = queries.find_factor(_own(request))
    if factor is None:
        return redirect("access:enrol_factor")
    if request.method == "POST":
        return _show_codes(request, actions.make_recovery_codes(account=_own(request), at=now()))
    return render(request, "access/recovery_codes.html", {"factor": factor})


@personal
def keep(request: Request) -> HttpResponseBase:
    """Say that one still has one's phone: whoever asked for the second factor to be taken off is refused."""
    if request.method == "POST":
        try:
            actions.refuse_own_reset(account=_own(request), at=now())
            messages.success(request, gettext("Your second step stays as it is."))
        except LookupError:
            messages.info(request, gettext("Nobody asks for this any more."))
    return redirect("access:me")


def _found(account: UUID) -> AccountRow:
    try:
        return queries.get_account(account, now())
    except LookupError as error:
        raise Http404 from error


@page("manage_accounts", methods=("POST",))
def hand_over(request: Request, account: UUID) -> HttpResponseBase:
    """Make the code with which somebody else sets their second factor up, and show it once."""
    row = _found(account)
    try:
        code = actions.make_factor_code(account=row.id, by=request.by, at=now())
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
        return redirect("access:account", row.id)
    context: dict[str, Any] = {"row": row, "code": in_fours(code), "code_row": queries.find_open_code(row.id, now())}
    return render(request, "access/factor_code.html", context)


def in_fours(code: str) -> str:
    """Return a code as people copy it by hand."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


@page("manage_accounts", methods=("POST",))
def reset(request: Request, account: UUID) -> HttpResponseBase:
    """Ask for the second factor of somebody whose phone is lost to be taken off; once approved, take it off."""
    row = _found(account)
    try:
        actions.reset_factor(account=row.id, by=request.by, at=now(), reason=request.POST.get("reason", "")[:200])
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    else:
        said = gettext("The second step is taken off and every session has ended. Make a code to hand over now.")
        messages.success(request, said)
    return redirect("access:account", row.id)
