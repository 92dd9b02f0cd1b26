"""Who may do what, where and when; and what of a name, a number or a phone is shown to whom."""

from bulou.access.rules.looking import Purpose, Rates, TooMany, Window, check_purpose, check_rate, rates_on
from bulou.access.rules.permissions import (
    DEMANDS_SECOND_FACTOR,
    PERMISSIONS,
    Holding,
    Refusal,
    Role,
    Scope,
    can_give,
    can_manage,
    check_give,
    check_manage,
    held_permissions,
    ranges_of,
)
from bulou.access.rules.second import ACTS, NeedsSecond, Wanted, is_auditors, is_powerful
from bulou.access.rules.writing import FOR_ANOTHER, Need, is_order, kinds_of_a_post, need_of

__all__ = [
    "ACTS",
    "DEMANDS_SECOND_FACTOR",
    "FOR_ANOTHER",
    "PERMISSIONS",
    "Holding",
    "Need",
    "NeedsSecond",
    "Purpose",
    "Rates",
    "Refusal",
    "Role",
    "Scope",
    "TooMany",
    "Wanted",
    "Window",
    "can_give",
    "can_manage",
    "check_give",
    "check_manage",
    "check_purpose",
    "check_rate",
    "held_permissions",
    "is_auditors",
    "is_order",
    "is_powerful",
    "kinds_of_a_post",
    "need_of",
    "ranges_of",
    "rates_on",
]
