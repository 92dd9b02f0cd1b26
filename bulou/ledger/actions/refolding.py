"""Projections made again: after a correction, or after the registers changed."""

from collections.abc import Iterator, Sequence

from bulou.ledger import law
from bulou.ledger.actions.projection import (
    Balance,
    bare,
    credit_stored,
    delete_duties,
    open_duties,
    project,
    rewrite,
)
from bulou.ledger.actions.rows import (
    DUTY_COLUMNS,
    ENTRY_COLUMNS,
    corrections_of,
    duties_about,
    entries_by_id,
    id_in,
    read_duty,
    read_entry,
    subject_in,
    what_they_did,
)
from bulou.ledger.rules import Effects, Entry, Member, effective, effects_of, expand, last_word
from bulou.store import chunks, query, read_id, rows_json


def standing(county: int, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Effects]]:
    """Yield the entries as corrected, with what they do; where answers were erased, with what they did."""
    corrections = corrections_of(county, [entry.id for entry in entries])
    erased = what_they_did(county, [e.id for some in (entries, *corrections.values()) for e in some])
    for original in entries:
        own = corrections.get(original.id, ())
        entry = effective(original, own)
        if entry is not None:
            # What stands by a correction was done by the entry it corrects; by itself a correction does nothing.
            did = None if original.amends else erased.get(last_word(original, own).id)
            yield entry, did or effects_of(entry, law.current())


def refold(county: int, entries: Sequence[Entry]) -> None:
    """Take back what the entries did and do it again as they now stand: after a correction or a merge."""
    ids = rows_json([entry.id] for entry in entries)
    balance = Balance(county)
    delete_duties(county, id_in("opened_by"), ids, balance)
    keys = query(f"DELETE FROM ledger_evidence WHERE county = %s AND {id_in('entry')} RETURNING subject", county, ids)
    touched = {entry.id for entry in entries}
    duties = [
        d for d in duties_about(county, {row[0] for row in keys}) if d.met_by in touched or d.waived_by in touched
    ]
    for chunk in chunks(duties):
        credited = {d.id: d for d in credit_stored(county, [bare(d) for d in chunk])}
        rewrite(county, [(d, credited[d.id]) for d in chunk], balance)
    balance.write()
    project(county, standing(county, entries))


def standing_orders(county: int) -> Iterator[tuple[Entry, Effects]]:
    """Yield the county's entries that opened duties over a set and still stand."""
    names = sorted(kind.name for kind in law.current().kinds.values() if kind.sets)
    for name in names:
        rows = query(f"SELECT {ENTRY_COLUMNS} FROM ledger_entry WHERE county = %s AND kind = %s", county, name)
        yield from standing(county, [read_entry(row) for row in rows])


def follow_registers(county: int, subjects: set[str], *, names: set[str]) -> None:
    """Make the duties about these subjects what the registers now say: after one is added, moved, merged or split.

    `subjects` are present names as well as names given up; `names` are the sets they may be members of.
    """
    orders = [
        (entry, opening) for entry, done in standing_orders(county) for opening in done.opens if opening.over in names
    ]
    order_ids = {entry.id for entry, _ in orders}
    given = rows_json([s] for s in subjects)
    balance = Balance(county)
    direct = {d.opened_by for d in duties_about(county, subjects)} - order_ids
    proved = query(
        f"SELECT DISTINCT entry FROM ledger_evidence WHERE county = %s AND {subject_in('subject')}", county, given
    )
    again = direct | {read_id(row[0]) for row in proved}
    if again:
        refold(county, entries_by_id(county, again))
    if orders:
        for row in query(
            f"DELETE FROM ledger_duty WHERE county = %s AND {subject_in('subject')} AND {id_in('opened_by')}"
            f" RETURNING {', '.join(DUTY_COLUMNS)}",
            county,
            given,
            rows_json([i] for i in order_ids),
        ):
            balance.count(read_duty(row), -1)
        members: dict[str, list[Member]] = {n: list(law.current().joined(n, subjects)) for n in names}
        for chunk in chunks(d for e, o in orders for d in expand(e.id, o, members[o.over])):
            open_duties(county, chunk, balance)
    balance.write()
