"""Calls for help, the reserve that answers them, and who of it has arrived."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.core.divisions import county_area, county_of
from bulou.core.moments import day_of, parse_moment
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry, State
from bulou.rosters.models import Responder as ResponderRow
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.availability import LOOK_BACK, away, place_of
from bulou.rosters.queries.registers import names
from bulou.rosters.queries.shifts import ARRIVE, duties_of, standing_of
from bulou.rosters.rules.problem import Place
from bulou.rosters.rules.reserve import ANY, Call, Match, Reservist, match


@dataclass(frozen=True, slots=True)
class Offer:
    """A sign-up: who, able to do what, from day to day. `answer`: "", accepted or declined. `duty` is the answer owed."""

    entry: UUID
    responder: UUID
    name: str
    skills: tuple[str, ...]
    first: date
    last: date
    contact: bool
    at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody sent to the post that called."""

    shift: UUID
    responder: UUID
    name: str
    sent_at: datetime
    arrive: Duty | None

    @property
    def arrived_at(self) -> datetime | None:
        return self.arrive.met_at if self.arrive else None

    def state(self, now: datetime) -> State:
        return self.arrive.state(now) if self.arrive else State.WAIVED


@dataclass(frozen=True, slots=True)
class HelpCall:
    """A call for help and what became of it. `dispatch` is the duty to answer it."""

    county: int
    entry: UUID
    post: UUID
    area: int
    at: datetime
    until: datetime
    how_many: int
    skills: tuple[str, ...]
    reasons: tuple[str, ...]
    note: str
    dispatch: Duty | None
    sent: list[Sent]

    @property
    def arrived(self) -> int:
        return sum(1 for one in self.sent if one.arrived_at)


def offers(area: int, *, now: datetime) -> list[Offer]:
    """Return the sign-ups under the area that have not run out, latest first."""
    return _offers(
        ledger.entries_of(area, kinds=["volunteer_signup"], since=now - LOOK_BACK, until=now + timedelta(1)), now
    )


def _offers(entries: list[Entry], now: datetime) -> list[Offer]:
    today = day_of(now)
    kept = [e for e in entries if date.fromisoformat(str(e.body["until"])) >= today]
    answers: dict[str, str] = {}
    called: dict[UUID, str] = {}
    for county in {county_of(e.area) for e in kept}:
        with seeing(EVERYTHING):
            said = ledger.entries_of(
                county_area(county), kinds=["signup_answer"], since=now - LOOK_BACK, until=now + timedelta(days=1)
            )
        answers |= {e.subject: str(e.body["answer"]) for e in said}
        called |= names(county, [_who(e) for e in kept if county_of(e.area) == county])
    return [
        Offer(
            e.id, _who(e), called.get(_who(e), "*"), tuple(e.body["skills"]), date.fromisoformat(str(e.body["from"])),
            date.fromisoformat(str(e.body["until"])), e.body.get("contact") == "yes", e.happened_at,
            answers.get(f"entry:{e.id}", ""),
        )
        for e in reversed(kept)
    ]  # fmt: skip


def _who(entry: Entry) -> UUID:
    return UUID(entry.subject.removeprefix("responder:"))


def calls(area: int, *, now: datetime, since: datetime | None = None) -> list[HelpCall]:
    """Return the calls for help under the area, latest first: of the last weeks, or since a moment."""
    entries = ledger.entries_of(
        area, kinds=["help_request"], since=since or now - LOOK_BACK, until=now + timedelta(days=1)
    )
    return [_call(entry) for entry in reversed(entries)]


def find_call(county: int, entry_id: UUID) -> HelpCall | None:
    """Return the call for help if it may be seen."""
    entry = ledger.find_entry(county, entry_id)
    return _call(entry) if entry is not None and entry.kind == "help_request" else None


def _call(entry: Entry) -> HelpCall:
    county = county_of(entry.area)
    subject = f"entry:{entry.id}"
    dispatch = next((d for d in ledger.duties_about(county, [subject]) if d.name == "reserve.dispatch"), None)
    history = [e for e in ledger.entries_about(county, [subject]) if e.kind == "reserve_dispatch"]
    people = [(e.happened_at, row) for e in reversed(history) for row in e.body.get("people", ())]
    ids = {UUID(row["id"]): (at, UUID(row["responder"].removeprefix("responder:"))) for at, row in people}
    duties, called = duties_of(county, ids), names(county, [who for _, who in ids.values()])
    sent = [Sent(id_, who, called.get(who, "*"), at, duties.get(id_, {}).get(ARRIVE)) for id_, (at, who) in ids.items()]
    body = entry.body
    return HelpCall(
        county, entry.id, UUID(entry.subject.removeprefix("post:")), entry.area, entry.happened_at,
        parse_moment(str(body["until"])), int(body["how_many"]), tuple(body["skills"]), tuple(body["reasons"]),
        str(body.get("note", "")), dispatch, sent,
    )  # fmt: skip


def candidates(
    call: HelpCall, *, now: datetime, rest: timedelta, most_km: float | None = None
) -> list[tuple[Match, str]]:
    """Return who of the reserve may be sent, best first, each with a masked name.

    The reserve is everybody whose sign-up was accepted and has not run out, who had no contact and can serve.
    """
    with seeing(EVERYTHING):
        entries = ledger.entries_of(
            county_area(call.county), kinds=["volunteer_signup"], since=now - LOOK_BACK, until=now + timedelta(days=1)
        )
    able: dict[UUID, frozenset[str]] = {}
    for offer in _offers(entries, now):
        if offer.answer == "accepted" and not offer.contact:
            able[offer.responder] = able.get(offer.responder, frozenset()) | frozenset(offer.skills) - {ANY}
    absent = away(call.county, since=now, until=call.until)
    here = {one.responder for one in call.sent}
    wanted = {who for who in able if who not in absent and who not in here}
    rows = [row for row in ResponderRow.objects.filter(county=call.county, ended_at__isnull=True) if row.id in wanted]
    free, busy, served = _duties(call.county, wanted, now)
    place = place_of(call.county, call.post)
    reserve = [
        Reservist(
            str(row.id), able[row.id] | frozenset(row.skills.split()) | frozenset(row.roles.split()), free.get(row.id),
            busy.get(row.id), _km(row, place), served.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip
    asked = Call(call.how_many, frozenset(call.skills), now, call.until)
    found = match(asked, reserve, rest=rest, most_km=most_km)
    called = names(call.county, [UUID(one.id) for one in found])
    return [(one, called.get(UUID(one.id), "*")) for one in found]


def _duties(
    county: int, wanted: set[UUID], now: datetime
) -> tuple[dict[UUID, datetime], dict[UUID, datetime], dict[UUID, int]]:
    """Return when the last turn ends, when the next begins, and how often each was sent before."""
    rows = [
        row for row in ShiftRow.objects.filter(county=county, ends_at__gt=now - LOOK_BACK) if row.responder in wanted
    ]
    turns = standing_of(county, [row.id for row in rows if not row.relief])
    relief = {id_ for id_, duties in duties_of(county, [r.id for r in rows if r.relief]).items()
              if (arrive := duties.get(ARRIVE)) is not None and arrive.waived_at is None}  # fmt: skip
    free: dict[UUID, datetime] = {}
    busy: dict[UUID, datetime] = {}
    served: dict[UUID, int] = {}
    for row in rows:
        if row.id not in turns and row.id not in relief:
            continue
        served[row.responder] = served.get(row.responder, 0) + row.relief
        if row.starts_at <= now:
            free[row.responder] = max(free.get(row.responder, row.ends_at), row.ends_at)
        else:
            busy[row.responder] = min(busy.get(row.responder, row.starts_at), row.starts_at)
    return free, busy, served


def _km(row: ResponderRow, place: Place | None) -> float | None:
    if place is None or row.latitude is None or row.longitude is None:
        return None
    return Place(row.latitude, row.longitude).km_to(place)
