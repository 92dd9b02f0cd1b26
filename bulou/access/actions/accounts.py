"""Accounts are made, given passwords, disabled. None is ever deleted: what it did must keep its author."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bulou.access.actions.audit import audit
from bulou.access.actions.authority import author_of, check_may_give, check_may_manage
from bulou.access.actions.second import need_for_account
from bulou.access.models import Account, Grant
from bulou.access.rules import Refusal, read_username
from bulou.core.moments import FAR


@transaction.atomic
def create_account(
    *,
    username: str,
    display_name: str,
    area: int,
    password: str,
    by: str,
    at: datetime,
    phone: str = "",
    expires_at: datetime = FAR,
    must_change_password: bool = True,
    demo: bool = False,
) -> UUID:
    """Make an account that lives in the area (an area number) and holds nothing yet; return its id.

    `password` is for the first sign-in only unless `must_change_password` is off. Raise Refusal `bad_username`,
    `username_taken`, or `area_not_held` if the author manages no accounts there.
    """
    check_may_give(by, at, frozenset(), area)
    account = Account(
        username=read_username(username), display_name=display_name.strip(), phone=phone.strip(), area=area,
        expires_at=expires_at, must_change_password=must_change_password, demo=demo, created_at=at, created_by=by,
    )  # fmt: skip
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal("username_taken", username=account.username) from error
    audit(by=by, at=at, action="create_account", area=area, subject=author_of(account.id),
          detail={"username": account.username})  # fmt: skip
    return account.id


def _locked(account: UUID) -> Account:
    found = Account.objects.select_for_update().filter(id=account).first()
    if found is None:
        raise LookupError("there is no such account")
    return found


@transaction.atomic
def set_password(*, account: UUID, password: str, by: str, at: datetime) -> None:
    """Give somebody else's account a password for one sign-in. It ends every session of the account.

    Of an account that manages others or approves, and of an auditor's, it takes a second person: NeedsSecond.
    """
    target = _locked(account)
    check_may_manage(by, at, target)
    need_for_account("reset_password", target, by=by, at=at, asked={"does": "password"})
    target.set_password(password)
    target.must_change_password = True
    target.save(update_fields=["password", "must_change_password"])
    audit(by=by, at=at, action="set_password", area=target.area, subject=author_of(account))


@transaction.atomic
def change_own_password(*, account: UUID, password: str, at: datetime) -> None:
    """Replace the password of the account that is signed in."""
    target = _locked(account)
    target.set_password(password)
    target.must_change_password = False
    target.save(update_fields=["password", "must_change_password"])
    audit(by=author_of(account), at=at, action="change_password", area=target.area, subject=author_of(account))


@transaction.atomic
def disable_account(*, account: UUID, by: str, at: datetime, reason: str = "") -> None:
    """Stop the account from its next request on. What it recorded before stays valid.

    Raise Refusal `own_account` if the author would lock itself out.
    """
    target = _locked(account)
    if by == author_of(account):
        raise Refusal("own_account")
    check_may_manage(by, at, target)
    need_for_account("", target, by=by, at=at, asked={"does": "disable"})
    Account.objects.filter(id=account).update(is_active=False)
    audit(by=by, at=at, action="disable_account", area=target.area, subject=author_of(account), purpose=reason)


@transaction.atomic
def enable_account(*, account: UUID, by: str, at: datetime) -> None:
    """Let a disabled account in again, with whatever grants are still live."""
    target = _locked(account)
    check_may_manage(by, at, target)
    need_for_account("give_powers", target, by=by, at=at, asked={"does": "enable"})
    Account.objects.filter(id=account).update(is_active=True)
    audit(by=by, at=at, action="enable_account", area=target.area, subject=author_of(account))


@transaction.atomic
def record_sign_in(*, account: UUID, at: datetime) -> None:
    """Write into the audit that the account signed in."""
    home = Account.objects.filter(id=account).values_list("area", flat=True).get()
    top = Grant.objects.filter(account_id=account, starts_at__lte=at, ends_at__gt=at).order_by("area").first()
    audit(by=author_of(account), at=at, action="sign_in", area=top.area if top else home, subject=author_of(account))
