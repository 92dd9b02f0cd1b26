"""Another version of the app, put out while phones are at work.

It stands before the server and changes what a new build changes: the page, and the service worker's list of what to keep.
"""

import re
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("Content-Type", "Authorization", "Cookie", "Upload-Offset", "Upload-Length", "Accept-Language")


class Releases:
    """Serves on `port` what `address` serves; since `put_out`, as the version after it."""

    def __init__(self, address: str) -> None:
        self.out = False
        releases = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: self.headers[name] for name in PASSED_ON if self.headers[name]}
                asked = urllib.request.Request(address + self.path, body or None, headers, method=self.command)
                try:
                    given = urllib.request.urlopen(asked, timeout=60)
                except urllib.error.HTTPError as refused:
                    given = refused
                with given:
                    said = given.read()
                    if releases.out:
                        said = newer(self.path.partition("?")[0], said)
                    self.send_response(given.status)
                    for name, value in given.headers.items():
                        if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(said)))
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(said)

            do_GET = do_POST = do_PUT = do_HEAD = answer

            def log_message(self, *said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put_out(self) -> None:
        self.out = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def newer(path: str, said: bytes) -> bytes:
    if path == "/phone/":
        return said.replace(b"<html ", b'<html data-version="2" ', 1)
    if path == "/phone/sw.js":  # the page has another revision, as every build gives it
        found = re.sub(rb'"revision":"([0-9a-f]+)","url":"/phone/"', rb'"revision":"2\1","url":"/phone/"', said)
        assert found != said, "the worker's list does not name the page as it did"
        return found
    return said
