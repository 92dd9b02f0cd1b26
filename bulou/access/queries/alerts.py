"""Alerts about looks and guessed passwords, within the bound scope, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.access.models import Alert as AlertTable
from bulou.core.scope import visible

MOST = 200


@dataclass(frozen=True, slots=True)
class Alert:
    """An account's looks from `at` to `last_at`: `looks` in all, the first of them within `minutes`.

    Of wrong passwords, `others`: from how many addresses; "address:…" for an account, at how many accounts.
    """

    id: UUID
    at: datetime
    last_at: datetime
    account: str
    action: str
    audience: str
    area: int
    looks: int
    minutes: int
    others: int
    seen_at: datetime | None
    seen_by: str
    note: str


def _condition(audience: str) -> Q:
    where = Q(pk__in=[])
    for low, high in visible():
        where |= Q(area__range=(low, high))
    return where & Q(audience=audience)


def alerts(audience: str, *, seen: bool = False) -> list[Alert]:
    """Return the alerts for the auditor or the desk: those nobody has looked at yet, or the others."""
    rows = AlertTable.objects.filter(_condition(audience), seen_at__isnull=not seen).order_by("-last_at")
    return [Alert(*row) for row in rows.values_list(*Alert.__dataclass_fields__)[:MOST]]


def count_alerts(audience: str) -> int:
    """Return how many alerts nobody has looked at yet."""
    return AlertTable.objects.filter(_condition(audience), seen_at=None).count()


def find_alert(alert: UUID, audience: str) -> Alert | None:
    """Return the alert if it is for this audience and may be seen."""
    row = AlertTable.objects.filter(_condition(audience), id=alert).values_list(*Alert.__dataclass_fields__).first()
    return Alert(*row) if row else None
