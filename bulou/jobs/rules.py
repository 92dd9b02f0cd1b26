"""What is done beside the pages: what follows from an entry, and work somebody asked for. Each context declares its own.

A context says in its parts.py what it has of both, REACTIONS and WORKS; `site` finds it there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from bulou.core.scope import Range
from bulou.ledger.rules import Entry

WAITING, TAKEN, FAILED, STOPPED = "waiting", "taken", "failed", "stopped"
MOST_TRIES = 3  # processes that may die of one piece of work before a person is asked
LEASE = timedelta(seconds=30)  # a process that has said nothing for so long is taken for dead
BEAT = 5.0  # seconds from one sign of life to the next
PAUSE = timedelta(seconds=2)  # after a process died, for what killed it to pass

DIED, LONG, ERROR = "died", "long", "error"  # why it failed: the process died · took too long · a fault in the program


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work as it stands. `why`: code|what of the last try, "" if none went wrong.

    `changed_at`: since when it waits, is being done, or is not. `token` is given to the process that does it.
    """

    county: int
    id: UUID
    work: str
    area: int
    given: Mapping[str, Any]
    scope: tuple[Range, ...]
    language: str
    by: str
    at: datetime
    state: str
    tries: int
    due_at: datetime
    token: UUID | None
    why: str
    changed_at: datetime
    changed_by: str

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has to do anything: it waits, or is being done."""
        return self.state in (WAITING, TAKEN)


class Lost(Exception):
    """The work is no longer this process's: a person stopped it, or another took it. Nothing more may be written."""


Clock = Callable[[], datetime]
Do = Callable[[Job, Clock], None]
"""Does the work. Its last transaction calls `actions.finish`, those before it `actions.keep`: both raise Lost."""


@dataclass(frozen=True, slots=True)
class Work:
    """One sort of work. `name` stands in the table for ever; after `seconds` it is taken to hang, and is killed."""

    name: str
    do: Do
    seconds: float


class React(Protocol):
    """What is done about an entry, as written, at `at`: when it came, and again whenever a correction of it came.

    It reads for itself how the entry stands now. Raises whatever keeps it from being done now.
    """

    def __call__(self, entry: Entry, *, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """`name` is its cursor's name for ever: another name begins with the first entry again. `kinds` set it off."""

    name: str
    kinds: frozenset[str]
    react: React
