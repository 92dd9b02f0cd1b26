"""Two villages of a town with a handful of households, and the product's own kinds: enough for a day's report."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pytest import MonkeyPatch

from bulou.command import actions as command
from bulou.command.queries import rules_at
from bulou.core.divisions import code_of, contains, number_of
from bulou.core.moments import CHINA
from bulou.ledger import actions as ledger
from bulou.ledger import law as installed
from bulou.ledger.actions.rows import entries_by_id
from bulou.ledger.rules import Entry, Law, Member, Place
from bulou.records.rulebook import rulesets
from bulou.site.kinds import find_kinds

COUNTY, TOWN = number_of("610927000000"), number_of("610927100000")
EAST, WEST = number_of("610927100201"), number_of("610927100202")
DAY1 = datetime(2020, 2, 3, tzinfo=CHINA)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOK_BACK = {"look_back_date": "2020-01-08", "look_back_included": "yes"}


def household(n: int) -> str:
    return f"household:{UUID(int=n)}"


def person(n: int) -> str:
    return f"person:{UUID(int=n)}"


class Villages:
    """Households 1 to 4 in the east, 5 and 6 in the west; person n lives in household n, and 11 in household 1."""

    def __init__(self) -> None:
        self.areas = {household(n): EAST if n < 5 else WEST for n in range(1, 7)}
        self.areas |= {person(n): EAST if n < 5 or n == 11 else WEST for n in (1, 2, 3, 4, 5, 6, 11)}
        self.merged: dict[str, str] = {}

    def places(self, county: int, subjects: set[str]) -> Mapping[str, Place]:
        found = {}
        for subject in subjects:
            sort, _, name = subject.partition(":")
            now = self.merged.get(subject, subject)
            if now in self.areas:
                found[subject] = Place(now, self.areas[now])
            elif sort == "area":
                found[subject] = Place(subject, number_of(name))
            elif sort == "entry":
                found.update((subject, Place(subject, e.area)) for e in entries_by_id(county, [UUID(name)]))
        return found

    def members(self, name: str, area: int) -> Iterator[Member]:
        if name in ("villages", "townships"):
            known = {f"area:{code_of(a)}": a for a in ((EAST, WEST) if name == "villages" else (TOWN,))}
        else:
            known = {subject: a for subject, a in self.areas.items() if subject.startswith(name[:-1])}
        for subject, where in known.items():
            if contains(area, where):
                yield Member(subject, where, DAY1 - 99 * DAY)

    def joined(self, name: str, subjects: set[str]) -> Iterator[Member]:
        return (m for m in self.members(name, COUNTY) if m.subject in subjects)

    def law(self) -> Law:
        kinds = {name: kind.law(rulesets().__getitem__) for name, kind in find_kinds().items()}
        return Law(kinds, self.places, self.members, self.joined, rules_at)


def write(kind: str, subject: str, at: datetime, body: Mapping[str, Any], *, received: datetime | None = None,
          amends: UUID | None = None) -> UUID:  # fmt: skip
    """Append one entry made at `at` and return its id; it must be applied."""
    entry = Entry(uuid4(), kind, subject, TOWN, at, at, "account:anna", body, amends=amends)
    receipt = ledger.append([entry], at=received or at)[0]
    assert receipt.outcome == "applied", receipt
    return entry.id


def found(n: int, **changes: Any) -> dict[str, Any]:
    """Return the row of person n at home and well."""
    row = {
        "person": person(n), "name": f"安娜{n}", "presence": "present", "identity": "id_card", "returned": "no",
        "contacts": ["none"], "temperature": 36.5, "symptoms": ["none"],
    }  # fmt: skip
    return row | changes


def at_home(*members: dict[str, Any], nobody: str = "yes") -> dict[str, Any]:
    body = {"outcome": "at_home", **LOOK_BACK, "members": list(members), "nobody_returned": nobody}
    return {**body, "established_by": ["asked_here"]} if nobody == "yes" else body


def order_sweep(at: datetime, due: datetime) -> UUID:
    items = ["identity", "time", "contacts", "temperature"]
    body = {"title": "拉网排查", "items": items, **LOOK_BACK, "due": due.isoformat()}
    return write("sweep_order", f"area:{code_of(TOWN)}", at, body)


def order_reports(at: datetime, days: int = 3) -> UUID:
    return write("report_order", f"area:{code_of(COUNTY)}", at, {"first_day": at.date().isoformat(), "days": days})


def begin(monkeypatch: MonkeyPatch) -> Villages:
    """Put the villages and the product's kinds in force, declare the rule set and open the incident; return the villages."""
    villages = Villages()
    monkeypatch.setattr(installed, "_installed", [villages.law()])
    say = {"basis": "通知", "by": "account:bai", "at": DAY1 - 5 * DAY}
    command.use_ruleset(area=COUNTY, name="cn-2020-02-community", since=date(2020, 1, 24), **say)
    command.open_incident(
        area=COUNTY, name="新冠肺炎疫情", disease="新冠肺炎", opened_on=date(2020, 1, 24), by="account:bai", at=DAY1
    )
    return villages
