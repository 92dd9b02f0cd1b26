"""Every look at people goes through here: counted, refused above a rate, and told to those who watch over it.

The looks are counted from the audit itself, by account whatever the county, one account at a time: two requests cannot
both be the last that passes, whichever worker serves them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.access.actions.alerts import tell
from bulou.access.looking import editions
from bulou.access.models import Account, AuditRow
from bulou.access.rules import Rates, check_rate, rates_on
from bulou.core.divisions import county_of
from bulou.core.ids import new_id_at
from bulou.core.moments import day_of

Look = tuple[int, str]  # where, and at whom: an area number and a subject


def record_looks(
    looks: Sequence[Look], *, by: str, at: datetime, action: str, purpose: str, detail: Mapping[str, Any]
) -> None:
    """Write an audit row for each look, in the transaction that shows what was looked at.

    Raise TooMany, and write nothing, if the account has looked too often. Above a rate also raise an alert for the
    auditor and for the desk of each area, which stays until it has been looked at.
    """
    if by.startswith("account:") and looks:
        rates = rates_on(editions(), day_of(at))
        # One at a time, on PostgreSQL too: SQLite has one writer anyway.
        Account.objects.select_for_update().filter(id__in=_ids(by)).values_list("id").first()
        longest = max(window.span for window in (*rates.limits[action], rates.alerts[action]))
        looked = list(
            AuditRow.objects.filter(account=by, action=action, at__gt=at - longest)
            .order_by("at")
            .values_list("at", flat=True)
        )  # fmt: skip
        check_rate(action, rates.limits[action], looked, len(looks), at)
        _tell(looks, looked, rates, by=by, at=at, action=action)
    said = msgspec.json.encode(detail).decode()
    AuditRow.objects.bulk_create([
        AuditRow(county=county_of(area), id=new_id_at(at), at=at, account=by, action=action, subject=subject, area=area,
                 purpose=purpose, detail=said)
        for area, subject in looks
    ])  # fmt: skip


def _ids(by: str) -> list[UUID]:
    try:
        return [UUID(by.partition(":")[2])]
    except ValueError:
        return []


def _tell(
    looks: Sequence[Look], looked: Sequence[datetime], rates: Rates, *, by: str, at: datetime, action: str
) -> None:
    window = rates.alerts[action]
    within = sum(moment > at - window.span for moment in looked) + len(looks)
    if within <= window.most:
        return
    areas = {area for area, _subject in looks}
    tell(areas, account=by, action=action, within=within, more=len(looks), minutes=window.minutes, at=at)
