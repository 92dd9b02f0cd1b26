"""The product's own server beside a measure, on the measure's database."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.measuring import option

SERVE = "import django; django.setup(); from bulou.site.commands.serve import serve; serve('127.0.0.1', {}, None, {})"


@contextmanager
def serving(port: int) -> Iterator[int]:
    """Run the product's server on the bench's database; yield its process id."""
    from django.db import connection, connections

    environment = dict(os.environ)
    if connection.vendor == "postgresql":
        said = urlsplit(os.environ["DATABASE_URL"])
        environment["DATABASE_URL"] = urlunsplit(said._replace(path=f"/{connection.settings_dict['NAME']}"))
    connections.close_all()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port, option("threads", 0) or None)], env=environment,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(1200):  # a loaded machine takes its time
            time.sleep(0.1)
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
            except OSError:
                continue
            break
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def cpu(pid: int) -> float:
    """Return the processor seconds of the process and its children so far; 0 where the system does not say."""
    if sys.platform != "linux":
        return 0.0
    total = 0.0
    for each in [pid, *_children(pid)]:
        said = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
