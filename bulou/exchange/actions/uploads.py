"""Files kept between upload and confirmation: in the data folder, for a day, under a name nobody can guess."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bulou.core.ids import new_id
from bulou.exchange.rules.files import UPLOAD, Limits, Refused

KEPT = timedelta(days=1)


def _folder() -> Path:
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep_upload(pieces: Iterable[bytes], *, by: str, at: datetime, limits: Limits = UPLOAD) -> UUID:
    """Write an uploaded file down and return the id to find it by. Raise Refused("too big") before it is all read.

    `by` is kept with it: only who brought a file may read it. What others left for more than a day is removed.
    """
    for old in _folder().iterdir():
        if datetime.fromtimestamp(old.stat().st_mtime, at.tzinfo) < at - KEPT:
            old.unlink(missing_ok=True)
    upload = new_id()
    path = _folder() / f"{upload}.{_safe(by)}"
    size = 0
    try:
        with path.open("wb") as file:
            path.chmod(0o600)
            for piece in pieces:
                size += len(piece)
                if size > limits.file_bytes:
                    raise Refused("too big", f"{limits.file_bytes // 2**20} MB")
                file.write(piece)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    return upload


def _safe(by: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in by)


def find_upload(upload: UUID, *, by: str) -> Path | None:
    """Return the file if this person brought it and it is still there."""
    path = _folder() / f"{upload}.{_safe(by)}"
    return path if path.is_file() else None


def drop_upload(upload: UUID, *, by: str, at: datetime) -> None:
    """Remove the file once it has been read, or is not wanted."""
    if path := find_upload(upload, by=by):
        path.unlink(missing_ok=True)
