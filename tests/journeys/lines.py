"""A telephone line between a phone and the server that can be cut, for the page and for its service worker alike.

The browser's own "offline" does not reach a service worker that is woken to send.
"""

import socket
import threading
from contextlib import suppress


class Line:
    """Carries connections from `address` to the server's port while `there`."""

    def __init__(self, port: int) -> None:
        self.there = True
        self._port = port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """End every connection; none is made until `mend`."""
        with self._lock:
            self.there = False
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.there = True

    def close(self) -> None:
        self.cut()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # ends the wait for the next one
        self._door.close()

    def _answer(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[near], daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near:
            try:
                far = socket.create_connection(("127.0.0.1", self._port), 30)
            except OSError:
                return
            with far:
                with self._lock:
                    if not self.there:
                        return
                    self._open |= {near, far}
                back = threading.Thread(target=_pump, args=[far, near], daemon=True)
                back.start()
                _pump(near, far)
                back.join()
                with self._lock:
                    self._open -= {near, far}


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        one.settimeout(None)
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
