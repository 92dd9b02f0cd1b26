"""One installation: the folder its data lives in, its key, and Django started with them.

Whatever runs Bulou from outside (the `bulou` command, a WSGI server) calls `prepare` before anything imports Django's
settings.
"""

import fcntl
import gc
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import django

from bulou.core.moments import rehearse

KEY = "secret.key"
LOCK = "serving.lock"
CLOCK = "BULOU_CLOCK_SHIFT"  # seconds a demonstration's clock is off; set by `bulou run --demo` for its workers


class InUse(Exception):
    """The data folder is being served by another process."""


def data_folder() -> Path:
    return Path(os.environ.get("BULOU_DATA", "data"))


def prepare(*, serving: bool = False) -> Path:
    """Make the data folder and its key if they are not there, start Django, and return the folder.

    With `serving`, static files are named by the hash of their content, as collected by `bulou run`.
    """
    os.umask(0o077)  # whatever is made from now on is for nobody else: the database, what comes in, copies of it
    folder = data_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tighten(folder)
    os.environ["BULOU_DATA"] = str(folder.resolve())
    if not os.environ.get("BULOU_SECRET_KEY"):
        os.environ["BULOU_SECRET_KEY"] = _key(folder / KEY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.site.settings")
    if serving:
        os.environ["BULOU_SERVING"] = "yes"
    if shift := os.environ.get(CLOCK):
        rehearse(timedelta(seconds=int(shift)))
    django.setup()
    return folder


def _tighten(folder: Path) -> None:
    """Take the right to read the data from everybody else: older versions left it to the shell's mask."""
    for path in (folder, *folder.glob(f"{KEY}*"), *folder.glob("*.sqlite3*"), *folder.glob("*/")):
        with suppress(OSError):  # not ours: whoever set that up knows why, and `bulou check` says so
            if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
                path.chmod(mode & 0o700)


def open_to_others(folder: Path) -> list[Path]:
    """Return the data folder, or what lies in it, where others than its owner may read it."""
    if not stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return []
    return [path for path in (folder, *folder.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def secrets_at_hand() -> list[str]:
    """Return the installation's key, and after it those it had before."""
    from bulou.access.sealing import keys

    return keys()


def new_key(at: datetime) -> Path:
    """Give the installation a new key and keep the one it had; return where that lies.

    Raise ValueError if the key is not in the data folder: whoever put it elsewhere puts another there.
    """
    path = data_folder() / KEY
    if os.environ.get("BULOU_SECRET_KEY") != (path.read_text("ascii") if path.exists() else None):
        raise ValueError(
            f"the key is in BULOU_SECRET_KEY, not in {path}: write the old one to {path}.until-<day> and change it there"
        )
    kept = path.with_name(f"{KEY}.until-{at:%Y%m%d_%H%M%S}")
    path.rename(kept)
    _key(path)
    return kept


def collect_seldom() -> None:
    """Spare the garbage collector its walks, every few hundred new objects, over what was loaded and stays.

    Folding a county's entries again took half as long again with them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _key(path: Path) -> str:
    """Return the key sessions and tokens are signed with, made once and readable by nobody else."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def key_kept() -> str:
    """Return where the key is, for a person to keep a copy of it."""
    kept = data_folder() / KEY
    return str(kept) if kept.exists() else "BULOU_SECRET_KEY"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the data folder for one process until the block ends; raise InUse if another holds it."""
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(f"{folder} is being served by another process; stop it first") from error
        yield
