"""Addresses of signing in and out and of one's own account. The names are django-allauth's; what is not here is closed:

no sign-up, no e-mail, no password reset by mail, no login by code; and a second factor is set up, moved and taken off by
our own views only (views/factors.py).
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path
from django.views.i18n import set_language

from bulou.access.views import personal, public

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
]  # fmt: skip
