"""What passes at the posts: how many, when, who sits in it, what the decision table says. Plain functions of chance.

The whole period is drawn at once, so that its daily means are exactly what was published, storm and nights included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from bulou.checkpoints.rules.deciding import decide_vehicle
from bulou.checkpoints.rules.tables import Table
from bulou.core.moments import at_midnight
from bulou.core.quantities import Bound, Quantity
from bulou.drill.rules.days import temperature

HOURS = (3, 2, 2, 2, 4, 8, 20, 42, 45, 30, 25, 22, 18, 20, 23, 24, 26, 30, 24, 16, 12, 9, 6, 4)
"""How much passes in each hour of the day, beside the others: the morning rush, and a night that is never quite empty."""
STORM = 10  # times as much as at that hour of any other day
SEATS = 5
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
ELSEWHERE = ("许昌市", "安康市", "昆明市", "西安市", "重庆市", "驻马店市")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One that comes to a barrier: at which post (its place in the list), when, how many people, whether it is sent back."""

    post: int
    at: datetime
    people: int
    back: bool
    storm: bool


@dataclass(frozen=True, slots=True)
class Storm:
    """From when to when ten times the traffic comes."""

    start: datetime
    end: datetime


def drawn(quantity: Quantity, days: int, chance: Random) -> int:
    """Return how many there are in `days` days, of what is stated as a daily mean: exactly so, or what 近 allows."""
    share = chance.uniform(0.985, 0.998) if quantity.bound is Bound.BELOW else 1.0
    return round(float(quantity.value) * share * days)


def lay_traffic(
    chance: Random, *, first: date, days: int, posts: int, vehicles: int, people: int, back: int, people_back: int,
    storm: Storm,
) -> list[Vehicle]:  # fmt: skip
    """Return the period's vehicles in order of time: so many, with so many people, of whom so many are sent back."""
    hours = [at_midnight(first) + timedelta(hours=hour) for hour in range(24 * days)]
    in_storm = [storm.start <= hour < storm.end for hour in hours]
    quiet = [chance.uniform(0.85, 1.15) for _ in range(days)]  # no day is like another
    weight = [HOURS[i % 24] * quiet[i // 24] * (STORM if wild else 1) for i, wild in enumerate(in_storm)]
    busy = [chance.lognormvariate(0, 0.5) for _ in range(posts)]
    slots = chance.choices(range(len(hours)), cum_weights=list(accumulate(weight)), k=vehicles)
    sites = chance.choices(range(posts), cum_weights=list(accumulate(busy)), k=vehicles)
    returned = set(chance.sample(range(vehicles), min(back, vehicles)))
    sent = iter(share_people(chance, people_back, len(returned)))
    let = iter(share_people(chance, people - people_back, vehicles - len(returned)))
    found = [
        Vehicle(sites[i], hours[slots[i]] + timedelta(seconds=chance.randrange(3600)), next(sent if i in returned else let),
                i in returned, in_storm[slots[i]])
        for i in range(vehicles)
    ]  # fmt: skip
    return sorted(found, key=lambda vehicle: (vehicle.at, vehicle.post))


def share_people(chance: Random, people: int, vehicles: int) -> list[int]:
    """Return how many sit in each vehicle: one at least, together exactly so many."""
    sizes = [1] * vehicles
    for which in chance.choices(range(vehicles), k=max(0, people - vehicles)) if vehicles else ():
        sizes[which] += 1
    return sizes


def plate(chance: Random, province: str) -> str:
    """Return a number plate of the province that could be on a car."""
    return f"{province}{chance.choice(LETTERS)}{chance.randrange(100000):05d}"


def base(chance: Random, vehicle: Vehicle, province: str) -> dict[str, Any]:
    """Return what is written of any vehicle: its kind, plate and the people in it, measured and well."""
    sort = "coach" if vehicle.people > SEATS else chance.choices(("car", "truck", "motorbike"), (86, 10, 4))[0]
    return {
        "vehicle": sort, "plate": plate(chance, province), "plate_kind": "ordinary",
        "people": [{"temperature": temperature(chance)} for _ in range(vehicle.people)],
    }  # fmt: skip


def sent_back(chance: Random, vehicle: Vehicle, table: Table) -> dict[str, Any]:
    """Return a vehicle the table sends back: from the outbreak area without a home here, or visiting relatives."""
    if chance.random() < 0.55:
        more = {"region": "outbreak", "from_code": "42", "from_place": "湖北省", "purpose": "transit"}
        body = base(chance, vehicle, "鄂")
    else:
        more = {"region": "low", "from_place": chance.choice(ELSEWHERE), "purpose": "visit"}
        body = base(chance, vehicle, chance.choice("豫云陕渝"))
    return judged(body | more, table)


def let_pass(chance: Random, vehicle: Vehicle, table: Table) -> dict[str, Any]:
    """Return a vehicle that goes on its way: work, supplies, passing through."""
    body = base(chance, vehicle, chance.choice("豫云陕渝"))
    more = {"region": "low", "from_place": chance.choice(ELSEWHERE),
            "purpose": chance.choice(("work", "work", "supply", "transit"))}  # fmt: skip
    return judged(body | more, table)


def come_home(
    chance: Random, vehicle: Vehicle, table: Table, *, destination: str, address: str, minutes: int,
    known: Sequence[Mapping[str, str]], outbreak: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return a vehicle whose people live in a village of the county (12-digit code): `known` says who they are."""
    body = base(chance, vehicle, "鄂" if outbreak else chance.choice("豫云陕渝"))
    body["people"] = [row | who for row, who in zip(body["people"], known, strict=True)]
    body |= {
        "region": "outbreak" if outbreak else "low", "from_place": "湖北省" if outbreak else chance.choice(ELSEWHERE),
        "purpose": "home", "destination": destination, "destination_address": address, "travel_minutes": minutes,
    }  # fmt: skip
    return judged(body, table)


def judged(body: dict[str, Any], table: Table, *, measured: str = "first") -> dict[str, Any]:
    """Return the body with what the county's table decides of it, as the desk would have written it."""
    vehicle = {
        "region": body["region"], "purpose": body["purpose"], "exempt": "none", "measured": measured,
        "address": "yes" if body.get("destination_address") else "no",
    }  # fmt: skip
    people = [{"temperature": row["temperature"], "refused": "no"} for row in body["people"]]
    said = decide_vehicle(table, vehicle, people)
    body = body | {"decision_table": table.name, "decision_row": said.row.name if said.row else "",
                   "proposed": said.outcome, "decision": said.outcome}  # fmt: skip
    if said.row and said.row.follow_days:
        body |= {"follow_days": said.row.follow_days, "follow_where": said.row.follow_where}
    return body


def tallies(vehicles: Sequence[Vehicle]) -> list[dict[str, Any]]:
    """Return the counter's rows of one post: for each minute how many vehicles passed, with how many people."""
    minutes: dict[datetime, list[int]] = {}
    for vehicle in vehicles:
        row = minutes.setdefault(vehicle.at.replace(second=0, microsecond=0), [0, 0])
        row[0] += 1
        row[1] += vehicle.people
    return [{"at": at.isoformat(), "vehicles": row[0], "people": row[1]} for at, row in sorted(minutes.items())]
