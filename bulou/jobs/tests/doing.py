"""What the loop does in processes of their own, done here and now for a test."""

from collections.abc import Iterable

from bulou.core.moments import now
from bulou.jobs import actions
from bulou.jobs.rules import Clock, Work


def do_waiting(works: Iterable[Work], *, clock: Clock = now) -> int:
    """Do what waits, and return how many pieces of work that was."""
    done = 0
    for work in works:
        while job := actions.take(work.name, at=clock()):
            actions.do(work, job, clock=clock)
            done += 1
    return done
