"""Photographs: where they are kept, and how much of one has arrived."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def folder() -> Path:
    """Return the folder all photographs are kept in."""
    return Path(settings.DATA) / "attachments"


def file_of(county: int, digest: str) -> Path:
    """Return where a whole photograph is kept. `digest` is a hex SHA-256, and nothing else may come here."""
    return folder() / str(county) / digest[:2] / digest


def part_of(county: int, digest: str, device: UUID) -> Path:
    """Return where what has arrived of one is kept: each phone's apart, so that none can spoil another's."""
    return parts_of(device) / f"{county}.{digest}.part"


def parts_of(device: UUID) -> Path:
    """Return the folder of what has arrived in part from a phone."""
    return folder() / "coming" / device.hex


def arrived(county: int, digest: str, device: UUID) -> int | None:
    """Return how many bytes of the phone's photograph have arrived, None if it is whole. 0 if nothing has."""
    if file_of(county, digest).exists():
        return None
    part = part_of(county, digest, device)
    return part.stat().st_size if part.exists() else 0
