"""A county of a chosen size in moments: registers written as rows, everything after that by the product's own doors.

Twenty townships of sixteen villages of six groups; a village of 500,000 / 320 people is what a real one is. Loading
people the way a county does it is measured by bench.people.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from bulou.core.ids import make_uuid7
from bulou.core.moments import at_midnight
from bulou.drill.rules import days
from bulou.drill.rules.days import Home, Resident
from bulou.drill.rules.people import make_id_number, make_name
from bulou.ledger.rules import Entry

COUNTY = 610999  # nobody's code (GB/T 2260)
COUNTY_AREA = COUNTY * 10**12
TOWNSHIPS, VILLAGES, GROUPS = 20, 16, 6
RULES = "cn-2020-02-community"
FIRST_DAY = date(2020, 1, 26)
AT = datetime(2020, 1, 25, 10, tzinfo=UTC)
LOOK_BACK = date(2020, 1, 8)
BATCH = 2_000


def townships() -> Iterator[int]:
    for town in range(TOWNSHIPS):
        yield COUNTY_AREA + (100 + town) * 10**9


def villages() -> Iterator[int]:
    for town in townships():
        for village in range(VILLAGES):
            yield town + (201 + village) * 10**6


def groups() -> Iterator[int]:
    for village in villages():
        for group in range(1, GROUPS + 1):
            yield village + group * 10**4


def make_areas() -> None:
    """Import the tree and declare the rule set."""
    from bulou.areas.actions import import_file
    from bulou.command.actions import use_ruleset
    from bulou.core.divisions import code_of

    rows = ["code,name,level,parent,kind", "610000000000,陕西省,province,,省",
            "610900000000,安康市,prefecture,610000000000,市", f"{COUNTY}000000,安禾县,county,610900000000,县"]  # fmt: skip
    rows += [f"{code_of(t)},第{t // 10**9 % 1000}镇,township,{COUNTY}000000,镇" for t in townships()]
    rows += [f"{code_of(v)},第{v // 10**6 % 1000}村,village,{code_of(v // 10**9 * 10**9)},村" for v in villages()]
    rows += [f"{code_of(g)},{g // 10**4 % 100}组,local1,{code_of(g // 10**6 * 10**6)},组" for g in groups()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.csv"
        path.write_text("\n".join(rows), encoding="utf-8")
        report = import_file(path, by="system:bench", at=AT)
        assert not report.errors, report.errors[:3]
    use_ruleset(area=COUNTY_AREA, name=RULES, since=FIRST_DAY - timedelta(days=2), basis="bench",
                by="system:bench", at=AT)  # fmt: skip


@dataclass(frozen=True)
class Made:
    households: int
    persons: int


def make_registers(people: int, seed: int = 2020) -> Made:
    """Write about so many persons in households of 3.3 as rows."""
    from django.db import transaction

    from bulou.people.models import Household, Person

    chance, places = Random(seed), list(groups())
    made_homes = made = 0
    with transaction.atomic():
        homes: list[Household] = []
        persons: list[Person] = []
        for i, area in enumerate(places):
            share = people * (i + 1) // len(places) - people * i // len(places)
            while share > 0:
                size = min(share, chance.choices((1, 2, 3, 4, 5), (10, 22, 30, 25, 13))[0])
                share -= size
                home = _id(chance)
                number = f"{area % 10**12 // 10**4:08d}-{made_homes:06d}"
                homes.append(Household(county=COUNTY, id=home, area=area, key=number, number=number, since=AT))
                made_homes += 1
                for _ in range(size):
                    birth = date(1930, 1, 1) + timedelta(days=chance.randrange(32_000))
                    persons.append(Person(county=COUNTY, id=_id(chance), household=home, area=area, since=AT,
                                          name=make_name(chance), phone=f"13{chance.randrange(10**9):09d}",
                                          id_number=make_id_number(chance, str(COUNTY), birth, "男")))  # fmt: skip
                    made += 1
            if len(persons) >= BATCH or i == len(places) - 1:
                Household.objects.bulk_create(homes)
                Person.objects.bulk_create(persons)
                homes, persons = [], []
    return Made(made_homes, made)


def _id(chance: Random, at: datetime = AT) -> UUID:
    return make_uuid7(int(at.timestamp() * 1000) + chance.randrange(3_600_000), chance.getrandbits(74))


def homes_of(area: int = COUNTY_AREA) -> list[Home]:
    """Return the households under the area with those who live in them, in an order that mixes the groups."""
    from bulou.core.divisions import last_of
    from bulou.people.models import Household, Person

    within = {"county": COUNTY, "area__range": (area, last_of(area))}
    living: dict[UUID, list[Resident]] = {}
    for id_, home, name in Person.objects.filter(**within).values_list("id", "household", "name"):
        living.setdefault(home, []).append(Resident(f"person:{id_}", name))
    rows = Household.objects.filter(**within).order_by("id").values_list("id", "number", "area")
    return [Home(f"household:{id_}", number, where, "自住", living.get(id_, [])) for id_, number, where in rows]


def sweep(due: datetime, *, at: datetime, seed: int = 1) -> Entry:
    """Return an order to sweep the whole county."""
    from bulou.core.divisions import code_of

    body = {"title": "三排一查", "items": ["identity", "time", "contacts", "temperature"],
            "look_back_date": LOOK_BACK.isoformat(), "look_back_included": "yes", "due": due.isoformat()}  # fmt: skip
    return _entry(Random(seed), "sweep_order", f"area:{code_of(COUNTY_AREA)}", COUNTY_AREA, at, body)


def _entry(chance: Random, kind: str, subject: str, area: int, at: datetime, body: days.Body) -> Entry:
    return Entry(_id(chance, at), kind, subject, area, at, at, "drill:bench", body)


def field_entries(homes: list[Home], chance: Random, day: date) -> Iterator[Entry]:
    """Yield what comes in on a day, without end of the homes: of 100, about 80 visits, 14 checks, 5 follow-up orders
    and 1 report of symptoms. Whoever is ordered to be followed is checked later the same day."""
    start = at_midnight(day)
    followed: list[tuple[Home, Resident]] = []
    numbers: dict[int, int] = {}
    for home in homes:
        at = days.spread(chance, start, 9, 18)
        lot = chance.random()
        body = (days.failed_visit(chance) if lot < 0.06
                else days.visit(chance, home, unseen=frozenset(), look_back=LOOK_BACK))  # fmt: skip
        made = [_entry(chance, "household_visit", home.subject, home.area, at, body)]
        if lot > 0.93:
            resident = chance.choice(home.residents)
            order = days.follow_up(day - timedelta(days=2), day, "县指挥部返乡人员居家医学观察通知")
            made.append(_entry(chance, "followup_order", resident.subject, home.area, at, order))
            followed.append((home, resident))
        if followed and lot < 0.19:
            where, resident = chance.choice(followed)
            at = days.spread(chance, start, 9, 18)
            made.append(_entry(chance, "health_check", resident.subject, where.area, at, days.check(chance, at)))
        if lot > 0.99:
            seen = {"observed_at": (at - timedelta(minutes=5)).isoformat(), "source": "visit", "symptoms": ["fever"],
                    "temperature": 37.8, "contacts": ["outbreak_area"], "done_already": ["stays_home"]}  # fmt: skip
            made.append(_entry(chance, "symptom_report", home.residents[0].subject, home.area, at, seen))
        for entry in made:
            numbers[home.area] = numbers.get(home.area, 0) + 1
            yield _sent(entry, home.area, numbers[home.area])


def _sent(entry: Entry, area: int, number: int) -> Entry:
    from dataclasses import replace

    return replace(entry, device=f"phone-{area}", seq=number)
