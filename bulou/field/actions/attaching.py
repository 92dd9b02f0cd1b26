"""Photographs arrive in pieces and are kept as files, under the hash of their content.

A piece is on the disk before the phone hears of it: the file is flushed, and so is the folder that names it. How much
has arrived is the length of the unfinished file, so no power cut can make the two disagree.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from bulou.field.models import Attachment, Device
from bulou.field.queries.attachments import file_of, part_of, parts_of
from bulou.field.rules.quotas import KEPT_UNNAMED, MOST_PARTS, MOST_UNNAMED, begin_of_day, has_room

MOST_BYTES = 5 * 1024 * 1024


class NotThere(Exception):
    """The piece does not begin where what has arrived ends; `offset` is where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooLarge(Exception):
    """A photograph of more than MOST_BYTES, or a piece that goes beyond the length said."""


class WrongHash(Exception):
    """What arrived is not what the hash says. It is thrown away."""


class TooMany(Exception):
    """The device has sent as many photographs as it may; `unnamed`: so many that no record names, else so many today."""

    def __init__(self, *, unnamed: bool) -> None:
        super().__init__(unnamed)
        self.unnamed = unnamed


def check_room(*, device: UUID, size: int, at: datetime, named: bool = True) -> None:
    """Raise TooMany if the device may not send another photograph of that size today, or none that no record names."""
    sent = Attachment.objects.filter(device=device, received_at__gte=begin_of_day(at)).aggregate(
        count=Count("digest"), size=Sum("size")
    )
    if not has_room(count=sent["count"], size=(sent["size"] or 0) + size):
        raise TooMany(unnamed=False)
    if not named and Attachment.objects.filter(device=device, named=False).count() >= MOST_UNNAMED:
        raise TooMany(unnamed=True)


def is_awaited(device: UUID, digest: str) -> bool:
    """Tell whether a record the phone has sent names the photograph."""
    waiting = Device.objects.filter(id=device).values_list("photos", flat=True).first()
    return waiting is not None and digest in waiting


def name_photographs(county: int, digests: Iterable[str]) -> None:
    """Note that a record names them, those that have come."""
    if wanted := list(digests):
        Attachment.objects.filter(county=county, digest__in=wanted, named=False).update(named=True)


def forget_unnamed(*, at: datetime) -> int:
    """Remove the photographs that came long ago and that no record names; return how many."""
    gone = 0
    for row in Attachment.objects.filter(named=False, received_at__lt=at - KEPT_UNNAMED).order_by("received_at")[:1000]:
        with transaction.atomic():
            deleted, _ = Attachment.objects.filter(county=row.county, digest=row.digest, named=False).delete()
            if deleted and not Attachment.objects.filter(digest=row.digest, county=row.county).exists():
                file_of(row.county, row.digest).unlink(missing_ok=True)
        gone += deleted
    return gone


def _make_room_for_part(device: UUID) -> None:
    """Let go of what came in part and stayed so, the oldest first: the phone has it whole, and begins again."""
    parts = sorted(parts_of(device).glob("*.part"), key=lambda path: path.stat().st_mtime)
    for path in parts[: max(0, len(parts) - MOST_PARTS + 1)]:
        path.unlink(missing_ok=True)


def add_piece(
    *, county: int, digest: str, offset: int, length: int, piece: bytes, device: UUID, by: str, at: datetime,
    named: bool = True,
) -> int | None:  # fmt: skip
    """Add a piece of a photograph of `length` bytes; return how many have arrived, None once it is whole.

    `named`: a record names it. Raise NotThere, TooLarge, TooMany or WrongHash; a piece of one that is whole already is
    welcome and ignored.
    """
    if not 0 < length <= MOST_BYTES or offset + len(piece) > length:
        raise TooLarge
    path, part = file_of(county, digest), part_of(county, digest, device)
    if path.exists():
        _remember(county, digest, path.stat().st_size, device, by, at, named)
        return None
    if not part.exists():
        check_room(device=device, size=length, at=at, named=named)
        _make_room_for_part(device)
    _make_folder(path.parent)
    _make_folder(part.parent)
    with _alone(part) as file:
        arrived = os.fstat(file).st_size
        if offset != arrived:
            raise NotThere(arrived)
        written = 0
        while written < len(piece):
            written += os.pwrite(file, piece[written:], offset + written)
        os.fsync(file)
        _flush(part.parent)
        if (arrived := offset + len(piece)) < length:
            return arrived
        with part.open("rb") as whole:
            if file_digest(whole, "sha256").hexdigest() != digest:
                part.unlink()
                _flush(part.parent)
                raise WrongHash
        part.rename(path)
        _flush(path.parent)
        _flush(part.parent)
    _remember(county, digest, length, device, by, at, named)
    return None


@transaction.atomic
def _remember(county: int, digest: str, size: int, device: UUID, by: str, at: datetime, named: bool) -> None:
    row = Attachment(county=county, digest=digest, size=size, device=device, by=by, received_at=at, named=named)
    Attachment.objects.bulk_create([row], ignore_conflicts=True)
    if named:
        name_photographs(county, [digest])


@contextmanager
def _alone(part: Path) -> Iterator[int]:
    """Open the unfinished file for one writer at a time."""
    file = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, each on the disk before what is put into it."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _flush(each.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_photographs(county: int, digests: Iterable[str]) -> int:
    """Remove photographs whose entries' days are over, the files before the rows; return how many there were."""
    found = list(Attachment.objects.filter(county=county, digest__in=sorted(digests)).values_list("digest", flat=True))
    for digest in found:
        path = file_of(county, digest)
        if path.exists():
            path.unlink()
            _flush(path.parent)
    with transaction.atomic():
        Attachment.objects.filter(county=county, digest__in=found).delete()
    return len(found)
