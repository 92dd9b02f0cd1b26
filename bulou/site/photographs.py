"""Photographs beside the backups: each is known by the hash of its content and never changes, so it is copied once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bulou.field.queries.attachments import folder

NAME = "attachments"


def copy_beside(backup: Path) -> int:
    """Copy the photographs that are not there yet into the folder `attachments` beside the backup; return how many
    there are. All of it is on the disk when this returns."""
    return _copy(folder(), backup.parent / NAME)


def put_back(backup: Path) -> int:
    """Copy back the photographs that are missing here; return how many there are beside the backup."""
    return _copy(backup.parent / NAME, folder())


def _copy(source: Path, target: Path) -> int:
    count, folders = 0, set[Path]()
    for path in _whole(source):
        count += 1
        copy = target / path.relative_to(source)
        if copy.exists():
            continue
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = copy.with_name(copy.name + ".copying")
        shutil.copyfile(path, part)
        _flush(part)
        part.rename(copy)
        folders.update((copy.parent, *copy.parent.parents[: len(copy.relative_to(target).parts)]))
    for each in folders:
        _flush(each)
    return count


def _whole(source: Path) -> Iterator[Path]:
    """Yield the photographs that have arrived whole: by their name, the hash alone."""
    return (path for path in sorted(source.glob("*/*/*")) if len(path.name) == 64)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
