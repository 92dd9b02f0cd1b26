"""Every projection of a county made again from nothing, in bounded memory.

What the entries open and meet is laid down as it comes, then written into the tables in the order of their keys: put at
its place row by row, it would move every page of the indexes in and out of memory again and again.
"""

from collections.abc import Callable

from bulou import store
from bulou.ledger.actions.projection import duties_of, evidence_in, resolved
from bulou.ledger.actions.refolding import standing
from bulou.ledger.actions.rows import ENTRY_COLUMNS, duty_row, evidence_row, read_entry
from bulou.ledger.models import Duty, Evidence, Settled, Tally
from bulou.ledger.tables import DUTY, EVIDENCE, SETTLED
from bulou.store import Table, chunks, query

LAID_EVIDENCE = Table("laid_evidence", EVIDENCE.columns)
BARE = len(DUTY.columns) - 5  # the columns of a duty of which nothing is known yet
LAID_DUTY = Table("laid_duty", dict(list(DUTY.columns.items())[:BARE]))


def rebuild(county: int, *, progress: Callable[[int], None]) -> None:
    """Drop every projection of the county and fold its entries again; `progress` hears how many are done."""
    with store.loading(Evidence, Duty, Tally, Settled):
        for name in ("ledger_settled", "ledger_tally", "ledger_duty", "ledger_evidence"):
            query(f"DELETE FROM {name} WHERE county = %s", county)
        for laid, table in ((LAID_EVIDENCE, EVIDENCE), (LAID_DUTY, DUTY)):
            query(f"CREATE TEMPORARY TABLE {laid.name} AS SELECT {names(laid)} FROM {table.name} WHERE false")
        _lay(county, progress)
        _put_in_order()
        for laid in (LAID_EVIDENCE, LAID_DUTY):
            query(f"DROP TABLE {laid.name}")
        _count(county)


def names(table: Table) -> str:
    return ", ".join(table.columns)


def _lay(county: int, progress: Callable[[int], None]) -> None:
    """Lay down what the entries prove, and the duties they open, bare."""
    done = 0
    for rows in store.scan(f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s ORDER BY id", county):
        pairs = resolved(county, standing(county, [read_entry(row) for row in rows]))
        store.insert(LAID_EVIDENCE, [evidence_row(county, e) for e in evidence_in(pairs)])
        for chunk in chunks(duties_of(pairs)):
            store.insert(LAID_DUTY, [duty_row(county, d)[:BARE] for d in chunk])
        done += len(rows)
        progress(done)


def _put_in_order() -> None:
    """Write the evidence, and each duty with the first evidence that meets it and the first that waives it."""
    query(
        f"INSERT INTO ledger_evidence ({names(EVIDENCE)}) SELECT {names(EVIDENCE)} FROM laid_evidence WHERE true"
        " ORDER BY county, subject, duty, happened_at, entry ON CONFLICT DO NOTHING"
    )
    place = store.row_place()
    first = (
        f"(SELECT e.{place} FROM ledger_evidence e WHERE e.county = d.county AND e.subject = d.subject"
        " AND e.duty = d.name AND e.happened_at < d.closes_at AND e.until >= d.opens_at AND {which}"
        " ORDER BY e.counts_at, e.entry LIMIT 1)"
    )
    query(
        f"INSERT INTO ledger_duty ({names(DUTY)}) SELECT {', '.join(f'd.{name}' for name in LAID_DUTY.columns)},"
        " m.entry, m.counts_at, m.reported_at, w.entry, w.counts_at FROM laid_duty d"
        f" LEFT JOIN ledger_evidence m ON m.{place} = {first.format(which='NOT e.waives')}"
        f" LEFT JOIN ledger_evidence w ON w.{place} = {first.format(which='e.waives')}"
        " WHERE true ORDER BY d.county, d.id ON CONFLICT DO NOTHING"
    )


def _count(county: int) -> None:
    query(
        "INSERT INTO ledger_tally (county, area, name, opens_at, due_at, closes_at, owed, met, late, waived)"
        " SELECT county, area, name, opens_at, due_at, closes_at, count(*),"
        " sum(CASE WHEN met_at <= due_at THEN 1 ELSE 0 END), sum(CASE WHEN met_at > due_at THEN 1 ELSE 0 END),"
        " sum(CASE WHEN met_at IS NULL AND waived_at IS NOT NULL THEN 1 ELSE 0 END)"
        " FROM ledger_duty WHERE county = %s GROUP BY county, area, name, opens_at, due_at, closes_at",
        county,
    )
    query(
        f"INSERT INTO ledger_settled ({names(SETTLED)}) SELECT county, name, day, area, opens_at, due_at, closes_at,"
        " sum(met), sum(late), sum(waived) FROM ("
        f"SELECT county, name, {store.day_in_china('met_at')} AS day, area, opens_at, due_at, closes_at,"
        " CASE WHEN met_at <= due_at THEN 1 ELSE 0 END AS met, CASE WHEN met_at > due_at THEN 1 ELSE 0 END AS late,"
        " CASE WHEN waived_at < met_at THEN -1 ELSE 0 END AS waived"
        " FROM ledger_duty WHERE county = %s AND met_at IS NOT NULL UNION ALL "
        f"SELECT county, name, {store.day_in_china('waived_at')}, area, opens_at, due_at, closes_at, 0, 0, 1"
        " FROM ledger_duty WHERE county = %s AND waived_at IS NOT NULL AND (met_at IS NULL OR waived_at < met_at)"
        ") AS one GROUP BY county, name, day, area, opens_at, due_at, closes_at",
        county,
        county,
    )
