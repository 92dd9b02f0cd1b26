"""Posts as headquarters and the public read them: on what order they stand, what passed today, hour by hour.

What passed is counted from the day's entries by the index (county, kind, happened_at): a day costs a day, however long
the response has lasted (docs/adr/0013).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.checkpoints.queries.handoffs import unconfirmed
from bulou.checkpoints.rules import counts
from bulou.checkpoints.rules.counts import NONE, Count, Daily
from bulou.checkpoints.rules.standing import CLOSED, ORDER, Ground, Order, Standing, ground_of
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import at_midnight
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry
from bulou.rosters import queries as rosters
from bulou.rosters.queries import Post

DAY = timedelta(days=1)
BEGINNING = at_midnight(date(2000, 1, 1))
LATE = timedelta(hours=12)  # a tally is written down at most so long after the minute it counts


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post, what it stands on, what passed on the day and in the last hour, and the hand-offs nobody answered yet."""

    post: Post
    ground: Ground
    today: Count
    last_hour: Count
    unconfirmed: int
    overdue: int

    @property
    def order(self) -> Order | None:
        return self.ground.order

    @property
    def stands(self) -> bool:
        return self.ground.standing is Standing.STANDS


def hourly(area: int, *, since: datetime, until: datetime) -> dict[counts.Key, Count]:
    """Return what passed under the area in [since, until) by post ("post:<id>") and hour."""
    entries = ledger.scan(area, kinds=counts.KINDS, since=since, until=until + LATE)
    return counts.by_hour(entries, since, until)


def daily(area: int, *, first: date, days: int, posts: set[str] | None = None) -> Daily:
    """Return the daily means of `days` whole days from `first` under the area: of these posts only, if they are named.

    Raise ValueError without a day.
    """
    if days < 1:
        raise ValueError("a daily mean is over at least one day")
    since = at_midnight(first)
    found = hourly(area, since=since, until=since + days * DAY)
    return Daily(since, days, counts.total(one for (post, _), one in found.items() if posts is None or post in posts))


def grounds(area: int, *, now: datetime) -> dict[str, Ground]:
    """Return what each post under the area that was ever ordered or closed stands on, by subject."""
    said: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.entries_of(area, kinds=(ORDER, CLOSED), since=BEGINNING, until=now + timedelta(microseconds=1)):
        said[entry.subject].append(entry)
    return {post: ground_of(entries, now) for post, entries in said.items()}


def post_lines(area: int, *, now: datetime, ids: set[UUID] | None = None) -> list[PostLine]:
    """Return the posts under the area by type and name, with the counts of the day so far (China time)."""
    posts = rosters.posts(area, ids=ids)
    standing = grounds(area, now=now)
    passed: dict[str, dict[datetime, Count]] = defaultdict(dict)
    for (post, hour), one in hourly(area, since=at_midnight(_day(now)), until=now + timedelta(microseconds=1)).items():
        passed[post][hour] = one
    open_ones = unconfirmed(county_of(area), now=now)
    return [
        PostLine(
            post,
            standing.get(post.subject, Ground(Standing.NO_ORDER)),
            counts.total(passed[post.subject].values()),
            passed[post.subject].get(counts.hour_of(now), NONE),
            *open_ones.get(post.subject, (0, 0)),
        )
        for post in posts
    ]


def get_post_line(area: int, post: UUID, *, now: datetime) -> PostLine:
    """Return one post under the area. Raise LookupError if there is none that may be seen."""
    rosters.get_post(area, post)
    return post_lines(area, now=now, ids={post})[0]


@dataclass(frozen=True, slots=True)
class RoadLine:
    """A road as anybody may know it: where the barrier stands, whether one can pass, until when, on what basis."""

    road: str
    place: str
    type: str
    passage: str
    hours: str
    basis: str
    until: date
    note: str


def road_lines(county: int, *, now: datetime) -> list[RoadLine]:
    """Return the barriers that stand in the county now. Public: orders only, nothing that was recorded at a post."""
    area = county_area(county)
    with seeing(EVERYTHING):
        standing = [ground.order for ground in grounds(area, now=now).values() if ground.standing is Standing.STANDS]
    found = [
        RoadLine(o.road, o.place, o.type, o.passage, o.hours, o.basis, o.until, o.public_note) for o in standing if o
    ]
    return sorted(found, key=lambda line: (line.road, line.place))


def _day(now: datetime) -> date:
    return counts.hour_of(now).date()
