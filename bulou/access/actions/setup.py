"""The first account of an installation, and the accounts of a demonstration. There is no password in the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from bulou.access.actions.accounts import create_account
from bulou.access.actions.audit import audit
from bulou.access.actions.grants import grant
from bulou.access.models import Account, SetupKey
from bulou.access.queries.accounts import find_setup_key, setup_is_open
from bulou.access.rules import Refusal

KEY_LASTS = timedelta(hours=24)


def _digest(key: str) -> str:
    return sha256(key.strip().encode()).hexdigest()


@transaction.atomic
def offer_setup(*, key: str, at: datetime) -> bool:
    """Let whoever has the key make the first headquarters account within a day; keys offered before are void.

    Return False, and offer nothing, if somebody can manage accounts already or this is a demonstration.
    """
    if not setup_is_open(at) or Account.objects.filter(demo=True).exists():
        return False
    SetupKey.objects.filter(used_at__isnull=True).delete()
    SetupKey.objects.create(digest=_digest(key), made_at=at, expires_at=at + KEY_LASTS)
    return True


@transaction.atomic
def use_setup(*, key: str, username: str, display_name: str, password: str, area: int, at: datetime) -> UUID:
    """Make the first headquarters account over the area and use the key up; return the account's id.

    Raise Refusal `setup_key` if the key is wrong, used or too old, `username_taken`.
    """
    digest = _digest(key)
    if not find_setup_key(digest, at):
        raise Refusal("setup_key")
    # Whoever marks it used wins: two people with one key make one account.
    if not SetupKey.objects.filter(digest=digest, used_at__isnull=True).update(used_at=at):
        raise Refusal("setup_key")
    account = create_account(username=username, display_name=display_name, area=area, password=password,
                             by="system:setup", at=at, must_change_password=False)  # fmt: skip
    grant(account=account, role="headquarters", area=area, by="system:setup", at=at)
    audit(by="system:setup", at=at, action="setup", area=area, subject=f"account:{account}")
    return account


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    display_name: str
    role: str
    area: int
    id: UUID


@transaction.atomic
def make_demo_accounts(
    *, areas: Mapping[str, int], password: str, by: str, at: datetime, days: int = 366
) -> list[DemoAccount]:
    """Make one account a role for a demonstration, each with the same password; return them.

    `areas` gives the area number for each role to make ("headquarters": the county, "village": a village…); the user
    name is the role's name with dashes. Raise Refusal `real_accounts` if the database holds any other account: a
    demonstration never enters a database with real people in it.
    """
    if Account.objects.filter(demo=False).exists():
        raise Refusal("real_accounts")
    made = []
    for role, area in areas.items():
        username, name = role.replace("_", "-"), DEMO_NAMES.get(role, role)
        account = create_account(username=username, display_name=name, area=area, password=password, by=by, at=at,
                                 must_change_password=False, demo=True)  # fmt: skip
        grant(account=account, role=role, area=area, by=by, at=at, ends_at=at + timedelta(days=days))
        made.append(DemoAccount(username, name, role, area, account))
    return made


DEMO_NAMES = {
    "headquarters": "演示 指挥部",
    "county_desk": "演示 县级专班",
    "township": "演示 乡镇",
    "village": "演示 村（社区）",
    "grid_worker": "演示 网格员",
    "village_doctor": "演示 村医",
    "storekeeper": "演示 保管员",
    "post_staff": "演示 值守人员",
    "inspector": "演示 督查员",
    "auditor": "演示 审计员",
}
