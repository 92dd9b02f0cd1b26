"""A served village with people at work in it, and clients that only keep the server waiting.

python crowd.py FOLDER                               make the village; what the clients need goes into FOLDER/crowd.json
"""

import asyncio
import http.client
import json
import os
import re
import ssl
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulou.field.tests.phones import TestPhone

ROOT = Path(__file__).resolve().parents[2]
PHONES = 4
_lines: list[http.client.HTTPConnection] = []  # of those who work, closed with the server
BY = "system:test"


def make(folder: Path) -> None:
    """Make the village and its phones in the database the environment names."""
    from bulou.site.installation import prepare

    prepare()
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.core.management import call_command

    from bulou.access.tests.people import PASSWORD
    from bulou.core.moments import now
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.field import actions
    from bulou.field.tests.phones import TestPhone
    from bulou.field.tests.world import make_village

    call_command("migrate", verbosity=0, interactive=False)
    at = now()
    with seeing(EVERYTHING):
        village = make_village(at, households=40)
        phones = []
        for n in range(PHONES):
            phone = TestPhone()
            token = actions.issue_token(account=village.accounts[("anna", "bayong")[n % 2]],
                                        areas=[village.grids[n % 2]], days=30, by=BY, at=at)  # fmt: skip
            device, _ = actions.enrol(
                token=token, public_key=phone.public_key, proof=phone.sign(token), label="", at=at
            )
            actions.consent(device=device, account=village.accounts[("anna", "bayong")[n % 2]], at=at)
            actions.confirm(device=device, by=BY, at=at)
            pem = phone.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
            phones.append({"device": str(device), "key": pem, "area": village.grids[n % 2]})
    homes = [[str(home), village.grids[i % 2]] for i, home in enumerate(village.households)]
    made = {"password": PASSWORD, "phones": phones, "homes": homes}
    (folder / "crowd.json").write_text(json.dumps(made))


def environment(folder: Path, url: str = "", **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BULOU_", "DJANGO_", "DATABASE_URL"))}
    kept |= {"BULOU_DATA": str(folder), "PYTHONPATH": os.environ.get("SERVED") or str(ROOT), **more}
    return kept | ({"DATABASE_URL": url} if url else {})


def make_crowd(folder: Path, url: str = "") -> dict[str, Any]:
    """Make the village in a process of its own and return what its clients need."""
    subprocess.run([sys.executable, __file__, folder], check=True, env=environment(folder, url), cwd=ROOT)
    made: dict[str, Any] = json.loads((folder / "crowd.json").read_text())
    return made


@contextmanager
def served(
    folder: Path, port: int, url: str = "", *options: str, trusted: ssl.SSLContext | None = None, **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `bulou run` over the folder; yield the process once it answers, over https if a certificate is trusted."""
    log = folder / "server.log"
    with log.open("ab") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "bulou.site", "run", "--port", str(port), *options],
            env=environment(folder, url, **more), cwd=folder, stdout=file, stderr=file,
        )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while True:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            with suppress(OSError, http.client.HTTPException):
                line = (
                    http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=trusted)
                    if trusted
                    else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                )
                line.request("GET", "/account/login/")
                if line.getresponse().status in (200, 301):
                    line.close()
                    break
            time.sleep(0.2)
        yield server
    finally:
        while _lines:
            _lines.pop().close()
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


# Those who work.


@dataclass
class Desk:
    """Somebody signed in at the office."""

    port: int
    name: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        _lines.append(self.line)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.line.request(method, path, body or None, headers)
        answer = self.line.getresponse()
        for said in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()

    def sign_in(self) -> "Desk":
        status, page = self.ask("GET", "/account/login/")
        assert status == 200
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found
        said = {"csrfmiddlewaretoken": found[1].decode(), "login": self.name, "password": self.password}
        status, page = self.ask("POST", "/account/login/", urllib.parse.urlencode(said).encode(),
                                **{"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        assert status == 302, page
        return self

    def look(self, path: str) -> int:
        return self.ask("GET", path)[0]


@dataclass
class Sender:
    """A phone with its connection."""

    port: int
    pen: "TestPhone"
    area: int
    homes: Sequence[Sequence[Any]]
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        _lines.append(self.line)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        self.line.request(method, f"/field/v1/{path}", body, self.headers | headers)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def sign_in(self) -> "Sender":
        device = self.pen.device
        status, said = self.ask("POST", "challenge", json.dumps({"device": device}).encode())
        assert status in (200, 201), said
        challenge = json.loads(said)["challenge"]
        proof = {"device": device, "challenge": challenge, "signature": self.pen.sign(challenge)}
        status, said = self.ask("POST", "sessions", json.dumps(proof).encode())
        assert status == 201, said
        told = json.loads(said)
        self.headers["Authorization"] = f"Bearer {told['session']}"
        self.pen.by = told["me"]["by"]
        return self

    def push(self, count: int = 1) -> int:
        """Record so many visits at which nobody was met, and send them; raise unless all are taken."""
        from bulou.core.moments import now

        body = {"outcome": "unreachable", "tried": ["knocked", "asked_neighbour"]}
        for _ in range(count):
            home, area = self.homes[self.pen.seq % len(self.homes)]
            self.pen.record("household_visit", f"household:{home}", area, now(), body)
        sent = json.dumps({"entries": self.pen.kept[-count:]}, ensure_ascii=False).encode()
        status, said = self.ask("POST", "entries", sent)
        if status != 200:
            return status
        outcomes = {receipt["outcome"] for receipt in json.loads(said)["receipts"]}
        assert outcomes <= {"applied", "duplicate"}, said
        return status


def desks(port: int, made: dict[str, Any], count: int) -> list[Desk]:
    return [Desk(port, "clerk", made["password"]).sign_in() for _ in range(count)]


def senders(port: int, made: dict[str, Any], count: int = PHONES) -> list[Sender]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from bulou.field.tests.phones import TestPhone

    found = []
    for phone in made["phones"][:count]:
        key: Any = load_pem_private_key(phone["key"].encode(), None)
        homes = [home for home in made["homes"] if home[1] == phone["area"]]
        found.append(Sender(port, TestPhone(key=key, device=phone["device"]), phone["area"], homes).sign_in())
    return found


@dataclass
class Worked:
    """Seconds each request took, and what was answered."""

    seconds: float
    each: list[float]
    statuses: dict[int, int]

    def percentile(self, part: float) -> float:
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    def __str__(self) -> str:
        return (
            f"{len(self.each)} answers in {self.seconds:.1f} s ({len(self.each) / self.seconds:.0f}/s), "
            f"p50 {statistics.median(self.each) * 1000:.0f} ms, p99 {self.percentile(0.99) * 1000:.0f} ms, "
            f"longest {max(self.each) * 1000:.0f} ms, {self.statuses}"
        )


def work(jobs: Sequence[Callable[[], int]], seconds: float) -> Worked:
    """Let each do its job over and over for so long, all at once. A job returns the status of its answer, 0 without."""
    until, began = time.monotonic() + seconds, time.monotonic()
    each: list[float] = []
    statuses: dict[int, int] = {}

    def one(job: Callable[[], int]) -> None:
        while time.monotonic() < until:
            start = time.monotonic()
            try:
                status = job()
            except (OSError, http.client.HTTPException):
                status = 0
            each.append(time.monotonic() - start)
            statuses[status] = statuses.get(status, 0) + 1

    threads = [threading.Thread(target=one, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 90)
    return Worked(time.monotonic() - began, each, statuses)


# Those who only keep the server waiting.

SILENT = b"POST /field/v1/challenge HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"
CHUNKED = b"POST /field/v1/challenge HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
HEADERS = b"GET /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a"
SMALL = 64 * 2**10


def reader(folder: Path) -> bytes:
    """Return the request for the largest file that is served, by somebody who will not read it."""
    path = max((path for path in (folder / "static").rglob("*") if path.is_file()), key=lambda p: p.stat().st_size)
    address = str(path.relative_to(folder / "static")).removesuffix(".gz")
    return f"GET /static/{address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


class Crowd:
    """Connections that say `first` and then, every second, `drip` more; with None they never read what is answered."""

    def __init__(self, port: int, sorts: Sequence[tuple[int, bytes, bytes | None]]) -> None:
        self.port, self.sorts = port, sorts
        self.connected = self.dropped = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        wanted, until = sum(count for count, _, _ in self.sorts), time.monotonic() + 20
        while self.connected < wanted and time.monotonic() < until:
            time.sleep(0.05)
        return self

    def __exit__(self, *said: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)

    def _run(self) -> None:
        self._task = self._loop.create_task(self._all())
        try:
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._task)
        finally:
            self._loop.close()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(first, drip) for count, first, drip in self.sorts for _ in range(count)))

    async def _one(self, first: bytes, drip: bytes | None) -> None:
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**12)
            writer.write(first)
            self.connected += 1
            while True:
                if drip is None:
                    await asyncio.sleep(1)
                    continue
                with suppress(TimeoutError):
                    if not await asyncio.wait_for(reader.read(2**16), 1):
                        break
                if drip:
                    writer.write(drip)
                    await writer.drain()
        except OSError:
            pass
        finally:
            self.dropped += 1
            if writer is not None:
                writer.transport.abort()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
