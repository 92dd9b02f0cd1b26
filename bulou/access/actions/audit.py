"""The audit is written in the transaction of what it records, or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from bulou.access.actions.looks import record_looks
from bulou.access.models import AuditRow
from bulou.core.divisions import county_of
from bulou.core.ids import new_id_at

LOOKS = frozenset({"reveal", "search", "export"})


def audit(
    *,
    by: str,
    at: datetime,
    action: str,
    area: int,
    subject: str = "",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did or looked at what. `by` is "account:<uuid>" or "system:<what>"; `detail` is plain JSON.

    Write ids and counts into `detail`, never names or numbers of persons: an audit row outlives the persons' data.
    Raise RuntimeError outside a transaction: a record that may be kept without its act proves nothing. Raise TooMany of
    a look (a reveal, a search, an export) beyond what an account's work needs: see looks.py.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the audit is written inside the transaction of what it records")
    if action in LOOKS:
        record_looks([(area, subject)], by=by, at=at, action=action, purpose=purpose, detail=detail or {})
        return
    AuditRow.objects.create(
        county=county_of(area), id=new_id_at(at), at=at, account=by, action=action, subject=subject, area=area,
        purpose=purpose, detail=msgspec.json.encode(detail or {}).decode(),
    )  # fmt: skip
