"""Who may do what, where and when; and what of a name, a number or a phone is shown to whom."""

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

__all__ = [
    "DEMANDS_SECOND_FACTOR",
    "PERMISSIONS",
    "Holding",
    "Refusal",
    "Role",
    "Scope",
    "can_give",
    "can_manage",
    "check_give",
    "check_manage",
    "held_permissions",
    "ranges_of",
]
