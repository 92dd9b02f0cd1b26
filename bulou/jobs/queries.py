"""How work that was asked for stands."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from bulou.core.scope import may_see
from bulou.jobs.models import Job as JobRow
from bulou.jobs.rules import TAKEN, WAITING, Job

COLUMNS = tuple(Job.__dataclass_fields__)


def job_of(row: tuple[Any, ...]) -> Job:
    """Return a row of the columns of `Job`, in their order."""
    named = dict(zip(COLUMNS, row, strict=True))
    named["given"] = msgspec.json.decode(named["given"])
    named["scope"] = tuple((low, high) for low, high in msgspec.json.decode(named["scope"]))
    return Job(**named)


def find_jobs(ids: Iterable[UUID]) -> dict[UUID, Job]:
    """Return those of the pieces of work that are not done and may be seen, by their ids."""
    rows = JobRow.objects.filter(id__in=list(ids)).values_list(*COLUMNS)
    return {one.id: one for one in map(job_of, rows) if may_see(one.area)}


def find_job(id: UUID) -> Job | None:
    """Return a piece of work that is not done, or None: it is done, its days were over, or it may not be seen."""
    return find_jobs([id]).get(id)


def jobs(*, limit: int = 200) -> list[Job]:
    """Return all that is not done and may be seen, oldest first."""
    rows = JobRow.objects.order_by("at", "id").values_list(*COLUMNS)[:limit]
    return [one for one in map(job_of, rows) if may_see(one.area)]


def before(job: Job) -> int:
    """Return how many pieces of the same work come before one that waits, whoever asked for them."""
    earlier = Q(state=TAKEN) | Q(state=WAITING, at__lt=job.at)
    return JobRow.objects.filter(earlier, work=job.work).exclude(county=job.county, id=job.id).count()
