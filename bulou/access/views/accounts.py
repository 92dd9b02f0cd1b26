"""Accounts: the list, making one, what each holds, and what can be done to it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext

from bulou.access import actions, places, queries
from bulou.access.forms import AccountForm, GrantForm
from bulou.access.queries import AccountRow, GrantRow
from bulou.access.rules import DEMANDS_SECOND_FACTOR, Refusal, Role, held_permissions
from bulou.access.views.doors import Request, page
from bulou.access.words import REASONS, refusal_text
from bulou.core.ids import new_secret
from bulou.core.masks import mask_phone
from bulou.core.moments import day_of, now


def _described(rows: list[AccountRow], moment: datetime) -> list[dict[str, Any]]:
    """Return what the templates show of accounts: role and area names, phones masked."""
    roles = queries.role_names(get_language() or "")
    areas = places.names_of({row.area for row in rows} | {grant.area for row in rows for grant in row.grants})
    return [
        {
            "row": row,
            "area": areas[row.area],
            "phone": mask_phone(row.phone),
            "usable": row.usable(moment),
            "grants": [{"role": roles.get(g.role, g.role), "area": areas[g.area], "grant": g} for g in row.grants],
        }
        for row in rows
    ]


@page("manage_accounts")
def accounts(request: Request) -> HttpResponse:
    moment = now()
    words, role = request.GET.get("words", "").strip()[:80], request.GET.get("role", "")
    rows = queries.list_accounts(moment, words=words, role=role, after=request.GET.get("after", "")[:64])
    due = queries.recertification(moment)
    context = {
        "accounts": _described(rows, moment),
        "next": rows[-1].username if len(rows) == queries.PAGE else "",
        "due": [
            {"account": account, "reasons": [gettext(REASONS[reason]) for reason in reasons]}
            for account, (_, reasons) in zip(_described([row for row, _ in due], moment), due, strict=True)
        ],
        "roles": queries.role_names(get_language() or ""),
        "words": words,
        "role": role,
    }
    return render(request, "access/accounts.html", context)


def _offered(request: Request) -> dict[str, Role]:
    """Return the roles that carry nothing the account does not hold somewhere: the others are not even shown."""
    held = held_permissions(request.scope.holdings)
    return {name: role for name, role in queries.offered_roles().items() if role.permissions <= held}


@page("manage_accounts", methods=("GET", "POST"))
def new_account(request: Request) -> HttpResponse:
    moment = now()
    form = AccountForm(request.POST or None, roles=_offered(request), today=day_of(moment))
    if request.method == "POST" and form.is_valid():
        data, password = form.cleaned_data, new_secret(12)
        try:
            account = _make(data, password, request.by, moment)
        except Refusal as refusal:
            form.add_error("username" if refusal.code == "username_taken" else "area", refusal_text(refusal))
        else:
            return _show_password(request, account, password)
    return render(request, "access/account_new.html", {"form": form, "areas": places.choices()})


def _make(data: dict[str, Any], password: str, by: str, at: datetime) -> UUID:
    with transaction.atomic():
        account = actions.create_account(
            username=data["username"], display_name=data["display_name"], phone=data["phone"], area=data["area"],
            password=password, by=by, at=at,
        )  # fmt: skip
        actions.grant(account=account, role=data["role"], area=data["area"], ends_at=data["until"], by=by, at=at)
    return account


def _show_password(request: Request, account: UUID, password: str) -> HttpResponse:
    """Show the one-time password once, in the answer itself: it is stored nowhere, not even in the session."""
    row = queries.get_account(account, now())
    context = {"row": row, "password": password, "demanded": queries.must_enrol(account, now())}
    return render(request, "access/account_password.html", context)


def _found(account: UUID, moment: datetime) -> AccountRow:
    try:
        return queries.get_account(account, moment)
    except LookupError as error:
        raise Http404 from error


@page("manage_accounts")
def account(request: Request, account: UUID) -> HttpResponse:
    return _account_page(request, _found(account, now()))


def _account_page(request: Request, row: AccountRow, form: GrantForm | None = None) -> HttpResponse:
    moment = now()
    history = queries.grants_of(row.id)
    roles = queries.role_names(get_language() or "")
    areas = places.names_of({grant.area for grant in history} | {row.area})
    authors = queries.names_of({grant.given_by for grant in history} | {grant.revoked_by for grant in history})

    def described(grant: GrantRow) -> dict[str, Any]:
        return {"grant": grant, "role": roles.get(grant.role, grant.role), "area": areas[grant.area],
                "live": grant.live(moment), "by": authors.get(grant.given_by, ""),
                "ended_by": authors.get(grant.revoked_by, "")}  # fmt: skip

    context = {
        "account": _described([row], moment)[0],
        "grants": [described(grant) for grant in history],
        "form": form or GrantForm(roles=_offered(request), today=day_of(moment)),
        "areas": places.choices(),
        "own": request.by == f"account:{row.id}",
        **_factor_of(request, row, moment),
    }
    return render(request, "access/account.html", context)


def _factor_of(request: Request, row: AccountRow, moment: datetime) -> dict[str, Any]:
    """Return what the page says of the account's second factor: what waits, and whether a second person is there."""
    code = queries.find_open_code(row.id, moment)
    reset = next(iter(queries.open_resets(row.id, moment)), None)
    names = queries.names_of({one for one in (code and code.made_by, reset and reset.by) if one})
    return {
        "code": code,
        "code_by": names.get(code.made_by, "") if code else "",
        "reset": reset,
        "reset_by": names.get(reset.by, "") if reset else "",
        "asked_myself": bool(reset and reset.by == request.by),
        "alone": reset is not None and not queries.approvers_of(reset, moment),
        "demanded": bool(held_permissions(queries.holdings_of(row.id, moment)) & DEMANDS_SECOND_FACTOR),
    }


@page("manage_accounts", methods=("POST",))
def give(request: Request, account: UUID) -> HttpResponseBase:
    moment = now()
    row = _found(account, moment)
    form = GrantForm(request.POST, roles=_offered(request), today=day_of(moment))
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant(account=row.id, role=data["role"], area=data["area"], ends_at=data["until"],
                          by=request.by, at=moment)  # fmt: skip
        except Refusal as refusal:
            form.add_error("area", refusal_text(refusal))
        else:
            messages.success(request, gettext("The role was given."))
            return redirect("access:account", row.id)
    return _account_page(request, row, form)


def _grant_of(row: AccountRow, grant: UUID) -> GrantRow:
    for found in queries.grants_of(row.id):
        if found.id == grant:
            return found
    raise Http404


@page("manage_accounts", methods=("POST",))
def revoke(request: Request, account: UUID, grant: UUID) -> HttpResponseBase:
    row = _found(account, now())
    _grant_of(row, grant)
    try:
        actions.revoke_grant(grant=grant, by=request.by, at=now(), reason=request.POST.get("reason", "")[:200])
        messages.success(request, gettext("The role was taken back."))
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    return redirect("access:account", row.id)


@page("manage_accounts", methods=("POST",))
def renew(request: Request, account: UUID, grant: UUID) -> HttpResponseBase:
    """Let a role last for as many days more, from today, as it is usually given for."""
    moment = now()
    row = _found(account, moment)
    days = queries.get_role(_grant_of(row, grant).role).days
    try:
        actions.renew_grant(grant=grant, ends_at=moment + timedelta(days=days), by=request.by, at=moment)
        text = ngettext("The role lasts another day.", "The role lasts another %(days)s days.", days)
        messages.success(request, text % {"days": days})
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    return redirect("access:account", row.id)


@page("manage_accounts", methods=("POST",))
def password(request: Request, account: UUID) -> HttpResponseBase:
    row = _found(account, now())
    fresh = new_secret(12)
    try:
        actions.set_password(account=row.id, password=fresh, by=request.by, at=now())
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
        return redirect("access:account", row.id)
    return _show_password(request, row.id, fresh)


@page("manage_accounts", methods=("POST",))
def disable(request: Request, account: UUID) -> HttpResponseBase:
    row = _found(account, now())
    try:
        if row.is_active:
            reason = request.POST.get("reason", "")[:200]
            actions.disable_account(account=row.id, by=request.by, at=now(), reason=reason)
            messages.success(request, gettext("The account is disabled. Whoever uses it now is out at the next click."))
        else:
            actions.enable_account(account=row.id, by=request.by, at=now())
            messages.success(request, gettext("The account works again."))
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    return redirect("access:account", row.id)
