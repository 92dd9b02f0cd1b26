"""What entries say of people, destroyed when its days are over: on record, and without a change in what they did.

An erasure is written first; the database then lets the body become what the erasure says is left, and nothing else
(migration 0008). The digest stays: the same entry sent again is still a replay, and brings nothing back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou import store
from bulou.core.moments import day_of
from bulou.ledger import law
from bulou.ledger.actions import rows
from bulou.ledger.links import Link
from bulou.ledger.models import Held
from bulou.ledger.rules import Entry, Fading, effective, effects_of
from bulou.ledger.tables import ERASURE, FADING
from bulou.store import is_postgres, query, read_id, rows_json, writing

Left = Callable[[Entry, Fading], Mapping[str, Any]]
"""Returns what is left of an entry's body."""


def watch(county: int, found: Iterable[Fading]) -> None:
    """Remember that these say something of people that has an end; once it was destroyed, nothing is remembered."""
    wanted = {one.id: one for one in found}
    ids = rows_json([id_] for id_ in wanted)
    gone = query(f"SELECT id FROM ledger_erasure WHERE county = %s AND {rows.id_in('id')}", county, ids)
    for row in gone:
        del wanted[read_id(row[0])]
    # What waited in the tray is asked about again once it was applied: then it is known of which kind it speaks.
    again = rows_json([one.id] for one in wanted.values() if one.held)
    query(f"DELETE FROM ledger_fading WHERE county = %s AND {rows.id_in('id')}", county, again)
    store.insert(
        FADING, [(county, one.id, one.held, one.kind, one.since, one.area, one.closing) for one in wanted.values()]
    )


def watch_held(county: int, held: Iterable[UUID], *, at: datetime) -> None:
    """Remember that it was asked of these places in the tray whether what they say of people has an end."""
    Held.objects.filter(county=county, id__in=list(held)).update(watched_at=at)


def erase(
    county: int, due: Sequence[Fading], *, left: Left, hash_of: Callable[[Link], str], basis: str, at: datetime
) -> int:
    """Destroy what these say of people, all but what `left` returns, and write on what basis. Return how many had any.

    `hash_of` gives the hash an entry has in the chain of its device. What the entries did stays as it is.
    """
    known = {one.id: one for one in due}
    with writing(county):
        gone = [
            *_entries(county, {one.id: one for one in due if not one.held}, left, hash_of),
            *_held(county, {one.id: one for one in due if one.held}, left, hash_of),
        ]
        store.insert(
            ERASURE, [(county, id_, held, known[id_].kind, day, at, basis, *rest) for id_, held, day, *rest in gone]
        )
        for table, column, held in (("ledger_entry", "body", False), ("ledger_held", "sent", True)):
            query(
                f"UPDATE {table} SET {column} = (SELECT r.remains FROM ledger_erasure r WHERE r.county = {table}.county"
                f" AND r.id = {table}.id) WHERE county = %s AND {rows.id_in('id')}",
                county,
                rows_json([id_] for id_, was_held, *_ in gone if was_held is held),
            )
        ids = rows_json([one.id] for one in due)
        # Why it was held, and what was noted about that, may quote it.
        query(f"UPDATE ledger_held SET detail = '', note = '' WHERE county = %s AND {rows.id_in('id')}", county, ids)
        # What a reaction tripped over may be quoted there; it is tried again by itself, and says it again if it must.
        query(f"UPDATE ledger_stuck SET why = '' WHERE county = %s AND {rows.id_in('entry')}", county, ids)
        query(f"DELETE FROM ledger_fading WHERE county = %s AND {rows.id_in('id')}", county, ids)
    return len(gone)


Gone = tuple[UUID, bool, str, str, str, str]  # id, held, day, hash, remains, did


def _entries(county: int, due: Mapping[UUID, Fading], left: Left, hash_of: Callable[[Link], str]) -> list[Gone]:
    written = rows.entries_by_id(county, due)
    corrected = {e.id: e for e in rows.entries_by_id(county, {e.amends for e in written if e.amends})}
    hashes = {link.id: hash_of(link) for link in rows.links_by_id(county, due) if link.signature}
    gone: list[Gone] = []
    for entry in written:
        remains = left(entry, due[entry.id])
        if remains == entry.body:
            continue
        stands = effective(corrected[entry.amends], [entry]) if entry.amends else entry
        did = msgspec.json.encode(effects_of(stands, law.current())).decode()
        gone.append((entry.id, False, _day(entry.happened_at), hashes.get(entry.id, ""), _json(remains), did))
    return gone


def _held(county: int, due: Mapping[UUID, Fading], left: Left, hash_of: Callable[[Link], str]) -> list[Gone]:
    gone: list[Gone] = []
    for row in Held.objects.filter(county=county, id__in=list(due)):
        try:
            entry = msgspec.json.decode(row.sent, type=Entry)
        except msgspec.MsgspecError:  # nobody can say which part of it is about people
            gone.append((row.id, True, _day(row.received_at), "", "", ""))
            continue
        remains = left(entry, due[row.id])
        if remains == entry.body and not entry.text:
            continue
        # A signature that did not fit proves nothing, and a hash that stays would seem to.
        signed = entry.signature and row.reason != "bad signature"
        sent = _json(replace(entry, body=remains, text=""))
        gone.append((row.id, True, _day(entry.happened_at), hash_of(rows.link_of(entry)) if signed else "", sent, ""))
    return gone


def _day(moment: datetime) -> str:
    return day_of(moment).isoformat()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def scrub(*, rewrite: bool = False, others: Iterable[str] = ()) -> bool:
    """See that what was destroyed is gone from the database's files too; return False if readers were in the way.

    SQLite overwrites what it deletes (secure_delete); the log of the latest writes is emptied here. PostgreSQL's VACUUM
    frees the old rows' space for others. With `rewrite` the tables are written anew, which nobody else can write
    meanwhile: then nothing of an old row is left, whatever the settings were when it was written. `others`: tables of other
    contexts in which columns were emptied (blanking.py).
    """
    if connection.in_atomic_block:
        return False
    if is_postgres():
        named = ", ".join(["ledger_entry", "ledger_held", "ledger_fading", *others])
        query(f"VACUUM {'(FULL)' if rewrite else ''} {named}")
        return True
    if rewrite:
        query("VACUUM")
    return all(not row[0] for row in query("PRAGMA wal_checkpoint(TRUNCATE)"))
