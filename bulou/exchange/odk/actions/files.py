"""Files that come with a record, kept by the hash of their content."""

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA) / "attachments"


def path_of(digest: str) -> Path:
    """Return where the file of that sha256 is, or would be."""
    return folder() / digest[:2] / digest


def keep_file(pieces: Iterable[bytes]) -> tuple[str, int]:
    """Keep a file and return its sha256 and size. When this returns, it survives a power cut."""
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
            kept = path_of(hashed.hexdigest())
            if not kept.exists():
                kept.parent.mkdir(exist_ok=True)
                coming.replace(kept)
                _settle(kept.parent)
                _settle(folder())
        finally:
            coming.unlink(missing_ok=True)
    return hashed.hexdigest(), size


def _settle(directory: Path) -> None:
    """Make the names in the directory survive a power cut too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
