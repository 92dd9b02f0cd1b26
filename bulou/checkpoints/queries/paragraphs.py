"""The paragraphs of the counties about their posts, computed from raw entries and the roster. Nothing is typed twice."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from bulou.checkpoints.queries.posts import daily
from bulou.checkpoints.rules import paragraphs
from bulou.checkpoints.rules.paragraphs import Empty, Paragraph
from bulou.core.divisions import county_of
from bulou.core.moments import at_midnight, day_of
from bulou.ledger import queries as ledger
from bulou.rosters import queries as rosters
from bulou.rosters.rules.standing import Span

DAY = timedelta(days=1)


def monitoring_paragraph(area: int, *, first: date, days: int, type: str = "traffic") -> Paragraph:
    """Return 新县's paragraph (0-16) over `days` whole days from `first`: of the posts of one type that had to be manned on
    any of them, each over the days it stood; of whoever checked in there (each person once); of the time nobody was there;
    and of what passed. Raise ValueError without a day."""
    since, until = at_midnight(first), at_midnight(first + days * DAY)
    posts = [post for post in rosters.posts(area) if post.type == type and post.manned_in(since, until)]
    turns = rosters.shifts(area, since=since - DAY, until=until, posts=[post.id for post in posts])
    stood = {turn.responder for turn in turns if turn.came_at is not None and turn.ends_at > since}
    mean = daily(area, first=first, days=days, posts={post.subject for post in posts})
    return paragraphs.monitoring(
        posts=len(posts), staff=len(stood), party=_party(area, stood), daily=mean, type=type,
        empty=_empty(rosters.empty_of(posts, turns, since, until)),
    )  # fmt: skip


def _party(area: int, responders: set[UUID]) -> int:
    """Return how many of them the register says are party members: none where the county does not keep that."""
    if not responders or not rosters.keeps_party(county_of(area)):
        return 0
    return sum(1 for one in rosters.responders(area, ids=responders) if one.party)


def _empty(spans: Mapping[UUID, list[Span]]) -> Empty:
    empty = [sum(((end - start).total_seconds() for start, end in some), 0.0) for some in spans.values()]
    return Empty(posts=sum(1 for seconds in empty if seconds), seconds=sum(empty))


def round_the_clock_paragraph(area: int, *, day: date, labels: tuple[str, ...]) -> Paragraph:
    """Return 威信's paragraphs (3-10, 3-14) of a day: all posts that had to be manned, of whatever type (the source counts
    them so), the teams with any of the labels, each once, the turns that were stood by post and window, and the time
    nobody was there."""
    since, until = at_midnight(day), at_midnight(day + DAY)
    posts = [post for post in rosters.posts(area) if post.manned_in(since, until)]
    found = rosters.shifts(area, since=since - DAY, until=until, posts=[post.id for post in posts])
    turns = Counter(
        post for post, _ in {(turn.post, turn.starts_at) for turn in found
                             if turn.came_at is not None and since <= turn.starts_at < until}
    )  # fmt: skip
    teams = [set(one.team.labels) & set(labels) for one in rosters.teams(area, on=day)]
    return paragraphs.round_the_clock(
        posts=len(posts), teams=sum(1 for its in teams if its), labels=sorted(set().union(*teams)),
        shifts=[turns[post.id] for post in posts], empty=_empty(rosters.empty_of(posts, found, since, until)),
    )  # fmt: skip


def relief_paragraph(area: int, post: UUID, *, first: date, until: date) -> Paragraph:
    """Return 镇坪's paragraph (4-07) of [first, until]: the post's first call for help, everybody who signed up from
    then on (each once), and the day the first of those sent to it arrived. Raise LookupError if it never called."""
    since, end = at_midnight(first), at_midnight(until + DAY)
    known = rosters.get_post(area, post)
    calls = [call for call in rosters.calls(area, now=end, since=since) if call.post == post and call.at < end]
    if not calls:
        raise LookupError(f"post {post} did not call for help from {first} to {until}")
    asked = min(call.at for call in calls)
    signed = ledger.entries_of(area, kinds=("volunteer_signup",), since=asked, until=end)
    arrived = [one.arrived_at for call in calls for one in call.sent if one.arrived_at and one.arrived_at < end]
    return paragraphs.relief(
        post=known.name,
        asked_on=day_of(asked),
        volunteers=len({entry.subject for entry in signed}),
        first_relief_on=day_of(min(arrived)) if arrived else None,
    )
