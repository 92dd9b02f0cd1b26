"""The processes in which pieces of work are done: one of each sort at a time, started, watched and ended by the loop."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import bulou
from bulou.jobs import actions
from bulou.jobs.queries import jobs
from bulou.jobs.rules import DIED, LONG, WAITING, Clock, Job, Work

ROOT = Path(bulou.__file__).resolve().parent.parent
SOON = 0.2  # seconds until it is looked again what became of the processes
LOG = logging.getLogger("bulou.jobs")


@dataclass(frozen=True, slots=True)
class _Running:
    job: Job
    process: "subprocess.Popen[bytes]"
    until: float


class Workers:
    """Those of this process. Only the thread of the loop calls it: a process ends with the thread that started it."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works
        self.running: dict[str, _Running] = {}

    def tend(self, *, at: datetime) -> None:
        """Note which have ended and how, and start what waits."""
        for name, one in list(self.running.items()):
            code = one.process.poll()
            if code is None and time.monotonic() < one.until:
                continue
            _end(one.process)
            del self.running[name]
            why = f"{LONG}|{one.job.tries}" if code is None else f"{DIED}|{one.job.tries}"
            if actions.died(one.job, why=why, at=at):
                LOG.warning("%s %s: its process ended with %s in try %s", name, one.job.id, code, one.job.tries)
        for work in self.works:
            if work.name not in self.running and (job := actions.take(work.name, at=at)):
                until = time.monotonic() + work.seconds
                self.running[work.name] = _Running(job, _start(job), until)

    def finish(self, *, clock: Clock) -> None:
        """Do all that waits, and come back when nothing of it is left to do by itself."""
        self.tend(at=clock())
        while self.running or any(job.state == WAITING for job in jobs()):
            time.sleep(SOON)
            self.tend(at=clock())

    def stop(self) -> None:
        """End all of them: what they did not finish is taken again."""
        for one in self.running.values():
            _end(one.process)
        self.running.clear()


def _start(job: Job) -> "subprocess.Popen[bytes]":
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    asked = [sys.executable, "-m", "bulou.site.worker", str(job.county), str(job.id), str(job.token)]
    return subprocess.Popen(  # noqa: S603 — our own interpreter and module, and numbers
        asked, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}, start_new_session=True
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it with whatever it started, which is left where it was killed itself."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
