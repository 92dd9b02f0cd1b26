"""What the screens ask of several contexts at once. Never a query a row, never a look at history, never a total of a
list that was cut."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bulou.areas import queries as areas
from bulou.areas.rules.answering import Responsible
from bulou.core.moments import at_midnight, day_of
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Count, Round
from bulou.ledger.rules import Duty, State
from bulou.office import words

LOOK_BACK = timedelta(days=3)  # how long what is done and past still counts on a board; its cost grows with it
OVERNIGHT = "overnight"  # of what is overdue, what already was when the day began

Place = tuple[int, str]  # leaf area, duty name


@dataclass(frozen=True, slots=True)
class Owing:
    """What is missing of one duty in one leaf area, owed by one role, account or responder. `owed_by` is "" where every
    duty of the name is owed by the same role. `owner`: who answers for it by name."""

    area: int
    name: str
    owed_by: str
    open: int
    overdue: int
    overnight: int
    owner: Responsible | None = None
    unowned: bool = False

    @property
    def missing(self) -> int:
        return self.open + self.overdue

    def in_state(self, state: str) -> int:
        """Return how many are in the state: open, overdue, overnight, or missing at all if it is ""."""
        return {State.OPEN: self.open, State.OVERDUE: self.overdue, OVERNIGHT: self.overnight}.get(state, self.missing)


@dataclass(frozen=True)
class Board:
    """The duties under an area at a moment, by leaf area and name, and who answers for what is missing.

    `opens_at`: only those of the round that opened then.
    """

    area: int
    now: datetime
    since: datetime
    counts: Sequence[Count]
    opens_at: datetime | None = None

    @cached_property
    def owing(self) -> Sequence[Owing]:
        """Who owes what is missing; asked for when it is first wanted."""
        return _owing(self.area, self.counts, self.now, self.opens_at)

    @cached_property
    def unowned(self) -> dict[Place, int]:
        """How many are missing of each leaf area and name that nobody answers for."""
        found: dict[Place, int] = {}
        for one in self.owing:
            if one.unowned:
                found[one.area, one.name] = found.get((one.area, one.name), 0) + one.missing
        return found

    @cached_property
    def _owners(self) -> dict[tuple[int, str, str], Responsible | None]:
        return {(one.area, one.name, one.owed_by): one.owner for one in self.owing}

    def owner_of(self, duty: Duty) -> Responsible | None:
        """Return who answers for a missing duty by name; None if nobody does, or if it names an account itself."""
        named = self._owners.get((duty.area, duty.name, duty.owed_by))
        return named or self._owners.get((duty.area, duty.name, ""))


def board(area: int, *, now: datetime, look_back: timedelta = LOOK_BACK, without: Collection[str] = ()) -> Board:
    """Return the board of an area: the counts, who owes what is missing, and who that is by name. A fixed number of
    queries. `without`: duties that are shown elsewhere."""
    since = at_midnight(day_of(now)) - look_back
    counts = [count for count in ledger.counts(area, now=now, since=since) if count.name not in without]
    return Board(area, now, since, counts)


def sweep_board(area: int, *, now: datetime, opens_at: datetime) -> Board:
    """Return the board of one round of a sweep: the households and persons that owe what opened at the moment."""
    counts = ledger.round_counts(area, now=now, names=words.swept(), opens_at=opens_at)
    return Board(area, now, opens_at, counts, opens_at)


def board_for(area: int, wanted: "Filters", *, now: datetime) -> Board:
    """Return the board the filters are about: that of the sweep they name, or that of everything."""
    one = find_sweep(sweeps(area, now=now), wanted.sweep)
    return sweep_board(area, now=now, opens_at=one.opens_at) if one else board(area, now=now)


def sweep_key(one: Round | Board | None) -> str:
    """Return what names a sweep in an address: the moment it opened; "" for none."""
    return one.opens_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f") if one and one.opens_at else ""


def find_sweep(rounds: Sequence[Round], key: str) -> Round | None:
    return next((one for one in rounds if sweep_key(one) == key), None)


def sweeps(area: int, *, now: datetime) -> list[Round]:
    """Return the rounds of sweeps that have begun under the area, the latest first."""
    return ledger.rounds(area, now=now, names=words.swept())


def _owing(area: int, counts: Sequence[Count], now: datetime, opens_at: datetime | None) -> list[Owing]:
    """Return who owes the missing duties of each leaf area and name.

    Where all duties of a name are owed by one role the counts say it; where the role differs from one record to another
    (a report is owed by a village or by a township) the duties are counted by who owes them.
    """
    roles = words.duty_roles()
    missing = [count for count in counts if count.missing]
    found = [
        (roles[c.name], Owing(c.area, c.name, "", c.open, c.overdue, c.overnight)) for c in missing if c.name in roles
    ]
    unsure = {count.name for count in missing} - roles.keys()
    for one in ledger.owing(area, now=now, names=unsure, opens_at=opens_at) if unsure else ():
        found.append((one.owed_by, Owing(one.area, one.name, one.owed_by, one.open, one.overdue, one.overnight)))
    wanted: dict[str, set[int]] = {}
    for owed_by, each in found:
        if owed_by.startswith("role:"):
            wanted.setdefault(owed_by, set()).add(each.area)
    people = {owed_by: areas.owners(places, owed_by, on=day_of(now)) for owed_by, places in wanted.items()}
    return [_answered(each, owed_by, people.get(owed_by)) for owed_by, each in found]


def _answered(one: Owing, owed_by: str, people: Mapping[int, Responsible | None] | None) -> Owing:
    if people is None:
        return one  # an account or a responder: it names who owes it
    owner = people.get(one.area)
    return Owing(one.area, one.name, one.owed_by, one.open, one.overdue, one.overnight, owner, owner is None)


@dataclass
class Owed:
    """What one person, or nobody, still owes by role."""

    owner: Responsible | None
    owing: list[Owing] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(one.open for one in self.owing)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.owing)

    @property
    def missing(self) -> int:
        return self.open + self.overdue

    @property
    def key(self) -> str:
        """What names the owner in an address: "none" for nobody."""
        return str(self.owner.id) if self.owner else "none"


def owed_by_person(found: Board) -> list[Owed]:
    """Return what each person owes, nobody first, then whoever has most overdue. What an account owes is its own, and is
    left out."""
    grouped: dict[object, Owed] = {}
    for one in found.owing:
        if one.owner is None and not one.unowned:
            continue
        who = (one.owner.account or (one.owner.person, one.owner.phone)) if one.owner else None
        grouped.setdefault(who, Owed(one.owner)).owing.append(one)
    return sorted(grouped.values(), key=lambda owed: (owed.owner is not None, -owed.overdue, -owed.missing))


@dataclass(frozen=True)
class Filters:
    """Which of the missing are wanted. Empty: all of them. `state`: open, overdue or overnight. `owner` is a key of `Owed`.
    `sweep`: which one (`sweep_key`)."""

    duty: str = ""
    state: str = ""
    owner: str = ""
    sweep: str = ""


@dataclass(frozen=True)
class MissingPage:
    duties: Sequence[Duty]
    total: int
    unowned: int  # how many of the total are unowned; they come first


def missing_page(found: Board, wanted: Filters, *, offset: int, limit: int | None) -> MissingPage:
    """Return a page of the missing under the board's area: the unowned on top, then the longest overdue.

    Totals come from the counts; the rows are at most two queries.
    """
    chosen = list(_chosen(found, wanted))
    parts = [[one for one in chosen if one.unowned], [one for one in chosen if not one.unowned]]
    totals = [sum(one.in_state(wanted.state) for one in part) for part in parts]
    duties: list[Duty] = []
    left = limit
    for part, count in zip(parts, totals, strict=True):
        if count > offset and (left is None or left > 0):
            only: dict[tuple[str, str], list[int]] = {}
            for one in part:
                only.setdefault((one.name, one.owed_by), []).append(one.area)
            rows = ledger.missing(
                found.area, now=found.now, only=only, state=State(wanted.state) if wanted.state in _STATES else None,
                due_by=at_midnight(day_of(found.now)) if wanted.state == OVERNIGHT else None, opens_at=found.opens_at,
                limit=left, offset=offset,
            )  # fmt: skip
            duties += rows
            left = left - len(rows) if left is not None else None
        offset = max(offset - count, 0)
    return MissingPage(duties, sum(totals), totals[0])


_STATES = {State.OPEN, State.OVERDUE}


def _chosen(found: Board, wanted: Filters) -> Iterable[Owing]:
    """Yield what is wanted, by place and who owes it."""
    mine = next((o for o in owed_by_person(found) if o.key == wanted.owner), None) if wanted.owner else None
    for one in mine.owing if mine else () if wanted.owner else found.owing:
        if one.in_state(wanted.state) and (not wanted.duty or one.name == wanted.duty):
            yield one
