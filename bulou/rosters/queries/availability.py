"""Who can be put on a roster, and who cannot until when: what cannot_serve and sign-ups say, as far as it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.core.divisions import county_area
from bulou.core.moments import CHINA, at_midnight
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.rosters.models import Post as PostRow
from bulou.rosters.models import Responder as ResponderRow
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.posts import needs_of
from bulou.rosters.queries.registers import Post, posts
from bulou.rosters.queries.shifts import standing_of
from bulou.rosters.rules.patterns import lay_shifts, parse_pattern
from bulou.rosters.rules.problem import Limits, Place, Problem, Responder, Span, Wish
from bulou.rosters.rules.problem import Post as Site
from bulou.rosters.rules.problem import Shift as Slot
from bulou.rosters.rules.turns import Turn

LOOK_BACK = timedelta(days=90)  # nobody is kept off for longer by one entry that still matters
PAST = timedelta(days=28)
LEADER = "leader"
WEIGHTS = {"some": 1, "strong": 5}  # of a wish, in Weights.wish


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
            found.setdefault(who, []).append(Away(starts, ends, str(entry.body.get("reason", ""))))
    return found


def wishes(county: int, *, since: datetime, until: datetime) -> dict[UUID, list[Wish]]:
    """Return who would like to be off or on duty when, of the time between the two moments. Read whole, as `away`."""
    with seeing(EVERYTHING):
        entries = ledger.entries_of(county_area(county), kinds=["duty_wish"], since=since - LOOK_BACK, until=until)
    found: dict[UUID, list[Wish]] = {}
    for entry in entries:
        starts = at_midnight(date.fromisoformat(str(entry.body["from"])))
        ends = at_midnight(date.fromisoformat(str(entry.body["until"]))) + timedelta(days=1)
        if starts < until and ends > since:
            wish = Wish(Span(starts, ends), entry.body["wish"] == "on", WEIGHTS.get(str(entry.body["strength"]), 1))
            found.setdefault(UUID(entry.subject.removeprefix("responder:")), []).append(wish)
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
    fixed: Sequence[Turn] = (),
    keep: bool = True,
) -> Problem:
    """Return what a roster of these posts is asked for: everybody registered under the area may serve.

    `pattern`: clock windows ("07:00-15:00"). Who cannot serve, or stands a published turn elsewhere or at other hours, is
    left out of those hours; a published turn that is a turn of this roster is kept (fixed), and so are those of `fixed`.
    Without `keep` a published turn is only time in which its responder cannot stand another.
    Raise LookupError if there is no such post, ValueError if the pattern is none.
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
    past, busy, promised = _served(county, opens, closes, shifts if keep else ())
    for turn in fixed:
        promised.setdefault(turn.responder, set()).add(slot_of(turn.post, turn.starts))
    wanted_by = wishes(county, since=opens, until=closes)
    people = tuple(
        Responder(
            str(row.id), frozenset(row.roles.split()), LEADER in row.roles.split(), _home(row),
            unavailable=tuple(Span(a.starts, a.ends, a.why) for a in absent.get(row.id, ())) + tuple(busy.get(row.id, ())),
            wishes=tuple(wanted_by.get(row.id, ())), past=tuple(past.get(row.id, ())),
            fixed=frozenset(promised.get(row.id, ())),
        )
        for row in rows.order_by("id")
    )  # fmt: skip
    needs = tuple(need for post in found for need in needs_of(post, opens, closes))
    kept = {(need.post) for need in needs}
    return Problem(sites, tuple(s for s in shifts if s.post in kept), needs, people, limits, zone=CHINA)


def slot_of(post: UUID, starts: datetime) -> str:
    """Return the id a turn of the post has in a roster's problem."""
    return f"{post}/{starts.astimezone(CHINA):%Y-%m-%dT%H%M}"


def _served(
    county: int, opens: datetime, closes: datetime, slots: Sequence[Slot]
) -> tuple[dict[UUID, list[Span]], dict[UUID, list[Span]], dict[UUID, set[str]]]:
    """Return by responder the turns that stand before the roster, those in it or right after, and those that are its own."""
    rows = list(ShiftRow.objects.filter(county=county, starts_at__gte=opens - PAST, starts_at__lt=closes, relief=False))
    standing = standing_of(county, [row.id for row in rows])
    own = {slot.id: slot.end for slot in slots}
    past: dict[UUID, list[Span]] = {}
    busy: dict[UUID, list[Span]] = {}
    promised: dict[UUID, set[str]] = {}
    for row in rows:
        if row.id not in standing:
            continue
        if own.get(slot := slot_of(row.post, row.starts_at)) == row.ends_at:
            promised.setdefault(row.responder, set()).add(slot)
        else:
            into = past if row.ends_at <= opens else busy
            into.setdefault(row.responder, []).append(Span(row.starts_at, row.ends_at, "on_duty"))
    return past, busy, promised


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
