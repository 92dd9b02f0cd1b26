"""A phone becomes a worker's: a clerk shows a token, the phone answers with its key, its worker signs in and says that it
is theirs, the clerk compares six digits.

The clerk alone lets nobody in: whoever lets in a phone in another's name could write in it. See docs/adr/0026.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from bulou.access import queries as access
from bulou.access.actions import audit
from bulou.core.divisions import code_of, number_of
from bulou.core.ids import new_id_at, new_secret
from bulou.field.models import Device, Token
from bulou.field.queries.devices import digest_of, oversees
from bulou.field.rules import binding, signing
from bulou.field.rules.binding import Binding
from bulou.field.rules.certificates import Certificate

TOKEN_LIFE = timedelta(minutes=10)
WAIT = timedelta(hours=1)  # how long a phone waits to be confirmed
MOST_DAYS = 366
NOT_THEIRS = "本人声明：不是本人的手机"  # the worker's own word, kept as a clerk's reason is


class EnrolRefused(Exception):
    """Why a phone cannot be enrolled: token, used, expired, key or proof."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoConsent(Exception):
    """The phone's worker has not said that it is theirs."""


@transaction.atomic
def issue_token(*, account: UUID, areas: Iterable[int], days: int, by: str, at: datetime) -> str:
    """Return a token with which one phone can be enrolled for the account within ten minutes.

    The caller has made sure that the author may give out these areas. Only the token's hash is kept. Raise ValueError
    if there is no area or the days are not between 1 and 366.
    """
    bound = sorted(set(areas))
    top = binding.smallest_area(bound)
    if not 1 <= days <= MOST_DAYS:
        raise ValueError("a phone is good for 1 to 366 days")
    token = new_secret(26)  # 128 bits
    Token.objects.filter(expires_at__lt=at - timedelta(days=1), used_at__isnull=True).delete()
    Token.objects.create(
        digest=digest_of(token), account=account, areas=msgspec.json.encode([code_of(area) for area in bound]).decode(),
        days=days, issued_by=by, issued_at=at, expires_at=at + TOKEN_LIFE,
    )  # fmt: skip
    audit(by=by, at=at, action="issue_phone_token", area=top, subject=f"account:{account}")
    return token


@transaction.atomic
def enrol(*, token: str, public_key: str, proof: str, label: str, at: datetime) -> tuple[UUID, str]:
    """Take a phone's key for the token; return the device's id and the code to compare. Raise EnrolRefused.

    The same key again with the same token is answered alike, so that an answer lost on the way costs nothing.
    """
    row = Token.objects.select_for_update().filter(digest=digest_of(token)).first()
    if row is None:
        raise EnrolRefused("token")
    try:
        signing.check_key(public_key)
    except ValueError as error:
        raise EnrolRefused("key") from error
    if not signing.is_signed(token, proof, public_key):
        raise EnrolRefused("proof")
    code = signing.comparison_code(token, public_key)
    if row.device is not None:
        same = Device.objects.filter(id=row.device, public_key=public_key, state=binding.WAITING).first()
        if same is None:
            raise EnrolRefused("used")
        return same.id, code
    if at >= row.expires_at:
        raise EnrolRefused("expired")
    areas = [number_of(area) for area in msgspec.json.decode(row.areas, type=list[str])]
    device = Device.objects.create(
        id=new_id_at(at), account=row.account, area=binding.smallest_area(areas), code=code,
        areas=binding.write_bindings(Binding(area, at) for area in areas), label=_plain(label), public_key=public_key,
        state=binding.WAITING, enrolled_at=at, enrolled_by=row.issued_by, expires_at=at + timedelta(days=row.days),
    )  # fmt: skip
    Token.objects.filter(digest=row.digest).update(used_at=at, device=device.id)
    return device.id, code


def _plain(label: str) -> str:
    return "".join(c for c in label if c.isprintable()).strip()[:80]


def _decide(device: UUID, state: str, action: str, by: str, at: datetime) -> None:
    row = Device.objects.select_for_update().filter(id=device).first()
    if row is None:
        raise LookupError("there is no such phone")
    if row.state == state:
        return
    if row.state != binding.WAITING:
        raise LookupError("this phone was decided about already")
    if state == binding.ACTIVE and row.consented_at is None:
        raise NoConsent
    looked = _looked(row.area, by, at, but=row.account) if state == binding.ACTIVE else {}
    Device.objects.filter(id=device).update(state=state, decided_at=at, decided_by=by, **looked)
    audit(by=by, at=at, action=action, area=row.area, subject=f"account:{row.account}",
          detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def confirm(*, device: UUID, by: str, at: datetime) -> None:
    """Let the phone in: the clerk has compared the codes. Raise LookupError if it is not waiting for it, NoConsent if its
    worker has not said that it is theirs."""
    _decide(device, binding.ACTIVE, "confirm_phone", by, at)


@transaction.atomic
def refuse(*, device: UUID, by: str, at: datetime) -> None:
    """Turn the phone away for good: the codes differ, or it was not asked for."""
    _decide(device, binding.REFUSED, "refuse_phone", by, at)


@transaction.atomic
def readmit(*, certificate: Certificate, at: datetime) -> None:
    """Let in again a phone that was let in after the copy this database was put back from.

    The caller has checked the certificate's seal, and that the phone holds the key it names. Nobody has decided about
    the phone in this life of the database, and whoever manages phones is shown so (`Phone.came_back`), its worker and the
    township too. One that is known
    and was decided about stays as it is.
    """
    areas = [b.area for b in binding.read_bindings(certificate.areas) if b.until is None]
    account, label = UUID(certificate.account), certificate.label
    if f"account:{account}" not in access.names_of([f"account:{account}"]):
        label = _plain(f"{certificate.name} · {label}")  # the account is newer than the copy too
    known = {
        "account": account, "area": binding.smallest_area(areas), "areas": certificate.areas, "label": label,
        "public_key": certificate.public_key, "code": certificate.code, "state": binding.ACTIVE,
        "enrolled_at": certificate.enrolled_at, "enrolled_by": certificate.enrolled_by,
        "expires_at": certificate.expires_at, **({"consented_at": said} if (said := certificate.consented_at) else {}),
    }  # fmt: skip
    device = UUID(certificate.device)
    row, made = Device.objects.select_for_update().get_or_create(id=device, defaults=known)
    if not made:
        if row.state != binding.WAITING or row.public_key != certificate.public_key:
            return
        Device.objects.filter(id=device).update(**known)
    audit(by=f"account:{account}", at=at, action="readmit_phone", area=binding.smallest_area(areas),
          subject=f"account:{account}", detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def keep(*, device: UUID, by: str, at: datetime) -> None:
    """Write down that somebody has looked at a phone that came back and leaves it in use. Raise LookupError unless it
    waits for that."""
    row = Device.objects.select_for_update().filter(id=device, state=binding.ACTIVE, decided_at=None).first()
    if row is None:
        raise LookupError("this phone was decided about already")
    Device.objects.filter(id=device).update(decided_at=at, decided_by=by)
    audit(by=by, at=at, action="keep_phone", area=row.area, subject=f"account:{row.account}",
          detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def revoke(*, device: UUID, reason: str, by: str, at: datetime) -> None:
    """Trust the phone no longer: it is shown nothing more, and what it still sends is held for a person to look at.

    Raise LookupError if there is no such phone, ValueError if no reason is given.
    """
    if not reason.strip():
        raise ValueError("say why the phone is no longer to be trusted")
    row = Device.objects.select_for_update().filter(id=device).first()
    if row is None:
        raise LookupError("there is no such phone")
    if row.state == binding.REVOKED:
        return
    Device.objects.filter(id=device).update(
        state=binding.REVOKED, revoked_at=at, revoked_by=by, revoke_reason=reason.strip()
    )
    audit(by=by, at=at, action="revoke_phone", area=row.area, subject=f"account:{row.account}", purpose=reason.strip(),
          detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def renew(*, device: UUID, days: int, areas: Iterable[int], by: str, at: datetime) -> None:
    """Let the phone go on for so many days from now, bound to these areas: after its worker was moved, or its time ran
    out. Its worker and the township are told anew.

    Raise LookupError unless it is active, ValueError on days or areas that cannot be.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError("a phone is good for 1 to 366 days")
    row = Device.objects.select_for_update().filter(id=device, state=binding.ACTIVE).first()
    if row is None:
        raise LookupError("there is no such phone in use")
    bindings = binding.rebound(binding.read_bindings(row.areas), areas, at)
    top = binding.smallest_area(b.area for b in bindings if b.until is None)
    Device.objects.filter(id=device).update(
        areas=binding.write_bindings(bindings),
        area=top,
        expires_at=at + timedelta(days=days),
        known_at=None,
        **_looked(top, by, at, but=row.account),
    )
    audit(by=by, at=at, action="renew_phone", area=top, subject=f"account:{row.account}",
          detail={"device": str(device), "days": days})  # fmt: skip


def _looked(area: int, by: str, at: datetime, *, but: UUID) -> dict[str, Any]:
    """Return the township's notice as it stands after what the author did: taken off where they are the township."""
    if oversees(by, area, at) and by != f"account:{but}":
        return {"looked_at": at, "looked_by": by}
    return {"looked_at": None, "looked_by": ""}


def _own(device: UUID, account: UUID) -> Device:
    row = Device.objects.select_for_update().filter(id=device, account=account).first()
    if row is None:
        raise LookupError("there is no such phone in this name")
    return row


@transaction.atomic
def consent(*, device: UUID, account: UUID, at: datetime) -> None:
    """Write down that the worker, who is signed in, says that the phone is theirs; it takes the notice to them off.

    Raise LookupError if no phone of this id is in their name, or it is out of use; Refusal if whoever enrolled it can
    have signed in instead of them.
    """
    row = _own(device, account)
    access.check_own_word(account, row.enrolled_by, at)
    if row.state not in (binding.WAITING, binding.ACTIVE):
        raise LookupError("this phone is out of use")
    if row.consented_at is not None and row.known_at is not None:
        return
    Device.objects.filter(id=device).update(consented_at=row.consented_at or at, known_at=at)
    audit(by=f"account:{account}", at=at, action="consent_phone", area=row.area, subject=f"account:{account}",
          detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def disown(*, device: UUID, account: UUID, at: datetime) -> None:
    """Take out of use, or turn away, a phone in the worker's name of which they say that it is not theirs.

    Raise LookupError if no phone of this id is in their name.
    """
    row = _own(device, account)
    if row.state == binding.WAITING:
        _decide(device, binding.REFUSED, "disown_phone", f"account:{account}", at)
    elif row.state == binding.ACTIVE:
        Device.objects.filter(id=device).update(
            state=binding.REVOKED, revoked_at=at, revoked_by=f"account:{account}", revoke_reason=NOT_THEIRS
        )
        audit(by=f"account:{account}", at=at, action="disown_phone", area=row.area, subject=f"account:{account}",
              detail={"device": str(device)})  # fmt: skip


@transaction.atomic
def look(*, device: UUID, by: str, at: datetime) -> None:
    """Take the notice to the township off. Raise LookupError unless it stands, PermissionError unless the author manages
    phones over the whole township and is not the phone's own worker."""
    row = Device.objects.select_for_update().filter(id=device, state=binding.ACTIVE, looked_at=None).first()
    if row is None:
        raise LookupError("somebody has looked at this phone")
    if not oversees(by, row.area, at) or by == f"account:{row.account}":
        raise PermissionError("the notice is to the township")
    Device.objects.filter(id=device).update(looked_at=at, looked_by=by)
    audit(by=by, at=at, action="look_at_phone", area=row.area, subject=f"account:{row.account}",
          detail={"device": str(device)})  # fmt: skip
