"""A copy of the database lets nobody in: no secret stands in any row as it is."""

import importlib
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from bulou.access.actions import reseal
from bulou.access.models import Account
from bulou.access.tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def rows() -> str:
    """Return all that stands in the tables of accounts and sessions."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("mfa_", "django_session", "access_", "field_token", "field_session", "odk_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                said.append(str(cursor.fetchall()))
    return "\n".join(said)


def test_second_factors_are_sealed_and_work() -> None:
    account = Account.objects.get(id=make_account("headquarters"))
    secret = generate_totp_secret()
    totp = TOTP.activate(account, secret)
    assert totp.validate_code(code_of(secret)) and not totp.validate_code("000000x")
    codes = RecoveryCodes.activate(account)
    some = codes.get_unused_codes()
    seed = codes.instance.data["seed"]
    assert secret not in rows() and seed.startswith("sealed1:")
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(some[0])


def test_what_stood_there_in_clear_is_sealed_at_the_upgrade_and_sessions_end(client: Client) -> None:
    account = Account.objects.get(id=make_account("headquarters"))
    secret = generate_totp_secret()
    Authenticator.objects.create(user=account, type="totp", data={"secret": secret})
    Authenticator.objects.create(user=account, type="recovery_codes", data={"seed": "seed-in-clear", "used_mask": 3})
    sign_in(account.id)
    importlib.import_module("bulou.access.migrations.0005_sealed").seal(apps, None)
    assert secret not in rows() and "seed-in-clear" not in rows()
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 3
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(secret))
    assert not Session.objects.exists()


def test_under_another_key_no_code_fits_and_the_old_key_brings_it_back(settings: Any) -> None:
    account = Account.objects.get(id=make_account("headquarters"))
    secret, old = generate_totp_secret(), settings.SECRET_KEY
    TOTP.activate(account, secret)

    def found() -> bool:
        return bool(get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == secret)

    settings.SECRET_KEY = "another"
    assert not found()
    assert not TOTP(Authenticator.objects.get()).validate_code(code_of(secret))
    settings.SECRET_KEY_FALLBACKS = [old]
    assert found()
    assert reseal(["another", old]) == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert found()


def test_what_a_browser_holds_is_not_in_the_table_of_sessions() -> None:
    client = sign_in(make_account("headquarters"))
    session = client.session
    session["mfa.totp.secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    held = client.cookies["sessionid"].value
    assert held not in rows() and "JBSWY3" not in rows()
    assert client.get("/me/").status_code != 302 or "login" not in client.get("/me/")["Location"]
    row = Session.objects.get()
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert "login" in thief.get("/")["Location"]
    assert client.session["mfa.totp.secret"] == "JBSWY3DPEHPK3PXP"
    client.session.delete()
    assert not Session.objects.exists()
