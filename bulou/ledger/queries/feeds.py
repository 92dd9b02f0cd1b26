"""The ledger as a queue: what came after a cursor, and what a consumer could not act upon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from bulou import store
from bulou.core.scope import may_see
from bulou.ledger.actions import rows as stored
from bulou.ledger.models import Cursor, Stuck
from bulou.ledger.models import Entry as EntryRow
from bulou.ledger.rules import Entry

START = (0, 0)


def feed(
    txid: int, position: int, *, limit: int = 500, kinds: Iterable[str] | None = None,
    until: tuple[int, int] | None = None,
) -> list[tuple[int, int, Entry]]:  # fmt: skip
    """Return up to `limit` entries after a cursor, each with its own, in an order that no late commit can slip into.

    On PostgreSQL only transactions older than every one still running are shown, so a row committed late is not behind
    the cursor when it appears; a long transaction anywhere on the server makes the feed wait, and miss nothing. Start
    from (0, 0); keep the cursor of the last entry handled. `kinds`: only these; `until`: none after this cursor, such
    as a `horizon` taken before, to which a consumer may go on once it has handled all that is returned.
    """
    more, said = "", []
    if kinds is not None:
        said = sorted(set(kinds))
        more = f" AND kind IN ({', '.join(['%s'] * len(said)) or 'NULL'})"
    last = [] if until is None else list(until)
    rows = store.query(
        f"SELECT txid, position, {stored.ENTRY_COLUMNS} FROM ledger_entry"
        f" WHERE (txid, position) > (%s, %s){_settled()}{' AND (txid, position) <= (%s, %s)' if last else ''}{more}"
        " ORDER BY txid, position LIMIT %s",
        txid,
        position,
        *last,
        *said,
        limit,
    )
    return [(row[0], row[1], stored.read_entry(row[2:])) for row in rows]


def horizon() -> tuple[int, int]:
    """Return the cursor of the last entry a feed would show now; (0, 0) if there is none."""
    rows = store.query(
        f"SELECT txid, position FROM ledger_entry WHERE txid >= 0{_settled()} ORDER BY txid DESC, position DESC LIMIT 1"
    )
    return (rows[0][0], rows[0][1]) if rows else START


def _settled() -> str:
    return (
        " AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint" if connection.vendor == "postgresql" else ""
    )


def latest_receipt() -> datetime | None:
    """Return when the last entry written was received; None if there is none."""
    return EntryRow.objects.order_by("-txid", "-position").values_list("received_at", flat=True).first()


def cursor_of(consumer: str) -> tuple[int, int]:
    """Return how far the consumer has come; (0, 0) if it never started."""
    row = Cursor.objects.filter(consumer=consumer).first()
    return (row.txid, row.position) if row else START


@dataclass(frozen=True, slots=True)
class Setback:
    """An entry a consumer went past because acting upon it failed. `why` is for whoever looks after the server."""

    consumer: str
    county: int
    entry: UUID
    kind: str
    subject: str
    area: int
    why: str
    tries: int
    since: datetime
    again_at: datetime


def setbacks(*, consumer: str | None = None, by: datetime | None = None, limit: int = 200) -> list[Setback]:
    """Return what could not be acted upon yet and may be seen, oldest first; `by`: only what is to be tried by then."""
    rows = Stuck.objects.order_by("since", "entry")
    if consumer is not None:
        rows = rows.filter(consumer=consumer)
    if by is not None:
        rows = rows.filter(again_at__lte=by)
    found = (Setback(*row) for row in rows.values_list(*Setback.__dataclass_fields__)[:limit])
    return [one for one in found if may_see(one.area)]
