"""Addresses of signing in and out and of one's own account. The names are django-allauth's; what is not here is closed:

no sign-up, no e-mail, no password reset by mail, no login by code.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from bulou.access.views import personal, public

second_factor_page = RedirectView.as_view(pattern_name="access:me")

urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("login/code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("login/closed/", public(account.account_inactive), name="account_inactive"),
    path("logout/", public(account.logout), name="account_logout"),
    path("language/", public(set_language), name="set_language"),
    path("again/", personal(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", personal(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "password/", personal(account.password_change, expired_password=True), name="account_change_password"
    ),
    path("second-factor/", personal(second_factor_page), name="mfa_index"),
    path("second-factor/on/", personal(totp.activate_totp, fresh=True), name="mfa_activate_totp"),
    path("second-factor/off/", personal(totp.deactivate_totp, fresh=True), name="mfa_deactivate_totp"),
    path("recovery-codes/", personal(recovery.view_recovery_codes, fresh=True), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", personal(recovery.generate_recovery_codes, fresh=True),
         name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", personal(recovery.download_recovery_codes, fresh=True),
         name="mfa_download_recovery_codes"),
]  # fmt: skip
