"""The codes of a second factor typed in to sign in, or to prove oneself again."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.db import transaction

from bulou.access import actions
from bulou.access.forms import Code
from bulou.core.moments import now


class _Recorded:
    """Writes into the audit that a recovery code was used, in the transaction that marks it used."""

    user: Any
    authenticator: Any

    def clean_code(self) -> Any:
        with transaction.atomic():
            code = super().clean_code()  # type: ignore[misc]  # allauth's
            if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
                actions.record_recovery_code(account=self.user.pk, at=now())
        return code


class SignInCodeForm(Code, _Recorded, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""


class AgainCodeForm(Code, _Recorded, ReauthenticateForm):  # type: ignore[misc]
    """Proving oneself again."""
