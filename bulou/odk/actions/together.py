"""Several posts that arrive at once share one transaction, and so one wait for the disk.

Whoever comes first takes along all that are waiting; while it commits, the next gather. No thread of our own, no delay:
one post alone is taken at once.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock

from django.db import connection

from bulou.odk.actions.receiving import Post, Read, Result, read, receive, take
from bulou.store import writing

MOST = 64  # posts in one transaction


@dataclass(eq=False)
class _Waiting:
    told: Read
    done: Event = field(default_factory=Event)
    result: Result | None = None
    leads: bool = False


@dataclass
class _Line:
    """The posts of one county that wait, and whether somebody is taking them."""

    waiting: list[_Waiting] = field(default_factory=list)
    busy: bool = False


_lines: dict[int, _Line] = defaultdict(_Line)
_lock = Lock()


def receive_one(post: Post, *, at: datetime) -> Result:
    """Take in one post, together with those that came while another was being written. Raise what its writing raises."""
    if connection.in_atomic_block:  # somebody else's transaction decides when it is safe
        return receive([post], at=at)[0]
    mine = _Waiting(read(post))
    county = post.user.county
    with _lock:
        line = _lines[county]
        line.waiting.append(mine)
        if not line.busy:
            line.busy = mine.leads = True
    if not mine.leads:
        mine.done.wait()
    if mine.leads:
        _lead(county, line, at)
    if mine.result is None:  # the batch failed as a whole: each stands for itself
        return receive([post], at=at)[0]
    return mine.result


def _lead(county: int, line: _Line, at: datetime) -> None:
    """Take all that wait, mine among them; then let the first of those that came meanwhile lead.

    The county's place is taken first: those that come while another process writes are still taken along.
    """
    batch: list[_Waiting] = []
    try:
        with writing(county):
            with _lock:
                batch, line.waiting = line.waiting[:MOST], line.waiting[MOST:]
            results = take(county, [each.told for each in batch], at=at)
        for each, result in zip(batch, results, strict=True):
            each.result = result
    except Exception:  # noqa: S110  whose fault it was comes out when each is taken alone
        pass
    finally:
        with _lock:
            if not batch:  # the place was not to be had: nobody waits for it here
                batch, line.waiting = line.waiting, []
            if line.waiting:
                line.waiting[0].leads = True
                line.waiting[0].done.set()
            else:
                line.busy = False
        for each in batch:
            each.done.set()
