"""The paragraphs of the counties about their posts, computed from raw entries and the roster. Nothing is typed twice."""

from datetime import date, timedelta
from uuid import UUID

from bulou.checkpoints.queries.posts import daily
from bulou.checkpoints.rules import paragraphs
from bulou.checkpoints.rules.paragraphs import Paragraph
from bulou.core.moments import at_midnight, day_of
from bulou.ledger import queries as ledger
from bulou.rosters import queries as rosters

DAY = timedelta(days=1)


def monitoring_paragraph(area: int, *, first: date, days: int, type: str = "traffic") -> Paragraph:
    """Return 新县's paragraph (0-16) over `days` whole days from `first`: of the posts of one type that stood on the
    last of them, whoever had a turn there (each person once), and what passed there. Raise ValueError without a day."""
    since, until = at_midnight(first), at_midnight(first + days * DAY)
    posts = [post for post in rosters.posts(area, open_at=until - DAY / 2) if post.type == type]
    turns = rosters.shifts(area, since=since, until=until, posts=[post.id for post in posts])
    staff = {turn.responder for turn in turns if not turn.gone}
    mean = daily(area, first=first, days=days, posts={post.subject for post in posts})
    return paragraphs.monitoring(posts=len(posts), staff=len(staff), daily=mean)


def round_the_clock_paragraph(area: int, *, day: date, labels: tuple[str, ...]) -> Paragraph:
    """Return 威信's paragraphs (3-10, 3-14) of a day: all posts that stood, of whatever type (the source counts them so),
    the teams with any of the labels, each once, and the turns of the day by post and window."""
    since, until = at_midnight(day), at_midnight(day + DAY)
    posts = rosters.posts(area, open_at=since + DAY / 2)
    ids = [post.id for post in posts]
    turns = {(turn.post, turn.starts_at) for turn in rosters.shifts(area, since=since, until=until, posts=ids)
             if since <= turn.starts_at < until and not turn.gone}  # fmt: skip
    teams = [one for one in rosters.teams(area, on=day) if set(labels) & set(one.team.labels)]
    gaps = rosters.gaps_ahead(area, since=since, until=until, only=ids)
    return paragraphs.round_the_clock(posts=len(posts), teams=len(teams), shifts_a_day=len(turns), gaps=len(gaps))


def relief_paragraph(area: int, post: UUID, *, first: date, until: date) -> Paragraph:
    """Return 镇坪's paragraph (4-07) of [first, until]: the post's first call for help, everybody who signed up (each
    once), and the day the first of those sent to it arrived. Raise LookupError if it never called."""
    since, end = at_midnight(first), at_midnight(until + DAY)
    known = rosters.get_post(area, post)
    calls = [call for call in rosters.calls(area, now=end, since=since) if call.post == post and call.at < end]
    if not calls:
        raise LookupError(f"post {post} did not call for help from {first} to {until}")
    signed = ledger.entries_of(area, kinds=("volunteer_signup",), since=since, until=end)
    arrived = [one.arrived_at for call in calls for one in call.sent if one.arrived_at and one.arrived_at < end]
    return paragraphs.relief(
        post=known.name,
        asked_on=day_of(min(call.at for call in calls)),
        volunteers=len({entry.subject for entry in signed}),
        first_relief_on=day_of(min(arrived)) if arrived else None,
    )
