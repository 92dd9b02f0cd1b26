"""Roles: what each may do, and making one."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from bulou.access import actions, queries
from bulou.access.forms import RoleForm
from bulou.access.rules import DEMANDS_SECOND_FACTOR, PERMISSIONS, Refusal
from bulou.access.views.doors import Request, page
from bulou.access.words import permission_word, refusal_text
from bulou.core.moments import now

_FIELDS = {"role_taken": "name", "stands_for_more": "stands_for"}


@page("manage_accounts")
def roles(request: Request) -> HttpResponse:
    names = queries.role_names(get_language() or "")
    shown = [
        {
            "role": role,
            "name": names[role.name],
            "permissions": [permission_word(p) for p in PERMISSIONS if p in role.permissions],
            "second_factor": bool(role.permissions & DEMANDS_SECOND_FACTOR),
        }
        for role in queries.offered_roles().values()
    ]
    return render(request, "access/roles.html", {"roles": shown})


@page("manage_accounts", methods=("GET", "POST"))
def new_role(request: Request) -> HttpResponseBase:
    area = request.scope.root()
    offered = frozenset(p for p in PERMISSIONS if request.can(p, area))
    roles = {name: role for name, role in queries.all_roles().items() if role.built_in and role.permissions <= offered}
    form = RoleForm(request.POST or None, offered=offered, roles=roles)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.make_role(area=area, by=request.by, at=now(), **data)
        except Refusal as refusal:
            form.add_error(_FIELDS.get(refusal.code, "permissions"), refusal_text(refusal))
        else:
            messages.success(request, gettext("The role can now be given."))
            return redirect("access:roles")
    return render(request, "access/role_new.html", {"form": form})
