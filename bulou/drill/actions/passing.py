"""The days at the posts: what passes, who is expected where, what goes wrong on purpose, and who is told of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.areas import queries as areas
from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.rules.cards import card_number, device_mark, post_code
from bulou.core.divisions import VILLAGE, ancestors_of, area_at, code_of, county_of, depth_of, number_of
from bulou.core.moments import at_clock, at_midnight, day_of
from bulou.drill.actions.attendance import Empty, stand
from bulou.drill.actions.manning import Manned, pattern_of
from bulou.drill.actions.outbox import Outbox, tick
from bulou.drill.rules import traffic
from bulou.drill.rules.blueprints import Blueprint
from bulou.drill.rules.people import make_name
from bulou.drill.rules.traffic import Storm, Vehicle
from bulou.ledger.rules import Entry
from bulou.people import queries as people
from bulou.people.rules.columns import Field
from bulou.rosters import actions as rosters
from bulou.rosters import queries
from bulou.rosters.queries import Post, Shift

Act = Callable[[datetime], None]
DAY = timedelta(days=1)
HOME = 0.06  # the share of the vehicles let in whose people live here and are handed to their village
KNOWN = 0.5  # the share of those who are in the register already
HELD = 0.004  # the share that waits and is measured again
CLINIC = "县人民医院发热门诊"
REST = timedelta(hours=12)
LOST = 6  # hours without a signal


@dataclass
class Hidden:
    """What went wrong on purpose at the posts. Nobody is told before the system has said it."""

    vehicles: int = 0  # of the whole period, as drawn: what any count must come back to
    people: int = 0
    vehicles_back: int = 0
    people_back: int = 0
    storm: Storm | None = None
    silent: tuple[UUID, datetime, datetime] | None = None  # the post without a signal, from when to when
    silent_entries: int = 0
    empty: Empty | None = None
    unrested: tuple[UUID, datetime] | None = None  # who stood two turns without rest, and when the second began
    liars: list[str] = field(default_factory=list)  # hand-offs of people who never arrived


class Barriers:
    """The posts of a county, day by day."""

    def __init__(self, blueprint: Blueprint, manned: Manned, outbox: Outbox, *, last: date, seed: int) -> None:
        assert blueprint.posts is not None
        self.blueprint, self.plan, self.manned, self.outbox = blueprint, blueprint.posts, manned, outbox
        self.chance, self.last = Random(seed + 3), last
        self.county, self.first = number_of(blueprint.county), blueprint.first_day
        self.days = (last - self.first).days + 1
        self.table = checkpoints.table_in_force(county_of(self.county), self.first, manned.ruleset)
        self.by_village = _registered(self.county)
        self.villages = [village.number for village in areas.at_level(self.county, VILLAGE)]
        self.known = KNOWN
        if blueprint.groups:  # whoever comes home is known there: a sweep of every door has found them
            self.villages = [number for number in self.villages if self.by_village.get(number)] or self.villages
            self.known = 1.0
        self.numbers: dict[str, int] = defaultdict(int)  # by device
        self.cards: dict[tuple[UUID, date], int] = defaultdict(int)
        self.hidden = Hidden()
        self.coming = self._lay()
        self._plan_trouble()

    def _lay(self) -> dict[date, list[Vehicle]]:
        middle = self.first + DAY * (self.days // 2)
        storm = Storm(at_clock(middle, "10:00"), at_clock(middle, "12:00"))
        stated = self.plan.traffic
        vehicles, people, back, people_back = (
            traffic.drawn(each, self.days, self.chance)
            for each in (stated.vehicles, stated.people, stated.vehicles_back, stated.people_back)
        )
        self.hidden = Hidden(vehicles, people, back, people_back, storm)
        found: dict[date, list[Vehicle]] = defaultdict(list)
        for vehicle in traffic.lay_traffic(
            self.chance, first=self.first, days=self.days, posts=len(self.manned.posts), vehicles=vehicles, people=people,
            back=back, people_back=people_back, storm=storm,
        ):  # fmt: skip
            found[day_of(vehicle.at)].append(vehicle)
        return found

    def _plan_trouble(self) -> None:
        """Choose the day and the posts of what goes wrong: all of it before the last day, if there is another."""
        ids = [post.id for post in self.manned.posts]
        day = self.first + DAY * min(max(0, self.days - 2), self.days // 3)
        start = at_clock(day, "09:00")
        waiting = [one.post for one in self.coming[day] if start <= one.at < start + timedelta(hours=LOST)]
        quiet = ids[max(range(len(ids)), key=waiting.count)]  # the busiest, so that something is late
        bare = self.chance.choice([id_ for id_ in ids if id_ != quiet] or ids)
        self.hidden.silent = quiet, start, start + timedelta(hours=LOST)
        change = at_clock(day, pattern_of(self.manned.ruleset)[1].partition("-")[0])
        left = change - timedelta(seconds=self.chance.randrange(200, 500))
        self.hidden.empty = Empty(bare, left, change + timedelta(seconds=self.chance.randrange(300, 600)))
        self.tired = self.chance.choice([id_ for id_ in ids if id_ not in (quiet, bare)] or ids), day

    # -- a day

    def write(self, day: date) -> None:
        """Put what is written at the posts on the day, and at home about those who passed, on its way."""
        storm: dict[int, list[Vehicle]] = defaultdict(list)
        entries: list[Entry] = []
        for vehicle in self.coming.get(day, ()):
            if vehicle.storm and not vehicle.back:
                storm[vehicle.post].append(vehicle)
            else:
                entries += self._passes(vehicle)
        for which, vehicles in storm.items():
            entries += self._tallies(self.manned.posts[which], vehicles)
        turns = self._turns(day)
        entries += stand(self.chance, self.outbox, turns, empty=self.hidden.empty)
        self._through(entries, turns)

    def agenda(self, day: date) -> Iterator[tuple[datetime, Act]]:
        """Yield what headquarters does about the roster on the day: fills a turn with somebody who has just stood one."""
        post, when = self.tired
        if when == day:
            yield at_clock(day, "13:00"), lambda at: self._fill(post, day, at)
        if day == self.last and self.plan.days_ahead:
            yield at_clock(day, "14:20"), self._call_sick

    def _call_sick(self, at: datetime) -> None:
        """Let somebody fall ill before tonight's turn, and nobody be found yet: a gap ahead."""
        post = self.manned.posts[-1].id
        tonight = queries.shifts(
            self.county, since=at + timedelta(hours=9), until=at + timedelta(hours=10), posts=[post]
        )
        if turn := next((turn for turn in tonight if not turn.take and turn.starts_at > at), None):
            rosters.report_absence(
                turn.county, turn.id, reason="ill", by="drill:headquarters", at=at, note="发热,已到发热门诊"
            )

    def _turns(self, day: date) -> list[Shift]:
        """Return the turns that begin on the day, but for the one let go; on the first, also of the night before it."""
        since = at_midnight(day) - (timedelta(hours=2) if day == self.first else timedelta())
        turns = [turn for turn in queries.shifts(self.county, since=since, until=at_midnight(day) + DAY,
                                                 posts=[post.id for post in self.manned.posts])
                 if turn.starts_at >= since]  # fmt: skip
        if self.tired[1] == day:
            self._sick(turns)
            turns = [turn for turn in turns if turn.id != self.sick.id]
        if self.plan.days_ahead:
            turns = [turn for turn in turns if not self._is_on_the_way(turn)]
        return turns

    def _is_on_the_way(self, turn: Shift) -> bool:
        """Tell whether the turn begins as the clock stops and its one has not come yet: somebody to wait for."""
        return turn.starts_at == self.outbox.until and not turn.take and turn.post == self.manned.posts[0].id

    def _sick(self, turns: list[Shift]) -> None:
        """Choose whose turn is let go, and who has stood right before it and must stand on: once, not twice without rest."""
        here = [turn for turn in turns if turn.post == self.tired[0]]
        starts = sorted({turn.starts_at for turn in here})
        early, late = ([t for t in here if t.starts_at == start and not t.take and not t.give] for start in starts[:2])
        self.sick = late[0]
        end = self.sick.ends_at
        soon = queries.shifts(self.county, since=end, until=end + REST, posts=[self.tired[0]])
        busy = {turn.responder for turn in soon if turn.starts_at >= end}
        self.standing_on = next((turn for turn in early if turn.responder not in busy), early[0])

    def _fill(self, post: UUID, day: date, at: datetime) -> None:
        county = county_of(self.county)
        rosters.report_absence(county, self.sick.id, reason="ill", by="drill:headquarters", at=at)
        turn = rosters.give_turn(county, self.sick.id, self.standing_on.responder, reason="absence",
                                 by="drill:headquarters", at=at + timedelta(minutes=10))  # fmt: skip
        self.hidden.unrested = self.standing_on.responder, self.sick.starts_at
        found = queries.find_shift(self.county, turn)
        assert found is not None
        self._through(stand(self.chance, self.outbox, [found]), [found])

    # -- what is written

    def _passes(self, vehicle: Vehicle) -> list[Entry]:
        """Return the pass of a vehicle, and whatever else is written of it: measured again, referred."""
        post, chance = self.manned.posts[vehicle.post], self.chance
        if vehicle.back:
            return [self._pass(post, vehicle.at, traffic.sent_back(chance, vehicle, self.table))]
        liar = self._is_liar(vehicle)
        late = self.blueprint.followed_up is not None and self._is_late(vehicle)
        if liar or late or (chance.random() < HOME and vehicle.people <= traffic.SEATS):
            return [self._home(post, vehicle, liar=liar, late=late)]
        body = traffic.let_pass(chance, vehicle, self.table)
        if chance.random() >= HELD:
            return [self._pass(post, vehicle.at, body)]
        return self._held(post, vehicle, body)

    def _is_liar(self, vehicle: Vehicle) -> bool:
        """Tell whether this is the first family car of the third morning hour: it will never come where it says."""
        wanted = 2 if len(self.manned.posts) > 3 else 1
        day = self.first + DAY * max(0, self.days - 2)
        return (len(self.hidden.liars) < wanted and day_of(vehicle.at) == day and vehicle.at >= at_clock(day, "08:00")
                and vehicle.people <= traffic.SEATS)  # fmt: skip

    def _is_late(self, vehicle: Vehicle) -> bool:
        """Tell whether the vehicle passes so shortly before the clock stops that nobody has answered yet."""
        return vehicle.people <= traffic.SEATS and timedelta() < self.outbox.until - vehicle.at < timedelta(minutes=70)

    def _home(self, post: Post, vehicle: Vehicle, *, liar: bool, late: bool) -> Entry:
        village = self.chance.choice(self.villages)
        if late and self.blueprint.followed_up:
            followed = number_of(self.blueprint.followed_up.area)
            village = next(n for n in [followed, *reversed(ancestors_of(followed))] if depth_of(n) == VILLAGE)
        who = self._people(village, vehicle.people, post, vehicle.at)
        minutes = 90 if late else self.chance.randrange(15, 90)
        body = traffic.come_home(
            self.chance, vehicle, self.table, destination=code_of(village), minutes=minutes, known=who, outbreak=liar,
            address=f"{self.chance.randrange(1, 9)}组{self.chance.randrange(1, 60)}号",
        )  # fmt: skip
        entry = self._pass(post, vehicle.at, body)
        for row in range(1, vehicle.people + 1):
            subject = f"arrival:{code_of(village)}.{entry.id}.{row}"
            if liar:
                self.hidden.liars.append(subject)
            self._answered(subject, village, vehicle.at, minutes, liar=liar)
        return entry

    def _people(self, village: int, count: int, post: Post, at: datetime) -> list[dict[str, str]]:
        """Return who sits in it: some the register knows, some it does not."""
        found = []
        known = self.by_village.get(village, [])
        for _ in range(count):
            if known and self.chance.random() < self.known:
                name, phone, number = self.chance.choice(known)
                row = {"name": name, "phone": phone, "id_number": number}
            else:
                row = {"name": make_name(self.chance), "phone": f"139{self.chance.randrange(10**8):08d}"}
            self.cards[post.id, day_of(at)] += 1
            card = card_number(post_code=post_code(str(post.id)), day=day_of(at), mark=device_mark(f"desk-{post.id}"),
                               number=self.cards[post.id, day_of(at)])  # fmt: skip
            found.append({key: value for key, value in row.items() if value} | {"card": card})
        return found

    def _answered(self, subject: str, village: int, at: datetime, minutes: int, *, liar: bool) -> None:
        """Let the village answer: nearly always that they are here, in time; of a liar, that nobody came."""
        by = f"drill:village-{code_of(village)}"
        if liar:
            told = at + timedelta(minutes=minutes + 75)
            body = {"tried": ["went_there", "phoned"], "address_unknown": "yes", "likely_where": "说的门牌没有这户人家"}
            entry = self.outbox.entry("not_arrived", subject, village, told, body, by)
        else:
            share = self.chance.uniform(0.7, 1.1) if self.chance.random() < 0.95 else 2.5
            seen = at + timedelta(minutes=minutes * share + self.chance.uniform(3, 18))
            body = {"where": "here", "seen_by": self.chance.choice(("in_person", "in_person", "video")),
                    "seen_at": seen.isoformat(), "follow": "no"}  # fmt: skip
            if self.chance.random() < 0.03:
                body = {
                    "where": "elsewhere",
                    "where_note": "住在镇上亲戚家",
                    "seen_by": "phone",
                    "seen_at": seen.isoformat(),
                }
            entry = self.outbox.entry("arrival_confirmed", subject, village, seen, body, by)
        self.outbox.send(entry, tick(entry.recorded_at))

    def _held(self, post: Post, vehicle: Vehicle, body: dict[str, Any]) -> list[Entry]:
        """A fever at the first measurement: half an hour later it is none, or somebody goes to the clinic."""
        hot = [dict(row) for row in body["people"]]
        hot[0]["temperature"] = round(self.chance.uniform(37.3, 37.8), 1)
        held = traffic.judged(body | {"people": hot}, self.table)
        first = self._pass(post, vehicle.at, held)
        again_at = vehicle.at + timedelta(minutes=self.chance.randrange(30, 40))
        sick = self.chance.random() < 0.3
        hot[0]["temperature"] = round(self.chance.uniform(37.9, 38.8), 1) if sick else 36.8
        again = traffic.judged(held | {"people": hot, "again_of": str(first.id)}, self.table, measured="again")
        second = self._pass(post, again_at, again)
        if not sick:
            return [first, second]
        left = again_at + timedelta(minutes=15)
        others = [{"name": make_name(self.chance), "what": "goes_along"} for _ in hot[1:]]
        said: dict[str, Any] = {
            "pass_id": str(second.id), "plate": again["plate"], "name": make_name(self.chance), "from_place": "外地",
            "first_temperature": held["people"][0]["temperature"], "second_temperature": hot[0]["temperature"],
            "transport": "ambulance", "clinic": CLINIC, "left_at": left.isoformat(), "headquarters_told": "yes",
            "alone": "no" if others else "yes",
        }  # fmt: skip
        if others:
            said["companions"] = others
        referral = self.outbox.entry("fever_referral", post.subject, post.area, left, said, f"drill:post-{post.id}")
        known = left + timedelta(hours=self.chance.uniform(2, 9))
        result = {"result": "excluded", "clinic": CLINIC, "known_at": known.isoformat()}
        self.outbox.send(
            self.outbox.entry("referral_result", f"entry:{referral.id}", post.area, known, result, "drill:desk"),
            tick(known),
        )
        return [first, second, referral]

    def _tallies(self, post: Post, vehicles: list[Vehicle]) -> Iterator[Entry]:
        """Yield the counter's entries of a rush: one for every quarter of an hour."""
        quarters: dict[datetime, list[Vehicle]] = defaultdict(list)
        for vehicle in vehicles:
            quarters[tick(vehicle.at, 15)].append(vehicle)
        for at, some in quarters.items():
            body = {"minutes": traffic.tallies(some), "note": "车流大,只计数"}
            yield self.outbox.entry("pass_tally", post.subject, post.area, at, body, f"drill:post-{post.id}")

    def _pass(self, post: Post, at: datetime, body: dict[str, Any]) -> Entry:
        return self.outbox.entry("vehicle_pass", post.subject, post.area, at, body, f"drill:post-{post.id}")

    # -- on its way

    def _through(self, entries: list[Entry], turns: Iterable[Shift] = ()) -> None:
        """Send what was written at the posts as soon as there is a signal; one in fifty goes twice.

        The desk's phone numbers its own; whoever checks in does so on their own phone.
        """
        post_of = {turn.subject: turn.post for turn in turns}
        silent = self.hidden.silent
        for entry in sorted(entries, key=lambda each: (each.recorded_at, each.id)):
            post, at = post_of.get(entry.subject), tick(entry.recorded_at)
            if post is None:
                post = UUID(entry.subject.partition(":")[2])
                device = f"desk-{post}"
                self.numbers[device] += 1
                entry = replace(entry, device=device, seq=self.numbers[device])
            if silent and post == silent[0] and silent[1] <= entry.recorded_at < silent[2]:
                at = tick(silent[2])
                self.hidden.silent_entries += 1
            self.outbox.send(entry, at)
            if self.chance.random() < 0.02:
                self.outbox.send(entry, at + timedelta(minutes=30))


def _registered(county: int) -> dict[int, list[tuple[str, str, str]]]:
    """Return who lives in each village, as (name, phone, ID number)."""
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for row in people.register_rows(county, masked=False):
        if row.get(Field.PERSON_ID) and row.get(Field.ID_NUMBER):
            village = area_at(number_of(row[Field.AREA_CODE]), VILLAGE)
            found[village].append((row[Field.NAME], row.get(Field.PHONE, ""), row[Field.ID_NUMBER]))
    return found
