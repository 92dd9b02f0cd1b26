"""Those who work go on while others only keep the server waiting; what nobody may send is not even read."""

import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.faults import crowd

WAITING = int(os.environ.get("BULOU_SLOW_CLIENTS", "500"))
SECONDS = 8.0
P99 = 3.0  # seconds; alone on such a machine it was 0.2, with 16 silent clients before them nobody was answered at all
GIVEN_UP = 45.0  # seconds after which whoever sends nothing more has been hung up on


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("crowd")
    return folder, crowd.make_crowd(folder)


@pytest.fixture(scope="module")
def port(village: tuple[Path, dict[str, Any]]) -> Iterator[int]:
    free = postgres._free_port()
    with crowd.served(village[0], free):
        yield free


def jobs(port: int, made: dict[str, Any]) -> list[Any]:
    return [
        *(lambda desk=desk: desk.look("/missing/") for desk in crowd.desks(port, made, 4)),
        *(lambda phone=phone: phone.push() for phone in crowd.senders(port, made)),
    ]


def test_real_clients_go_on_beside_500_slow_ones(village: tuple[Path, dict[str, Any]], port: int) -> None:
    """Every sort at once: bodies that stop, in one piece and in chunks; that drip; headers that do; nobody who reads."""
    folder, made = village
    real, each = jobs(port, made), WAITING // 5
    alone = crowd.work(real, 3.0)
    sorts = [(each, crowd.SILENT, b""), (each, crowd.CHUNKED, b""), (each, crowd.SILENT, b" "),
             (each, crowd.HEADERS, b"a"), (each, crowd.reader(folder), None)]  # fmt: skip
    began = time.monotonic()
    with crowd.Crowd(port, sorts) as waiting:
        assert waiting.connected == 5 * each
        beside = crowd.work(real, SECONDS)
        print(f"\nalone: {alone}\nbeside {WAITING}: {beside}")
        assert set(alone.statuses) == set(beside.statuses) == {200}
        assert beside.percentile(0.99) < P99
        assert len(beside.each) > 20
        until = began + GIVEN_UP
        while waiting.dropped < 2 * each and time.monotonic() < until:
            time.sleep(0.5)
        assert waiting.dropped >= 2 * each, "who sends nothing more is hung up on"


def said(port: int, sent: bytes, *, more: bytes = b"", times: int = 0) -> bytes:
    """Send it, then `more` so many times or until nobody takes it; return what is answered, as far as it can be read."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        try:
            line.sendall(sent)
            for _ in range(times):
                line.sendall(more)
        except OSError:
            pass
        heard = b""
        try:
            while piece := line.recv(65536):
                heard += piece
        except OSError:
            pass
    return heard


def head(path: str, *headers: str, method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def written(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", ["/account/login/", "/imports/", "/no/such/address/", "/setup/"])
@pytest.mark.parametrize("chunked", [False, True])
def test_from_nobody_comes_nothing_large(
    village: tuple[Path, dict[str, Any]], port: int, path: str, chunked: bool
) -> None:
    before = written(village[0])
    if chunked:
        piece = b"100000\r\n" + bytes(2**20) + b"\r\n"
        heard = said(port, head(path, "Transfer-Encoding: chunked"), more=piece, times=80)
    else:
        heard = said(port, head(path, "Content-Length: 629145600"), more=bytes(2**20), times=4)
    assert heard[:12] in (b"HTTP/1.1 413", b""), heard[:200]
    assert written(village[0]) - before < 2**20


def test_who_sends_too_much_is_told_in_words(village: tuple[Path, dict[str, Any]], port: int) -> None:
    heard = said(port, head("/account/login/", f"Content-Length: {2**20}") + bytes(2**20))
    assert b"HTTP/1.1 413" in heard and "登录".encode() in heard and b"signed in" in heard
    _folder, made = village
    [desk] = crowd.desks(port, made, 1)
    status, page = desk.ask("POST", "/find/", bytes(2**21))
    assert status == 413 and "没有收下".encode() in page
    [phone] = crowd.senders(port, made, 1)
    status, told = phone.ask("POST", "entries", bytes(17 * 2**20))
    assert status == 413 and b'"large"' in told
    status, told = phone.ask("POST", "entries", bytes(2**20), Authorization="Bearer gone")
    assert status == 401 and b'"session"' in told, "a phone hears that it must sign in again, and keeps what it has"


def test_a_large_batch_of_a_phone_comes_whole(village: tuple[Path, dict[str, Any]], port: int) -> None:
    [phone] = crowd.senders(port, village[1], 1)
    body = {"outcome": "unreachable", "tried": ["knocked", "asked_neighbour"], "note": "记" * 200}
    from bulou.core.moments import now

    for _ in range(300):
        home, area = phone.homes[phone.pen.seq % len(phone.homes)]
        phone.pen.record("household_visit", f"household:{home}", area, now(), body)
    import json

    sent = json.dumps({"entries": phone.pen.kept[-300:]}).encode()
    assert len(sent) > crowd.SMALL
    status, told = phone.ask("POST", "entries", sent)
    assert status == 200, told
    assert len(json.loads(told)["receipts"]) == 300


def test_a_body_that_is_cut_off_reaches_no_page(village: tuple[Path, dict[str, Any]], port: int) -> None:
    """Half a record must not be taken for a whole one, in chunks either."""
    [phone] = crowd.senders(port, village[1], 1)
    bearer = f"Authorization: {phone.headers['Authorization']}"
    whole = b'{"entries": []}'
    for sent in (head("/field/v1/entries", bearer, "Content-Length: 1000") + whole,
                 head("/field/v1/entries", bearer, "Transfer-Encoding: chunked") + b"f\r\n" + whole + b"\r\n"):  # fmt: skip
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in line.recv(65536)
    heard = said(port, head("/field/v1/entries", bearer, "Transfer-Encoding: chunked", "Connection: close")
                 + b"f\r\n" + whole + b"\r\n0\r\n\r\n")  # fmt: skip
    assert b"200 OK" in heard and b'"receipts":[]' in heard


def test_long_answers_and_pictures_arrive_whole(village: tuple[Path, dict[str, Any]], port: int) -> None:
    folder, _made = village
    path = max((path for path in (folder / "static").rglob("*") if path.is_file()), key=lambda p: p.stat().st_size)
    line = crowd.Desk(port, "", "").line
    address = f"/static/{path.relative_to(folder / 'static')}".removesuffix(".gz")
    line.request("GET", address)
    assert line.getresponse().read() == path.with_name(path.name.removesuffix(".gz")).read_bytes()
    line.request("HEAD", "/account/login/")
    answer = line.getresponse()
    assert answer.status == 200 and answer.read() == b""
    line.request("GET", "/account/login/?next=%2Fboard%2F", headers={"X_Forwarded_Proto": "https"})
    answer = line.getresponse()
    assert answer.status == 200 and re.search(rb'value="/board/"', answer.read())
