"""The loop that runs the jobs beside the server: in one process of however many there are."""

import fcntl
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from django.db import connection

from bulou.core.moments import now
from bulou.field.actions.attaching import forget_unnamed
from bulou.reports.actions import keep_reports
from bulou.site.installation import data_folder
from bulou.site.jobs import run_jobs, works
from bulou.site.retention import erase_due
from bulou.site.workers import Workers

EVERY = 1.0  # seconds from the end of one round to the next: whoever waits for a reaction waits about so long
ERASING = 3600.0  # seconds between two rounds of destroying what people said for some days only
KEEPING = 20.0  # seconds until it is asked again which cut-offs have come: what is known then is kept of the day
PATIENCE = 2.0  # seconds until a process asks again whether it is its turn
LOCK = "jobs.lock"
KEYS = (0x6275, 0x6C6F)  # two numbers: another space than the ledger's locks, which are one
LOG = logging.getLogger("bulou.jobs")


def start() -> None:
    """Run the jobs from now on, in a thread that ends with the process."""
    Thread(target=_work, name="bulou jobs", daemon=True).start()


@contextmanager
def turn() -> Iterator[bool]:
    """Tell whether this process may run the jobs, and keep every other from it until the block ends.

    SQLite: a lock on a file in the data folder. PostgreSQL: an advisory lock of the session, given up by the server
    itself when the connection is lost. Both go with the process, however it dies.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", KEYS)
            mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine and connection.connection is not None and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", KEYS)
        return
    with (Path(data_folder()) / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _work() -> None:
    erase_at = keep_at = time.monotonic()
    workers = Workers(works())
    while True:
        try:
            with turn() as mine:
                while mine:
                    run_jobs(at=now())
                    workers.tend(at=now())
                    if time.monotonic() >= keep_at:
                        keep_at = time.monotonic() + KEEPING
                        keep_reports(at=now())
                    if time.monotonic() >= erase_at:
                        erase_at = time.monotonic() + ERASING  # first: if it fails, the reactions still go on
                        erase_due(at=now())
                        forget_unnamed(at=now())
                    time.sleep(EVERY)
        except Exception:  # the database is away: nothing was passed over, and all is done when it is back
            LOG.exception("the jobs stopped and are begun again")
        finally:
            workers.stop()  # it may be another process's turn: what was not finished is taken again
        connection.close()
        time.sleep(PATIENCE)
