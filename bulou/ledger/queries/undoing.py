"""What an entry has done so far, counted by duty: what goes when it is withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from bulou import store


@dataclass(frozen=True, slots=True)
class Done:
    """How many duties of a name an entry opened, for how many subjects, and how many of those are settled already; how
    many it met or let go, of which `subjects` counts whom they are about."""

    duty: str
    opened: int = 0
    met: int = 0
    waived: int = 0
    settles: int = 0
    subjects: int = 0


def done_by(county: int, entry: UUID) -> list[Done]:
    """Return what the entry has done, by duty: first what it opened, then what it settled. Two statements.

    Of an entry the caller has already been allowed to read: it may reach further than they see.
    """
    key = str(entry) if store.is_postgres() else entry.hex
    opened = store.query(
        "SELECT name, count(*), sum(CASE WHEN met_by IS NULL THEN 0 ELSE 1 END),"
        " sum(CASE WHEN met_by IS NULL AND waived_by IS NOT NULL THEN 1 ELSE 0 END), count(DISTINCT subject)"
        " FROM ledger_duty WHERE county = %s AND opened_by = %s GROUP BY name ORDER BY name",
        county, key,
    )  # fmt: skip
    settled = store.query(
        "SELECT d.name, count(*), count(DISTINCT d.subject)"
        f" FROM ledger_evidence e{store.by_index('ledger_evidence_entry')} {store.in_order()} ledger_duty d"
        " ON d.county = e.county AND d.subject = e.subject AND d.name = e.duty"
        " WHERE e.county = %s AND e.entry = %s AND (d.met_by = e.entry OR (d.met_by IS NULL AND d.waived_by = e.entry))"
        " GROUP BY d.name ORDER BY d.name",
        county, key,
    )  # fmt: skip
    return [Done(name, n, int(met), int(waived), subjects=about) for name, n, met, waived, about in opened] + [
        Done(name, settles=n, subjects=about) for name, n, about in settled
    ]
