"""Turns as planned and as they went: the register of shifts beside the duties about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.core.moments import day_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, State
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.registers import names, within
from bulou.rosters.rules.standing import Turn, days_in_row

STAND, TAKE, GIVE, ARRIVE = "shift.stand", "handover.take", "handover.give", "reserve.arrive"
LONGEST = timedelta(hours=24)
CHUNK = 5_000  # they travel as one parameter


@dataclass(frozen=True, slots=True)
class Shift:
    """A turn. `state` is that of its duty; `gone`: let go before anybody came, so that somebody else must stand it."""

    county: int
    id: UUID
    area: int
    post: UUID
    responder: UUID
    name: str
    role: str
    lead: bool
    relief: bool
    starts_at: datetime
    ends_at: datetime
    replaces: UUID | None
    stand: Duty | None
    take: Duty | None
    give: Duty | None

    @property
    def subject(self) -> str:
        return f"shift:{self.id}"

    @property
    def came_at(self) -> datetime | None:
        return self.stand.met_at if self.stand else None

    @property
    def gone(self) -> bool:
        return self.stand is not None and self.stand.waived_at is not None and self.stand.met_at is None

    @property
    def left_at(self) -> datetime | None:
        """When somebody who had come was let go before the end: fell ill, was relieved. None if they stand it through."""
        if self.stand is None or self.stand.met_at is None or self.stand.waived_at is None:
            return None
        left = max(self.stand.waived_at, self.stand.met_at)
        return left if left < self.ends_at else None

    def state(self, now: datetime) -> State:
        return self.stand.state(now) if self.stand else State.WAIVED


def shifts(
    area: int, *, since: datetime, until: datetime, posts: Iterable[UUID] | None = None, responder: UUID | None = None
) -> list[Shift]:
    """Return the turns of posts under the area that share any time with [since, until), in order of time.

    Those of a roster that was withdrawn are left out: nobody owes them. `responder`: only theirs.
    """
    rows = ShiftRow.objects.filter(within(area), starts_at__lt=until, ends_at__gt=since, relief=False)
    rows = rows.filter(starts_at__gte=since - LONGEST)
    if posts is not None:
        rows = rows.filter(post__in=list(posts))
    if responder is not None:
        rows = rows.filter(responder=responder)
    return _joined(list(rows.order_by("starts_at", "post", "-lead", "role", "id")))


def own_shifts(county: int, responder: UUID, *, since: datetime, until: datetime) -> list[Shift]:
    """Return the turns of one responder. The caller answers for asking about nobody else: one's own are always seen."""
    rows = ShiftRow.objects.filter(county=county, responder=responder, starts_at__lt=until, ends_at__gt=since)
    with seeing(EVERYTHING):  # a turn may be at a post far from home
        return _joined(list(rows.order_by("starts_at", "id")))


def find_shift(area: int, shift: UUID) -> Shift | None:
    """Return the turn if its post lies under the area."""
    return next(iter(_joined(list(ShiftRow.objects.filter(within(area), id=shift)))), None)


def duties_of(county: int, ids: Iterable[UUID]) -> dict[UUID, dict[str, Duty]]:
    """Return the duties about these turns, by name. Those the bound scope hides are left out."""
    found: dict[UUID, dict[str, Duty]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        subjects = [f"shift:{id_}" for id_ in wanted[start : start + CHUNK]]
        for duty in ledger.duties_about(county, subjects):
            found.setdefault(UUID(duty.subject.removeprefix("shift:")), {})[duty.name] = duty
    return found


def standing_of(county: int, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the turns that still stand: owed, and not let go. For actions: whoever publishes must know."""
    with seeing(EVERYTHING):
        found = duties_of(county, ids)
    return {
        id_
        for id_, duties in found.items()
        if (stand := duties.get(STAND)) is not None and (stand.waived_at is None or stand.met_at is not None)
    }


def _joined(rows: list[ShiftRow]) -> list[Shift]:
    by_county: dict[int, list[ShiftRow]] = {}
    for row in rows:
        by_county.setdefault(row.county, []).append(row)
    duties: dict[UUID, dict[str, Duty]] = {}
    called: dict[UUID, str] = {}
    for county, its in by_county.items():
        duties |= duties_of(county, [row.id for row in its])
        called |= names(county, {row.responder for row in its})
    found = []
    for row in rows:
        its_own = duties.get(row.id, {})
        stand = its_own.get(ARRIVE) if row.relief else its_own.get(STAND)
        if stand is None:
            continue
        found.append(
            Shift(
                row.county, row.id, row.area, row.post, row.responder, called.get(row.responder, "*"), row.role,
                row.lead, row.relief, row.starts_at, row.ends_at, row.replaces, stand, its_own.get(TAKE),
                its_own.get(GIVE),
            )
        )  # fmt: skip
    return found


def turns_as_went(found: Iterable[Shift]) -> list[Turn]:
    """Return how the turns went: who came, and when the hand-over of those who end together was signed."""
    listed = list(found)
    gave: dict[tuple[UUID, datetime], datetime] = {}
    for shift in listed:
        if shift.give and shift.give.met_at:
            key = shift.post, shift.ends_at
            gave[key] = min(gave.get(key, shift.give.met_at), shift.give.met_at)
    turns = []
    for shift in listed:
        ends = [gave.get((shift.post, shift.ends_at))]
        ends.append(shift.left_at)
        went = min((end for end in ends if end is not None), default=None)
        turns.append(Turn(shift.starts_at, shift.ends_at, shift.came_at, went))
    return turns


def signed_by_one(county: int, found: Iterable[Shift]) -> set[UUID]:
    """Return the turns of hand-overs that one account signed for both sides: nobody has seen the other one there."""
    listed = [shift for shift in found if shift.take or shift.give]
    sides: dict[tuple[UUID, datetime], dict[str, tuple[str, UUID]]] = {}
    by_id = {shift.id: shift for shift in listed}
    for entry in ledger.entries_about(county, [shift.subject for shift in listed], limit=None) if listed else ():
        shift = by_id.get(UUID(entry.subject.partition(":")[2])) if entry.kind == "shift_handover" else None
        if shift is None:
            continue
        side = str(entry.body.get("side"))
        duty = shift.give if side == "give" else shift.take
        if duty is not None and duty.met_by == entry.id:  # the signature that counts
            moment = shift.ends_at if side == "give" else shift.starts_at
            sides.setdefault((shift.post, moment), {})[side] = (entry.by, shift.id)
    both = [signed for signed in sides.values() if len(signed) == 2 and signed["give"][0] == signed["take"][0]]
    return {id_ for signed in both for _by, id_ in signed.values()}


BACK = timedelta(days=60)  # as far as days in a row are looked for at first; twice as far while somebody's begin there


def days_on_duty(county: int, responders: Iterable[UUID], *, on: datetime, back: timedelta = BACK) -> dict[UUID, int]:
    """Return for each responder how many days in a row, up to the day of `on`, they have stood or are down to stand."""
    wanted, first = set(responders), day_of(on - back)
    rows = ShiftRow.objects.filter(county=county, starts_at__gte=on - back, starts_at__lte=on, relief=False)
    found = [(row.id, row.responder, row.starts_at) for row in rows if row.responder in wanted]
    standing = standing_of(county, [id_ for id_, _, _ in found])
    served: dict[UUID, set[date]] = {}
    for id_, responder, starts in found:
        if id_ in standing:
            served.setdefault(responder, set()).add(day_of(starts))
    days = {responder: days_in_row(served.get(responder, set()), day_of(on)) for responder in wanted}
    longer = {one for one, n in days.items() if day_of(on) - timedelta(days=n + 1) <= first}
    return days | (days_on_duty(county, longer, on=on, back=2 * back) if longer else {})
