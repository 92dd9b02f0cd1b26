"""Lives of the database, and what of it is kept elsewhere: from these a phone knows what it may forget."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max

from bulou.core.divisions import county_of
from bulou.core.ids import new_secret
from bulou.field.models import BackupMark, Device, Epoch
from bulou.field.queries.attachments import file_of
from bulou.field.queries.devices import find_epoch, phone_of
from bulou.field.rules.ranges import unbroken
from bulou.store import is_postgres, query, rows_json, unpack


@transaction.atomic
def begin_epoch(*, because: str, at: datetime) -> str:
    """Begin another life: phones that hear of it send again everything they still hold. Return its name.

    The newest life is the one that began last, even where the server's clock was ahead when the one before began.
    """
    if because == "first" and (known := find_epoch()):
        return known
    latest = Epoch.objects.aggregate(at=Max("began_at"))["at"]
    began_at = max(at, latest + timedelta(milliseconds=1)) if latest else at
    return Epoch.objects.create(id=new_secret(12), began_at=began_at, because=because).id


def unbroken_numbers() -> dict[UUID, int]:
    """Return for every phone up to which number nothing is missing, photographs included.

    Ask before a backup begins: all of it is then in the backup.
    """
    found = {}
    for row in Device.objects.exclude(received="[]").iterator(1_000):
        phone = phone_of(row)
        county = county_of(phone.area)
        named = msgspec.json.decode(row.photos, type=list[tuple[int, str]])
        missing = [(seq, hash_) for seq, hash_ in named if not file_of(county, hash_).exists()]
        if len(missing) < len(named):
            _forget_photos(row.id, row.photos, missing)
        last = unbroken(phone.received, phone.lost)
        found[row.id] = min((seq - 1 for seq, _ in missing if seq <= last), default=last)
    return found


def _forget_photos(device: UUID, known: str, missing: list[tuple[int, str]]) -> None:
    """Keep only the photographs still missing, unless the phone has sent something in the meantime."""
    Device.objects.filter(id=device, photos=known).update(photos=msgspec.json.encode(missing).decode())


@transaction.atomic
def mark_backup(*, held: Mapping[UUID, int], made_at: datetime, at: datetime) -> None:
    """Write down that a completed backup holds every phone's entries up to these numbers.

    A number is safe to forget once two backups hold it: one file that turns out to be lost or spoilt loses nothing.
    """
    BackupMark.objects.create(made_at=made_at, marked_at=at, devices=len(held))
    if not held:
        return
    source = unpack({"id": "uuid", "seq": "bigint"})
    least, most = ("LEAST", "GREATEST") if is_postgres() else ("min", "max")
    query(
        "UPDATE field_device SET"
        f" safe_seq = {most}(safe_seq, {least}(backed_seq, x.seq)), backed_seq = {most}(backed_seq, x.seq)"
        f" FROM {source} WHERE field_device.id = x.id",
        rows_json((id_, seq) for id_, seq in held.items()),
    )
