"""Alerts: told to the auditor and the desk of the area, counted on while nobody has looked, taken off on record."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from bulou.access.models import Alert, AuditRow
from bulou.access.rules import Refusal
from bulou.core.divisions import county_of
from bulou.core.ids import new_id_at

AUDITOR, DESK = "auditor", "desk"


def tell(
    areas: Iterable[int], *, account: str, action: str, within: int, more: int, minutes: int, at: datetime,
    others: int = 0,
) -> None:  # fmt: skip
    """Raise an alert about the account for the auditor and the desk of each area, or count on in the one that nobody has
    looked at yet.

    `within`: how many there were in all within the minutes; `more`: how many of them just now. The caller sees to it that
    this is done for one account at a time.
    """
    wanted = {(audience, area) for area in areas for audience in (AUDITOR, DESK)}
    open_ones = Alert.objects.filter(
        account=account, action=action, seen_at=None, area__in={area for _, area in wanted}
    )
    standing = {(audience, area): key for key, audience, area in open_ones.values_list("id", "audience", "area")}
    again = [key for place, key in standing.items() if place in wanted]
    Alert.objects.filter(id__in=again).update(looks=F("looks") + more, last_at=at, others=others)
    Alert.objects.bulk_create([
        Alert(id=new_id_at(at), at=at, last_at=at, account=account, action=action, audience=audience, area=area,
              looks=within, minutes=minutes, others=others)
        for audience, area in sorted(wanted - set(standing))
    ])  # fmt: skip


def see_alert(alert: UUID, *, by: str, at: datetime, note: str) -> None:
    """Take an alert off the list, with what was found, on record.

    Raise LookupError if there is none that is open; raise Refusal("own_account") of one about oneself.
    """
    row = Alert.objects.filter(id=alert, seen_at=None).first()
    if row is None:
        raise LookupError(f"there is no open alert {alert}")
    if row.account == by:
        raise Refusal("own_account")
    detail = {"action": row.action, "looks": row.looks}
    with transaction.atomic():
        AuditRow.objects.create(county=county_of(row.area), id=new_id_at(at), at=at, account=by, action="see_alert",
                                subject=row.account, area=row.area, purpose=note,
                                detail=msgspec.json.encode(detail).decode())  # fmt: skip
        if not Alert.objects.filter(id=alert, seen_at=None).update(seen_at=at, seen_by=by, note=note):
            raise LookupError(f"there is no open alert {alert}")
