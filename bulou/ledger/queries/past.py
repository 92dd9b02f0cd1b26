"""How duties stood at a moment that is over: what has been settled since is taken back from the counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bulou import store
from bulou.core.divisions import county_of
from bulou.core.moments import FAR, at_midnight, day_of
from bulou.core.scope import visible_within
from bulou.ledger import law
from bulou.ledger.trust import DRIFT
from bulou.store import read_moment


class Window(NamedTuple):
    """The duties of one name in one leaf area that run at the same time: what one tally counts."""

    area: int
    name: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


class Settled(NamedTuple):
    """How many of a window's duties were met, met late and waived after the moment. `waived` is less than none where
    more of them had been waived before it and were met after all."""

    met: int
    late: int
    waived: int

    @property
    def unmet_then(self) -> int:
        return self.met + self.late + self.waived


def settled_since(
    area: int, moment: datetime, *, names: Iterable[str], opened_by: datetime | None = None
) -> dict[Window, Settled]:
    """Return what was settled under the area by what counts from after the moment: what the days since have settled, and
    the records of the part of a day that lies between the moment and the midnight next to it.

    With `opened_by`, only of duties that had opened by then.
    """
    wanted = sorted(set(names))
    opened = store.stamp(opened_by or FAR)
    midnight, tomorrow = at_midnight(day_of(moment)), at_midnight(day_of(moment) + timedelta(days=1))
    after = moment + timedelta(microseconds=1)
    # Of the day itself either what came after the moment is added, or what came before it left out: whatever is less.
    first, since, until, sign = (
        (tomorrow, after, tomorrow, 1) if tomorrow - moment <= moment - midnight else (midnight, midnight, after, -1)
    )
    found: dict[Window, list[int]] = {}
    for low, high in visible_within(area) if wanted else ():
        place = (county_of(low), county_of(high))
        # Of one county it is said which: a range of counties would hide the rest of the index from SQLite.
        county, counties = ("county = %s", place[:1]) if place[0] == place[1] else ("county BETWEEN %s AND %s", place)
        days = _DAYS.format(names=_marks(wanted), county=county)
        rows = store.query(days, *counties, *wanted, str(day_of(first)), low, high, opened)
        _add(found, rows, 1)
        _add(found, _of_the_day(county, counties, low, high, wanted, opened, since, until), sign)
    return {window: Settled(*numbers) for window, numbers in found.items() if any(numbers)}


def _of_the_day(
    county: str, counties: Sequence[int], low: int, high: int, names: list[str], opened: str, since: datetime,
    until: datetime,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Return what was settled from the one moment (in) to the other (out) on a day, by window."""
    kinds = sorted(law.current().kinds)
    if not kinds:
        return []
    from_, to = store.stamp(since), store.stamp(until)
    statement = _SETTLED.format(
        kinds=_marks(kinds), names=_marks(names), county=county, join=store.in_order(),
        by=store.by_index("ledger_evidence_entry"), amending=store.by_index("ledger_entry_amends"),
        written_up=store.by_index("ledger_entry_written_up"),
    )  # fmt: skip
    spans = [from_, to] * 4
    return store.query(
        statement, *spans, *counties, *kinds, from_, store.stamp(until + DRIFT), *counties, from_, to, *counties, from_,
        low, high, *names, opened, from_, to, from_, to,
    )  # fmt: skip


def _add(found: dict[Window, list[int]], rows: Iterable[tuple[Any, ...]], sign: int) -> None:
    for leaf, name, opens, due, closes, *numbers in rows:
        window = Window(leaf, name, read_moment(opens), read_moment(due), read_moment(closes))
        so_far = found.setdefault(window, [0, 0, 0])
        for column, number in enumerate(numbers):
            so_far[column] += sign * number


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))


_DAYS = (
    "SELECT area, name, opens_at, due_at, closes_at, sum(met), sum(late), sum(waived) FROM ledger_settled"
    " WHERE {county} AND name IN ({names}) AND day >= %s AND area BETWEEN %s AND %s AND opens_at <= %s"
    " GROUP BY area, name, opens_at, due_at, closes_at"
)
# From the records of a part of a day to what they prove, and on to the duties they settled: indexes, no history. SQLite
# reads them in this order (CROSS JOIN) because it is told to: without statistics it began with the duties, and a report of a
# past day took 137 s instead of one. A record counts from when it happened, from when it can have been written if that
# is later, or from when a correction says, which can have come on any day since.
_MET = "(d.met_at >= %s AND d.met_at < %s)"
_WAIVED = "(d.waived_at >= %s AND d.waived_at < %s AND (d.met_at IS NULL OR d.waived_at < d.met_at))"
_SETTLED = (
    "SELECT area, name, opens_at, due_at, closes_at, sum(met), sum(late), sum(waived) FROM ("
    "SELECT DISTINCT d.id, d.area, d.name, d.opens_at, d.due_at, d.closes_at,"
    f" CASE WHEN {_MET} AND d.met_at <= d.due_at THEN 1 ELSE 0 END AS met,"
    f" CASE WHEN {_MET} AND d.met_at > d.due_at THEN 1 ELSE 0 END AS late,"
    f" CASE WHEN {_WAIVED} THEN 1 ELSE 0 END - CASE WHEN {_MET} AND d.waived_at < d.met_at THEN 1 ELSE 0 END AS waived"
    " FROM (SELECT county, id, amends FROM ledger_entry WHERE {county} AND kind IN ({kinds})"
    " AND happened_at >= %s AND happened_at < %s"
    " UNION ALL SELECT county, id, amends FROM ledger_entry{written_up} WHERE {county} AND happened_at < written_from"
    " AND written_from >= %s AND written_from < %s"
    " UNION ALL SELECT county, id, amends FROM ledger_entry{amending} WHERE {county} AND amends IS NOT NULL"
    " AND received_at >= %s) AS e"
    " {join} ledger_evidence v{by} ON v.county = e.county AND v.entry = coalesce(e.amends, e.id)"
    " {join} ledger_duty d ON d.county = v.county AND d.subject = v.subject AND d.name = v.duty"
    " AND v.entry IN (d.met_by, d.waived_by)"
    f" WHERE d.area BETWEEN %s AND %s AND d.name IN ({{names}}) AND d.opens_at <= %s AND ({_MET} OR {_WAIVED})"
    ") AS one GROUP BY area, name, opens_at, due_at, closes_at"
)
