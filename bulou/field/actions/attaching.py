"""Photographs arrive in pieces and are kept as files, under the hash of their content.

A piece is on the disk before the phone hears of it: the file is flushed, and so is the folder that names it. How much
has arrived is the length of the unfinished file, so no power cut can make the two disagree.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from django.db import transaction

from bulou.field.models import Attachment
from bulou.field.queries.attachments import file_of, part_of

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


def add_piece(
    *, county: int, digest: str, offset: int, length: int, piece: bytes, device: UUID, by: str, at: datetime
) -> int | None:
    """Add a piece of a photograph of `length` bytes; return how many have arrived, None once it is whole.

    Raise NotThere, TooLarge or WrongHash; a piece of one that is whole already is welcome and ignored.
    """
    if not 0 < length <= MOST_BYTES or offset + len(piece) > length:
        raise TooLarge
    path, part = file_of(county, digest), part_of(county, digest, device)
    if path.exists():
        _remember(county, digest, path.stat().st_size, device, by, at)
        return None
    _make_folder(path.parent)
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
    _remember(county, digest, length, device, by, at)
    return None


@transaction.atomic
def _remember(county: int, digest: str, size: int, device: UUID, by: str, at: datetime) -> None:
    row = Attachment(county=county, digest=digest, size=size, device=device, by=by, received_at=at)
    Attachment.objects.bulk_create([row], ignore_conflicts=True)


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
