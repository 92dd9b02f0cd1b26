"""Files that leave the data folder: sealed with the installation's key, and readable by nobody but their owner."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from bulou.core.sealing import PIECE, OtherKey, Sealed, head_of, opened, seal
from bulou.site.installation import key_kept, secrets_at_hand


def own_file(path: Path) -> IO[bytes]:
    """Make a new file that only its owner may read, whatever the shell's mask says."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def seal_file(source: Path, target: Path) -> None:
    """Write the source sealed to the target, which is new, and see that it is on the disk."""
    with source.open("rb") as plain, own_file(target) as sealed:
        seal(plain, sealed, secret=secrets_at_hand()[0])
        sealed.flush()
        os.fsync(sealed.fileno())


def open_file(path: Path, keys: Sequence[str]) -> Iterator[bytes]:
    """Yield what a file holds, opened with whichever of the keys it was sealed with, or as it is if it is plain.

    Raise ValueError, saying what is needed, if it was sealed with another key or is not whole.
    """
    with path.open("rb") as file:
        if head_of(file) is None:
            while piece := file.read(PIECE):
                yield piece
            return
        file.seek(0)
        try:
            yield from opened(file, keys)
        except OtherKey as other:
            raise ValueError(
                f"{path.name} is sealed with the key {other.mark}, which is not here ({key_kept()}). It was kept apart from "
                "the backups when the installation was set up: give the file that holds it with --key"
            ) from None
        except Sealed as broken:
            raise ValueError(f"{path.name} cannot be opened: {broken}") from None
