"""Whoever reads too slowly is hung up on; whoever reads, or is only silent, is not."""

import socket
import time

import pytest

from bulou.site import stalled

pytestmark = pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not say")


def test_only_lines_whose_answer_waits_are_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        lines = [(socket.create_connection(server.getsockname()), server.accept()[0]) for _ in range(3)]
        (_slow, to_slow), (reader, to_reader), (silent, to_silent) = lines
        to_slow.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                to_slow.send(bytes(2**16))
        seen: dict[int, tuple[int, int]] = {}
        for _ in range(4):
            to_reader.sendall(bytes(2**16))
            time.sleep(0.05)
            while len(reader.recv(2**17)) == 2**17:
                pass
            seen = stalled.look(seen, every=1.0, rounds=3)
        with pytest.raises(OSError):
            while True:
                to_slow.send(bytes(2**16))
                time.sleep(0.01)
        to_reader.sendall(b"still there")
        to_silent.sendall(b"still there")
        assert silent.recv(100) == b"still there"
        for pair in lines:
            for line in pair:
                line.close()


def test_other_sockets_are_left_alone() -> None:
    """A connection to the database is not one of ours, whatever waits on it."""
    one, other = socket.socketpair()
    with one, other, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        line = socket.create_connection(elsewhere.getsockname())
        taken, _ = elsewhere.accept()
        elsewhere.close()
        line.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                line.send(bytes(2**16))
        seen: dict[int, tuple[int, int]] = {}
        for _ in range(4):
            seen = stalled.look(seen, every=1.0, rounds=1)
        with pytest.raises(BlockingIOError):
            line.send(b"x")
        line.close()
        taken.close()
