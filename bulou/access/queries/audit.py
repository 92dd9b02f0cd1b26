"""What was done and looked at, within the bound scope, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from bulou.access.models import AuditRow
from bulou.core.divisions import county_of
from bulou.core.scope import visible

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditView:
    id: UUID
    at: datetime
    account: str
    action: str
    subject: str
    area: int
    purpose: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`before` is what to ask the next page with; None on the last."""

    rows: list[AuditView]
    before: UUID | None


def audit_rows(
    *,
    account: str = "",
    action: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
) -> AuditPage:
    """Return a page of the audit. Rows are found by key, so that the thousandth page costs what the first does."""
    where = Q(county__in=[])
    for low, high in visible():
        where |= Q(county__range=(county_of(low), county_of(high)), area__range=(low, high))
    found = AuditRow.objects.filter(where)
    equal = {"account": account, "action": action, "subject": subject}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = [
        AuditView(r.id, r.at, r.account, r.action, r.subject, r.area, r.purpose, msgspec.json.decode(r.detail or "{}"))
        for r in found.order_by("-id")[: PAGE + 1]
    ]
    return AuditPage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)
