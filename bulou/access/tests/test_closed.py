"""Which pages of django-allauth can be reached: those named here, whatever a new version of it brings."""

import inspect
from importlib import import_module, reload

import pytest
from allauth.account import urls as account_urls
from allauth.mfa import app_settings
from allauth.mfa import urls as mfa_urls
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from bulou.access.tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db


def _addresses(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield space + (pattern.name or ""), pattern.callback


def _home(view):
    return getattr(view, "view_class", inspect.unwrap(view)).__module__


ALLAUTHS = {"account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
            "mfa_authenticate", "mfa_reauthenticate"}  # fmt: skip


def test_no_other_page_of_allauth_can_be_reached():
    """A new version of it brings new pages, and opens none of them here."""
    served = {name for name, view in _addresses(get_resolver().url_patterns) if _home(view).startswith("allauth")}
    assert served == ALLAUTHS
    known = set()
    for part in ("base", "totp", "recovery_codes", "webauthn"):
        known |= {name for name, _ in _addresses(reload(import_module(f"allauth.mfa.{part}.urls")).urlpatterns)}
    known |= {name for name, _ in _addresses(account_urls.urlpatterns)}
    known |= {name for name, _ in _addresses(mfa_urls.urlpatterns)}
    assert {"mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_add_webauthn"} <= known
    for name in known - ALLAUTHS - {""}:
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not app_settings.TRUST_ENABLED and "webauthn" not in app_settings.SUPPORTED_TYPES
    assert app_settings.TOTP_INSECURE_BYPASS_CODE is None


@pytest.mark.parametrize("old", ["/account/second-factor/off/", "/account/recovery-codes/new/",
                                 "/account/recovery-codes/file/", "/account/second-factor/"])  # fmt: skip
def test_there_is_no_switching_off_by_oneself(old):
    anna = sign_in(make_account("headquarters"), second_factor=True)
    assert anna.get(old).status_code == anna.post(old).status_code == 404
