"""The daily report, compiled: what an area's entries and duties come to, each number open to the rows behind it.

A report is a projection of the ledger; what was confirmed, or known when the cut-off had come, is kept beside it as it was
(reports.stated), and the two may differ by what has been recorded since (docs/adr/0008).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID

from bulou.command import queries as command
from bulou.command.queries import Cycle, OwedReport
from bulou.core.moments import at_midnight
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.ledger.actions.rows import Scanned
from bulou.ledger.rules import Entry, State
from bulou.records.counting import Condition, make_counter
from bulou.records.law import BoundKind, get_kind, uses_rules
from bulou.reports.confirmed import Confirmed, confirmed, reports_made
from bulou.reports.rules import (
    Coverage,
    Figure,
    Indicator,
    Plan,
    Tally,
    by_kind,
    child_under,
    read_plan,
)
from bulou.reports.stated import (
    Line,
    OrderCounts,
    Origin,
    ReportCounts,
    Stated,
)

PLAN = Path(__file__).with_name("indicators.toml")
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
WANTING = frozenset({State.OPEN, State.OVERDUE})
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """What a report speaks of: [since, until). It ends at `cut_off`; until that has come, `until` is now."""

    since: datetime
    until: datetime
    cut_off: datetime


@dataclass(frozen=True, slots=True)
class Reporting:
    """The reports of the areas below. `zero` said there was nothing; `after` told of the day only when it was over."""

    owed: tuple[OwedReport, ...]
    zero: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def received(self) -> tuple[OwedReport, ...]:
        return tuple(r for r in self.owed if r.is_in)

    @property
    def missing(self) -> tuple[OwedReport, ...]:
        """Those that should be in and are not, whether they still can be met or not."""
        return tuple(r for r in self.owed if r.state in WANTING)

    @property
    def late(self) -> tuple[OwedReport, ...]:
        """Those made, or only received, after they fell due."""
        return tuple(r for r in self.owed if r.state is State.MET_LATE or r.reported_late)


@dataclass(frozen=True, slots=True)
class Report:
    """The daily report of an area. Numbers and duties are those of the window's end; reports and assignments are as of
    `now`."""

    area: int
    day: date
    window: Window
    now: datetime
    figures: tuple[Figure, ...]
    coverage: tuple[Coverage, ...]
    reporting: Reporting
    cycle: Cycle
    below: tuple[Line, ...]
    confirmed: tuple[Confirmed, ...]

    def stated(self) -> Stated:
        """Return the report in numbers, as everything is known now."""
        return Stated(
            self.area, self.day, self.window.until, self.window.cut_off, self.now, Origin.NOW, self.figures, self.coverage,
            _report_counts(self.area, self.reporting), _order_counts(self.cycle), self.below,
        )  # fmt: skip

    def figure(self, name: str) -> Figure:
        """Return the figure of an indicator. Raise LookupError if there is none."""
        for figure in self.figures:
            if figure.indicator.name == name:
                return figure
        raise LookupError(f"the report has no indicator {name!r}")

    def duty(self, name: str) -> Coverage:
        """Return the state of a duty. Raise LookupError if the report does not state it."""
        for each in self.coverage:
            if each.duty.name == name:
                return each
        raise LookupError(f"the report does not state the duty {name!r}")


@dataclass(frozen=True, slots=True)
class Row:
    """A record behind a number, and whom it counted. Names are the office's to look up and to mask."""

    entry: UUID
    kind: str
    subject: str
    whom: str
    area: int
    happened_at: datetime
    by: str


def _report_counts(area: int, reporting: Reporting) -> ReportCounts:
    below = [r for r in reporting.owed if r.area != area]
    return ReportCounts(
        len(below), sum(1 for r in below if r.is_in), sum(1 for one in reporting.zero if one != area),
        sum(1 for r in reporting.late if r.area != area), sum(1 for r in reporting.missing if r.area != area),
    )  # fmt: skip


def _order_counts(cycle: Cycle) -> OrderCounts:
    return OrderCounts(len(cycle.given), len(cycle.done), len(cycle.open), len(cycle.overnight))


@cache
def plan() -> Plan:
    """Return what reports state: the indicators and duties that ship with the product."""
    return read_plan(PLAN.read_text(encoding="utf-8"))


def window_of(area: int, day: date, *, now: datetime) -> Window:
    """Return the window of the area's report: from the cut-off of the day before to that of the day.

    The cut-off is when the report the area owes falls due; without one, the last of the reports owed below it; without
    any, 24:00.
    """
    return window_at(area, day, command.owed_reports(area, day, now=now), now)


def window_at(area: int, day: date, owed: Iterable[OwedReport], now: datetime) -> Window:
    reports = list(owed)
    dues = [r.due_at for r in reports if r.area == area] or [r.due_at for r in reports]
    cut_off = max(dues, default=at_midnight(day) + DAY)
    return Window(cut_off - DAY, max(cut_off - DAY, min(cut_off, now)), cut_off)


Counter = Callable[[Entry], list[tuple[int, str]]]


@cache
def compiled(kind: BoundKind, rules: str, conditions: tuple[Condition, ...]) -> Counter:
    """Return what counts entries of the kind under the rule set of that name."""
    speaks_of_rules = uses_rules(kind.kind) or any(condition.rules() for condition in conditions)
    return make_counter(kind.kind, kind.ruleset_of(rules) if speaks_of_rules else None, conditions)


def _counter(kind: str, rules: str, conditions: tuple[Condition, ...]) -> Counter:
    return compiled(get_kind(kind), rules, conditions)


def _began(area: int, day: date) -> datetime:
    incident = command.find_incident(area, day)
    return at_midnight(incident.opened_on) if incident else EVER


def _tallies(area: int, window: Window, indicators: Iterable[Indicator], began: datetime) -> tuple[Tally, Tally]:
    """Return the tally of the window and that of the history, reading every record once.

    Two queries for records (of the window, and of the rare kinds since the incident began) with their corrections.
    """
    wanted = list(indicators)
    past = [i for i in wanted if i.history]
    kinds = by_kind(wanted)
    counters: dict[tuple[str, str], Counter] = {}
    rare = {source.kind for i in past for source in i.sources}
    today, since_ever = Tally(wanted), Tally(past)
    spans = ((rare, min(began, window.since)), (set(kinds) - rare, window.since))
    for span, since in spans:
        for entry in ledger.scan(area, kinds=span, since=since, until=window.until) if span else ():
            names, conditions = kinds[entry.kind]
            counter = counters.get((entry.kind, entry.rules))
            if counter is None:
                counter = counters[entry.kind, entry.rules] = _counter(entry.kind, entry.rules, conditions)
            counted = counter(cast(Entry, entry))
            if isinstance(entry, Scanned):
                entry.body = {}  # tens of thousands of records stay behind their numbers: without what they said
            if entry.kind not in rare:
                today.add(entry, counted, names)
                continue
            happened_at = entry.happened_at
            if happened_at >= window.since:
                today.add(entry, counted, names)
            if happened_at >= began:
                since_ever.add(entry, counted, names)
    _settle_names(since_ever, today)
    return today, since_ever


def _settle_names(history: Tally, *others: Tally) -> None:
    """Count a person that several lists had found, and that has been made one since, once."""
    for county, persons in history.persons().items():
        places = law.current().places(county, persons)
        present = {whom: place.subject for whom, place in places.items() if place.subject != whom}
        if present:
            for tally in (history, *others):
                tally.rename(present)


def compile_report(area: int, day: date, *, now: datetime, until: datetime | None = None) -> Report:
    """Return the report of the area for the day as it stands at `now`; with `until`, of what happened before that.

    Costs a fixed number of queries: it grows with the day's records and the areas below, not with the days of history.
    """
    cycle = command.cycle(area, day, now=now)
    window = window_at(area, day, cycle.reports, now)
    if until is not None:
        window = replace(window, until=min(window.until, until))
    began = _began(area, day)
    indicators = plan().indicators
    today, history = _tallies(area, window, indicators, began)
    under = child_under(area)
    coverage, below = _coverage(area, window, began, now, under)
    made = confirmed(area, day)
    total = {each.duty.name: each for each in coverage}

    def figure(indicator: Indicator) -> Figure:
        so_far = history.value(indicator.name) if indicator.history else None
        if indicator.total_duty:
            so_far = total[indicator.total_duty].done
        return Figure(indicator, today.value(indicator.name), so_far)

    values: dict[int, dict[str, int]] = defaultdict(dict)
    for indicator in indicators:
        for child, value in today.by_area(indicator.name, under).items():
            values[child][indicator.name] = value
    return Report(
        area,
        day,
        window,
        now,
        tuple(figure(indicator) for indicator in indicators),
        coverage,
        _reporting(area, day, cycle.reports),
        cycle,
        tuple(Line(child, values.get(child, {}), below.get(child, ())) for child in sorted({*values, *below})),
        tuple(made),
    )


def _coverage(
    area: int, window: Window, began: datetime, now: datetime, under: Callable[[int], int]
) -> tuple[tuple[Coverage, ...], dict[int, tuple[Coverage, ...]]]:
    """Return the state of each duty at the end of the window, for the area and for the areas below: a query or two for
    each way of counting, and where that is over one for what has been settled since."""
    duties = plan().duties
    latest = [d.name for d in duties if d.latest]
    daily = [d.name for d in duties if d.daily]
    standing = [d.name for d in duties if not d.latest and not d.daily]
    then, later = window.until, None
    if then < now:
        # Of what runs for a day or in rounds nothing counts that was asked only since; of the rest it is told apart below.
        later = ledger.settled_since(area, then, names=[*latest, *daily], opened_by=window.cut_off)
        later |= ledger.settled_since(area, then, names=standing)
    found = ledger.latest_round(area, now=then, names=latest, later=later)
    for one in ledger.counts(area, now=then, since=began, names=standing, later=later):
        found.append(replace(one, owed=one.owed - one.waiting, waiting=0))  # what was asked only since is not of then
    # What falls due at the very cut-off belongs to the day that ends with it.
    since, until = window.since + INSTANT, window.cut_off + INSTANT
    found += ledger.counts(area, now=then, since=since, until=until, names=daily, later=later)
    whole = {d.name: Coverage(d) for d in duties}
    parts: dict[int, dict[str, Coverage]] = defaultdict(lambda: {d.name: Coverage(d) for d in duties})
    for each in found:
        whole[each.name] = _plus(whole[each.name], each)
        part = parts[under(each.area)]
        part[each.name] = _plus(part[each.name], each)
    return tuple(whole.values()), {child: tuple(part.values()) for child, part in parts.items()}


def _plus(so_far: Coverage, more: ledger.Count) -> Coverage:
    return replace(
        so_far,
        owed=so_far.owed + more.owed,
        waiting=so_far.waiting + more.waiting,
        open=so_far.open + more.open,
        overdue=so_far.overdue + more.overdue,
        met=so_far.met + more.met,
        met_late=so_far.met_late + more.met_late,
        waived=so_far.waived + more.waived,
        lapsed=so_far.lapsed + more.lapsed,
    )


def rows_behind(area: int, day: date, indicator: str, *, now: datetime, total: bool = False) -> list[Row]:
    """Return the records behind a number, in the order they happened: as many as the number says.

    With `total`, those behind the number since the incident began. Raise LookupError if there is no such indicator, or
    it keeps no such total (one made of a duty opens to the list of that duty).
    """
    wanted = plan().get(indicator)
    if total and not wanted.history:
        raise LookupError(f"indicator {indicator!r} keeps no total of records")
    window = window_of(area, day, now=now)
    today, history = _tallies(area, window, [wanted], _began(area, day))
    behind = (history if total else today).behind(indicator)
    return [Row(e.id, e.kind, e.subject, whom, e.area, e.happened_at, e.by) for e, whom in behind]


def missing_reports(area: int, day: date, *, now: datetime) -> list[OwedReport]:
    """Return the reports that areas in the subtree owe for the day and have not made, by area."""
    owed = command.owed_reports(area, day, now=now)
    return [report for report in owed if report.state in WANTING]


def reporting(area: int, day: date, *, now: datetime) -> Reporting:
    """Return which reports of the day are in, missing, late and zero, in the whole subtree. A few queries."""
    return _reporting(area, day, tuple(command.owed_reports(area, day, now=now)))


def _reporting(area: int, day: date, owed: tuple[OwedReport, ...]) -> Reporting:
    made = reports_made(area, day) if owed else []
    met = {report.report for report in owed}
    in_time = {report.area for report in owed if report.is_in}
    return Reporting(
        owed,
        tuple(sorted({e.area for e in made if e.id in met and e.body.get("zero") == "yes"})),
        tuple(sorted({e.area for e in made} - in_time)),
    )
