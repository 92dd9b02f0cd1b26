"""The process in which one piece of work is done: `python -m bulou.site.worker COUNTY ID TOKEN`, started by the loop.

It says every few seconds that it lives, and ends at once when the work is no longer its own, or when the process that
started it is gone: its standard input is a pipe whose other end only that one holds.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from threading import Thread
from uuid import UUID


def main(county: str, id: str, token: str) -> int:
    """Do the work; return 0 if it said itself how it ended, however that was."""
    Thread(target=_end_with_parent, name="bulou parent", daemon=True).start()
    from bulou.site.installation import prepare

    prepare()
    from bulou.core.moments import now
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.jobs import actions
    from bulou.jobs.rules import Job, Lost
    from bulou.site.jobs import works

    job = actions.resume(int(county), UUID(id), UUID(token))
    if job is None:
        return 0

    def beat(job: Job) -> None:
        from django.db import DatabaseError

        from bulou.jobs.rules import BEAT

        with seeing(EVERYTHING):
            while True:
                time.sleep(BEAT)
                try:
                    with suppress(DatabaseError):  # busy, or away: it is said the next time
                        actions.keep(job, at=now())
                except Lost:
                    end()

    Thread(target=beat, args=(job,), name="bulou beat", daemon=True).start()
    work = next((one for one in works() if one.name == job.work), None)
    if work is None:
        actions.fail(job, why=f"unknown|{job.work}", at=now())
    else:
        actions.do(work, job, clock=now)
    return 0


def _end_with_parent() -> None:
    os.read(0, 1)  # not by sys.stdin, whose lock would be held when this process ends by itself
    end()


def end() -> None:
    """End at once, with whatever this process started. It leads a group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
