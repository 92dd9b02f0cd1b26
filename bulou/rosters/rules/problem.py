"""What a roster is asked for: shifts to serve, needs to cover, responders who can, and the limits that protect them.

All times are aware datetimes; `Problem.zone` says in which clock a day, a night and a weekend are counted. A shift is
the piece of time one person serves at one post; a need is what the post must have at every second of a window. The
two are apart, because the night rule (23:00 to 06:00) does not begin and end when a shift does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

ANYONE = ""  # the role of a need that whoever is on duty can fill
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees."""

    latitude: float
    longitude: float

    def km_to(self, other: "Place") -> float:
        """Return the distance in kilometres as the crow flies."""
        north, south = radians(self.latitude), radians(other.latitude)
        half = sin((north - south) / 2) ** 2
        half += cos(north) * cos(south) * sin(radians(self.longitude - other.longitude) / 2) ** 2
        return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of time, its end not included. `why` is a code (leave, ill, exposed, …), "" if none is needed."""

    start: datetime
    end: datetime
    why: str = ""

    def meets(self, start: datetime, end: datetime) -> bool:
        """Tell whether the two pieces share any time."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Wish:
    """A responder would like to be on duty (`on`) or off duty in a span; `weight` is how much, 1 to 10."""

    span: Span
    on: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Responder:
    """One who can be put on a roster.

    `roles` are what he can serve as (systems, skills, offices: police, health, village_cadre …); `leads` says he may be
    the leader on duty. Without a home no distance is held against him. `past` holds the duties served before the roster
    begins, as far back as the longest limit reaches; rest, nights, days and weeks are counted on from them. `fixed`
    are the ids of shifts he has been promised to: they are kept unless a limit forbids it, and then explained.
    """

    id: str
    roles: frozenset[str] = frozenset()
    leads: bool = False
    home: Place | None = None
    unavailable: tuple[Span, ...] = ()
    wishes: tuple[Wish, ...] = ()
    past: tuple[Span, ...] = ()
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A piece of time to serve at a post; any number of people serve it together."""

    id: str
    post: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """At every second of the window the post has at least `count` people of the role.

    One person fills one need at a time, so the counts of several needs add up. With `leads` the need is for somebody
    who may be the leader on duty: that one may fill another need at the same time (带班), so it adds nobody.
    """

    post: str
    start: datetime
    end: datetime
    role: str = ANYONE
    count: int = 1
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What no roster may break. Every value comes from the rule set (`limits_from`); None means not limited.

    A shift counts as a night when it shares at least `night_least` with the night (`night_from` to `night_to`).
    Weeks are any seven days in a row, so that a calendar's border gives nobody twelve days on end.
    """

    rest: timedelta
    night_from: time
    night_to: time
    night_least: timedelta
    nights_in_row: int | None = None
    days_in_row: int | None = None
    shifts_in_week: int | None = None
    travel_km: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What the solver pays for: only the order of size matters. A missing person outweighs all comfort."""

    fixed: int = 100_000
    short: int = 10_000
    wish: int = 20
    night: int = 6  # the k-th night above the fair share costs k times this, so that nights spread evenly
    weekend: int = 4
    load: int = 2
    km: int = 1


@dataclass(frozen=True)
class Problem:
    posts: tuple[Post, ...]
    shifts: tuple[Shift, ...]
    needs: tuple[Need, ...]
    responders: tuple[Responder, ...]
    limits: Limits
    zone: tzinfo = UTC
    weekend: frozenset[int] = frozenset({5, 6})  # Monday is 0
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        for name, each in (("post", self.posts), ("shift", self.shifts), ("responder", self.responders)):
            if len({one.id for one in each}) != len(each):
                raise ValueError(f"two of the {name}s have one id")
        known = {post.id for post in self.posts}
        if strange := ({one.post for one in self.shifts} | {one.post for one in self.needs}) - known:
            raise ValueError(f"no such post: {sorted(strange)[0]!r}")

    @cached_property
    def post_by_id(self) -> Mapping[str, Post]:
        return {post.id: post for post in self.posts}

    @cached_property
    def shift_by_id(self) -> Mapping[str, Shift]:
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def responder_by_id(self) -> Mapping[str, Responder]:
        return {responder.id: responder for responder in self.responders}

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def night_of(self, start: datetime, end: datetime) -> date | None:
        """Return the date on whose evening the night began in which this duty falls, None if it is no night duty."""
        best, found = timedelta(0), None
        for back in (1, 0, -1):
            day = self.day_of(start) - timedelta(days=back)
            dusk = datetime.combine(day, self.limits.night_from, self.zone)
            after = self.limits.night_to <= self.limits.night_from
            dawn = datetime.combine(day + timedelta(days=after), self.limits.night_to, self.zone)
            shared = min(end, dawn) - max(start, dusk)
            if shared > best and shared >= self.limits.night_least:
                best, found = shared, day
        return found

    def km(self, responder: Responder, post: str) -> float:
        """Return the kilometres from home to the post, 0 where either place is not known."""
        place = self.post_by_id[post].place
        return responder.home.km_to(place) if responder.home and place else 0.0


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """One person at one shift, the need filled (ANYONE: none in particular), and whether he is the leader on duty."""

    shift: str
    responder: str
    role: str = ANYONE
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """The answer. `cost` and `bound` are in the units of Weights; no roster whatever costs less than `bound`.

    `method` says how it was made (exact, decomposed, greedy); `missing` counts person-shifts no need was filled for.
    """

    assignments: tuple[Assignment, ...]
    cost: int = 0
    bound: int = 0
    missing: int = 0
    seconds: float = 0.0
    first_seconds: float = 0.0
    method: str = "hand"

    @property
    def gap(self) -> float:
        """Return the share of the cost that may still be saved: 0 is proven best."""
        return (self.cost - self.bound) / self.cost if self.cost > self.bound else 0.0


def limits_from(get: Callable[[str], object]) -> Limits:
    """Return the limits a rule set holds under `roster.…`. `get` is `RuleSet.get`; it raises LookupError."""

    def number(path: str) -> float:
        value = get(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{path} must be a number, not {value!r}")
        return value

    dusk, dawn = str(get("roster.night")).split("-")
    return Limits(
        rest=timedelta(hours=number("roster.rest_hours")),
        night_from=time.fromisoformat(dusk),
        night_to=time.fromisoformat(dawn),
        night_least=timedelta(minutes=number("roster.night_least_min")),
        nights_in_row=int(number("roster.nights_in_row")),
        days_in_row=int(number("roster.days_in_row")),
        shifts_in_week=int(number("roster.shifts_in_week")),
        travel_km=number("roster.travel_km"),
    )
