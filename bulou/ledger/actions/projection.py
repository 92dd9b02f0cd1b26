"""Duties, evidence and tallies kept batch by batch, in the transaction that writes the entries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from bulou import store
from bulou.core.moments import day_of
from bulou.ledger import law
from bulou.ledger.actions.rows import DUTY_COLUMNS, duty_row, evidence_row, read_duty
from bulou.ledger.rules import Duty, Effects, Entry, Evidence, Place, credit, evidence_of, expand, resolve, subjects_of
from bulou.ledger.tables import DUTY, EVIDENCE, SETTLED, TALLY
from bulou.store import Table, beside, chunks, query, read_id, read_moment, rows_json, unpack


class Balance:
    """What a batch changes in the tallies, and in what each day has settled of them; written at its end in a statement
    each, in key order so that none deadlock."""

    def __init__(self, county: int) -> None:
        self.county = county
        self.tallies: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])  # owed, met, late, waived
        self.settled: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])  # met, late, waived

    def count(self, duty: Duty, sign: int) -> None:
        met_at, waived_at = duty.met_at, duty.waived_at
        window = duty.opens_at, duty.due_at, duty.closes_at
        tally = self.tallies[duty.area, duty.name, *window]
        tally[0] += sign
        if met_at is not None:
            column = 0 if met_at <= duty.due_at else 1
            tally[column + 1] += sign
            self.settled[duty.name, _day_of(met_at), duty.area, *window][column] += sign
        elif waived_at is not None:
            tally[3] += sign
        if waived_at is not None and (met_at is None or waived_at < met_at):
            self.settled[duty.name, _day_of(waived_at), duty.area, *window][2] += sign
            if met_at is not None:  # waived until it was done after all
                self.settled[duty.name, _day_of(met_at), duty.area, *window][2] -= sign

    def write(self) -> None:
        self._add(TALLY, self.tallies, 4)
        self._add(SETTLED, self.settled, 3)

    def _add(self, table: Table, changes: Mapping[tuple[Any, ...], list[int]], counts: int) -> None:
        if rows := [(*key, *row) for key, row in sorted(changes.items()) if any(row)]:
            query(_adding(table, counts), rows_json([(self.county, *row) for row in rows], table.columns))


_day_of = lru_cache(maxsize=1 << 12)(day_of)  # a batch is of a few moments


def _adding(table: Table, counts: int) -> str:
    columns = list(table.columns)
    sets = ", ".join(f"{c} = {table.name}.{c} + excluded.{c}" for c in columns[-counts:])
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join('x.' + c for c in columns)}"
        f" FROM {unpack(table.columns)} WHERE true ORDER BY x.n"
        f" ON CONFLICT ({', '.join(columns[:-counts])}) DO UPDATE SET {sets}"
    )


def resolved(
    county: int, pairs: Iterable[tuple[Entry, Effects]], known: Mapping[str, Place] = MappingProxyType({})
) -> list[tuple[Entry, Effects]]:
    """Return the effects under their subjects' present names and areas: one look-up a batch of those not yet known."""
    pairs = list(pairs)
    places, wanted = known, {s for _, done in pairs for s in subjects_of(done)}
    if not wanted <= known.keys():
        places = {**known, **law.current().places(county, wanted - known.keys())}
    return [(entry, resolve(done, places)) for entry, done in pairs]


def duties_of(pairs: Iterable[tuple[Entry, Effects]]) -> Iterator[Duty]:
    members = law.current().members
    for entry, done in pairs:
        for opening in done.opens:
            yield from expand(entry.id, opening, members(opening.over, opening.area) if opening.over else ())


def project(
    county: int, pairs: Iterable[tuple[Entry, Effects]], known: Mapping[str, Place] = MappingProxyType({})
) -> None:
    """Write what these entries open and meet, and settle every duty they touch. `known`: places already looked up."""
    pairs = resolved(county, pairs, known)
    balance = Balance(county)
    evidence = keep_evidence(county, pairs)
    for chunk in chunks(duties_of(pairs)):
        open_duties(county, chunk, balance)
    _settle_touched(county, evidence, balance)
    balance.write()


def keep_evidence(county: int, pairs: Iterable[tuple[Entry, Effects]]) -> list[Evidence]:
    evidence = evidence_in(pairs)
    store.insert(EVIDENCE, [evidence_row(county, e) for e in evidence])
    return evidence


def evidence_in(pairs: Iterable[tuple[Entry, Effects]]) -> list[Evidence]:
    book = law.current()
    return [each for entry, done in pairs for each in evidence_of(entry, done, book)]


def open_duties(county: int, duties: Sequence[Duty], balance: Balance) -> None:
    """Write those of the duties that are not there yet, credited with the evidence already held."""
    credited = credit_stored(county, duties)
    written = store.insert(DUTY, [duty_row(county, d) for d in credited], returning="id")
    new = {read_id(row[0]) for row in written}
    for duty in credited:
        if duty.id in new:
            balance.count(duty, +1)


def credit_stored(county: int, duties: Sequence[Duty]) -> list[Duty]:
    """Return each duty with what the stored evidence says of it; `duties` come bare."""
    found = {duty.id: duty for duty in duties}
    keys = {"n0": "int", "subject": "text", "name": "text", "opens": "timestamptz", "closes": "timestamptz"}
    order = list(found.values())
    rows = query(
        "SELECT x.n0, t.happened_at, t.until, t.entry, t.waives, t.reported_at, t.counts_at "
        + beside(
            keys,
            "ledger_evidence",
            "t.county = %s AND t.subject = x.subject AND t.duty = x.name AND t.happened_at < x.closes"
            " AND t.until >= x.opens",
        ),
        rows_json([(i, d.subject, d.name, d.opens_at, d.closes_at) for i, d in enumerate(order)], keys),
        county,
    )
    for i, happened, until, entry, waives, reported, counts in rows:
        duty = found[order[i].id]
        found[duty.id] = credit(
            duty,
            Evidence(
                duty.name,
                duty.subject,
                read_moment(happened),
                read_moment(until),
                read_id(entry),
                bool(waives),
                read_moment(reported),
                read_moment(counts),
            ),
        )
    return list(found.values())


def _settle_touched(county: int, evidence: Sequence[Evidence], balance: Balance) -> None:
    """Credit the duties already there with new evidence."""
    before: dict[UUID, Duty] = {}
    after: dict[UUID, Duty] = {}
    keys = {"n0": "int", "subject": "text", "duty": "text", "happened_at": "timestamptz", "until": "timestamptz"}
    picks = ", ".join(f"t.{name}" for name in DUTY_COLUMNS)
    fits = (
        "t.county = %s AND t.subject = x.subject AND t.name = x.duty AND t.opens_at <= x.until"
        " AND t.closes_at > x.happened_at"
    )
    for chunk in chunks(evidence):
        rows = query(
            f"SELECT x.n0, {picks} {beside(keys, 'ledger_duty', fits)}",
            rows_json([(i, e.subject, e.duty, e.happened_at, e.until) for i, e in enumerate(chunk)], keys),
            county,
        )
        for i, *row in rows:
            duty = read_duty(row)
            before.setdefault(duty.id, duty)
            after[duty.id] = credit(after.get(duty.id, duty), chunk[i])
    rewrite(county, [(before[id_], duty) for id_, duty in after.items() if duty is not before[id_]], balance)


def rewrite(county: int, changes: Sequence[tuple[Duty, Duty]], balance: Balance) -> None:
    """Write duties already there as they now are.

    An upsert and not UPDATE … FROM: SQLite drives the latter from the table instead of from the batch.
    """
    if not changes:
        return
    columns = list(DUTY.columns)
    query(
        f"INSERT INTO ledger_duty ({', '.join(columns)}) SELECT {', '.join('x.' + c for c in columns)}"
        f" FROM {unpack(DUTY.columns)} WHERE true ORDER BY x.n"
        f" ON CONFLICT (county, id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in columns[-5:])}",
        rows_json([duty_row(county, new) for _, new in changes], DUTY.columns),
    )
    for old, new in changes:
        balance.count(old, -1)
        balance.count(new, +1)


def bare(duty: Duty) -> Duty:
    return replace(duty, met_by=None, met_at=None, met_reported_at=None, waived_by=None, waived_at=None)


def delete_duties(county: int, where: str, ids: str, balance: Balance) -> None:
    for row in query(
        f"DELETE FROM ledger_duty WHERE county = %s AND {where} RETURNING {', '.join(DUTY_COLUMNS)}",
        county,
        ids,
    ):
        balance.count(read_duty(row), -1)
