"""Who was called back, who is there, who is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.core.divisions import county_of
from bulou.core.moments import parse_moment
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry, State
from bulou.rosters.queries.registers import names, units

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Muster:
    """An order to return, with one duty a person (人). `share` is None if nobody was called."""

    county: int
    entry: UUID
    area: int
    title: str
    basis: str
    at: datetime
    deadline: datetime
    duties: list[Duty]

    @property
    def called(self) -> int:
        return len(self.duties)

    @property
    def returned(self) -> int:
        return sum(1 for duty in self.duties if duty.met_at)

    @property
    def excused(self) -> int:
        return sum(1 for duty in self.duties if duty.waived_at and not duty.met_at)

    @property
    def missing(self) -> int:
        return self.called - self.returned - self.excused

    @property
    def share(self) -> float | None:
        return self.returned / self.called if self.duties else None


@dataclass(frozen=True, slots=True)
class Called:
    responder: UUID
    name: str
    unit: str
    state: State
    met_at: datetime | None


def musters(area: int, *, now: datetime) -> list[Muster]:
    """Return the orders to return under the area, latest first."""
    entries = ledger.entries_of(area, kinds=["muster_order"], since=now - LOOK_BACK, until=now + timedelta(days=1))
    return [_muster(entry) for entry in reversed(entries)]


def find_muster(county: int, entry_id: UUID) -> Muster | None:
    entry = ledger.find_entry(county, entry_id)
    return _muster(entry) if entry is not None and entry.kind == "muster_order" else None


def called_back(muster: Muster, *, now: datetime) -> list[Called]:
    """Return everybody called back by name (masked) and unit, the missing first."""
    ids = {duty.id: UUID(duty.subject.removeprefix("responder:")) for duty in muster.duties}
    called, home = names(muster.county, ids.values()), units(muster.county, ids.values())
    rows = [
        Called(ids[d.id], called.get(ids[d.id], "*"), home.get(ids[d.id], ""), d.state(now), d.met_at)
        for d in muster.duties
    ]
    order = [State.OVERDUE, State.OPEN, State.WAITING, State.MET_LATE, State.WAIVED, State.MET]
    return sorted(rows, key=lambda row: (order.index(row.state), row.name))


def _muster(entry: Entry) -> Muster:
    county = county_of(entry.area)
    body = entry.body
    return Muster(
        county, entry.id, entry.area, str(body["title"]), str(body["basis"]), entry.happened_at,
        parse_moment(str(body["deadline"])), ledger.duties_opened_by(county, entry.id),
    )  # fmt: skip
