"""The days themselves: what workers write, when their phones get through, and what headquarters does with it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.areas import queries as areas
from bulou.core.divisions import VILLAGE, area_at, code_of, county_of, number_of
from bulou.core.moments import CHINA, at_clock, at_midnight, day_of
from bulou.drill.actions.headquarters import Act, Headquarters
from bulou.drill.actions.manning import man_posts
from bulou.drill.actions.outbox import Outbox
from bulou.drill.actions.passing import Barriers, Hidden
from bulou.drill.actions.relief import call_for_relief
from bulou.drill.rules import days
from bulou.drill.rules.blueprints import Blueprint
from bulou.drill.rules.days import Home, Resident
from bulou.ledger.rules import Entry
from bulou.people import queries as people
from bulou.people.rules.columns import Field
from bulou.reports.actions import keep_reports

Say = Callable[[str], None]
LOOK_BACK = date(2020, 1, 8)  # the drill's own choice for its orders; the rule set gives the same day
SYNCS = (time(9, 30), time(12, 30), time(17, 0), time(20, 30))  # when a phone finds a signal


@dataclass
class Truth:
    """What the rehearsal hid and nobody may be told before the system has said it."""

    households: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    lost_by_device: dict[str, int] = field(default_factory=dict)
    posts: Hidden | None = None  # what went wrong at the barriers, in a county that has some


def play(
    blueprint: Blueprint, *, seed: int, until: datetime, say: Say, work: Callable[[datetime], object] = lambda at: None
) -> Truth:
    """Play the days of the blueprint up to the moment `until`; return what was hidden.

    `work` is called at the end of each day: an installation's jobs, which act upon what came in.
    """
    return _Play(blueprint, seed, until).run(say, work)


class _Play:
    def __init__(self, blueprint: Blueprint, seed: int, until: datetime) -> None:
        self.blueprint, self.chance, self.until, self.seed = blueprint, Random(seed + 1), until, seed
        chance = self.chance
        self.county = number_of(blueprint.county)
        self.homes = list(_homes(self.county))
        self.truth = Truth()
        self.outbox = Outbox(Random(seed + 4), until)
        self.written: dict[int, list[Entry]] = defaultdict(list)  # by group: what its phone has recorded
        self.late = set(chance.sample(range(len(self.homes)), k=max(1, len(self.homes) // 60)))
        self.fevers: set[str] = set()

    def run(self, say: Say, work: Callable[[datetime], object]) -> Truth:
        barriers = self._man(say) if self.blueprint.posts else None
        doors = self._knock() if self.blueprint.groups else None
        day = self.blueprint.first_day
        while at_midnight(day) < self.until:
            agenda = doors(day) if doors else []
            if barriers:
                barriers.write(day)
                agenda += barriers.agenda(day)
                agenda += call_for_relief(self.blueprint, day)
            for moment, act in sorted(agenda, key=lambda each: each[0]):
                if moment > self.until:
                    break
                self.outbox.flush(moment)
                act(moment)
            self.outbox.flush(min(at_midnight(day + timedelta(days=1)), self.until))
            work(min(at_midnight(day + timedelta(days=1)), self.until))
            keep_reports(at=min(at_midnight(day + timedelta(days=1)), self.until))
            say(f"{day:%m-%d} 已记 {self.outbox.made} 条")
            day += timedelta(days=1)
        return self.truth

    def _man(self, say: Say) -> Barriers:
        last = day_of(self.until - timedelta(microseconds=1))
        manned = man_posts(self.blueprint, last=last, seed=self.seed, say=say)
        barriers = Barriers(self.blueprint, manned, self.outbox, last=last, seed=self.seed)
        self.truth.posts = barriers.hidden
        return barriers

    def _knock(self) -> Callable[[date], list[tuple[datetime, Act]]]:
        """Return what puts a day's visits and checks on their way, and gives headquarters' agenda of it."""
        self._hide()
        desk = Headquarters(self.blueprint, self.county, self.chance)
        returnees = self._choose_returnees()

        def write(day: date) -> list[tuple[datetime, Act]]:
            for order in desk.orders(day):
                self.outbox.send(order, order.recorded_at)
            self._visits(day)
            self._follow_ups(day, returnees)
            self._deliver(day)
            return desk.agenda(day)

        return write

    # -- who is hidden, who came back

    def _hide(self) -> None:
        crowded = [home for home in self.homes if len(home.residents) >= 2]
        wanted = self.blueprint.hidden_households + self.blueprint.hidden_persons
        chosen = self.chance.sample(crowded, min(wanted, len(crowded) // 2))  # a tiny county is not hidden whole
        for home in chosen[: self.blueprint.hidden_households]:
            self.truth.households.add(home.subject)
            self.truth.persons.update(r.subject for r in home.residents)
        for home in chosen[self.blueprint.hidden_households :]:
            self.truth.persons.add(self.chance.choice(list(home.residents)).subject)

    def _choose_returnees(self) -> list[tuple[Home, Resident, date]]:
        """Choose who came back and when: the blueprint's people in its place, and about one in a hundred elsewhere."""
        assert self.blueprint.followed_up is not None
        place = number_of(self.blueprint.followed_up.area)
        here: list[tuple[Home, Resident]] = []
        elsewhere: list[tuple[Home, Resident]] = []
        for home in self.homes:
            for resident in home.residents:
                if resident.subject not in self.truth.persons and not resident.away_to:
                    (here if area_at(home.area, VILLAGE) == area_at(place, VILLAGE) else elsewhere).append(
                        (home, resident)
                    )
        first = self.blueprint.first_day
        chosen = [(pair, first + timedelta(days=self.chance.randrange(3, 8)))
                  for pair in self.chance.sample(here, min(len(here), self.blueprint.followed_up.people))]  # fmt: skip
        chosen += [(pair, first - timedelta(days=self.chance.randrange(1, 6)))
                   for pair in self.chance.sample(elsewhere, len(elsewhere) // 100)]  # fmt: skip
        found = []
        for (home, resident), day in chosen:
            origin = self.chance.choices(("武汉市", "十堰市", "西安市", "温州市"), (5, 3, 2, 1))[0]
            found.append((home, replace(resident, returned_on=day, returned_from=origin), day))
        back = {resident.subject: resident for _, resident, _ in found}
        for i, home in enumerate(self.homes):
            if any(r.subject in back for r in home.residents):
                self.homes[i] = replace(home, residents=[back.get(r.subject, r) for r in home.residents])
        self.fevers = {resident.subject for _, resident, _ in found[:2]}
        return found

    # -- what is written

    def _visits(self, day: date) -> None:
        """The two sweeps: each home has its day; a door that stays shut is tried again the day after."""
        start = at_midnight(day)
        for first, last in self.blueprint_sweeps():
            if not first <= day <= last + timedelta(days=2):
                continue
            length = (last - first).days + 1
            for i, home in enumerate(self.homes):
                if home.subject in self.truth.households:
                    continue
                lot = Random(f"{home.number}{first}")
                own_day, fails = first + timedelta(days=lot.randrange(length)), lot.random() < 0.08
                if day == own_day:
                    self._visit(home, i, days.spread(self.chance, start, 8.5, 18), failed=fails)
                elif fails and day == own_day + timedelta(days=1):
                    self._visit(home, i, days.spread(self.chance, start, 8.5, 19), failed=False)

    def blueprint_sweeps(self) -> list[tuple[date, date]]:
        """The first three days, and a second round (回头看) over the last three."""
        first, last = self.blueprint.first_day, self.blueprint.last_day
        return [(first, first + timedelta(days=2)), (last - timedelta(days=2), last)]

    def _visit(self, home: Home, i: int, at: datetime, *, failed: bool) -> None:
        if failed:
            body = days.failed_visit(self.chance)
        else:
            known = replace(home, residents=[self._as_of(r, at) for r in home.residents])
            body = days.visit(self.chance, known, unseen=frozenset(self.truth.persons), look_back=LOOK_BACK)
        if self.chance.random() < 0.0007 and body.get("members"):
            body["members"][0]["temperature"] = 367.0  # the point left out: held, and put right by a person
        self._write("household_visit", home.subject, home.area, at, body)

    def _as_of(self, resident: Resident, at: datetime) -> Resident:
        later = resident.returned_on is not None and resident.returned_on > day_of(at)
        return replace(resident, returned_on=None, returned_from="") if later else resident

    def _follow_ups(self, day: date, returnees: list[tuple[Home, Resident, date]]) -> None:
        start = at_midnight(day)
        for home, resident, back in returnees:
            begun = max(back, self.blueprint.first_day)
            if day < begun or day >= back + timedelta(days=14):
                continue
            if day == begun:
                noted = days.spread(self.chance, start, 8.2, 9)
                self._write("person_noted", resident.subject, home.area, noted, days.noted(self.chance, resident, back))
                order = days.follow_up(back, day, "县指挥部返乡人员居家医学观察通知")
                at = noted + timedelta(minutes=20)
                self.outbox.send(
                    self.outbox.entry("followup_order", resident.subject, home.area, at, order, by="drill:township"), at
                )
            for hours in ((9, 11), (15, 16.8)):
                if (day == begun and hours[0] == 9) or self.chance.random() > 0.965:
                    continue
                at = days.spread(self.chance, start, *hours)
                fever = resident.subject in self.fevers and day == begun + timedelta(days=4) and hours[0] == 15
                self._write("health_check", resident.subject, home.area, at, days.check(self.chance, at, fever=fever))
                if fever:
                    self._report_fever(home, resident, at)

    def _report_fever(self, home: Home, resident: Resident, at: datetime) -> None:
        seen = {"observed_at": at.isoformat(), "source": "health_check", "symptoms": ["fever"], "temperature": 37.8,
                "contacts": ["outbreak_area"], "done_already": ["stays_home", "doctor_called"]}  # fmt: skip
        referral = {"answered_as": "village_doctor", "judgement": "refer", "referred_to": "县医院发热门诊"}
        finding = {"answered_as": "county_desk", "finding": "none"}
        answers = (("drill:doctor", 40, referral), ("drill:desk", 95, finding))
        told = at + timedelta(minutes=12)
        self.outbox.send(self.outbox.entry("symptom_report", resident.subject, home.area, told, seen), told)
        for by, minutes, body in answers:
            when = told + timedelta(minutes=minutes)
            self.outbox.send(self.outbox.entry("symptom_answer", resident.subject, home.area, when, body, by=by), when)

    # -- how it travels

    def _write(self, kind: str, subject: str, area: int, at: datetime, body: dict[str, Any]) -> None:
        if at <= self.until:
            self.written[area].append(self.outbox.entry(kind, subject, area, at, body))

    def _deliver(self, day: date) -> None:
        """Number what each group's phone wrote today and send it when the phone next gets through, some twice."""
        for area, entries in sorted(self.written.items()):
            device = f"phone-{code_of(area)}"
            delay = timedelta(days=self.chance.choice((1, 2))) if self.chance.random() < 0.03 else timedelta()
            for entry in sorted(entries, key=lambda e: (e.recorded_at, e.id)):
                number = self.truth.lost_by_device.get(device, 0) + 1
                self.truth.lost_by_device[device] = number
                sent = replace(entry, device=device, seq=number)
                at = _next_sync(entry.recorded_at) + delay
                self.outbox.send(sent, at)
                if self.chance.random() < 0.02:
                    self.outbox.send(sent, at + timedelta(minutes=30))  # the answer was lost: the phone sends it again
        self.written.clear()


def _next_sync(moment: datetime) -> datetime:
    local = moment.astimezone(CHINA)
    for clock in SYNCS:
        if local.time() < clock:
            return datetime.combine(local.date(), clock, CHINA)
    return at_clock(local.date() + timedelta(days=1), "09:30")


def _homes(county: int) -> Iterator[Home]:
    """Read the registers back as the homes workers will visit, in the order of their numbers."""
    homes: dict[str, Home] = {}
    names = {area.number for area in areas.subtree(county)}
    for row in people.register_rows(county, masked=False):
        key = row[Field.HOUSEHOLD_ID]
        if key not in homes:
            area = number_of(row[Field.AREA_CODE])
            assert area in names and county_of(area) == county_of(county)
            homes[key] = Home(f"household:{UUID(key)}", row[Field.NUMBER], area, row[Field.DWELLING], [])
        if row.get(Field.PERSON_ID):
            resident = Resident(f"person:{UUID(row[Field.PERSON_ID])}", row[Field.NAME], row.get(Field.AWAY_TO, ""))
            homes[key] = replace(homes[key], residents=[*homes[key].residents, resident])
    return iter(sorted(homes.values(), key=lambda home: home.number))
