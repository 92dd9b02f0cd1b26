"""What headquarters does in a rehearsal: orders, reports before the cut-off, decisions, assignments due by midnight."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.areas import queries as areas
from bulou.command.actions import complete_assignment, give_assignment, record_decision
from bulou.core.divisions import code_of
from bulou.core.ids import make_uuid7
from bulou.core.moments import at_clock, at_midnight
from bulou.drill.rules.blueprints import Blueprint
from bulou.ledger.rules import Entry
from bulou.reports.actions import report_day

Act = Callable[[datetime], None]
WORK = (
    "核实未入户的住户,今日24时前逐户补齐",
    "给居家观察对象补发体温计和口罩",
    "与拒访住户沟通,由包村干部上门",
    "核对外出人员去向,漏填电话的补上",
    "检查值守点消毒液存量并上报缺口",
)


class Headquarters:
    """The county's desk, its townships and villages, day by day."""

    def __init__(self, blueprint: Blueprint, county: int, chance: Random) -> None:
        self.blueprint, self.county, self.chance = blueprint, county, chance
        self.townships = [area.number for area in areas.at_level(county, 3)]
        self.villages = [area.number for area in areas.at_level(county, 4)]
        self.left: list[UUID] = []  # assignments not done on their day

    def orders(self, day: date) -> Iterator[Entry]:
        """Yield the day's orders: reports from the first day on, a sweep at once and another over the last days."""
        first, last = self.blueprint.first_day, self.blueprint.last_day
        if day == first:
            body = {"first_day": day.isoformat(), "days": (last - first).days + 1, "basis": "县指挥部日报告制度"}
            yield self._order("report_order", day, "06:00", body)
            yield self._sweep(day, first + timedelta(days=2), "第一轮拉网式排查")
        elif day == last - timedelta(days=2):
            yield self._sweep(day, last, "第二轮排查(回头看)")

    def _sweep(self, day: date, last: date, title: str) -> Entry:
        body = {
            "title": title,
            "items": ["identity", "time", "contacts", "temperature"],
            "look_back_date": "2020-01-08",
            "look_back_included": "yes",
            "due": at_clock(last, "24:00").isoformat(),
        }
        return self._order("sweep_order", day, "08:00", body)

    def _order(self, kind: str, day: date, clock: str, body: dict[str, Any]) -> Entry:
        at = at_clock(day, clock)
        made = make_uuid7(int(at.timestamp() * 1000), self.chance.getrandbits(74))
        return Entry(made, kind, f"area:{code_of(self.county)}", self.county, at, at, "drill:headquarters", body)

    def agenda(self, day: date) -> list[tuple[datetime, Act]]:
        """Return what is done on the day and when, in order."""
        acts: list[tuple[datetime, Act]] = []
        for place, clocks in ((self.villages, (9, 10.2)), (self.townships, (12, 13.1))):
            for area in place:
                if self.chance.random() < 0.985:
                    minutes = self.chance.uniform(*clocks) * 60
                    acts.append((at_midnight(day) + timedelta(minutes=minutes), self._reporting(area, day)))
        acts.append((at_clock(day, "15:00"), self._closing))
        acts.append((at_clock(day, "16:00"), self._assessing(day)))
        acts.append((at_clock(day, "22:30"), self._evening))
        return sorted(acts, key=lambda act: act[0])

    def _reporting(self, area: int, day: date) -> Act:
        def report(at: datetime) -> None:
            report_day(area=area, day=day, situation="排查、随访按要求进行", by=f"drill:{code_of(area)}", at=at)

        return report

    def _assessing(self, day: date) -> Act:
        def assess(at: datetime) -> None:
            text = f"{day:%m月%d日}研判:未入户的逐户销号,居家观察对象一日两测,问题不过夜"
            decision = record_decision(area=self.county, text=text, by="drill:headquarters", at=at,
                                       basis_note="当日各镇日报告")  # fmt: skip
            for township in self.chance.sample(self.townships, 3):
                due = at_clock(day, "24:00")
                self.left.append(give_assignment(
                    area=township, what=self.chance.choice(WORK), owner="role:township", due=due, decision=decision,
                    by="drill:headquarters", at=at,
                ))  # fmt: skip

        return assess

    def _evening(self, at: datetime) -> None:
        """Most of what was given today is done tonight; about one in eight stays overnight."""
        self._finish(at, 0.87)

    def _closing(self, at: datetime) -> None:
        """What stayed overnight is closed the next day, nearly always."""
        self._finish(at, 0.9)

    def _finish(self, at: datetime, share: float) -> None:
        kept = []
        for assignment in self.left:
            if self.chance.random() < share:
                complete_assignment(
                    area=self.county, assignment=assignment, what_was_done="已逐项落实", by="drill:township", at=at
                )
            else:
                kept.append(assignment)
        self.left = kept
