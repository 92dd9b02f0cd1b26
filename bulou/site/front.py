"""What stands before the pages: it takes a request in whole, within limits, before one of the few threads is given to it.

Pages and what phones ask are answered by plain threads, each with a database connection of its own. There are few of them,
so none may ever wait for somebody at the other end of a line. An answer is handed to the server below as bytes or as a
file, and a request comes to a thread only when all of it is here. How much may come is said by the door of its view
(`Door.most`); who has not been let in sends kilobytes, to whatever address (docs/adr/0021).
"""

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.urls import Resolver404, resolve
from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from bulou.access.views import SMALL, Door
from bulou.core.scope import seeing
from bulou.site.installation import data_folder
from bulou.site.refusals import Said, reason_of, say
from bulou.site.threads import Threads

LOG = logging.getLogger("bulou.front")

SILENCE = 30.0  # seconds without a byte, after which a request is given up
SLOWEST = 512  # bytes a second a request must have come at, once SILENCE is over
IN_MEMORY = 2**20  # bytes of a request that are kept in memory; what is longer lies on the disk while it comes
ON_DISK = 2**30  # bytes of all requests together that may lie there at once, in each process
MOST_COMING = 2_000  # requests half here, in each process; one more, and the oldest is given up
MOST_WAITING = 500  # requests that are here and wait for a thread, in each process; one more is told to try again
LINGER = 64 * 2**20  # bytes that are read and thrown away, so that whoever sent too much still hears the answer
LONG = 256 * 2**10  # bytes from which on an answer is sent from a file, so that who reads it slowly keeps no memory
FOLDER = "passing"  # in the data folder: requests while they come, long answers while they go
KEPT = 60.0  # seconds a long answer keeps its name; it is opened at once and goes on without one

LINES = 4_096  # connections of a process at once; one more waits in the system's queue
MOST_HEADERS = 64 * 2**10  # bytes of a request's headers
THREADS = "BULOU_THREADS"  # of each process; set by `bulou run` for its workers

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Unfit(Exception):
    """The request is not handed on; `said` is the answer."""

    def __init__(self, said: Said) -> None:
        self.said = said


class Gone(Exception):
    """The line broke before the request was whole: nobody reads an answer."""


@dataclass(frozen=True, slots=True)
class Leave:
    """How many bytes of a body may come. `own_words`: the door itself says why no more, before it reads any."""

    most: int = SMALL
    known: bool = False
    own_words: bool = False


class Front:
    """An RSGI application that hands whole requests to a WSGI application in so many threads."""

    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = Threads(threads, name="bulou page")
        self.coming: dict[asyncio.Timeout, None] = {}  # in the order in which they began
        self.on_disk = 0
        self.folder = data_folder() / FOLDER
        self.folder.mkdir(mode=0o700, exist_ok=True)

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        environ = environ_of(scope)
        coming = Coming(self, environ, proto)
        try:
            if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
                await coming.read()
            if self.threads.waiting >= MOST_WAITING:
                raise Unfit(Said.BUSY)
            await self.threads.run(self.answer, environ, coming.body, proto, coming.closing)
        except Unfit as unfit:
            status, headers, content = say(unfit.said, environ["PATH_INFO"])
            proto.response_bytes(status, [*headers, ("connection", "close")], content)
        except Gone:
            proto.response_empty(400, [("connection", "close")])
        finally:
            coming.close()

    def answer(self, environ: Environ, body: IO[bytes], proto: HTTPProtocol, closing: bool) -> None:
        """Have the request answered, and give the answer away whole: this thread waits for nobody's line."""
        environ["wsgi.input"] = body
        status, headers = 500, Headers()

        def start(said: str, given: Headers, _error: Any = None) -> None:
            nonlocal status, headers
            status = int(said.partition(" ")[0])
            headers = [(name, value if value.isascii() else quote(value)) for name, value in given]

        answered = self.application(environ, start)
        try:
            content, path = self.gather(answered)
        finally:
            if hasattr(answered, "close"):
                answered.close()
        if closing:
            headers.append(("connection", "close"))
        if path:
            proto.response_file(status, headers, path)
        else:
            proto.response_bytes(status, headers, content)

    def gather(self, answered: Iterable[bytes]) -> tuple[bytes, str]:
        """Return all of an answer; or, because it is long, nothing and the file it lies in."""
        if isinstance(answered, File) and answered.path:
            return b"", answered.path
        pieces: list[bytes] = []
        size, pour = 0, iter(answered)
        for piece in pour:
            pieces.append(piece)
            size += len(piece)
            if size > LONG:
                break
        else:
            return b"".join(pieces), ""
        sweep(self.folder, KEPT)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=ANSWER, delete=False) as file:
            file.writelines(pieces)
            file.writelines(pour)
        return b"", file.name


ANSWER = "answer-"


def sweep(folder: Path, older: float) -> None:
    """Remove the long answers that have been sent, or are being sent: they are open, and go on without a name."""
    for path in folder.glob(ANSWER + "*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= older:
                path.unlink()


class File:
    """What WSGI calls a file wrapper. `path`: where the whole of it lies on the disk, "" if it is not a whole file."""

    def __init__(self, file: IO[bytes], size: int = 2**16) -> None:
        self.file, self.size = file, size
        name = getattr(file, "name", "")
        whole = isinstance(name, str) and hasattr(file, "fileno") and file.tell() == 0
        self.path = str(Path(name).resolve()) if whole and name else ""

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(self.size):
            yield piece

    def close(self) -> None:
        if hasattr(self.file, "close"):
            self.file.close()


class Coming:
    """A request's body as it comes. `spooled`: bytes of it that lie on the disk; `closing`: the line ends with it."""

    def __init__(self, front: Front, environ: Environ, proto: HTTPProtocol) -> None:
        self.front, self.environ, self.proto = front, environ, proto
        said = environ.get("CONTENT_LENGTH", "")
        self.length = int(said) if said.isascii() and said.isdigit() else None
        self.leave = Leave()
        self.body: IO[bytes] = BytesIO()
        self.size = self.spooled = 0
        self.closing = self.asked = False
        self.pieces: Any = None

    def close(self) -> None:
        self.front.on_disk -= self.spooled
        self.body.close()

    async def read(self) -> None:
        """Take the body, whole. Raise Unfit if it may not come or does not, Gone if it ends before its end."""
        if self.length == 0:
            return
        coming, now = self.front.coming, asyncio.get_running_loop().time
        began = now()
        try:
            async with asyncio.timeout(SILENCE) as patience:
                coming[patience] = None
                try:
                    if len(coming) > MOST_COMING:
                        next(iter(coming)).reschedule(began)
                    if not await self.may_come(self.length or 0):
                        await self.go_bare()
                        return
                    ends = 0
                    while (piece := await self.piece()) is not None:
                        if not piece:
                            ends += 1
                            continue
                        self.size += len(piece)
                        if not await self.may_come(self.size):
                            await self.go_bare()
                            return
                        self.keep(piece)
                        if self.size == self.length:
                            break
                        patience.reschedule(min(now() + SILENCE, began + SILENCE + self.size / SLOWEST))
                finally:
                    coming.pop(patience, None)
        except TimeoutError:
            raise Unfit(Said.SLOW) from None
        # The server below does not tell a line that broke from one that ended: but then it says twice that it ended.
        if self.size != self.length if self.length is not None else ends > 1:
            raise Gone
        self.hand_over()

    def hand_over(self) -> None:
        self.environ["CONTENT_LENGTH"] = str(self.size)
        self.environ.pop("HTTP_TRANSFER_ENCODING", None)
        self.body.seek(0)

    async def may_come(self, size: int) -> bool:
        """Tell whether so many bytes may come; False if the door is to say that they may not. Raise Unfit if we say it."""
        if size <= SMALL:
            return True
        if not self.asked:
            self.asked = True
            self.leave = await self.front.threads.run(leave_of, dict(self.environ))
        if size <= self.leave.most:
            return True
        if not self.leave.known and self.leave.own_words:
            return False
        await self.let_go()
        raise Unfit(Said.LARGE if self.leave.known else Said.STRANGER)

    async def go_bare(self) -> None:
        """Hand the request on without its body: its door reads none before it has refused."""
        await self.let_go()
        self.close()
        self.body, self.size, self.spooled, self.closing = BytesIO(), 0, 0, True
        self.hand_over()

    async def let_go(self) -> None:
        """Let the rest come and go, unless it is much: whoever is still sending reads no answer."""
        if (self.length or 0) > LINGER:
            return
        gone = self.size
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE):
                while piece := await self.piece():
                    gone += len(piece)
                    if gone >= (self.length or LINGER):
                        break

    async def piece(self) -> bytes | None:
        """Return what came next, None after the end."""
        if self.pieces is None:
            self.pieces = aiter(self.proto)
        try:
            return await anext(self.pieces)
        except StopAsyncIteration:
            return None

    def keep(self, piece: bytes) -> None:
        try:
            if not self.spooled and self.size > IN_MEMORY:
                kept = self.body
                self.body = tempfile.TemporaryFile(dir=self.front.folder)  # noqa: SIM115 — closed once it is answered
                kept.seek(0)
                self.spool(kept.read())
            self.spool(piece) if self.spooled else self.body.write(piece)
        except OSError as error:
            LOG.error("a request could not be kept while it came: %s", error)
            raise Unfit(Said.FULL) from None

    def spool(self, piece: bytes) -> None:
        self.spooled += len(piece)
        self.front.on_disk += len(piece)
        if self.front.on_disk > ON_DISK:
            raise Unfit(Said.BUSY)
        self.body.write(piece)


def leave_of(environ: Environ) -> Leave:
    """Ask the door of the view a request is for how much may come from whoever sends it. Reads no body."""
    request = WSGIRequest(environ | {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"})
    close_old_connections()
    try:
        found = resolve(request.path_info)
        door = getattr(found.func, "door", None)
        if not isinstance(door, Door) or door.most <= SMALL:
            return Leave()
        with seeing(()):
            known = door.admits(request, found.kwargs)
        return Leave(door.most if known else SMALL, known, door.own_words)
    except Resolver404:
        return Leave()
    except (DatabaseError, InterfaceError) as error:
        if (said := reason_of(error)) is None:
            raise
        raise Unfit(said) from error
    finally:
        close_old_connections()


def environ_of(scope: Scope) -> Environ:
    """Return what WSGI wants to know of a request, but for its body."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": File,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for one with a dash, which a proxy may have been told to set itself
        key = _KNOWN.get(name) or "HTTP_" + name.upper().replace("-", "_")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ


_KNOWN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
