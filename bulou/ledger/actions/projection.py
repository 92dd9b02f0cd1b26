"""Duties, evidence and tallies: kept batch by batch, and made again from the entries at will."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.ledger import law
from bulou.ledger.actions import tables
from bulou.ledger.actions.tables import DUTY, EVIDENCE, TALLY, chunks, query, read_id, read_moment, rows_json, unpack
from bulou.ledger.rules import (
    Duty,
    Effects,
    Entry,
    Evidence,
    Member,
    credit,
    effective,
    effects_of,
    evidence_of,
    expand,
    resolve,
    subjects_of,
)

ENTRY_COLUMNS = (
    "id, kind, subject, area, happened_at, recorded_at, by, body, version, received_at, amends, device, seq, prev_hash,"
    " signature, rules"
)
DUTY_COLUMNS = tuple(name for name in DUTY.columns if name != "county")


def read_entry(row: Sequence[Any]) -> Entry:
    """Return the entry of a row selected with ENTRY_COLUMNS."""
    (
        id_,
        kind,
        subject,
        area,
        happened,
        recorded,
        by,
        body,
        version,
        received,
        amends,
        device,
        seq,
        prev,
        sig,
        rules,
    ) = row
    return Entry(read_id(id_), kind, subject, area, read_moment(happened), read_moment(recorded), by,
                 msgspec.json.decode(body), version, read_moment(received), read_id(amends) if amends else None,
                 device, seq, prev, sig, rules)  # fmt: skip


def read_duty(row: Sequence[Any]) -> Duty:
    """Return the duty of a row selected with DUTY_COLUMNS."""
    (id_, name, subject, area, owed_by, opened_by, opens, due, closes, met_by, met, reported, waived_by, waived) = row
    return Duty(read_id(id_), name, subject, area, owed_by, read_id(opened_by), read_moment(opens), read_moment(due),
                read_moment(closes), read_id(met_by) if met_by else None, read_moment(met) if met else None,
                read_moment(reported) if reported else None, read_id(waived_by) if waived_by else None,
                read_moment(waived) if waived else None)  # fmt: skip


def _duty_row(county: int, d: Duty) -> tuple[Any, ...]:
    return (county, d.id, d.name, d.subject, d.area, d.owed_by, d.opened_by, d.opens_at, d.due_at, d.closes_at,
            d.met_by, d.met_at, d.met_reported_at, d.waived_by, d.waived_at)  # fmt: skip


class Balance:
    """What a batch changes in the tallies, written at its end in one statement, in key order so that none deadlock."""

    def __init__(self, county: int) -> None:
        self.county = county
        self.changes: Counter[tuple[int, str, datetime, datetime, datetime, int]] = Counter()

    def count(self, duty: Duty, sign: int) -> None:
        key = (duty.area, duty.name, duty.opens_at, duty.due_at, duty.closes_at)
        self.changes[(*key, 0)] += sign
        if duty.met_at is not None:
            self.changes[(*key, 1 if duty.met_at <= duty.due_at else 2)] += sign
        elif duty.waived_at is not None:
            self.changes[(*key, 3)] += sign

    def write(self) -> None:
        rows: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for (*key, column), change in self.changes.items():
            if change:
                rows[tuple(key)][column] += change
        if not rows:
            return
        columns = list(TALLY.columns)
        sets = ", ".join(f"{c} = ledger_tally.{c} + excluded.{c}" for c in columns[-4:])
        query(
            f"INSERT INTO ledger_tally ({', '.join(columns)}) SELECT {', '.join('x.' + c for c in columns)}"  # noqa: S608
            f" FROM {unpack(TALLY.columns)} WHERE true ORDER BY x.n"
            f" ON CONFLICT (county, area, name, opens_at, due_at, closes_at) DO UPDATE SET {sets}",
            rows_json((self.county, *key, *counts) for key, counts in sorted(rows.items())),
        )


def resolved(county: int, pairs: Iterable[tuple[Entry, Effects]]) -> list[tuple[Entry, Effects]]:
    """Return the effects under their subjects' present names and areas: one look-up a batch."""
    pairs = list(pairs)
    places = law.current().places(county, {s for _, done in pairs for s in subjects_of(done)})
    return [(entry, resolve(done, places)) for entry, done in pairs]


def _duties_of(pairs: Iterable[tuple[Entry, Effects]]) -> Iterator[Duty]:
    members = law.current().members
    for entry, done in pairs:
        for opening in done.opens:
            yield from expand(entry.id, opening, members(opening.over, opening.area) if opening.over else ())


def project(county: int, pairs: Iterable[tuple[Entry, Effects]]) -> None:
    """Write what these entries open and meet, and settle every duty they touch."""
    pairs = resolved(county, pairs)
    balance = Balance(county)
    evidence = [evidence_of(entry, meeting) for entry, done in pairs for meeting in done.meets]
    tables.insert(EVIDENCE, [(county, e.subject, e.duty, e.happened_at, e.entry, e.until, e.waives, e.reported_at)
                             for e in evidence])  # fmt: skip
    for chunk in chunks(_duties_of(pairs)):
        open_duties(county, chunk, balance)
    _settle_touched(county, evidence, balance)
    balance.write()


def open_duties(county: int, duties: Sequence[Duty], balance: Balance) -> None:
    """Write those of the duties that are not there yet, credited with the evidence already held."""
    credited = _credited(county, duties)
    written = tables.insert(DUTY, [_duty_row(county, d) for d in credited], returning="id")
    new = {read_id(row[0]) for row in written}
    for duty in credited:
        if duty.id in new:
            balance.count(duty, +1)


def _credited(county: int, duties: Sequence[Duty]) -> list[Duty]:
    """Return each duty with what the stored evidence says of it; `duties` come bare."""
    found = {duty.id: duty for duty in duties}
    keys = {"n0": "int", "subject": "text", "name": "text", "opens": "timestamptz", "closes": "timestamptz"}
    order = list(found.values())
    rows = query(
        "SELECT x.n0, e.happened_at, e.until, e.entry, e.waives, e.reported_at"  # noqa: S608
        f" FROM {unpack(keys)} CROSS JOIN ledger_evidence e"
        " WHERE e.county = %s AND e.subject = x.subject AND e.duty = x.name AND e.happened_at < x.closes"
        " AND e.until >= x.opens",
        rows_json((i, d.subject, d.name, d.opens_at, d.closes_at) for i, d in enumerate(order)),
        county,
    )
    for i, happened, until, entry, waives, reported in rows:
        duty = found[order[i].id]
        found[duty.id] = credit(duty, Evidence(duty.name, duty.subject, read_moment(happened), read_moment(until),
                                               read_id(entry), bool(waives), read_moment(reported)))  # fmt: skip
    return list(found.values())


def _settle_touched(county: int, evidence: Sequence[Evidence], balance: Balance) -> None:
    """Credit the duties already there with new evidence."""
    before: dict[UUID, Duty] = {}
    after: dict[UUID, Duty] = {}
    keys = {"n0": "int", "subject": "text", "duty": "text", "happened_at": "timestamptz", "until": "timestamptz"}
    picks = ", ".join(f"d.{name}" for name in DUTY_COLUMNS)
    for chunk in chunks(evidence):
        rows = query(
            f"SELECT x.n0, {picks} FROM {unpack(keys)} CROSS JOIN ledger_duty d"  # noqa: S608
            " WHERE d.county = %s AND d.subject = x.subject AND d.name = x.duty AND d.opens_at <= x.until"
            " AND d.closes_at > x.happened_at",
            rows_json((i, e.subject, e.duty, e.happened_at, e.until) for i, e in enumerate(chunk)),
            county,
        )
        for i, *row in rows:
            duty = read_duty(row)
            before.setdefault(duty.id, duty)
            after[duty.id] = credit(after.get(duty.id, duty), chunk[i])
    _rewrite(county, [(before[id_], duty) for id_, duty in after.items() if duty != before[id_]], balance)


def _rewrite(county: int, changes: Sequence[tuple[Duty, Duty]], balance: Balance) -> None:
    if not changes:
        return
    columns = {"id": "uuid", "area": "bigint", "met_by": "uuid", "met_at": "timestamptz",
               "met_reported_at": "timestamptz", "waived_by": "uuid", "waived_at": "timestamptz"}  # fmt: skip
    query(
        f"UPDATE ledger_duty SET {', '.join(f'{c} = x.{c}' for c in list(columns)[1:])}"  # noqa: S608
        f" FROM {unpack(columns)} WHERE ledger_duty.county = %s AND ledger_duty.id = x.id",
        rows_json((d.id, d.area, d.met_by, d.met_at, d.met_reported_at, d.waived_by, d.waived_at) for _, d in changes),
        county,
    )
    for old, new in changes:
        balance.count(old, -1)
        balance.count(new, +1)


def _bare(duty: Duty) -> Duty:
    return replace(duty, met_by=None, met_at=None, met_reported_at=None, waived_by=None, waived_at=None)


def _delete_duties(county: int, where: str, ids: str, balance: Balance) -> None:
    for row in query(
        f"DELETE FROM ledger_duty WHERE county = %s AND {where} RETURNING {', '.join(DUTY_COLUMNS)}",  # noqa: S608
        county, ids,
    ):  # fmt: skip
        balance.count(read_duty(row), -1)


def _ids(column: str) -> str:
    return f"{column} IN (SELECT x.id FROM {unpack({'id': 'uuid'})})"


def _subjects(column: str) -> str:
    return f"{column} IN (SELECT x.subject FROM {unpack({'subject': 'text'})})"


def entries_by_id(county: int, ids: Iterable[UUID]) -> list[Entry]:
    """Return the entries of these ids as they were written."""
    rows = query(f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND {_ids('id')}",  # noqa: S608
                 county, rows_json([i] for i in ids))  # fmt: skip
    return [read_entry(row) for row in rows]


def corrections_of(county: int, ids: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """Return the corrections of these entries, by the entry they correct."""
    rows = query(f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND {_ids('amends')}",  # noqa: S608
                 county, rows_json([i] for i in ids))  # fmt: skip
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for row in rows:
        correction = read_entry(row)
        assert correction.amends
        found[correction.amends].append(correction)
    return found


def standing(county: int, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Effects]]:
    """Yield the entries as corrected, with what they do."""
    corrections = corrections_of(county, [entry.id for entry in entries])
    for original in entries:
        entry = effective(original, corrections.get(original.id, ()))
        if entry is not None:
            yield entry, effects_of(entry, law.current())


def refold(county: int, entries: Sequence[Entry]) -> None:
    """Take back what the entries did and do it again as they now stand: after a correction or a merge."""
    ids = rows_json([entry.id] for entry in entries)
    balance = Balance(county)
    _delete_duties(county, _ids("opened_by"), ids, balance)
    keys = query(f"DELETE FROM ledger_evidence WHERE county = %s AND {_ids('entry')} RETURNING subject", county, ids)  # noqa: S608
    touched = {entry.id for entry in entries}
    duties = [
        d for d in duties_about(county, {row[0] for row in keys}) if d.met_by in touched or d.waived_by in touched
    ]
    for chunk in chunks(duties):
        credited = {d.id: d for d in _credited(county, [_bare(d) for d in chunk])}
        _rewrite(county, [(d, credited[d.id]) for d in chunk], balance)
    balance.write()
    project(county, standing(county, entries))


def duties_about(county: int, subjects: Iterable[str]) -> list[Duty]:
    """Return every duty about these subjects."""
    rows = query(
        f"SELECT {', '.join(DUTY_COLUMNS)} FROM ledger_duty WHERE county = %s AND {_subjects('subject')}",  # noqa: S608
        county, rows_json([s] for s in subjects),
    )  # fmt: skip
    return [read_duty(row) for row in rows]


def standing_orders(county: int) -> Iterator[tuple[Entry, Effects]]:
    """Yield the county's entries that opened duties over a set and still stand."""
    names = sorted(kind.name for kind in law.current().kinds.values() if kind.sets)
    for name in names:
        rows = query(f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND kind = %s", county, name)  # noqa: S608
        yield from standing(county, [read_entry(row) for row in rows])


def follow_registers(county: int, subjects: set[str], *, names: set[str]) -> None:
    """Make the duties about these subjects what the registers now say: after one is added, moved, merged or split.

    `subjects` are present names as well as names given up; `names` are the sets they may be members of.
    """
    orders = [(entry, opening) for entry, done in standing_orders(county)
              for opening in done.opens if opening.over in names]  # fmt: skip
    order_ids = {entry.id for entry, _ in orders}
    given = rows_json([s] for s in subjects)
    balance = Balance(county)
    direct = {d.opened_by for d in duties_about(county, subjects)} - order_ids
    proved = query(
        f"SELECT DISTINCT entry FROM ledger_evidence WHERE county = %s AND {_subjects('subject')}", county, given
    )  # noqa: S608
    again = direct | {read_id(row[0]) for row in proved}
    if again:
        refold(county, entries_by_id(county, again))
    if orders:
        for row in query(
            f"DELETE FROM ledger_duty WHERE county = %s AND {_subjects('subject')} AND {_ids('opened_by')}"  # noqa: S608
            f" RETURNING {', '.join(DUTY_COLUMNS)}",
            county, given, rows_json([i] for i in order_ids),
        ):  # fmt: skip
            balance.count(read_duty(row), -1)
        members: dict[str, list[Member]] = {n: list(law.current().joined(n, subjects)) for n in names}
        for chunk in chunks(d for e, o in orders for d in expand(e.id, o, members[o.over])):
            open_duties(county, chunk, balance)
    balance.write()


def rebuild(county: int, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Drop every projection of the county and fold its entries again, in bounded memory. The caller holds the county."""
    for table in ("ledger_tally", "ledger_duty", "ledger_evidence"):
        query(f"DELETE FROM {table} WHERE county = %s", county)  # noqa: S608
    position, txid, done = -1, -1, 0
    while rows := query(
        f"SELECT txid, position, {ENTRY_COLUMNS} FROM ledger_entry"  # noqa: S608
        " WHERE county = %s AND (txid, position) > (%s, %s) ORDER BY txid, position LIMIT %s",
        county, txid, position, tables.CHUNK,
    ):  # fmt: skip
        txid, position = rows[-1][:2]
        pairs = resolved(county, standing(county, [read_entry(row[2:]) for row in rows]))
        tables.insert(EVIDENCE, [(county, e.subject, e.duty, e.happened_at, e.entry, e.until, e.waives, e.reported_at)
                                 for entry, done_ in pairs for e in (evidence_of(entry, m) for m in done_.meets)])  # fmt: skip
        for chunk in chunks(_duties_of(pairs)):
            tables.insert(DUTY, [_duty_row(county, d) for d in chunk])
        done += len(rows)
        progress(done)
    _settle_all(county)


def _settle_all(county: int) -> None:
    """Credit every duty from the evidence and count the tallies, in the database."""
    window = ("e.county = d.county AND e.subject = d.subject AND e.duty = d.name AND e.happened_at < d.closes_at"
              " AND e.until >= d.opens_at")  # fmt: skip
    first = (f"(SELECT e.entry FROM ledger_evidence e WHERE {window} AND {{which}}"  # noqa: S608
             " ORDER BY e.happened_at, e.entry LIMIT 1)")  # fmt: skip
    for column, which in (("met_by", "NOT e.waives"), ("waived_by", "e.waives")):
        query(f"UPDATE ledger_duty AS d SET {column} = {first.format(which=which)} WHERE d.county = %s", county)  # noqa: S608
    for sets, key in (
        ("met_at = e.happened_at, met_reported_at = e.reported_at", "met_by"),
        ("waived_at = e.happened_at", "waived_by"),
    ):
        query(
            f"UPDATE ledger_duty AS d SET {sets} FROM ledger_evidence e"  # noqa: S608
            f" WHERE d.county = %s AND e.county = d.county AND e.subject = d.subject AND e.duty = d.name"
            f" AND e.entry = d.{key}",
            county,
        )
    query(
        "INSERT INTO ledger_tally (county, area, name, opens_at, due_at, closes_at, owed, met, late, waived)"
        " SELECT county, area, name, opens_at, due_at, closes_at, count(*),"
        " sum(CASE WHEN met_at <= due_at THEN 1 ELSE 0 END), sum(CASE WHEN met_at > due_at THEN 1 ELSE 0 END),"
        " sum(CASE WHEN met_at IS NULL AND waived_at IS NOT NULL THEN 1 ELSE 0 END)"
        " FROM ledger_duty WHERE county = %s GROUP BY county, area, name, opens_at, due_at, closes_at",
        county,
    )
