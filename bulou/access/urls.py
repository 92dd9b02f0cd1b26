"""Addresses of accounts, roles and the audit."""

from django.urls import path

from bulou.access.views import accounts, alerts, audit, factors, own, roles, second

app_name = "access"
urlpatterns = [
    path("start/", own.start, name="start"),
    path("setup/", own.setup, name="setup"),
    path("account/", own.me, name="me"),
    path("account/carry-on/", own.carry_on, name="carry_on"),
    path("account/second-factor/on/", factors.enrol, name="enrol_factor"),
    path("account/second-factor/move/", factors.move, name="move_factor"),
    path("account/second-factor/keep/", factors.keep, name="keep_factor"),
    path("account/recovery-codes/", factors.recovery_codes, name="recovery_codes"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new_account, name="new_account"),
    path("accounts/<uuid:account>/", accounts.account, name="account"),
    path("accounts/<uuid:account>/roles/", accounts.give, name="give"),
    path("accounts/<uuid:account>/roles/<uuid:grant>/end/", accounts.revoke, name="revoke"),
    path("accounts/<uuid:account>/roles/<uuid:grant>/renew/", accounts.renew, name="renew"),
    path("accounts/<uuid:account>/password/", accounts.password, name="password"),
    path("accounts/<uuid:account>/disable/", accounts.disable, name="disable"),
    path("second/", second.waiting, name="second"),
    path("second/<uuid:ask>/", second.answer, name="second_answer"),
    path("second/mine/", second.mine, name="second_mine"),
    path("accounts/<uuid:account>/second-factor/code/", factors.hand_over, name="hand_over_factor"),
    path("accounts/<uuid:account>/second-factor/reset/", factors.reset, name="reset_factor"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new_role"),
    path("audit/", audit.audit, name="audit"),
    path("audit/alerts/", alerts.audits, name="alerts"),
    path("audit/alerts/<uuid:alert>/", alerts.audit_seen, name="alert_seen"),
    path("alerts/", alerts.desks, name="desk_alerts"),
    path("alerts/<uuid:alert>/", alerts.desk_seen, name="desk_alert_seen"),
]
