"""The only doors through which accounts, grants, roles, asks for a second person and the audit are written."""

from bulou.access.actions.accounts import (
    change_own_password,
    create_account,
    disable_account,
    enable_account,
    forget_second_factor,
    record_sign_in,
    set_password,
)
from bulou.access.actions.alerts import see_alert
from bulou.access.actions.audit import audit, audited
from bulou.access.actions.grants import grant, make_role, renew_grant, revoke_grant
from bulou.access.actions.looks import record_looks
from bulou.access.actions.sealing import end_sessions, reseal
from bulou.access.actions.second import answer, ask, foresee, need, need_for_account, need_for_role
from bulou.access.actions.setup import DemoAccount, make_demo_accounts, offer_setup, use_setup
from bulou.access.actions.tries import Try, begin_try, clear_tries, note_wrong, take_back

__all__ = [
    "DemoAccount",
    "Try",
    "answer",
    "ask",
    "audit",
    "audited",
    "begin_try",
    "change_own_password",
    "clear_tries",
    "create_account",
    "disable_account",
    "enable_account",
    "end_sessions",
    "foresee",
    "forget_second_factor",
    "grant",
    "make_demo_accounts",
    "make_role",
    "need",
    "need_for_account",
    "need_for_role",
    "note_wrong",
    "offer_setup",
    "record_looks",
    "record_sign_in",
    "renew_grant",
    "reseal",
    "revoke_grant",
    "see_alert",
    "set_password",
    "take_back",
    "use_setup",
]
