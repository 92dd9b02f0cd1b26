"""What follows from an entry that somebody else wrote: the reactions the contexts declare, and how they are run.

The ledger is the queue (docs/adr/0014). A reaction follows the feed with a cursor of its own, and moves it in the
transaction that did its work, so that a power cut repeats an entry and never leaves one out. Hence what every reaction
must be: the same again changes nothing, and entries in another order end the same, because one that fails is tried
again later while the others go on.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from bulou.core.divisions import county_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.jobs.rules import Reaction, Work
from bulou.ledger import queries as ledger
from bulou.ledger.actions import advance, settle, stumble
from bulou.ledger.rules import Entry
from bulou.site.parts import parts

CORRECTION = "correction"
BATCH = 200  # entries read at once; each is a transaction of its own
LOG = logging.getLogger("bulou.jobs")
Declared = TypeVar("Declared", Reaction, Work)


def declared_reactions() -> tuple[Reaction, ...]:
    """Return every reaction a context declares. Raise ValueError if two have one name: they would share a cursor."""
    return _named_once([one for part in parts() for one in getattr(part, "REACTIONS", ())])


def works() -> tuple[Work, ...]:
    """Return every sort of work a context declares. Raise ValueError if two have one name."""
    return _named_once([one for part in parts() for one in getattr(part, "WORKS", ())])


def _named_once(declared: list[Declared]) -> tuple[Declared, ...]:
    names = [one.name for one in declared]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"declared twice in parts.py: {', '.join(sorted(twice))}")
    return tuple(declared)


@dataclass(frozen=True, slots=True)
class Ran:
    """How many entries were acted upon, and at how many it failed; these are kept and tried again (ledger.setbacks)."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: "Ran") -> "Ran":
        return Ran(self.done + other.done, self.failed + other.failed)


def run_jobs(*, at: datetime, reactions: Sequence[Reaction] | None = None) -> Ran:
    """Act upon all that came since the last time, and try again what failed and is due. One process at a time.

    An entry that fails does not stop the others. Raise what the database raises if that is what fails.
    """
    ran = Ran()
    with seeing(EVERYTHING):
        end = ledger.horizon()
        for reaction in declared_reactions() if reactions is None else reactions:
            ran += _again(reaction, at) + _onward(reaction, end, at)
    return ran


def _onward(reaction: Reaction, end: tuple[int, int], at: datetime) -> Ran:
    ran = Ran()
    while (cursor := ledger.cursor_of(reaction.name)) < end:
        found = ledger.feed(*cursor, limit=BATCH, kinds=reaction.kinds | {CORRECTION}, until=end)
        for txid, position, entry in found:
            ran += _act(reaction, entry, at, (txid, position))
        if len(found) < BATCH:  # nothing of these kinds lies between the last one and the end
            advance(reaction.name, txid=end[0], position=end[1])
    return ran


def _again(reaction: Reaction, at: datetime) -> Ran:
    ran = Ran()
    for one in ledger.setbacks(consumer=reaction.name, by=at):
        ran += _act(reaction, ledger.get_entry(one.county, one.entry), at)
    return ran


def _act(reaction: Reaction, entry: Entry, at: datetime, cursor: tuple[int, int] | None = None) -> Ran:
    """Do it and move the cursor past it in one transaction; if that fails, note it and move on in another."""
    try:
        with transaction.atomic():
            about = ledger.find_entry(county_of(entry.area), entry.amends) if entry.amends else entry
            if about is not None and about.kind in reaction.kinds:  # else it comes later, and is read as corrected
                reaction.react(about, at=at)
            settle(reaction.name, entry)
            if cursor:
                advance(reaction.name, txid=cursor[0], position=cursor[1])
        return Ran(done=1)
    except Exception as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]  # what PostgreSQL adds below quotes the row
    with transaction.atomic():  # if it is the database that fails, this fails too, and nothing is passed over
        stumble(reaction.name, entry, why=why, at=at)
        if cursor:
            advance(reaction.name, txid=cursor[0], position=cursor[1])
    LOG.warning("%s: %s %s is tried again later: %s", reaction.name, entry.kind, entry.id, why)
    return Ran(failed=1)
