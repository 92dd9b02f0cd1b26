"""Work asked for, taken by one process at a time, and finished in the transaction that did it.

A process has a piece of work as long as it says so (`beat`); one that is silent has died, and another takes it. What it
writes it writes under its token: `keep` and `finish` stand in the transactions of the work itself and raise Lost once the
token is no longer good, so that whatever happens to a process the work is done once. The columns are set in one statement
whose condition is what was seen before: of two that take the same, one finds nothing left.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import translation

from bulou.core.ids import new_id
from bulou.core.scope import seeing, visible
from bulou.jobs.models import Job as JobRow
from bulou.jobs.queries import COLUMNS, job_of
from bulou.jobs.rules import (
    DIED,
    ERROR,
    FAILED,
    LEASE,
    MOST_TRIES,
    PAUSE,
    STOPPED,
    TAKEN,
    WAITING,
    Clock,
    Job,
    Lost,
    Work,
)

LOG = logging.getLogger("bulou.jobs")


def ask(
    work: str, *, county: int, id: UUID, area: int, by: str, at: datetime, given: Mapping[str, Any] | None = None,
    file: bytes | None = None, language: str = "zh-hans",
) -> None:  # fmt: skip
    """Have the work done, by whoever runs the jobs. Call it in the transaction that keeps what it is about.

    It sees what may be seen now. Asked for again, it begins anew.
    """
    with transaction.atomic():
        JobRow.objects.filter(county=county, id=id).delete()
        JobRow(
            county=county, id=id, work=work, area=area, given=msgspec.json.encode(given or {}).decode(), file=file,
            scope=msgspec.json.encode(visible()).decode(), language=language, by=by, at=at, state=WAITING, due_at=at,
            changed_at=at, changed_by=by,
        ).save(force_insert=True)  # fmt: skip


def take(work: str, *, at: datetime) -> Job | None:
    """Take the first piece of this work that waits, or whose process has died; None if there is none.

    One of which as many processes have died as may is not taken: it has failed.
    """
    due = Q(due_at__lte=at) | Q(due_at__gt=at + 2 * LEASE)  # nobody says so far ahead: a clock was set back
    rows = JobRow.objects.filter(due, state__in=(WAITING, TAKEN), work=work).order_by("at", "id")
    for row in rows.values_list(*COLUMNS)[:20]:
        job, token = job_of(row), new_id()
        same = JobRow.objects.filter(
            due, county=job.county, id=job.id, state=job.state, token=job.token, tries=job.tries
        )
        if job.state == TAKEN and job.tries >= MOST_TRIES:
            same.update(state=FAILED, token=None, why=f"{DIED}|{job.tries}", changed_at=at)
            continue
        why = f"{DIED}|{job.tries}" if job.state == TAKEN else job.why
        if same.update(state=TAKEN, token=token, tries=job.tries + 1, due_at=at + LEASE, why=why, changed_at=at):
            mine = JobRow.objects.filter(county=job.county, id=job.id, token=token).values_list(*COLUMNS)
            return job_of(mine.get())
    return None


def do(work: Work, job: Job, *, clock: Clock) -> None:
    """Do what was taken, seeing what whoever asked saw, in their language. A fault in the work is written down.

    Raise what the database raises if it is that which fails: the work is then tried again, as after a crash.
    """
    try:
        with seeing(job.scope), translation.override(job.language):
            work.do(job, clock)
    except Lost:
        LOG.warning("%s %s was stopped, or is done by another process", job.work, job.id)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        LOG.exception("%s %s failed", job.work, job.id)
        fail(job, why=f"{ERROR}|{type(error).__name__}", at=clock())


def resume(county: int, id: UUID, token: UUID) -> Job | None:
    """Return the piece of work for the process it was taken for; None if it is no longer that one's."""
    mine = JobRow.objects.filter(county=county, id=id, token=token, state=TAKEN).values_list(*COLUMNS).first()
    return None if mine is None else job_of(mine)


def keep(job: Job, *, at: datetime) -> None:
    """Say that this process lives and is at work. Raise Lost if the work is no longer its own.

    In a transaction nobody can take it, or stop it, before that ends.
    """
    if not _mine(job).update(due_at=at + LEASE):
        raise Lost(f"{job.work} {job.id}")


def finish(job: Job) -> None:
    """Let go of what is done. Raise Lost if it is no longer this process's: then nothing it did may stand."""
    if not _mine(job).delete()[0]:
        raise Lost(f"{job.work} {job.id}")


def fail(job: Job, *, why: str, at: datetime) -> None:
    """Note what is wrong with the work itself: to try it again by itself would come to the same."""
    _mine(job).update(state=FAILED, token=None, why=why[:300], changed_at=at)


def died(job: Job, *, why: str, at: datetime) -> bool:
    """Note that the process that had it is no more: another takes it soon, or it has failed. Return whether it was so."""
    last = job.tries >= MOST_TRIES
    ended = {"state": FAILED} if last else {"state": WAITING, "due_at": at + PAUSE}
    return bool(_mine(job).update(**ended, token=None, why=why[:300], changed_at=at))


def stop(county: int, id: UUID, *, by: str, at: datetime) -> bool:
    """Stop what waits or is being done; what it has written by now stands. Return whether there was anything to stop."""
    going = JobRow.objects.filter(county=county, id=id, state__in=(WAITING, TAKEN))
    return bool(going.update(state=STOPPED, token=None, changed_at=at, changed_by=by))


def _mine(job: Job) -> Any:
    return JobRow.objects.filter(county=job.county, id=job.id, token=job.token, state=TAKEN)
