"""A county of three villages and the kinds of the daily cycle, cut down to what headquarters' tests need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.command.rules import ASSIGNMENT, ASSIGNMENT_DUTY, DECISION, DONE, REPORT, REPORT_DUTY
from bulou.core.divisions import contains, number_of
from bulou.core.moments import CHINA, at_clock, at_midnight, day_of
from bulou.ledger.actions.rows import entries_by_id
from bulou.ledger.rules import NOTHING, Effects, Entry, Law, Meeting, Member, Opening, Place

COUNTY = number_of("610927000000")
TOWN = number_of("610927100000")
VILLAGES = [number_of(f"610927100{n}") for n in ("201", "202", "203")]
ELSEWHERE = number_of("610928100201")
DAY1 = datetime(2020, 2, 3, tzinfo=CHINA)
NINE = DAY1 + timedelta(hours=9)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    name: str
    sets: frozenset[str] = frozenset()

    def problems(self, entry: Entry) -> list[str]:
        return ["say what is wrong"] if "无效" in entry.body.values() else []

    def effects(self, entry: Entry) -> Effects:
        at, body = entry.happened_at, entry.body
        match self.name:
            case "report_order":  # every village reports by 10:00 on each of the days ordered
                days = [day_of(at) + i * DAY for i in range(int(body.get("days", 3)))]
                return Effects([
                    Opening(REPORT_DUTY, "role:village", "", entry.area, at_midnight(d), at_clock(d, "10:00"),
                            at_midnight(d) + DAY, over="villages")
                    for d in days
                ])  # fmt: skip
            case "situation_report":
                return Effects((), [Meeting(REPORT_DUTY, entry.subject)])
            case "assignment":
                due = datetime.fromisoformat(body["due"])
                return Effects([Opening(ASSIGNMENT_DUTY, body["owner"], f"entry:{entry.id}", entry.area, at, due)])
            case "assignment_done":
                done = [Meeting(ASSIGNMENT_DUTY, entry.subject)] if body["result"] == "done" else []
                return Effects((), done)
        return NOTHING


def _places(county: int, subjects: set[str]) -> Mapping[str, Place]:
    found = {}
    for subject in subjects:
        sort, _, name = subject.partition(":")
        if sort == "area":
            found[subject] = Place(subject, number_of(name))
        elif sort == "entry":
            found.update((subject, Place(subject, e.area)) for e in entries_by_id(county, [UUID(name)]))
    return found


def _members(name: str, area: int) -> Iterator[Member]:
    for village in VILLAGES:
        if name == "villages" and contains(area, village):
            yield Member(f"area:{str(village)[:12]}", village, DAY1 - 99 * DAY)


KINDS = (REPORT, DECISION, ASSIGNMENT, DONE, "report_order", "correction")


def law() -> Law:
    return Law(
        {name: Kind(name, frozenset({"villages"} if name == "report_order" else ())) for name in KINDS},
        _places,
        _members,
        lambda name, subjects: (m for m in _members(name, COUNTY) if m.subject in subjects),
    )
