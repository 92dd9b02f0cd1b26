"""What goes into the registers: a post, a responder, as somebody adds them; and what is refused."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

# 省际 县际 交通监测点 劝返站 执勤点 小区卡点 村组卡点 站点(车站) 其他. Never summed across types without saying so.
TYPES = (
    "interprovincial",
    "intercounty",
    "traffic",
    "turn_back",
    "duty_point",
    "estate",
    "village",
    "station",
    "quarantine",
    "other",
)


class Refused(ValueError):
    """What was asked cannot be done. `code` is stable; `args[0]` says it in English for logs; `what` names the part."""

    def __init__(self, code: str, text: str, what: str = "") -> None:
        super().__init__(text)
        self.code, self.what = code, what


@dataclass(frozen=True, slots=True)
class Demand:
    """Who must stand at a post every day: so many of a role from one clock time to another.

    `start` and `end` are "HH:MM"; the end may be past midnight, and start = end is round the clock. No role: anybody.
    `leads`: one of those on duty must be a leader (带班), who is counted among them.
    """

    role: str = ""
    count: int = 1
    start: str = "00:00"
    end: str = "00:00"
    leads: bool = False


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to register. `opened_at` None: it is known but not open yet. `position`: latitude, longitude in degrees."""

    name: str
    area: int
    type: str = "traffic"
    place: str = ""
    road: str = ""
    position: tuple[float, float] | None = None
    needs: tuple[Demand, ...] = ()
    opened_at: datetime | None = None
    opened_by: str = ""
    ends_at: datetime | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewResponder:
    """A responder to register. `roles` are what needs ask for (police, health…), `skills` what the reserve asks for.

    `party` is kept only where the county has switched it on; otherwise giving it is refused.
    """

    name: str
    area: int
    phone: str = ""
    unit: str = ""
    system: str = ""
    position: str = ""
    roles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    party: bool | None = None
    leave_cancelled: bool = False
    account: UUID | None = None
    home: tuple[float, float] | None = None
    id: UUID | None = field(default=None)


def check_post(new: NewPost) -> None:
    """Raise Refused unless the post can be registered."""
    if not new.name.strip():
        raise Refused("no name", "a post needs a name")
    if new.type not in TYPES:
        raise Refused("type", f"no type of post is called {new.type!r}", new.type)
    if new.ends_at and new.opened_at and new.ends_at <= new.opened_at:
        raise Refused("dates", "a post ends after it opens")
    check_position(new.position)
    check_demands(new.needs)


def check_demands(needs: tuple[Demand, ...]) -> None:
    """Raise Refused unless every demand has clock times and asks for at least one."""
    for need in needs:
        if need.count < 1:
            raise Refused("count", "a need asks for at least one person", str(need.count))
        for clock in (need.start, need.end):
            hours, _, minutes = clock.partition(":")
            if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
                raise Refused("clock", f"{clock!r} is not a clock time between 00:00 and 23:59", clock)


def check_responder(new: NewResponder, *, party_is_kept: bool) -> None:
    """Raise Refused unless the responder can be registered."""
    if not new.name.strip():
        raise Refused("no name", "a responder needs a name")
    if new.party is not None and not party_is_kept:
        raise Refused("party", "this county has not declared that it keeps party membership")
    for word in (*new.roles, *new.skills):
        if not word or " " in word:
            raise Refused("word", f"{word!r} must be one word", word)
    check_position(new.home)


def check_position(position: tuple[float, float] | None) -> None:
    """Raise Refused unless it is a latitude and a longitude in degrees, or nothing."""
    if position is not None and not (-90 <= position[0] <= 90 and -180 <= position[1] <= 180):
        raise Refused("position", f"{position} is no latitude and longitude in degrees")
