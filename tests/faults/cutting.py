"""Cut the power under a program: it works on a folder that forgets, the folder is gone, the program is killed."""

import ctypes.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
REASON = "needs root, /dev/fuse and libfuse3 to forget what was not synced"


def usable() -> bool:
    return Path("/dev/fuse").exists() and os.geteuid() == 0 and bool(ctypes.util.find_library("fuse3"))


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """Return the environment of a product whose data are in the folder, or in the database of the URL."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    made = {"BULOU_DATA": str(folder), "BULOU_SECRET_KEY": "test", "PYTHONPATH": str(HERE.parent.parent)}
    return kept | made | ({"DATABASE_URL": url} if url else {})


def wait_for(condition: Callable[[], object], words: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, words
        time.sleep(0.01)


@contextmanager
def forgetting(disk: Path, mount: Path, names: Path | None = None) -> Iterator[Callable[[], None]]:
    """Mount the disk so that it forgets; yield what cuts its power. Afterwards nothing is mounted."""
    mount.mkdir(exist_ok=True)
    filesystem = subprocess.Popen(
        [sys.executable, HERE / "forgetful.py", disk, mount, *([names] if names else [])], stderr=subprocess.DEVNULL
    )

    def cut() -> None:
        filesystem.kill()
        filesystem.wait()

    try:
        wait_for(mount.is_mount, "the file system did not come up")
        yield cut
    finally:
        cut()
        subprocess.run(["fusermount3", "-uz", mount], stderr=subprocess.DEVNULL, check=False)
        wait_for(lambda: not mount.is_mount(), "the file system did not go")


def cut_short(command: list[object], env: dict[str, str], cut: Callable[[], None], seconds: float) -> list[str]:
    """Run the program until `seconds` after its first line, cut the power, kill it; return the lines it said."""
    program = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, env=env,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        assert program.stdout
        heard = program.stdout.readline()
        time.sleep(seconds)
    finally:
        cut()
        program.kill()
        heard += program.communicate()[0]
    return [line.decode() for line in heard.split(b"\n")[:-1]]


def copy_of(disk: Path, name: str) -> Path:
    """Return a copy of the disk as it is, for a look at it that changes nothing."""
    made = disk.with_name(name)
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(disk, made, symlinks=True)
    return made
