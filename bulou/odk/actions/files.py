"""Files that come with a record, kept by the hash of their content."""

import os
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from bulou.field.actions.attaching import add_piece, check_room
from bulou.field.queries.attachments import file_of, folder
from bulou.odk.queries import AppUser


def keep_file(pieces: Iterable[bytes], *, user: AppUser, at: datetime) -> tuple[str, int]:
    """Keep a file among the photographs of our own phones; return its sha256 and size. It survives a power cut."""
    check_room(device=user.id, size=0, at=at)
    hashed, size = sha256(), 0
    folder().mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder(), prefix=".coming-", delete=False) as file:
        coming = Path(file.name)
        try:
            for piece in pieces:
                hashed.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            digest = hashed.hexdigest()
            kept = file_of(user.county, digest)
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                coming.replace(kept)
                for directory in (kept.parent, kept.parent.parent, folder()):
                    _settle(directory)
        finally:
            coming.unlink(missing_ok=True)
    # It is whole already: what is left is to have it on the list of photographs.
    add_piece(county=user.county, digest=digest, offset=0, length=1, piece=b"", device=user.id, by=user.by, at=at)
    return digest, size


def _settle(directory: Path) -> None:
    """Make the names in the directory survive a power cut too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
