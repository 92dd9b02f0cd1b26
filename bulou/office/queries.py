"""What the screens ask of several contexts at once. Never a query a row, never a look at history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulou.areas import queries as areas
from bulou.areas.rules.answering import Responsible
from bulou.core.moments import at_midnight, day_of
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Count
from bulou.ledger.rules import Duty, State
from bulou.office import words

FEW = 5_000  # reports and assignments missing at one moment: a county has hundreds of areas
LOOK_BACK = timedelta(days=3)  # how long what is done and past still counts on a board; its cost grows with it

Place = tuple[int, str]  # leaf area, duty name


@dataclass(frozen=True)
class Board:
    """The duties under an area at a moment, by leaf area and name, and who answers for what is missing."""

    area: int
    now: datetime
    since: datetime
    counts: Sequence[Count]
    owners: Mapping[Place, Responsible | None]  # only for duties owed by a role

    @property
    def unowned(self) -> dict[Place, bool]:
        return {place: owner is None for place, owner in self.owners.items()}


def board(area: int, *, now: datetime, look_back: timedelta = LOOK_BACK) -> Board:
    """Return the board of an area: one query for the counts, one for each role that owes something missing there."""
    since = at_midnight(day_of(now)) - look_back
    counts = ledger.counts(area, now=now, since=since)
    return Board(area, now, since, counts, owners_of(area, counts, now))


def owners_of(area: int, counts: Sequence[Count], now: datetime) -> dict[Place, Responsible | None]:
    """Return who owes the missing duties of each leaf area and name, by name. None: nobody does.

    Where a duty's role differs from one record to another (a report is owed by a village or by a township) the duties
    themselves are asked; they are few. What an account owes is its own, and is left out.
    """
    roles = words.duty_roles()
    wanted: dict[str, set[Place]] = {}
    unsure = {count.name for count in counts if count.missing and count.name not in roles}
    for count in counts:
        owed_by = roles.get(count.name, "")
        if count.missing and owed_by.startswith("role:"):
            wanted.setdefault(owed_by, set()).add((count.area, count.name))
    for duty in ledger.missing(area, now=now, names=unsure, limit=FEW) if unsure else ():
        if duty.owed_by.startswith("role:"):
            wanted.setdefault(duty.owed_by, set()).add((duty.area, duty.name))
    found: dict[Place, Responsible | None] = {}
    for owed_by, places in wanted.items():
        people = areas.owners({area for area, _ in places}, owed_by, on=day_of(now))
        for place in places:
            # Of two roles that owe at one place, one that nobody fills is what must be seen.
            found[place] = people.get(place[0]) if found.get(place, place) is not None else None
    return found


@dataclass
class Owed:
    """What one person, or nobody, still owes: the duties by name and leaf area."""

    owner: Responsible | None
    only: dict[str, list[int]] = field(default_factory=dict)
    open: int = 0
    overdue: int = 0

    @property
    def missing(self) -> int:
        return self.open + self.overdue

    @property
    def key(self) -> str:
        """What names the owner in an address: "none" for nobody."""
        return str(self.owner.id) if self.owner else "none"


def owed_by_person(found: Board) -> list[Owed]:
    """Return what each person owes, nobody first, then whoever has most overdue."""
    grouped: dict[object, Owed] = {}
    for count in found.counts:
        place = (count.area, count.name)
        if not count.missing or place not in found.owners:
            continue
        owner = found.owners[place]
        who = (owner.account or (owner.person, owner.phone)) if owner else None
        owed = grouped.setdefault(who, Owed(owner))
        owed.only.setdefault(count.name, []).append(count.area)
        owed.open += count.open
        owed.overdue += count.overdue
    return sorted(grouped.values(), key=lambda owed: (owed.owner is not None, -owed.overdue, -owed.missing))


@dataclass(frozen=True)
class Filters:
    """Which of the missing are wanted. Empty: all of them. `owner` is a key of `Owed`."""

    duty: str = ""
    state: State | None = None
    owner: str = ""


@dataclass(frozen=True)
class MissingPage:
    duties: Sequence[Duty]
    total: int
    unowned: int  # how many of the total are unowned; they come first


def missing_page(found: Board, wanted: Filters, *, offset: int, limit: int | None) -> MissingPage:
    """Return a page of the missing under the board's area: the unowned on top, then the longest overdue.

    Totals come from the counts; the rows are at most two queries.
    """
    nobody, somebody = _chosen(found, wanted)
    totals = [sum(numbers.values()) for numbers in (nobody, somebody)]
    duties: list[Duty] = []
    left = limit
    for numbers, count in zip((nobody, somebody), totals, strict=True):
        if count > offset and (left is None or left > 0):
            only: dict[str, list[int]] = {}
            for area, name in numbers:
                only.setdefault(name, []).append(area)
            rows = ledger.missing(found.area, now=found.now, only=only, state=wanted.state, limit=left, offset=offset)
            duties += rows
            left = left - len(rows) if left is not None else None
        offset = max(offset - count, 0)
    return MissingPage(duties, sum(totals), totals[0])


def _chosen(found: Board, wanted: Filters) -> tuple[dict[Place, int], dict[Place, int]]:
    """Return how many are wanted of each place: those nobody owes by name, and the others."""
    mine = next((o for o in owed_by_person(found) if o.key == wanted.owner), None) if wanted.owner else None
    nobody: dict[Place, int] = {}
    somebody: dict[Place, int] = {}
    for count in found.counts:
        place = (count.area, count.name)
        number = {State.OPEN: count.open, State.OVERDUE: count.overdue}.get(wanted.state or State.MET, count.missing)
        if not number or (wanted.duty and count.name != wanted.duty):
            continue
        if wanted.owner and (mine is None or count.area not in mine.only.get(count.name, ())):
            continue
        (nobody if found.owners.get(place, place) is None else somebody)[place] = number
    return nobody, somebody
