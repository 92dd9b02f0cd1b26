"""The only doors through which accounts, grants, roles, asks for a second person and the audit are written."""

from bulou.access.actions.accounts import (
    change_own_password,
    create_account,
    disable_account,
    enable_account,
    record_sign_in,
    set_password,
)
from bulou.access.actions.alerts import see_alert
from bulou.access.actions.audit import audit
from bulou.access.actions.factors import (
    enrol_factor,
    factor_code_stands,
    make_factor_code,
    make_recovery_codes,
    move_factor,
    record_recovery_code,
    refuse_own_reset,
    reset_factor,
    stand_in,
    try_factor_code,
)
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
    "begin_try",
    "change_own_password",
    "clear_tries",
    "create_account",
    "disable_account",
    "enable_account",
    "end_sessions",
    "enrol_factor",
    "factor_code_stands",
    "foresee",
    "grant",
    "make_demo_accounts",
    "make_factor_code",
    "make_recovery_codes",
    "make_role",
    "move_factor",
    "need",
    "need_for_account",
    "need_for_role",
    "note_wrong",
    "offer_setup",
    "record_looks",
    "record_recovery_code",
    "record_sign_in",
    "refuse_own_reset",
    "renew_grant",
    "reseal",
    "reset_factor",
    "revoke_grant",
    "see_alert",
    "set_password",
    "stand_in",
    "take_back",
    "try_factor_code",
    "use_setup",
]
