"""Photographs beside the backups: each is known by the hash of its content and never changes, so it is copied once."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bulou.field.queries.attachments import folder
from bulou.site.sealed import open_file, own_file, seal_file

NAME = "attachments"


def copy_beside(backup: Path) -> int:
    """Copy the photographs that are not there yet, sealed, into the folder `attachments` beside the backup; return how
    many there are. All of it is on the disk when this returns."""
    return _copy(folder(), backup.parent / NAME, ())


def put_back(backup: Path, keys: Sequence[str]) -> int:
    """Copy back the photographs that are missing here, opened with the keys; return how many there are beside the backup."""
    return _copy(backup.parent / NAME, folder(), keys)


def _copy(source: Path, target: Path, keys: Sequence[str]) -> int:
    """Copy what is missing: opened if there are keys, else sealed."""
    count, folders = 0, set[Path]()
    for path in _whole(source):
        count += 1
        copy = target / path.relative_to(source)
        if copy.exists():
            continue
        for each in reversed([copy.parent, *copy.parent.parents[: len(copy.relative_to(target).parts)]]):
            each.mkdir(mode=0o700, exist_ok=True)
        part = copy.with_name(copy.name + ".copying")
        part.unlink(missing_ok=True)
        if keys:
            with own_file(part) as file:
                file.writelines(open_file(path, keys))
            _flush(part)
        else:
            seal_file(path, part)
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
