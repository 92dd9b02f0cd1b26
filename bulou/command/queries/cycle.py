"""日报告、日研判、日交办: which reports are in, what was decided, who must do what by midnight, what stayed overnight.

Everything is read from entries and duties; nothing is marked by hand. A duty's state is a function of `now`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.command.rules import ASSIGNMENT, ASSIGNMENT_DUTY, DECISION, DONE, REPORT_DUTY, Result, nights
from bulou.core.divisions import county_of
from bulou.core.moments import FAR, at_midnight, day_of
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry, State

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A daily report an area owes, and what became of it. `report` is the entry that met it."""

    area: int
    owed_by: str
    opens_at: datetime
    due_at: datetime
    state: State
    report: UUID | None
    reported_at: datetime | None  # when it reached us
    reported_late: bool  # in time on the spot, but received after it fell due

    @property
    def is_in(self) -> bool:
        return self.report is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """What headquarters decided for an area: on which reports, or on what else."""

    id: UUID
    area: int
    text: str
    reports: tuple[UUID, ...]
    basis_note: str
    document: str
    decided_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who must do what by when, and what became of it.

    `nights` counts the midnights it has been carried over (up to when it was done). `owner` is a role in `area` or an
    account. `last` is the latest that was reported of it: one done partly is still open.
    """

    id: UUID
    area: int
    what: str
    owner: str
    decision: UUID | None
    note: str
    given_at: datetime
    given_by: str
    due_at: datetime
    state: State
    done_at: datetime | None
    nights: int
    last: "Progress | None"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was reported of an assignment."""

    id: UUID
    result: Result
    what_was_done: str
    left_over: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """The day of one area: reports in and missing, decisions, assignments given, done, open and overnight.

    `given` are the assignments of the day; `done` those completed on the day, whenever given; `open` all that are still
    to be done at `now`; `overnight` those of the open ones that were given on an earlier day.
    """

    area: int
    day: date
    reports: tuple[OwedReport, ...]
    decisions: tuple[Decision, ...]
    given: tuple[Assignment, ...]
    done: tuple[Assignment, ...]
    open: tuple[Assignment, ...]

    @property
    def reports_missing(self) -> tuple[OwedReport, ...]:
        return tuple(r for r in self.reports if r.state in (State.OPEN, State.OVERDUE))

    @property
    def overnight(self) -> tuple[Assignment, ...]:
        return tuple(a for a in self.open if a.nights)


def owed_reports(area: int, day: date, *, now: datetime) -> list[OwedReport]:
    """Return every daily report of the day that an area in the subtree owes, by area. One query.

    The report of a day is the one whose duty opens on it, whether it is due at ten in the morning or at 24:00.
    """
    duties = ledger.duties_due(area, name=REPORT_DUTY, since=at_midnight(day), until=at_midnight(day) + 2 * DAY)
    return sorted(
        (
            OwedReport(
                d.area, d.owed_by, d.opens_at, d.due_at, d.state(now), d.met_by, d.met_reported_at, d.reported_late
            )
            for d in duties
            if day_of(d.opens_at) == day
        ),
        key=lambda r: (r.area, r.due_at),
    )


def decisions(area: int, day: date) -> list[Decision]:
    """Return the decisions of the day in the area, as corrected, in the order they were taken."""
    found = ledger.entries_of(area, kinds=[DECISION], since=at_midnight(day), until=at_midnight(day) + DAY)
    return [
        Decision(
            e.id,
            e.area,
            _text(e, "text"),
            tuple(report for row in e.body.get("basis", ()) if (report := _entry_id(row.get("report")))),
            _text(e, "basis_note"),
            _text(e, "document"),
            e.happened_at,
            e.by,
        )
        for e in found
    ]


def _text(entry: Entry, key: str) -> str:
    return str(entry.body.get(key) or "")


def _entry_id(subject: object) -> UUID | None:
    """Return the id in "entry:…"."""
    sort, _, name = str(subject or "").partition(":")
    return UUID(name) if sort == "entry" else None


def _by_county(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    counties: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        counties[county_of(entry.area)].append(entry)
    return counties


def _read(area: int, given: list[Entry], now: datetime) -> list[Assignment]:
    """Return the assignments with their state: one query a county for the duties, one for what was reported done."""
    if not given:
        return []
    duties: dict[UUID, Duty] = {}
    for county, entries in _by_county(given).items():
        about = ledger.duties_about(county, [f"entry:{entry.id}" for entry in entries])
        duties.update((d.opened_by, d) for d in about if d.name == ASSIGNMENT_DUTY)
    last: dict[str, Entry] = {}
    for entry in ledger.entries_of(area, kinds=[DONE], since=given[0].happened_at, until=FAR):
        last[entry.subject] = entry
    return [_assignment(e, duties[e.id], last.get(f"entry:{e.id}"), now) for e in given if e.id in duties]


def _assignment(entry: Entry, duty: Duty, last: Entry | None, now: datetime) -> Assignment:
    return Assignment(
        entry.id,
        duty.area,
        _text(entry, "what"),
        duty.owed_by,
        _entry_id(entry.body.get("decision")),
        _text(entry, "note"),
        entry.happened_at,
        entry.by,
        duty.due_at,
        duty.state(now),
        duty.met_at,
        nights(entry.happened_at, duty.met_at or now),
        _progress(last) if last else None,
    )


def _progress(entry: Entry) -> Progress:
    said = Result(_text(entry, "result") or Result.DONE)
    return Progress(
        entry.id, said, _text(entry, "what_was_done"), _text(entry, "left_over"), entry.happened_at, entry.by
    )


def assignments_given(area: int, *, since: datetime, until: datetime, now: datetime) -> list[Assignment]:
    """Return the assignments given in the area in [since, until), in the order they were given."""
    return _read(area, ledger.entries_of(area, kinds=[ASSIGNMENT], since=since, until=until), now)


def _open(area: int, now: datetime) -> list[Assignment]:
    duties = ledger.missing(area, now=now, names=[ASSIGNMENT_DUTY])
    if not duties:
        return []
    wanted = {duty.opened_by for duty in duties}
    entries = ledger.entries_of(area, kinds=[ASSIGNMENT], since=min(d.opens_at for d in duties), until=now + INSTANT)
    return _read(area, [entry for entry in entries if entry.id in wanted], now)


def cycle(area: int, day: date, *, now: datetime) -> Cycle:
    """Return the day of the area: a fixed number of queries, however many reports and assignments there are.

    Of a day that is over: what was open when it ended, whatever became of it since, and nothing that was given later.
    """
    since, until = at_midnight(day), at_midnight(day) + DAY
    given = assignments_given(area, since=since, until=until, now=now)
    still = _open(area, now)
    if until < now:
        later = _done(area, until, now + INSTANT, now)
        then = {a.id: a for a in (*still, *later) if a.given_at < until and (a.done_at is None or a.done_at >= until)}
        still = [replace(a, nights=nights(a.given_at, until - INSTANT)) for a in then.values()]
    done_today = _done(area, since, until, now)
    return Cycle(
        area,
        day,
        tuple(owed_reports(area, day, now=now)),
        tuple(decisions(area, day)),
        tuple(given),
        tuple(done_today),
        tuple(sorted(still, key=lambda a: (-a.nights, a.due_at))),
    )


def _done(area: int, since: datetime, until: datetime, now: datetime) -> list[Assignment]:
    """Return the assignments reported done in [since, until)."""
    reported = ledger.entries_of(area, kinds=[DONE], since=since, until=until)
    if not reported:
        return []
    duties: list[Duty] = []
    for county, entries in _by_county(reported).items():
        duties += ledger.duties_about(county, {entry.subject for entry in entries})
    met = {entry.id for entry in reported}
    wanted = {d.opened_by for d in duties if d.name == ASSIGNMENT_DUTY and d.met_by in met}
    if not wanted:
        return []
    first = min(d.opens_at for d in duties if d.opened_by in wanted)
    entries = ledger.entries_of(area, kinds=[ASSIGNMENT], since=first, until=until)
    return _read(area, [entry for entry in entries if entry.id in wanted], now)
