"""How far a consumer of the feed has come, and what it could not act upon."""

from datetime import datetime, timedelta

from bulou.core.divisions import county_of
from bulou.ledger.models import Cursor, Stuck
from bulou.ledger.rules import Entry

SOON, LONGEST = timedelta(seconds=5), timedelta(hours=1)


def advance(consumer: str, *, txid: int, position: int) -> None:
    """Remember how far the consumer has come, in the transaction that did its work."""
    Cursor.objects.update_or_create(consumer=consumer, defaults={"txid": txid, "position": position})


def stumble(consumer: str, entry: Entry, *, why: str, at: datetime) -> None:
    """Note that acting upon the entry failed, and when it is tried again: after 5 s, then twice as long, up to 1 h."""
    county = county_of(entry.area)
    row = Stuck.objects.filter(county=county, consumer=consumer, entry=entry.id).first()
    tries = row.tries + 1 if row else 1
    Stuck.objects.update_or_create(
        county=county, consumer=consumer, entry=entry.id,
        defaults={"kind": entry.kind, "subject": entry.subject, "area": entry.area, "why": why[:300], "tries": tries,
                  "since": row.since if row else at, "again_at": at + min(LONGEST, SOON * 2 ** min(tries - 1, 10))},
    )  # fmt: skip


def settle(consumer: str, entry: Entry) -> None:
    """Forget that acting upon the entry had failed, in the transaction in which it did not."""
    Stuck.objects.filter(county=county_of(entry.area), consumer=consumer, entry=entry.id).delete()
