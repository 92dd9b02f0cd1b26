"""A post calls for help: volunteers sign up in waves, are answered, and the first are sent and arrive the next day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from bulou.areas import queries as areas
from bulou.core.divisions import TOWNSHIP, county_of, number_of
from bulou.core.moments import at_clock
from bulou.drill.actions.headquarters import Act
from bulou.drill.actions.manning import BY
from bulou.drill.rules.blueprints import Blueprint, share_groups
from bulou.drill.rules.people import make_name
from bulou.rosters import actions as rosters
from bulou.rosters import queries
from bulou.rosters.rules.registers import NewResponder

WAVES = ("14:00", "16:00", "18:00")
SKILLS = ("registration", "disinfection", "general", "driver")
OFFICES = "县直机关"
REASONS = ("traffic", "few_hands", "hard_task")  # 车流量大、人手不足、任务异常艰巨


def call_for_relief(blueprint: Blueprint, day: date) -> Iterator[tuple[datetime, Act]]:
    """Yield what happens on the day of the post's call and on the day after; nothing on any other."""
    relief = blueprint.posts.relief if blueprint.posts else None
    if relief is None:
        return
    county = number_of(blueprint.county)
    call = _Call(blueprint, county)
    if day == relief.asked_on:
        yield at_clock(day, "11:30"), call.ask
        for clock, size in zip(WAVES, share_groups(relief.volunteers, len(WAVES)), strict=True):
            yield at_clock(day, clock), lambda at, size=size: call.sign_up(size, at)  # type: ignore[misc]
        yield at_clock(day, "20:00"), call.send
    elif day == relief.asked_on + timedelta(days=1):
        yield at_clock(day, "08:30"), call.arrive


class _Call:
    """Reads everything back from the registers, so that one day needs to know nothing of the other."""

    def __init__(self, blueprint: Blueprint, county: int) -> None:
        assert blueprint.posts is not None and blueprint.posts.relief is not None
        self.relief, self.number, self.county = blueprint.posts.relief, county, county_of(county)
        self.last = blueprint.last_day

    def _post(self) -> UUID:
        return next(post.id for post in queries.posts(self.number) if post.name == self.relief.post)

    def ask(self, at: datetime) -> None:
        rosters.call_for_help(self.county, self._post(), how_many=self.relief.sent, skills=["general"], reasons=REASONS,
                              until=at_clock(self.last, "24:00"), by="drill:post", at=at)  # fmt: skip

    def sign_up(self, size: int, at: datetime) -> None:
        """Register so many people of the county's own offices, who offer to be sent, and accept them."""
        chance = Random(f"{self.county}{at.isoformat()}")
        town = areas.at_level(self.number, TOWNSHIP)[0].number
        new = [
            NewResponder(make_name(chance), town, phone=f"138{chance.randrange(10**8):08d}", unit=OFFICES, system=OFFICES,
                         skills=(SKILLS[n % len(SKILLS)],))
            for n in range(size)
        ]  # fmt: skip
        people = rosters.add_responders(new, by=BY, at=at)
        signed = rosters.sign_up(self.county, people, skills=["general"], first=at.date(), last=self.last, contact=False,
                                 by=BY, at=at)  # fmt: skip
        rosters.answer_signups(self.county, signed, accepted=True, by=BY, at=at + timedelta(minutes=30))

    def send(self, at: datetime) -> None:
        call = next(call for call in queries.calls(self.number, now=at, since=at - timedelta(days=1)))
        fit = queries.candidates(call, now=at, rest=timedelta())  # none of them stood a turn before
        rosters.send(self.county, call.entry, [UUID(one.id) for one, _ in fit][: self.relief.sent],
                     until=at_clock(self.last, "24:00"), by=BY, at=at)  # fmt: skip

    def arrive(self, at: datetime) -> None:
        for call in queries.calls(self.number, now=at, since=at - timedelta(days=2)):
            for one in call.sent:
                rosters.arrive(self.county, one.shift, by=BY, at=at)
