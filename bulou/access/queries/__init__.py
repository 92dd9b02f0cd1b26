"""Reads: what an account holds, who there is, what was recorded."""

from bulou.access.queries.accounts import (
    PAGE,
    AccountRow,
    GrantRow,
    find_account,
    find_usable,
    get_account,
    grants_of,
    has_second_factor,
    is_usable,
    list_accounts,
    names_of,
    recertification,
    recorders,
    role_names,
    setup_is_open,
)
from bulou.access.queries.alerts import Alert, alerts, count_alerts, find_alert
from bulou.access.queries.audit import AuditPage, AuditView, audit_rows
from bulou.access.queries.authors import Authors, account_of, is_internal, refused
from bulou.access.queries.holdings import all_roles, get_role, holdings_of, offered_roles, ranges_for
from bulou.access.queries.second import Asked, asks_here, asks_of, find_ask, names_of_seconds, waiting_for

__all__ = [
    "PAGE",
    "AccountRow",
    "Alert",
    "Asked",
    "AuditPage",
    "AuditView",
    "Authors",
    "GrantRow",
    "account_of",
    "alerts",
    "all_roles",
    "asks_here",
    "asks_of",
    "audit_rows",
    "count_alerts",
    "find_account",
    "find_alert",
    "find_ask",
    "find_usable",
    "get_account",
    "get_role",
    "grants_of",
    "has_second_factor",
    "holdings_of",
    "is_internal",
    "is_usable",
    "list_accounts",
    "names_of",
    "names_of_seconds",
    "offered_roles",
    "ranges_for",
    "recertification",
    "recorders",
    "refused",
    "role_names",
    "setup_is_open",
    "waiting_for",
]
