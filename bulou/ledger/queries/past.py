"""How duties stood at a moment that is over: what has been settled since is taken back from the counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bulou.core.divisions import COUNTY_SCALE
from bulou.core.scope import visible_within
from bulou.ledger import law
from bulou.ledger.actions import tables
from bulou.ledger.actions.tables import read_moment


class Window(NamedTuple):
    """The duties of one name in one leaf area that run at the same time: what one tally counts."""

    area: int
    name: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """How many of a window's duties were met, met late and waived after the moment, and how many of those met had been
    waived before it."""

    met: int
    late: int
    waived: int
    waived_before: int

    @property
    def unmet_then(self) -> int:
        return self.met + self.late + self.waived - self.waived_before


def settled_since(area: int, moment: datetime, *, names: Iterable[str]) -> dict[Window, Settled]:
    """Return what was settled under the area by what counts from after the moment. Costs what was recorded since then.

    A correction that moved a record from before the moment to after it is seen by the correction, which is later still.
    """
    wanted, kinds = sorted(set(names)), sorted(law.current().kinds)
    found: dict[Window, Settled] = {}
    for low, high in visible_within(area) if wanted and kinds else ():
        at, first, last = tables.stamp(moment), low // COUNTY_SCALE, high // COUNTY_SCALE
        # Of one county it is said which: a range of counties would hide the rest of the index from SQLite.
        county, counties = ("county = %s", [first]) if first == last else ("county BETWEEN %s AND %s", [first, last])
        join, by = tables.in_order(), tables.by_index("ledger_evidence_entry")
        rows = tables.query(
            _SETTLED.format(kinds=_marks(kinds), names=_marks(wanted), county=county, join=join, by=by),
            *(at, at, at, *counties, *kinds, at, *counties, at, low, high, *wanted, at, at),
        )
        for leaf, name, opens, due, closes, met, late, waived, before in rows:
            window = Window(leaf, name, read_moment(opens), read_moment(due), read_moment(closes))
            found[window] = Settled(met, late, waived, before)
    return found


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))


# From the records since the moment to what they prove, and on to the duties they settled: four indexes, no history. SQLite
# reads them in this order (CROSS JOIN) because it is told to: without statistics it began with the duties, and a report of a
# past day took 137 s instead of one.
# What was written up after the moment counts from then too, whenever it happened.
_SETTLED = (
    "SELECT area, name, opens_at, due_at, closes_at, sum(met), sum(late), sum(waived), sum(earlier) FROM ("
    "SELECT DISTINCT d.id, d.area, d.name, d.opens_at, d.due_at, d.closes_at,"
    " CASE WHEN d.met_at > %s AND d.met_at <= d.due_at THEN 1 ELSE 0 END AS met,"
    " CASE WHEN d.met_at > %s AND d.met_at > d.due_at THEN 1 ELSE 0 END AS late,"
    " CASE WHEN d.met_at IS NULL THEN 1 ELSE 0 END AS waived,"
    " CASE WHEN d.met_at IS NOT NULL AND d.waived_at <= %s THEN 1 ELSE 0 END AS earlier"
    " FROM (SELECT county, id, amends FROM ledger_entry WHERE {county} AND kind IN ({kinds})"
    " AND happened_at > %s UNION ALL SELECT county, id, amends FROM ledger_entry WHERE {county}"
    " AND happened_at < written_from AND received_at > %s) AS e"
    " {join} ledger_evidence v{by} ON v.county = e.county AND v.entry = coalesce(e.amends, e.id)"
    " {join} ledger_duty d ON d.county = v.county AND d.subject = v.subject AND d.name = v.duty"
    " AND v.entry = coalesce(d.met_by, d.waived_by)"
    " WHERE d.area BETWEEN %s AND %s AND d.name IN ({names}) AND (d.met_at > %s OR d.met_at IS NULL AND d.waived_at > %s)"
    ") AS one GROUP BY area, name, opens_at, due_at, closes_at"
)
