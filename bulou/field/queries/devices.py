"""Phones: found by who they say they are, or listed for whoever manages them (within the bound scope)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from django.db.models import Q

from bulou.access import queries as access
from bulou.access.rules import Holding, ranges_of
from bulou.areas import queries as areas
from bulou.core.divisions import LEVELS, ancestors_of, code_of, depth_of, last_of
from bulou.core.scope import Range, seeing, visible_within
from bulou.field import wire
from bulou.field.models import Device, Epoch, Session, Token
from bulou.field.rules.binding import Phone, read_bindings, shared, write_bindings
from bulou.field.rules.certificates import Certificate, seal
from bulou.field.rules.signing import moment_text

TOWNSHIP = LEVELS.index("township")


def digest_of(secret: str) -> str:
    """Return what is kept of a token, a challenge or a session."""
    return sha256(secret.encode()).hexdigest()


def phone_of(row: Device) -> Phone:
    """Return the row as the rest of the program knows it."""
    return Phone(
        row.id, row.account, row.area, tuple(read_bindings(row.areas)), row.label, row.public_key, row.code, row.state,
        row.enrolled_at, row.enrolled_by, row.decided_at, row.expires_at, row.revoked_at, row.revoke_reason,
        row.last_contact, row.last_seq, row.last_hash, _ranges(row.received), _ranges(row.lost), row.safe_seq,
        row.suspect_entries, row.clock_off, row.persisted, row.waiting, row.app, row.consented_at,
        row.known_at, row.looked_at,
    )  # fmt: skip


def _ranges(text: str) -> list[tuple[int, int]]:
    return msgspec.json.decode(text, type=list[tuple[int, int]])


def find_phone(device: UUID) -> Phone | None:
    """Return the phone, whatever the scope: it proves who it is before it is shown anything."""
    row = Device.objects.filter(id=device).first()
    return phone_of(row) if row else None


def find_session(session: str, now: datetime) -> Phone | None:
    """Return the phone that holds the session, if it is still good. One query."""
    found = Session.objects.filter(digest=digest_of(session), expires_at__gt=now).select_related("device").first()
    return phone_of(found.device) if found else None


def find_epoch() -> str:
    """Return the life this database is in, "" before its first."""
    return Epoch.objects.order_by("-began_at").values_list("id", flat=True).first() or ""


def ranges_of_phone(phone: Phone, holdings: Iterable[Holding], permission: str) -> tuple[Range, ...]:
    """Return where the phone may be used with the permission: what its worker holds, of what it is bound to."""
    bound = [(area, last_of(area)) for area in phone.areas]
    return shared(ranges_of(holdings, permission), bound)


def me(phone: Phone, name: str, holdings: Iterable[Holding], ranges: Iterable[Range]) -> wire.Me:
    """Return what a phone is told of itself."""
    tops = [low for low, _ in ranges]
    with seeing(ranges):
        names = areas.names(tops)
    return wire.Me(
        device=str(phone.id), by=phone.by, name=name, roles=sorted({h.role for h in holdings}),
        areas=[wire.Area(code=code_of(n), name=names.get(n, code_of(n)), depth=depth_of(n)) for n in tops],
        expires_at=moment_text(phone.expires_at), seq=phone.last_seq, prev_hash=phone.last_hash,
    )  # fmt: skip


def certificate_of(phone: Phone, name: str, key: bytes) -> str:
    """Return the phone's certificate, sealed with the installation's key; `name` is its worker's."""
    said = Certificate(
        device=str(phone.id), account=str(phone.account), name=name, areas=write_bindings(phone.bindings),
        label=phone.label, public_key=phone.public_key, code=phone.code, enrolled_at=phone.enrolled_at,
        enrolled_by=phone.enrolled_by, expires_at=phone.expires_at, consented_at=phone.consented_at,
    )  # fmt: skip
    return seal(said, key=key)


def oversees(by: str, area: int, now: datetime) -> bool:
    """Tell whether the author manages phones over the whole township the area lies in, or over more."""
    sort, _colon, account = by.partition(":")
    above = next((a for a in ancestors_of(area) if depth_of(a) == TOWNSHIP), area)
    if sort != "account":
        return False
    return any(low <= above and last_of(above) <= high
               for low, high in access.ranges_for(UUID(account), "manage_devices", now))  # fmt: skip


def _in_scope(area: int) -> Q:
    condition = Q(pk__in=[])
    for span in visible_within(area):
        condition |= Q(area__range=span)
    return condition


def phones(area: int, *, states: Iterable[str] | None = None, limit: int = 500) -> list[Phone]:
    """Return the phones bound to areas under this one, those heard of longest ago last; never enrolled ones last."""
    rows = Device.objects.filter(_in_scope(area))
    if states is not None:
        rows = rows.filter(state__in=list(states))
    return [phone_of(row) for row in rows.order_by("state", "area", "enrolled_at")[:limit]]


def phones_of(account: UUID) -> list[Phone]:
    """Return the phones in the worker's name, the latest enrolled first, whatever the scope: they are the worker's own."""
    return [phone_of(row) for row in Device.objects.filter(account=account).order_by("-enrolled_at")]


def get_phone(device: UUID) -> Phone:
    """Return a phone of the bound scope. Raise LookupError if there is none."""
    row = Device.objects.filter(id=device).first()
    if row is None or not visible_within(row.area) or not any(a <= row.area <= b for a, b in visible_within(row.area)):
        raise LookupError("there is no such phone here")
    return phone_of(row)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was shown, by its hash, and the phone that used it."""

    account: UUID
    expires_at: datetime
    device: UUID | None


def find_token(digest: str, by: str) -> Issued | None:
    """Return what became of a token, for who issued it."""
    row = Token.objects.filter(digest=digest, issued_by=by).first()
    return Issued(row.account, row.expires_at, row.device) if row else None


@dataclass(frozen=True, slots=True)
class Worker:
    """An account a phone may be enrolled for, and the areas it may record in."""

    account: UUID
    name: str
    roles: tuple[str, ...]
    areas: tuple[int, ...]


def workers(area: int, now: datetime) -> list[Worker]:
    """Return the accounts that may record under the area, by name: those to whom a phone may be given."""
    found = []
    for grant in access.recorders(area, now):
        found.append(Worker(grant.account, grant.name, grant.roles, grant.areas))
    return found
