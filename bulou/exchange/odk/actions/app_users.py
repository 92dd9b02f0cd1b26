"""Making, revoking and hearing from a phone with Collect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from bulou.access.actions import audit
from bulou.core.divisions import COUNTY_SCALE, county_of
from bulou.core.ids import new_id_at, new_secret
from bulou.exchange.odk.models import AppUser as AppUserTable
from bulou.exchange.odk.queries import AppUser
from bulou.exchange.odk.rules.lists import Rows, rows_digest
from bulou.exchange.odk.rules.passwords import token_hash

LONGEST = timedelta(days=180)
CONTACT_EVERY = timedelta(minutes=5)  # finer than that nobody asks, and every request would be a write


@dataclass(frozen=True, slots=True)
class Made:
    """A phone just made. The token is shown once and stored nowhere."""

    id: UUID
    token: str


def make_app_user(
    *, name: str, account: UUID, area: int, language: str, expires_at: datetime, by: str, at: datetime
) -> Made:
    """Make a way in for one phone of a worker, in one area of one county. Raise ValueError if that makes no sense.

    The caller has made sure that `by` may act for the account. What the phone may read and write is, at every moment,
    what the worker may, inside the area.
    """
    if area % COUNTY_SCALE == 0 and area // COUNTY_SCALE % 100 == 0:
        raise ValueError("a phone belongs to one county: choose the county or an area in it")
    if not at < expires_at <= at + LONGEST:
        raise ValueError(f"a phone is made for at most {LONGEST.days} days")
    token, user, county = new_secret(40), new_id_at(at), county_of(area)
    with transaction.atomic():
        AppUserTable.objects.create(
            county=county, id=user, token_hash=token_hash(token), username=f"odk-{new_secret(8)}", name=name[:80],
            account=account, area=area, language=language, made_at=at, made_by=by, expires_at=expires_at,
        )  # fmt: skip
        audit(by=by, at=at, action="odk_made", area=area, subject=f"account:{account}", detail={"app_user": str(user)})
    return Made(user, token)


def revoke_app_user(*, user: AppUser, by: str, at: datetime) -> None:
    """Let the phone read nothing more. What it recorded and still sends goes to the held tray."""
    with transaction.atomic():
        changed = AppUserTable.objects.filter(county=user.county, id=user.id, revoked_at__isnull=True).update(
            revoked_at=at, revoked_by=by
        )
        if changed:
            audit(by=by, at=at, action="odk_revoked", area=user.area, subject=f"account:{user.account}",
                  detail={"app_user": str(user.id)})  # fmt: skip


def note_contact(*, user: AppUser, at: datetime) -> None:
    """Remember that the phone was heard from, to within CONTACT_EVERY."""
    if user.last_contact is None or at - user.last_contact >= CONTACT_EVERY:
        AppUserTable.objects.filter(county=user.county, id=user.id).update(last_contact=at)


def note_list(*, user: AppUser, name: str, rows: Rows, at: datetime) -> int:
    """Return the version under which the phone is told this list: one more than before if any row has changed.

    The first time, and whenever it has changed, it is put on record that the phone took the list away.
    """
    digest = rows_digest(rows)
    known = msgspec.json.decode(user.lists, type=dict[str, tuple[str, int]])
    before, version = known.get(name, ("", 0))
    if digest == before:
        return version
    with transaction.atomic():
        row = AppUserTable.objects.select_for_update().get(county=user.county, id=user.id)
        known = msgspec.json.decode(row.lists, type=dict[str, tuple[str, int]])
        before, version = known.get(name, ("", 0))
        if digest != before:
            version += 1
            row.lists = msgspec.json.encode({**known, name: (digest, version)}).decode()
            row.save(update_fields=["lists"])
            audit(by=user.by, at=at, action="odk_list", area=user.area, subject=user.by,
                  detail={"app_user": str(user.id), "list": name, "rows": len(rows)})  # fmt: skip
    return version
