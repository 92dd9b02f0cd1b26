"""Roles are made and given. Nobody gives what they do not hold."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bulou.access.actions.audit import audit
from bulou.access.actions.authority import author_of, check_may_give, check_may_manage
from bulou.access.actions.second import is_watching, need, need_for_account, need_for_role
from bulou.access.models import Account, Grant, MadeRole
from bulou.access.queries.authors import forget
from bulou.access.queries.holdings import get_role
from bulou.access.roles import built_in_roles
from bulou.access.rules import PERMISSIONS, Refusal, is_powerful
from bulou.core.divisions import code_of


@transaction.atomic
def grant(
    *,
    account: UUID,
    role: str,
    area: int,
    by: str,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> UUID:
    """Give the account the role over the area, from `starts_at` (now) up to `ends_at` (the role's own number of days).

    A role that manages accounts or approves, and an auditor's, take a second person: NeedsSecond.
    Return the grant's id. Raise Refusal `area_not_held` or `permission_not_held` if the author does not itself hold
    what it gives, `ends_before_start`; LookupError if there is no such role or account.
    """
    carried = get_role(role)
    check_may_give(by, at, carried.permissions, area)
    target = Account.objects.filter(id=account).first()
    if target is None:
        raise LookupError("there is no such account")
    said = {"since": starts_at.isoformat() if starts_at else "", "days": carried.days}
    if ends_at is not None:
        said["until"] = ends_at.isoformat()
    starts_at = starts_at or at
    ends_at = ends_at or starts_at + timedelta(days=carried.days)
    if ends_at <= starts_at:
        raise Refusal("ends_before_start")
    need_for_role(target, carried, area, by=by, at=at, asked=said)
    row = Grant.objects.create(account=target, role=role, area=area, starts_at=starts_at, ends_at=ends_at,
                               given_by=by, given_at=at)  # fmt: skip
    forget(account)
    audit(by=by, at=at, action="grant", area=area, subject=author_of(account),
          detail={"grant": str(row.id), "role": role, "area": code_of(area), "until": ends_at.isoformat()})  # fmt: skip
    return row.id


def _locked(grant: UUID) -> Grant:
    found = Grant.objects.select_for_update(of=("self",)).select_related("account").filter(id=grant).first()
    if found is None:
        raise LookupError("there is no such grant")
    return found


def _of(row: Grant, does: str) -> dict[str, Any]:
    """Return what a second person is told of a change of a grant."""
    return {"does": does, "grant": str(row.id), "role": row.role, "over": str(row.area)}


@transaction.atomic
def revoke_grant(*, grant: UUID, by: str, at: datetime, reason: str = "") -> None:
    """End the grant now. One that has ended already is left as it is.

    Raise Refusal if the author could not have given it, or `own_account`.
    """
    row = _locked(grant)
    if by == author_of(row.account_id):
        raise Refusal("own_account")
    check_may_give(by, at, get_role(row.role).permissions, row.area)
    if row.ends_at <= at:
        return
    need_for_account("", row.account, by=by, at=at, asked=_of(row, does="revoke"))
    Grant.objects.filter(id=grant).update(ends_at=max(at, row.starts_at), revoked_by=by)
    forget(row.account_id)
    audit(by=by, at=at, action="revoke_grant", area=row.area, subject=author_of(row.account_id), purpose=reason,
          detail={"grant": str(grant), "role": row.role, "area": code_of(row.area)})  # fmt: skip


@transaction.atomic
def renew_grant(*, grant: UUID, ends_at: datetime, by: str, at: datetime) -> None:
    """Let a live grant last until `ends_at`. Raise Refusal `grant_ended` for one that is over: give it again.

    Nobody renews a grant of their own: an account that could would never expire.
    """
    row = _locked(grant)
    if by == author_of(row.account_id):
        raise Refusal("own_account")
    check_may_manage(by, at, row.account)
    check_may_give(by, at, get_role(row.role).permissions, row.area)
    if not at < row.ends_at or ends_at <= at:
        raise Refusal("grant_ended")
    said = _of(row, does="renew") | {"days": (ends_at - at).days}
    if is_powerful(get_role(row.role)) and not is_watching(row.account_id, at):
        need("renew_powers", area=row.area, asked=said | {"username": row.account.username}, by=by, at=at)
    else:
        need_for_account("", row.account, by=by, at=at, asked=said)
    Grant.objects.filter(id=grant).update(ends_at=ends_at)
    forget(row.account_id)
    audit(by=by, at=at, action="renew_grant", area=row.area, subject=author_of(row.account_id),
          detail={"grant": str(grant), "role": row.role, "until": ends_at.isoformat()})  # fmt: skip


@transaction.atomic
def make_role(
    *, name: str, zh: str, en: str, permissions: Iterable[str], area: int, by: str, at: datetime, days: int = 30,
    stands_for: Iterable[str] = (),
) -> None:  # fmt: skip
    """Make a role for the headquarters of the area. Its permissions never change: who wants others makes another.

    `stands_for`: the built-in roles whose records its holders write too; it must carry all that each of them carries.
    Raise Refusal `unknown_permission`, `no_permission`, `role_taken`, `stands_for_more`, or one of check_give's.
    """
    wanted, does = frozenset(permissions), sorted(set(stands_for))
    if unknown := wanted - PERMISSIONS.keys():
        raise Refusal("unknown_permission", permissions=sorted(unknown))
    if not wanted:
        raise Refusal("no_permission")
    check_may_give(by, at, wanted, area)
    for each in does:
        role = built_in_roles().get(each)
        if role is None or not role.permissions <= wanted:
            raise Refusal("stands_for_more", role=each, permissions=sorted(role.permissions - wanted) if role else [])
    if name in built_in_roles():
        raise Refusal("role_taken", name=name)
    try:
        with transaction.atomic():
            MadeRole.objects.create(name=name, zh=zh, en=en, permissions=" ".join(sorted(wanted)), days=days, area=area,
                                    stands_for=" ".join(does), made_at=at, made_by=by)  # fmt: skip
    except IntegrityError as error:
        raise Refusal("role_taken", name=name) from error
    audit(
        by=by,
        at=at,
        action="make_role",
        area=area,
        subject=f"role:{name}",
        detail={"permissions": sorted(wanted), "stands_for": does},
    )
