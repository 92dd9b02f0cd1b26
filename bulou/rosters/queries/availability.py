"""Who can be put on a roster, and who cannot until when: what cannot_serve and sign-ups say, as far as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.core.divisions import county_area
from bulou.core.moments import CHINA, at_midnight
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.rosters.models import Draft as DraftRow
from bulou.rosters.models import Post as PostRow
from bulou.rosters.models import Responder as ResponderRow
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.posts import needs_of
from bulou.rosters.queries.registers import Post, posts
from bulou.rosters.queries.shifts import standing_of
from bulou.rosters.rules.patterns import lay_shifts, parse_pattern
from bulou.rosters.rules.problem import Limits, Place, Problem, Responder, Span
from bulou.rosters.rules.problem import Post as Site

LOOK_BACK = timedelta(days=90)  # nobody is kept off for longer by one entry that still matters
PAST = timedelta(days=28)
LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Away:
    """A responder cannot serve from `starts` to `ends`; `why` is the reason's code."""

    starts: datetime
    ends: datetime
    why: str


def away(county: int, *, since: datetime, until: datetime) -> dict[UUID, list[Away]]:
    """Return who cannot serve when, of the time between the two moments. Read whole: a roster must know everybody."""
    with seeing(EVERYTHING):
        entries = ledger.entries_of(county_area(county), kinds=["cannot_serve"], since=since - LOOK_BACK, until=until)
    found: dict[UUID, list[Away]] = {}
    for entry in entries:
        starts = at_midnight(date.fromisoformat(str(entry.body["from"])))
        ends = at_midnight(date.fromisoformat(str(entry.body["until"]))) + timedelta(days=1)
        if starts < until and ends > since:
            who = UUID(entry.subject.removeprefix("responder:"))
            found.setdefault(who, []).append(Away(starts, ends, str(entry.body["reason"])))
    return found


def problem_for(
    area: int,
    post_ids: Iterable[UUID],
    *,
    first: date,
    days: int,
    pattern: Iterable[str],
    limits: Limits,
    responders: Iterable[UUID] | None = None,
    systems: Iterable[str] = (),
) -> Problem:
    """Return what a roster of these posts is asked for: everybody registered under the area may serve.

    `pattern`: clock windows ("07:00-15:00"). Who cannot serve, and who already stands a published turn, is left out of
    those hours. Raise LookupError if there is no such post, ValueError if the pattern is none.
    """
    found = posts(area, ids=list(post_ids))
    if not found:
        raise LookupError("none of these posts is under the area")
    county = found[0].county
    made = parse_pattern("pattern", list(pattern))
    sites = tuple(_site(post) for post in found)
    shifts = lay_shifts(sites, made, first, days, CHINA)
    opens, closes = min(s.start for s in shifts), max(s.end for s in shifts)
    rows = ResponderRow.objects.filter(county=county, ended_at__isnull=True, since__lt=closes)
    if responders is not None:
        rows = rows.filter(id__in=list(responders))
    if wanted := list(systems):
        rows = rows.filter(system__in=wanted)
    absent = away(county, since=opens, until=closes)
    past, busy = _served(county, opens, closes)
    people = tuple(
        Responder(
            str(row.id), frozenset(row.roles.split()), LEADER in row.roles.split(), _home(row),
            unavailable=tuple(Span(a.starts, a.ends, a.why) for a in absent.get(row.id, ())) + tuple(busy.get(row.id, ())),
            past=tuple(past.get(row.id, ())),
        )
        for row in rows.order_by("id")
    )  # fmt: skip
    needs = tuple(need for post in found for need in needs_of(post, opens, closes))
    kept = {(need.post) for need in needs}
    return Problem(sites, tuple(s for s in shifts if s.post in kept), needs, people, limits, zone=CHINA)


def _served(county: int, opens: datetime, closes: datetime) -> tuple[dict[UUID, list[Span]], dict[UUID, list[Span]]]:
    """Return the turns that stand before the roster, and those that stand in it or right after, by responder."""
    rows = list(ShiftRow.objects.filter(county=county, starts_at__gte=opens - PAST, starts_at__lt=closes, relief=False))
    standing = standing_of(county, [row.id for row in rows])
    past: dict[UUID, list[Span]] = {}
    busy: dict[UUID, list[Span]] = {}
    for row in rows:
        if row.id in standing:
            into = past if row.ends_at <= opens else busy
            into.setdefault(row.responder, []).append(Span(row.starts_at, row.ends_at, "on_duty"))
    return past, busy


def _site(post: Post) -> Site:
    return Site(str(post.id), Place(*post.position) if post.position else None)


def _home(row: ResponderRow) -> Place | None:
    return Place(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None


def place_of(county: int, post: UUID) -> Place | None:
    """Return where the post is, if that is known."""
    row = PostRow.objects.filter(county=county, id=post).first()
    return (
        Place(row.latitude, row.longitude) if row and row.latitude is not None and row.longitude is not None else None
    )


def drafts_running(county: int) -> bool:
    """Tell whether a roster of the county is being made."""
    return DraftRow.objects.filter(county=county, state="running").exists()
