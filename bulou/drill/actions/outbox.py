"""What phones have written and not sent yet: handed to the ledger in batches, each with its moment of receipt."""

import heapq
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bulou.core.divisions import code_of
from bulou.core.ids import make_uuid7
from bulou.ledger import actions as ledger
from bulou.ledger.rules import Entry

BATCH = 500


class Outbox:
    """Entries on their way, in order of receipt. Nothing after `until` is ever received."""

    def __init__(self, chance: Random, until: datetime) -> None:
        self.chance, self.until = chance, until
        self.waiting: list[tuple[datetime, int, Entry]] = []  # (received, tie, entry), a heap
        self.made = 0

    def entry(self, kind: str, subject: str, area: int, at: datetime, body: dict[str, Any], by: str = "") -> Entry:
        """Return an entry of the moment, its id as a phone would have made it then."""
        made = make_uuid7(int(at.timestamp() * 1000), self.chance.getrandbits(74))
        by = by or f"drill:worker-{code_of(area)}"
        # As a phone whose mark is from that moment: it is believed of when it happened, however late it arrives.
        return Entry(made, kind, subject, area, at, at, by, body, written_from=at, marked=True)

    def send(self, entry: Entry, at: datetime) -> None:
        """Let the entry be received at the moment, if that comes."""
        if at <= self.until:
            heapq.heappush(self.waiting, (at, self.made, entry))
            self.made += 1

    def flush(self, moment: datetime) -> None:
        """Hand the ledger everything that has arrived by the moment, in batches, each with its moment of receipt."""
        while self.waiting and self.waiting[0][0] <= moment:
            at = self.waiting[0][0]
            batch: list[Entry] = []
            while self.waiting and self.waiting[0][0] <= at and len(batch) < BATCH:
                batch.append(heapq.heappop(self.waiting)[2])
            ledger.append(batch, at=at)


def tick(moment: datetime, minutes: int = 10) -> datetime:
    """Return the next full ten minutes: when a phone with a signal is asked for what it has."""
    past = timedelta(minutes=moment.minute % minutes, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + timedelta(minutes=minutes)
