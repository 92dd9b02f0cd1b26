"""Boards: duties counted by state from the tallies, in one statement, never from the duties themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulou import store
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import at_midnight, day_of
from bulou.core.scope import visible_within
from bulou.ledger.queries.past import Settled, Window
from bulou.store import read_moment


@dataclass(frozen=True, slots=True)
class Count:
    """The duties of one name in one area, by state, at the moment asked for."""

    area: int
    name: str
    owed: int  # all of them: the denominator
    waiting: int
    open: int
    overdue: int
    met: int
    met_late: int
    waived: int
    lapsed: int  # never done, and its window has closed: nothing that happens now can meet it
    overnight: int  # of those overdue, how many already were when the day began in China

    @property
    def missing(self) -> int:
        """What `missing()` lists: begun, not done, and still to be done."""
        return self.open + self.overdue


def counts(
    area: int,
    *,
    now: datetime,
    since: datetime,
    until: datetime | None = None,
    names: Iterable[str] | None = None,
    later: Mapping[Window, Settled] | None = None,
) -> list[Count]:
    """Return the counts by leaf area and duty name under `area`: what fell or falls due from `since` on, and every
    unmet duty, however old, whose window is still open. Cost depends on these, not on the days of history.

    With `until`, only what falls due from `since` (in) to `until` (out). `names`: only these duties. Where `now` is over,
    `later` is what has been settled since (`settled_since`), of what fell due from `since` on.
    """
    wanted = None if names is None else sorted(set(names))
    midnight = at_midnight(day_of(now))
    rows: dict[tuple[int, str], list[int]] = {}
    for low, high in _apart(visible_within(area)):
        place, said = _placed(low, high)
        if wanted is not None:
            place, said = f"{place} AND t.name IN ({', '.join(['%s'] * len(wanted)) or 'NULL'})", [*said, *wanted]
        due, moments = "t.due_at >= %s", [store.stamp(since)]
        if until is not None:
            due, moments = f"{due} AND t.due_at < %s", [*moments, store.stamp(until)]
        for leaf, name, *sums in store.query(
            _on("ledger_tally_due_area", _SUMS, f"{place} AND {due}"), *said, *moments
        ):
            rows.setdefault((leaf, name), [0] * 9)[:] = [sums[0], 0, 0, 0, *sums[1:], 0, 0]
        if until is None:
            due, moments = "true", []
        statement = _on("ledger_tally_unmet", _UNMET, f"{place} AND {due}")
        compared = [store.stamp(each) for each in (now, now, midnight, since)]
        _add_states(rows, store.query(statement, *compared, *said, *moments, store.stamp(now)))
    for window, settled in (later or {}).items():
        inside = since <= window.due_at and (until is None or window.due_at < until)
        if inside and (row := rows.get((window.area, window.name))) and (wanted is None or window.name in wanted):
            _take_back(row, window, settled, now, midnight)
    for row in rows.values():
        row[7] = row[0] - sum(row[1:7])
    return [Count(leaf, name, *row) for (leaf, name), row in sorted(rows.items()) if row[0]]


def _take_back(row: list[int], window: Window, settled: Settled, now: datetime, midnight: datetime) -> None:
    """Count what was settled after `now` as it stood then. What had lapsed by then is what is left over of all owed."""
    row[4] -= settled.met
    row[5] -= settled.late
    row[6] -= settled.waived
    if window.opens_at > now:
        row[1] += settled.unmet_then
    elif window.closes_at > now:
        overdue = window.due_at < now
        row[3 if overdue else 2] += settled.unmet_then
        row[8] += settled.unmet_then if overdue and window.due_at <= midnight else 0


def latest_round(
    area: int, *, now: datetime, names: Iterable[str], later: Mapping[Window, Settled] | None = None
) -> list[Count]:
    """Return the counts of the latest round begun in each leaf area, by leaf area and duty name.

    A household swept in two rounds owes two visits, and is one household: whoever counts 户 or 人 asks this. `later`: as
    `counts` takes it.
    """
    wanted = sorted(set(names))
    among = f"t.name IN ({', '.join(['%s'] * len(wanted)) or 'NULL'}) AND t.opens_at <= %s"
    found: list[Sequence[Any]] = []
    for low, high in _apart(visible_within(area)):
        place, said = _placed(low, high)
        found += store.query(_LATEST.format(f"{place} AND {among}"), *said, *wanted, store.stamp(now))
    return _round(found, now, later or {})


def round_counts(area: int, *, now: datetime, names: Iterable[str], opens_at: datetime) -> list[Count]:
    """Return the counts of the round that opened at that moment, by leaf area and duty name."""
    wanted = sorted(set(names))
    among = f"t.name IN ({', '.join(['%s'] * len(wanted)) or 'NULL'}) AND t.opens_at = %s"
    found: list[Sequence[Any]] = []
    for low, high in _apart(visible_within(area)):
        place, said = _placed(low, high)
        found += store.query(_ROUND.format(f"{place} AND {among}"), *said, *wanted, store.stamp(opens_at))
    return _round(found, now, {})


@dataclass(frozen=True, slots=True)
class Round:
    """What one order over everybody opened at a moment: when it first falls due, how many are owed of each name and how
    many of these are missing and can still be done."""

    opens_at: datetime
    due_at: datetime
    owed: Mapping[str, int]
    missing: Mapping[str, int]


def rounds(area: int, *, now: datetime, names: Iterable[str]) -> list[Round]:
    """Return the rounds of these duties that have begun under the area, the latest first."""
    wanted = sorted(set(names))
    among = f"t.name IN ({', '.join(['%s'] * len(wanted)) or 'NULL'}) AND t.opens_at <= %s"
    found: dict[datetime, tuple[list[datetime], dict[str, int], dict[str, int]]] = {}
    for low, high in _apart(visible_within(area)):
        place, said = _placed(low, high)
        for opens, name, due, number, left in store.query(
            _ROUNDS.format(f"{place} AND {among}"), store.stamp(now), *said, *wanted, store.stamp(now)
        ):
            dues, owed, missing = found.setdefault(read_moment(opens), ([], {}, {}))
            dues.append(read_moment(due))  # who joined later has a later deadline of their own
            owed[name], missing[name] = owed.get(name, 0) + number, missing.get(name, 0) + left
    return [
        Round(moment, min(dues), owed, missing)
        for moment, (dues, owed, missing) in sorted(found.items(), reverse=True) if any(owed.values())
    ]  # fmt: skip


def _round(found: Iterable[Sequence[Any]], now: datetime, later: Mapping[Window, Settled]) -> list[Count]:
    rows: dict[tuple[int, str], list[int]] = {}
    midnight = at_midnight(day_of(now))
    for leaf, name, owed, met, late, waived, *moments in found:
        window = Window(leaf, name, *map(read_moment, moments))
        if settled := later.get(window):
            met, late, waived = met - settled.met, late - settled.late, waived - settled.waived
        row, missing = rows.setdefault((leaf, name), [0] * 9), owed - met - late - waived
        overdue = now > window.due_at
        for column, count in ((0, owed), (4, met), (5, late), (6, waived)):
            row[column] += count
        row[7 if window.closes_at <= now else 3 if overdue else 2] += missing
        row[8] += missing if window.closes_at > now and overdue and window.due_at <= midnight else 0
    return [Count(leaf, name, *row) for (leaf, name), row in sorted(rows.items()) if row[0]]


_LATEST = (
    "SELECT t.area, t.name, t.owed, t.met, t.late, t.waived, t.opens_at, t.due_at, t.closes_at FROM ledger_tally t"
    " JOIN (SELECT t.county, t.area, t.name, max(t.opens_at) AS opens_at FROM ledger_tally t"
    " WHERE {0} GROUP BY t.county, t.area, t.name) AS latest ON latest.county = t.county AND latest.area = t.area"
    " AND latest.name = t.name AND latest.opens_at = t.opens_at"
)

_ROUND = (
    "SELECT t.area, t.name, t.owed, t.met, t.late, t.waived, t.opens_at, t.due_at, t.closes_at FROM ledger_tally t"
    " WHERE {0}"
)
_ROUNDS = (
    "SELECT t.opens_at, t.name, min(t.due_at), sum(t.owed),"
    " sum(CASE WHEN t.closes_at > %s THEN t.owed - t.met - t.late - t.waived ELSE 0 END)"
    " FROM ledger_tally t WHERE {0} GROUP BY t.opens_at, t.name"
)

# Everything is summed without a look at its window. What is unmet in a window that has not closed, which has an index
# of its own, is told apart by it; the rest of what is owed has lapsed.
_SUMS = (
    "SELECT t.area, t.name, sum(t.owed), sum(t.met), sum(t.late), sum(t.waived) FROM ledger_tally t{hint}"
    " WHERE {where} GROUP BY t.area, t.name"
)
_UNMET = (
    "SELECT t.area, t.name, t.opens_at > %s, t.due_at < %s, t.due_at <= %s, t.due_at < %s, t.owed, t.met, t.late,"
    " t.waived FROM ledger_tally t{hint} WHERE {where} AND t.owed > t.met + t.late + t.waived AND t.closes_at > %s"
)  # the database compares the moments: to read five thousand of them would take longer than to find them


def _on(index: str, statement: str, where: str) -> str:
    """Return the statement reading this index. SQLite is told: once it has statistics, it guesses that a sorted read of
    the whole history is cheaper (bench.board: 60 ms became 360 at 300 days)."""
    return statement.format(hint=store.by_index(index), where=where)


def _add_states(rows: dict[tuple[int, str], list[int]], unmet: Iterable[Sequence[Any]]) -> None:
    """Add what is unmet to its state, and what fell due before the sums begin to the sums too."""
    for leaf, name, waiting, overdue, overnight, before, owed, met, late, waived in unmet:
        row, missing = rows.setdefault((leaf, name), [0] * 9), owed - met - late - waived
        row[1 if waiting else 3 if overdue else 2] += missing
        row[8] += missing if overdue and overnight and not waiting else 0
        if before:
            for column, count in ((0, owed), (4, met), (5, late), (6, waived)):
                row[column] += count


def _placed(low: int, high: int) -> tuple[str, list[object]]:
    """Return the condition for tallies in a range of areas. The index by county, due time and area is the one wanted:
    the plus hides the area from SQLite, which would otherwise read the whole history of the range."""
    first, last = county_of(low), county_of(high)
    condition = "t.county = %s" if first == last else f"t.county BETWEEN %s AND {last}"
    if (low, high + 1) != (county_area(first), county_area(last + 1)):
        condition += f" AND {'' if store.is_postgres() else '+'}t.area BETWEEN {low} AND {high}"
    return condition, [first]


def _apart(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same areas as ranges that do not overlap: no row is to be counted twice."""
    apart: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if apart and low <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(high, apart[-1][1])
        else:
            apart.append((low, high))
    return apart
