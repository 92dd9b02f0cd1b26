"""What every measure here needs: a database of its own, a clock, the memory it took, a table to print."""

import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any


def say(text: str) -> None:
    """Tell the person who waits; results go to stdout."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def database(name: str) -> Iterator[str]:
    """Set up an empty database with the product's law, yield what it is, and remove it.

    SQLite in a temporary folder, or with DATABASE_URL a PostgreSQL database `bench_<name>` on that server.
    """
    with tempfile.TemporaryDirectory(prefix="bulou-bench-") as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.site.settings")
        os.environ.setdefault("BULOU_SECRET_KEY", "bench")
        os.environ["BULOU_DATA"] = folder
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        from bulou.core.scope import EVERYTHING, seeing
        from bulou.site.installation import collect_seldom

        collect_seldom()
        with seeing(EVERYTHING):
            if connection.vendor == "postgresql":
                connection.settings_dict["TEST"]["NAME"] = f"bench_{name}"
                with redirect_stdout(sys.stderr):  # what Django says on the way is no result
                    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                try:
                    with connection.cursor() as cursor:
                        cursor.execute("SHOW server_version")
                        yield f"PostgreSQL {cursor.fetchone()[0].split()[0]}, synchronous_commit=on"
                finally:
                    connection.creation.destroy_test_db("unused", verbosity=0)
            else:
                call_command("migrate", verbosity=0)
                yield f"SQLite {sqlite3.sqlite_version}, WAL, FULL"
                connection.close()


def option(name: str, default: int) -> int:
    """Return the number after `--name` on the command line."""
    return int(sys.argv[sys.argv.index(f"--{name}") + 1].replace("_", "")) if f"--{name}" in sys.argv else default


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what the work returned and the seconds it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def median_ms(work: Callable[[], Any], rounds: int = 9) -> float:
    return statistics.median(timed(work)[1] for _ in range(rounds)) * 1000


def reset_peak() -> None:
    """Forget the most memory held so far, where the system lets us."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> int:
    """Return the most memory this process has held since reset_peak, in MB."""
    if sys.platform == "linux":
        return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
