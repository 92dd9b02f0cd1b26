"""Where django-allauth asks this product what it wants: who may sign in, how it is refused, what is recorded."""

import base64
import logging
import secrets
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from bulou.access import actions, guessing
from bulou.access.sealing import SECOND_FACTOR, keys
from bulou.core.moments import now
from bulou.core.sealing import Sealed, is_sealed, open_text, seal_text

LOG = logging.getLogger("bulou.access")


class OfficeBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Checks a password, and at every request that the account is still neither disabled nor expired."""

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and now() < user.expires_at)


class OfficeAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is wrong."),
        "incorrect_password": _("The password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        if not OfficeBackend().user_can_authenticate(user):
            raise ImmediateHttpResponse(redirect("account_inactive"))
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        actions.record_sign_in(account=user.pk, at=now())
        guessing.signed_in(request, user)
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: allauth's own counting locks a name for everybody, and waits inside a worker's thread."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return whose name and password these are, None if nobody's; too soon after a wrong one nobody looks."""
        name = str(credentials.get("username", ""))
        tried = guessing.begin(request, name)
        user = super().authenticate(request, **credentials)
        if user is None:
            guessing.wrong(tried, name)  # a user name nobody has is not written down: people type their password there
        else:
            guessing.right(tried)
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        actions.change_own_password(account=user.pk, password=password, at=now())
        user.refresh_from_db()
        context.request.knows_now = user  # it forgot the account with the old password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)  # type: ignore[no-any-return]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask for the second factor, where there is one: the password proves nothing then."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if str(method["id"]).startswith("mfa")] or methods

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: a county has no mail server, and accounts have no addresses."""


class OfficeMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "The code is wrong or too old. Check that the clock of the phone is right. While you are setting it up: scan the"
            " picture this page shows now, for an earlier one is void."
        ),
    }

    def get_totp_issuer(self) -> str:
        return "不漏 Bulou"

    def encrypt(self, text: str) -> str:
        """Seal the secret of an authenticator, or what recovery codes are made from: a stolen copy signs nobody in."""
        return seal_text(text, keys()[0], SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it. Where no key at hand does, return something that no code fits: nobody is let in by mistake."""
        if not is_sealed(encrypted_text):
            return encrypted_text
        try:
            return open_text(encrypted_text, keys(), SECOND_FACTOR)
        except Sealed:
            LOG.error("a second factor was sealed with another key: put that key back, or reset it")
            return base64.b32encode(secrets.token_bytes(20)).decode()
