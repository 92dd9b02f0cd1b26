"""Whoever reads an answer too slowly is hung up on, for the server below waits for ever.

It costs no thread and next to no memory, but a line each, and there are only so many. Linux says of every line what the
other end has acknowledged; elsewhere nothing is done.
"""

import logging
import os
import socket
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

LOG = logging.getLogger("bulou.front")

ROUND = 10.0  # seconds from one look to the next
SLOWEST = 512  # bytes a second an answer must be read at, as long as there is more of it
ROUNDS = 6  # so many in a row slower than that, and the line is cut
_FOLDER = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Line:
    """One connection as the kernel knows it: bytes the other end acknowledged, bytes that wait for it."""

    acknowledged: int
    waiting: int


def watch() -> None:
    """Look after the lines of this process from now on, in a thread that ends with it."""
    if hasattr(socket, "TCP_INFO") and _FOLDER.is_dir():
        Thread(target=_work, name="bulou lines", daemon=True).start()


def _work() -> None:
    slow: dict[int, tuple[int, int]] = {}
    while True:
        time.sleep(ROUND)
        try:
            slow = look(slow, every=ROUND)
        except Exception:
            LOG.exception("the lines could not be looked after")


def look(slow: dict[int, tuple[int, int]], *, every: float, rounds: int = ROUNDS) -> dict[int, tuple[int, int]]:
    """Cut what has been too slow for so many rounds; return for each other line how much was read, and for how long slow.

    Lines are known by the number of their socket; `every` is the seconds since the last look.
    """
    seen: dict[int, tuple[int, int]] = {}
    for number, each in _lines():
        with each:
            line = _read(each)
            before, times = slow.get(number, (line.acknowledged, -1))
            too_slow = line.waiting > 0 and line.acknowledged - before < SLOWEST * every
            times = times + 1 if too_slow else 0
            if times >= rounds:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                continue
            seen[number] = line.acknowledged, max(times, 0)
    return seen


def _lines() -> Iterator[tuple[int, socket.socket]]:
    """Yield the connections to the ports this process listens on, each as a handle of our own to be closed."""
    found, ports = [], set()
    for name in os.listdir(_FOLDER):  # noqa: PTH208 — numbers, not paths
        try:
            if not stat.S_ISSOCK((kept := os.fstat(int(name))).st_mode):
                continue
            handle = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        try:
            if handle.family not in (socket.AF_INET, socket.AF_INET6) or handle.type != socket.SOCK_STREAM:
                handle.close()
            elif handle.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                ports.add(handle.getsockname()[1])
                handle.close()
            else:
                found.append((kept.st_ino, handle))
        except OSError:
            handle.close()
    for number, handle in found:
        try:
            ours = handle.getsockname()[1] in ports
        except OSError:
            ours = False
        if ours:
            yield number, handle
        else:
            handle.close()


def _read(line: socket.socket) -> Line:
    said = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192).ljust(192, b"\0")  # struct tcp_info of the kernel
    unacknowledged, acknowledged, unsent = (*struct.unpack_from("I", said, 24), *struct.unpack_from("Q", said, 120),
                                            *struct.unpack_from("I", said, 144))  # fmt: skip
    return Line(acknowledged, unacknowledged + unsent)
