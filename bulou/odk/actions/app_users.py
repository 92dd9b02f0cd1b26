"""Making, revoking and hearing from a phone with Collect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from bulou.access.actions import audit
from bulou.access.queries import check_own_word
from bulou.core.divisions import COUNTY, county_of, depth_of
from bulou.core.ids import new_id_at, new_secret
from bulou.field.queries import oversees
from bulou.odk.models import AppUser as AppUserTable
from bulou.odk.queries import AppUser
from bulou.odk.rules.lists import Rows, rows_digest
from bulou.odk.rules.passwords import token_hash

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

    It waits until the worker has said, signed in, that it is theirs; until then it reads nothing, and what it sends is
    held. The caller has made sure that `by` may act for the account. What the phone may read and write is, at every moment,
    what the worker may, inside the area.
    """
    if depth_of(area) < COUNTY:
        raise ValueError("a phone belongs to one county: choose the county or an area in it")
    if not at < expires_at <= at + LONGEST:
        raise ValueError(f"a phone is made for at most {LONGEST.days} days")
    token, user, county = new_secret(40), new_id_at(at), county_of(area)
    with transaction.atomic():
        AppUserTable.objects.create(
            county=county, id=user, token_hash=token_hash(token), username=f"odk-{new_secret(8)}", name=name[:80],
            account=account, area=area, language=language, made_at=at, made_by=by, expires_at=expires_at,
            waits_for_consent=True,
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


def _own(user: UUID, account: UUID) -> AppUserTable:
    row = AppUserTable.objects.select_for_update().filter(id=user, account=account).first()
    if row is None:
        raise LookupError("there is no such phone in this name")
    return row


@transaction.atomic
def consent_app_user(*, user: UUID, account: UUID, at: datetime) -> None:
    """Write down that the worker, who is signed in, says that the phone is theirs; it takes the notice to them off.

    Raise LookupError if no phone of this id is in their name, or it is out of use; Refusal if whoever made it can have
    signed in instead of them.
    """
    row = _own(user, account)
    check_own_word(account, row.made_by, at)
    if row.revoked_at is not None:
        raise LookupError("this phone is out of use")
    if row.consented_at is not None and row.known_at is not None:
        return
    AppUserTable.objects.filter(county=row.county, id=user).update(
        waits_for_consent=False, consented_at=row.consented_at or at, known_at=at
    )
    audit(by=f"account:{account}", at=at, action="consent_phone", area=row.area, subject=f"account:{account}",
          detail={"app_user": str(user)})  # fmt: skip


@transaction.atomic
def disown_app_user(*, user: UUID, account: UUID, at: datetime) -> None:
    """Take out of use a phone in the worker's name of which they say that it is not theirs. Raise LookupError if none is."""
    row = _own(user, account)
    if row.revoked_at is None:
        by = f"account:{account}"
        AppUserTable.objects.filter(county=row.county, id=user).update(revoked_at=at, revoked_by=by)
        audit(by=by, at=at, action="disown_phone", area=row.area, subject=by, detail={"app_user": str(user)})


@transaction.atomic
def look_at_app_user(*, user: AppUser, by: str, at: datetime) -> None:
    """Take the notice to the township off. Raise LookupError unless it stands, PermissionError unless the author manages
    phones over the whole township, and neither made this one nor is its worker."""
    row = AppUserTable.objects.select_for_update().filter(county=user.county, id=user.id, looked_at=None).first()
    if row is None:
        raise LookupError("somebody has looked at this phone")
    if by in (row.made_by, user.by) or not oversees(by, row.area, at):
        raise PermissionError("the notice is to the township")
    AppUserTable.objects.filter(county=user.county, id=user.id).update(looked_at=at, looked_by=by)
    audit(by=by, at=at, action="look_at_phone", area=row.area, subject=user.by, detail={"app_user": str(user.id)})


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
