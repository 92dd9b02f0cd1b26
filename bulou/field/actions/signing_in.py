"""A phone proves that it holds its key, and is known for half a day. No password, and nothing slow to compute."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from bulou.core.ids import new_secret
from bulou.field import wire
from bulou.field.models import Device, Session, Spent
from bulou.field.queries.devices import digest_of

LIFE = timedelta(hours=12)
SWEPT = 100  # of what is over, at most so many rows are swept at a time


class AlreadySpent(Exception):
    """The challenge was answered before."""


@transaction.atomic
def sign_in(
    *, device: UUID, challenge: str, ends_at: datetime, status: wire.Status | None, at: datetime
) -> tuple[str, datetime]:
    """Return a session of the device and when it ends. The caller has checked the challenge and its signature.

    Raise AlreadySpent if the challenge was answered before: a unique key says so, whoever asks at the same moment.
    """
    try:
        with transaction.atomic():
            Spent.objects.create(digest=digest_of(challenge), expires_at=ends_at)
    except IntegrityError as error:
        raise AlreadySpent from error
    session, expires_at = new_secret(32), at + LIFE
    Session.objects.create(digest=digest_of(session), device_id=device, expires_at=expires_at)
    Device.objects.filter(id=device).update(last_contact=at, **said(status))
    return session, expires_at


def said(status: wire.Status | None) -> dict[str, object]:
    """Return the columns for what a phone says of itself."""
    if status is None:
        return {}
    found: dict[str, object] = {"app": status.app} if status.app else {}
    if status.persisted is not None:
        found["persisted"] = status.persisted
    if status.waiting is not None:
        found["waiting"] = status.waiting
    return found


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Remove some of the sessions and challenges that are over. Rows another is removing are left to it."""
    for table in (Session, Spent):
        over = table.objects.select_for_update(skip_locked=True).filter(expires_at__lt=at)
        table.objects.filter(pk__in=[row.pk for row in over[:SWEPT]]).delete()
