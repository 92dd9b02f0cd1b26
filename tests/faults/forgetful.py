"""A file system that forgets, on a power cut, everything that was not fsynced.

    python forgetful.py BACKING MOUNT

Writes stay in this process's memory until fsync; killing the process with SIGKILL is the power cut. Creating, renaming
and deleting files take effect at once, so a missing fsync of a folder is not found here.
"""

import errno
import os
import stat
import sys
from pathlib import Path

import mfusepy
from mfusepy import FuseOSError

PAGE = 4096


class Forgetful(mfusepy.Operations):
    use_ns = True

    def __init__(self, backing: Path) -> None:
        self.backing = backing
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

    def readdir(self, path, fh):
        return [".", "..", *(found.name for found in self._disk(path).iterdir())]

    def create(self, path, mode, fi=None):
        self._disk(path).write_bytes(b"")
        self.files[path] = bytearray()
        return 0

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

    def chmod(self, path, mode):
        return 0

    def chown(self, path, uid, gid):
        return 0

    def utimens(self, path, times=None):
        return 0


if __name__ == "__main__":
    mfusepy.FUSE(Forgetful(Path(sys.argv[1])), sys.argv[2], foreground=True, nothreads=True, direct_io=False)
