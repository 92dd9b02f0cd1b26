"""A file system that forgets, on a power cut, everything that was not fsynced.

    python forgetful.py BACKING MOUNT [NAMES]

Writes stay in this process's memory until fsync; killing the process with SIGKILL is the power cut. Creating, renaming
and deleting files take effect at once. With NAMES, a file beside the disk, it is written down which new names no fsync of
their folder has made safe: `forget_names` takes them away after the cut.
"""

import errno
import json
import os
import shutil
import stat
import sys
from pathlib import Path

import mfusepy
from mfusepy import FuseOSError

PAGE = 4096


class Forgetful(mfusepy.Operations):
    use_ns = True

    def __init__(self, backing: Path, names: Path | None = None) -> None:
        self.backing, self.names = backing, names
        self.files: dict[str, bytearray] = {}  # what programs see; the disk has only what was synced
        self.dirty: dict[str, set[int]] = {}  # pages written since the last fsync

    def _disk(self, path: str) -> Path:
        return self.backing / path.lstrip("/")

    def _file(self, path: str) -> bytearray:
        if path not in self.files:
            try:
                self.files[path] = bytearray(self._disk(path).read_bytes())
            except OSError as error:
                raise FuseOSError(error.errno or errno.EIO) from error
        return self.files[path]

    def getattr(self, path, fh=None):
        try:
            found = os.lstat(self._disk(path))
        except OSError as error:
            raise FuseOSError(error.errno or errno.EIO) from error
        seen = {name: getattr(found, name) for name in ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size")}
        seen |= {name: int(getattr(found, name) * 1e9) for name in ("st_atime", "st_mtime", "st_ctime")}
        if stat.S_ISREG(found.st_mode) and path in self.files:
            seen["st_size"] = len(self.files[path])
        return seen

    def _named(self, *said: str) -> None:
        if self.names:
            with self.names.open("a") as journal:
                journal.write(json.dumps(said) + "\n")

    def _owned(self, path: str) -> None:
        user, group, _process = mfusepy.fuse_get_context()
        os.chown(self._disk(path), user, group)

    def readdir(self, path, fh):
        return [".", "..", *(found.name for found in self._disk(path).iterdir())]

    def create(self, path, mode, fi=None):
        self._disk(path).write_bytes(b"")
        self._disk(path).chmod(mode & 0o7777)
        self._owned(path)
        self._named("made", path)
        self.files[path] = bytearray()
        return 0

    def mkdir(self, path, mode):
        self._disk(path).mkdir(mode & 0o7777)
        self._owned(path)
        self._named("made", path)

    def rmdir(self, path):
        self._disk(path).rmdir()

    def symlink(self, path, target):
        self._disk(path).symlink_to(target)

    def readlink(self, path):
        return str(self._disk(path).readlink())

    def fsyncdir(self, path, datasync, fh):
        self._named("safe", path)
        return 0

    def statfs(self, path):
        found = os.statvfs(self.backing)
        return {name: getattr(found, name) for name in dir(found) if name.startswith("f_") and name != "f_fsid"}

    def open(self, path, flags):
        self._file(path)
        return 0

    def read(self, path, size, offset, fh):
        return bytes(self._file(path)[offset : offset + size])

    def write(self, path, data, offset, fh):
        content = self._file(path)
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset : offset + len(data)] = data
        self.dirty.setdefault(path, set()).update(range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1))
        return len(data)

    def truncate(self, path, length, fh=None):
        content = self._file(path)
        if length < len(content):  # what is cut off here must not come back if the file grows over it again
            self.dirty.setdefault(path, set()).update(range(length // PAGE, len(content) // PAGE + 1))
        del content[length:]
        content.extend(bytes(length - len(content)))

    def fsync(self, path, datasync, fh):
        """Bring the disk up to date page by page: a cut in the middle must not undo an earlier fsync."""
        content = self._file(path)
        disk = os.open(self._disk(path), os.O_RDWR)
        try:
            os.ftruncate(disk, len(content))
            for page in sorted(self.dirty.pop(path, ())):
                os.pwrite(disk, bytes(content[page * PAGE : (page + 1) * PAGE]), page * PAGE)
        finally:
            os.close(disk)

    def flush(self, path, fh):
        return 0

    def release(self, path, fh):
        return 0

    def unlink(self, path):
        self.files.pop(path, None)
        self.dirty.pop(path, None)
        self._disk(path).unlink()

    def rename(self, old, new, *flags):
        self._disk(old).rename(self._disk(new))
        if old in self.files:
            self.files[new] = self.files.pop(old)
            self.dirty[new] = self.dirty.pop(old, set())
        for path in [path for path in self.files if path.startswith(old + "/")]:  # a folder took its files along
            self.files[new + path[len(old) :]] = self.files.pop(path)
            self.dirty[new + path[len(old) :]] = self.dirty.pop(path, set())
        self._named("renamed", old, new)

    def chmod(self, path, mode):
        self._disk(path).chmod(mode & 0o7777)

    def chown(self, path, uid, gid):
        os.chown(self._disk(path), uid, gid)

    def utimens(self, path, times=None):
        return 0


def forget_names(backing: Path, names: Path) -> None:
    """Take from the disk the names whose folder was not synced after they were given, the latest first."""
    loose: list[list[str]] = []
    for line in names.read_text().splitlines():
        what, *paths = json.loads(line)
        if what == "safe":
            loose = [one for one in loose if os.path.dirname(one[-1]) != paths[0]]  # noqa: PTH120
        else:
            loose.append([what, *paths])
    for what, *paths in reversed(loose):
        last = backing / paths[-1].lstrip("/")
        if what == "renamed" and last.exists():
            last.rename(backing / paths[0].lstrip("/"))
        elif last.is_dir():
            shutil.rmtree(last)
        else:
            last.unlink(missing_ok=True)


if __name__ == "__main__":
    names = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    mfusepy.FUSE(
        Forgetful(Path(sys.argv[1]), names), sys.argv[2], foreground=True, nothreads=True, direct_io=False,
        allow_other=True,
    )  # fmt: skip
