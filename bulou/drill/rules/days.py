"""What happens at each door, as bodies of entries: plain functions of chance and of what is already known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Resident:
    """A person on the register. `returned_on` is set for somebody back from elsewhere since the look-back date."""

    subject: str
    name: str
    away_to: str = ""
    returned_on: date | None = None
    returned_from: str = ""


@dataclass(frozen=True)
class Home:
    """A household on the register with those who live in it."""

    subject: str
    number: str
    area: int
    dwelling: str
    residents: Sequence[Resident]


def temperature(chance: Random) -> float:
    """Return a healthy person's temperature in °C, one decimal."""
    return round(min(37.0, max(35.9, chance.gauss(36.5, 0.25))), 1)


def _member(chance: Random, resident: Resident, fever: bool) -> Body:
    row: Body = {"person": resident.subject}
    if resident.away_to:
        return row | {"presence": "away", "away_where": resident.away_to}
    row |= {
        "presence": "present",
        "identity": chance.choice(("household_book", "known_person", "id_card")),
        "returned": "yes" if resident.returned_on else "no",
        "contacts": ["none"],
        "temperature": temperature(chance),
        "symptoms": ["none"],
    }
    if resident.returned_on:
        row |= {"returned_on": resident.returned_on.isoformat(), "returned_from": resident.returned_from}
        row["contacts"] = ["outbreak_area"] if resident.returned_from == "武汉市" else ["returnee"]
    if fever:
        row |= {"temperature": round(chance.uniform(37.3, 38.6), 1), "symptoms": ["fever", "dry_cough"]}
    return row


def visit(
    chance: Random, home: Home, *, unseen: frozenset[str], look_back: date, fevers: frozenset[str] = frozenset()
) -> Body:
    """Return a final visit to the household. `unseen` are residents whom nobody accounts for."""
    rule: Body = {"look_back_date": look_back.isoformat(), "look_back_included": "yes"}
    seen = [r for r in home.residents if r.subject not in unseen]
    if not seen:
        how = ["seal_intact"] if home.dwelling == "空置" else ["neighbour"]
        return rule | {"outcome": "vacant", "nobody_returned": "yes", "established_by": how}
    rows = [_member(chance, r, r.subject in fevers) for r in seen]
    here = [row for row in rows if row["presence"] == "present"]
    back = [r for r in seen if not r.away_to and r.returned_on and r.returned_on >= look_back]
    body = rule | {
        "outcome": "at_home" if here else "away",
        "members": rows,
        "nobody_returned": "no" if back else "yes",
    }
    if not back or not here:
        body["established_by"] = ["asked_here"] if here else ["neighbour", "phoned"]
    return body


def failed_visit(chance: Random) -> Body:
    """Return a visit that came to nothing: nobody opened, or the household refused."""
    if chance.random() < 0.06:
        return {"outcome": "refused", "tried": ["knocked"], "refused_reason": "担心交叉感染,请村干部再沟通"}
    return {"outcome": "unreachable", "tried": chance.choice((["knocked", "phoned"], ["knocked", "left_notice"]))}


def check(chance: Random, measured_at: datetime, *, fever: bool = False) -> Body:
    """Return one of the two checks a day of somebody under follow-up."""
    return {
        "channel": chance.choices(("door", "phone", "wechat", "video"), (6, 2, 2, 1))[0],
        "reached": "yes",
        "measured_at": measured_at.isoformat(),
        "measured_by": "worker",
        "temperature": round(chance.uniform(37.4, 38.2), 1) if fever else temperature(chance),
        "symptoms": ["fever"] if fever else ["none"],
    }


def noted(chance: Random, resident: Resident, moved_on: date) -> Body:
    """Return the note of a returnee, with most of what should be clear about one."""
    from_outbreak = resident.returned_from == "武汉市"
    return {
        "new": "no",
        "category": "back_from_outbreak" if from_outbreak else "outsider",
        "place": resident.returned_from or "外地",
        "moved_on": moved_on.isoformat(),
        "route": f"{resident.returned_from}—安康—镇坪",
        "vehicle": chance.choice(("own_car", "coach", "train")),
        "contacts": ["none"],
        "symptoms": ["none"],
        "measures": ["registered", "home_observation", "told_rules"],
    }


def follow_up(start: date, today: date, basis: str) -> Body:
    """Return an order to follow somebody up for the rule set's days from the day of departure."""
    return {
        "reason": "returnee",
        "basis": basis,
        "days": max(14, (today - start).days + 1),
        "start_basis": "departure",
        "start": start.isoformat(),
        "checked_by": "grid_worker",
    }


def spread(chance: Random, day_start: datetime, first_hour: float, last_hour: float) -> datetime:
    """Return a moment of the day between two hours, to the second."""
    seconds = chance.randrange(int(first_hour * 3600), int(last_hour * 3600))
    return day_start + timedelta(seconds=seconds)
