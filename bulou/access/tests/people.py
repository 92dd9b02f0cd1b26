"""Made-up people for tests of any context: accounts with a role over an area, and clients signed in as them."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from bulou.access import actions, queries
from bulou.access.models import Account
from bulou.core.moments import now

COUNTY = 610927 * 10**12  # 镇坪县
TOWN = 610927100 * 10**9  # one of its towns
VILLAGE = 610927100201 * 10**6
OTHER_TOWN = 610927101 * 10**9
OTHER_VILLAGE = 610927101202 * 10**6
PASSWORD = "mulan-rides-at-dawn"


def make_account(
    role: str = "", area: int = COUNTY, *, username: str = "anna", name: str = "安娜", at: datetime | None = None,
    home: int | None = None,
) -> UUID:  # fmt: skip
    """Make an account with its password chosen, living in `home` (the area), and give it the role if one is named."""
    at = at or now() - timedelta(hours=1)
    account = actions.create_account(username=username, display_name=name, area=home or area, password=PASSWORD,
                                     by="system:test", at=at, must_change_password=False)  # fmt: skip
    if role:
        actions.grant(account=account, role=role, area=area, by="system:test", at=at)
    return account


def sign_in(account: UUID, *, second_factor: bool = False, proved_ago: float = 0) -> Client:
    """Return a client signed in as the account, which proved itself so many seconds ago: by its second factor, if any."""
    user = Account.objects.get(id=account)
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user)
    session = client.session
    by = "mfa" if queries.has_second_factor(account) else "password"
    session["account_authentication_methods"] = [{"method": by, "at": time.time() - proved_ago}]
    session["account_authentication_methods_user"] = str(account)
    session.save()
    return client
