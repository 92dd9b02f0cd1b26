"""Which days are over: of every kind and table, by the rule set in force and by the closes two people gave their word to.

And what a close would come to, before anything is destroyed: how much, of what, and when (docs/adr/0022).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.command import queries as command
from bulou.command.queries import Ending
from bulou.core.divisions import county_area, last_of
from bulou.core.keeping import AT_ONCE, END, After
from bulou.core.moments import at_midnight
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Sheet, count_due
from bulou.office.declared import sheets
from bulou.office.keeping import DAYS_OF_PASSES
from bulou.records.fields import Field
from bulou.records.keeping import Limit, limit_of
from bulou.records.kinds import BoundKind
from bulou.records.law import known_kinds
from bulou.records.rulebook import rules_in_force
from bulou.records.uploaded.kinds import OwnKind

CORRECTION = "correction"
UNREADABLE = "unreadable"  # what is in the tray, and no kind can be told of
RULES = {"entry": DAYS_OF_PASSES, "incident": END}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Watched:
    """A kind that says something of people: for how long, and what each of its versions asks."""

    name: str
    limit: Limit
    bound: BoundKind | None

    def fields(self, version: int) -> Sequence[Field]:
        if isinstance(self.bound, OwnKind):
            return self.bound.at(version).fields
        return self.bound.kind.fields if self.bound else ()

    def owed(self, at: datetime) -> tuple[datetime, datetime]:
        """Return when a duty falls due for which an entry is kept beyond its days: from now on, and no clock that was
        ahead by more than these days keeps it longer."""
        return at, at + timedelta(days=self.limit.days)

    @property
    def typed(self) -> bool:
        """Tell whether nobody has looked at every question of it: then nothing stays that somebody can have typed."""
        return isinstance(self.bound, OwnKind)


@dataclass(frozen=True, slots=True)
class Clock:
    """What is due of one sort: what began no later than `before`, in `span` if it counts from a close there."""

    before: datetime
    basis: str
    span: Span | None = None


def within(area: int, span: Span | None) -> bool:
    """Tell whether the area lies in the span, or there is none."""
    return span is None or span[0] <= area <= span[1]


def kinds_watched() -> dict[str, Watched]:
    """Return the kinds that say something of people; of a county's own, the fewest days any version promised."""
    found = {UNREADABLE: Watched(UNREADABLE, Limit(3650, "incident"), None)}
    for bound in known_kinds().values():
        if isinstance(bound, OwnKind):
            said = [limit for each in bound.versions() if (limit := limit_of(each.fields))]
            days = min((limit.days for limit in said), default=3650)
            found[bound.name] = Watched(bound.name, Limit(days, "incident"), bound)
        elif limit := limit_of(bound.kind.fields):
            found[bound.name] = Watched(bound.name, limit, bound)
    return found


def clocks(county: int, event: str, most: int, closed: Sequence[Ending], at: datetime) -> Iterator[Clock]:
    """Yield what is due of answers whose days count from the event: `most` days, or fewer if the rule set says so."""
    rules = rules_in_force(county, at)
    days = min(most, int(str(rules.get(RULES[event]))))
    yield from _ticking(f"{rules.name} {RULES[event]} {days}", event, days, closed, at)


def clocks_of(sheet: Sheet, after: After, county: int, closed: Sequence[Ending], at: datetime) -> Iterator[Clock]:
    """Yield what is due of columns of a table; a row whose own area is not known only by a whole county's close."""
    if after.rule == AT_ONCE:
        yield Clock(at, "")
        return
    rules = rules_in_force(county, at)
    days = int(str(rules.get(after.rule)))
    for clock in _ticking(f"{rules.name} {after.rule} {days}", after.event, days, closed, at):
        if clock.span is None or after.area or _whole(clock.span, county):
            yield clock


def _ticking(basis: str, event: str, days: int, closed: Sequence[Ending], at: datetime) -> Iterator[Clock]:
    before = at - timedelta(days=days)
    if event != "incident":
        yield Clock(before, basis)
        return
    for ending in closed:
        if ending.approved and ending.since <= before:
            yield from (Clock(before, basis, span) for span in ending.spans)


def _whole(span: Span, county: int) -> bool:
    return span[0] <= county_area(county) and last_of(county_area(county)) <= span[1]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will be destroyed of a kind, or of columns of a table, and when its days are over.

    `due`: when the days of the close are over; None where they are counted from each row's own event. `count`: of what
    counts from the close, all there is; else what is due already. `waits`: two people's word has not been given yet.
    """

    name: str
    columns: tuple[str, ...]
    event: str
    days: int
    basis: str
    count: int
    due: datetime | None
    waits: bool


def forecast(county: int, *, now: datetime, close: tuple[UUID, date] | None = None) -> list[Forecast]:
    """Return what would be destroyed in the county as things stand now; with `close`, as if the incident were closed, its
    last day being that one. Nothing is changed. Not limited by scope: numbers of a whole county."""
    closed = command.endings(county, now=now)
    if close is not None:
        closed = [*_as_if(county, *close, now), *(one for one in closed if one.incident != close[0])]
    found = []
    for name, kind in sorted(kinds_watched().items()):
        rules = rules_in_force(county, now)
        days = min(kind.limit.days, int(str(rules.get(RULES[kind.limit.starts]))))
        basis = f"{rules.name} {RULES[kind.limit.starts]} {days}"
        if kind.limit.starts == "entry":
            before = now - timedelta(days=days)
            count = ledger.fading_count(county, kind=name, before=before, owed=kind.owed(now))
            found.append(Forecast(name, (), "entry", days, basis, count, None, False))
        for one in closed if kind.limit.starts == "incident" else ():
            count = sum(ledger.fading_count(county, kind=name, before=now, within=span) for span in one.spans)
            due = one.since + timedelta(days=days)
            found.append(Forecast(name, (), "incident", days, basis, count, due, not one.approved))
    for sheet in sheets():
        found += _of_table(sheet, county, closed, now)
    return [one for one in found if one.count]


def _of_table(sheet: Sheet, county: int, closed: Sequence[Ending], now: datetime) -> Iterator[Forecast]:
    if not sheet.place:
        return
    rules, columns = rules_in_force(county, now), tuple(sheet.about.columns)
    for after in sheet.about.after:
        days = int(str(rules.get(after.rule))) if after.rule != AT_ONCE else 0
        basis = f"{rules.name} {after.rule} {days}" if after.rule != AT_ONCE else ""
        if after.event != "incident":
            count = count_due(sheet, after, county=county, before=now - timedelta(days=days))
            yield Forecast(sheet.name, columns, after.event, days, basis, count, None, False)
            continue
        for one in closed:
            spans = [span for span in one.spans if after.area or _whole(span, county)]
            count = sum(count_due(sheet, after, county=county, before=now, span=span) for span in spans)
            due = one.since + timedelta(days=days)
            yield Forecast(sheet.name, columns, "incident", days, basis, count, due, not one.approved)


def _as_if(county: int, incident: UUID, last_day: date, now: datetime) -> list[Ending]:
    """Return the close that has not been: where no other incident is open."""
    root = county_area(county)
    one = next((each for each in command.incidents(root) if each.id == incident), None)
    area = one.area if one else root
    others = [each.area for each in command.incidents(root) if each.id != incident and each.closed_on is None]
    inside = (max(area, root), min(last_of(area), last_of(root)))
    spans = tuple(command.without(inside, [(each, last_of(each)) for each in others]))
    since = at_midnight(last_day + timedelta(days=1))
    return [Ending(county, incident, one.name if one else "", area, last_day, since, spans, ())]
