"""Posts now and ahead: who is on, what is not covered, for how long a post stood empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from bulou.core.moments import CHINA, day_of
from bulou.rosters.models import Responder as ResponderRow
from bulou.rosters.queries.registers import Post, get_post, posts
from bulou.rosters.queries.shifts import Shift, shifts, turns_as_went
from bulou.rosters.rules.coverage import Served, coverage
from bulou.rosters.rules.patterns import Demand, lay_needs
from bulou.rosters.rules.problem import Need
from bulou.rosters.rules.problem import Post as Site
from bulou.rosters.rules.standing import Span, empty_spans, presence

BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start` to `end` the post lacks `missing` people of the role ("": anybody), or (`leads`) a leader on duty."""

    post: UUID
    start: datetime
    end: datetime
    role: str
    missing: int
    leads: bool


@dataclass(frozen=True, slots=True)
class PostNow:
    """A post that stands now. `present` have come and not gone; `expected` are down for now and have not come."""

    post: Post
    present: list[Shift]
    expected: list[Shift]
    gap_now: list[Gap]
    next_gap: Gap | None

    manned: bool  # whether somebody has to be there now: nobody has at a road that is closed

    @property
    def empty(self) -> bool:
        return self.manned and not self.present


def posts_now(area: int, now: datetime, *, ahead: timedelta = timedelta(hours=72)) -> list[PostNow]:
    """Return every post under the area that stands now, with who is on duty and what is not covered until `now + ahead`."""
    found = posts(area, open_at=now)
    its = shifts(area, since=now - timedelta(hours=8), until=now + ahead, posts=[post.id for post in found])
    gaps = _gaps(found, its, now, now + ahead)
    by_post: dict[UUID, list[Shift]] = {}
    for shift in its:
        by_post.setdefault(shift.post, []).append(shift)
    lacking: dict[UUID, list[Gap]] = {}
    for gap in gaps:
        lacking.setdefault(gap.post, []).append(gap)
    rows = []
    for post in found:
        mine = by_post.get(post.id, [])
        present = [
            shift for shift, turn in zip(mine, turns_as_went(mine), strict=True)
            if (span := presence(turn, now)) is not None and (turn.went is None or turn.went > now)
            and (span[1] >= now)
        ]  # fmt: skip
        here = {shift.id for shift in present}
        expected = [
            shift for shift in mine
            if shift.starts_at <= now < shift.ends_at and shift.id not in here and not shift.gone
            and shift.came_at is None
        ]  # fmt: skip
        ahead_of = lacking.get(post.id, [])
        current = [gap for gap in ahead_of if gap.start <= now]
        later = [gap for gap in ahead_of if gap.start > now]
        rows.append(PostNow(post, present, expected, current, later[0] if later else None, post.manned_at(now)))
    return rows


def gaps_ahead(area: int, *, since: datetime, until: datetime, only: Iterable[UUID] | None = None) -> list[Gap]:
    """Return every piece of time in [since, until) that published turns do not cover, sick calls taken off, by time.

    A post whose needs nobody has stated must still never be empty: it needs one person round the clock.
    """
    found = [post for post in posts(area, ids=only) if post.manned_in(since, until)]
    its = shifts(area, since=since, until=until, posts=[post.id for post in found])
    return _gaps(found, its, since, until)


def empty(
    area: int, post: UUID, *, since: datetime | None = None, until: datetime, now: datetime | None = None
) -> list[Span]:
    """Return when nobody was at the post while somebody had to be: from check-ins, hand-overs and sick calls alone.

    `since` left out: since it first stood. Reads the post's own turns of that time.
    """
    found = get_post(area, post)
    first = since or min((time.since for time in found.manned), default=until)
    wanted = found.manned_in(first, min(until, now) if now else until)
    if not wanted:
        return []
    first, last = wanted[0][0], wanted[-1][1]
    its = shifts(area, since=first - BEFORE, until=last + timedelta(hours=1), posts=[post])
    return empty_of([found], its, first, last)[post]


def empty_of(posts: Iterable[Post], its: Iterable[Shift], since: datetime, until: datetime) -> dict[UUID, list[Span]]:
    """Return for each of the posts when nobody was there in [since, until) while somebody had to be.

    `its`: the turns of these posts from a day before `since` on, as `shifts` returns them.
    """
    known: dict[UUID, list[Span]] = {}
    listed = list(its)
    for shift, turn in zip(listed, turns_as_went(listed), strict=True):
        if (span := presence(turn, until)) is not None:
            known.setdefault(shift.post, []).append(span)
    return {
        post.id: [piece for start, end in post.manned_in(since, until)
                  for piece in empty_spans(known.get(post.id, ()), start, end)]
        for post in posts
    }  # fmt: skip


def needs_of(post: Post, since: datetime, until: datetime) -> list[Need]:
    """Return what the post needs in [since, until) while somebody has to be there."""
    spans = post.manned_in(since, until)
    if not spans:
        return []
    first = day_of(spans[0][0]) - timedelta(days=1)
    days = (day_of(spans[-1][1]) - first).days + 1
    demands = [
        Demand(each.role, each.count, time.fromisoformat(each.start), time.fromisoformat(each.end), each.leads)
        for each in post.needs
    ] or [Demand()]
    found = []
    for need in lay_needs([Site(str(post.id))], demands, first, days, CHINA):
        for opens, closes in spans:
            start, end = max(need.start, opens), min(need.end, closes)
            if start < end:
                found.append(Need(need.post, start, end, need.role, need.count, need.leads))
    return found


def _gaps(found: Iterable[Post], its: Iterable[Shift], since: datetime, until: datetime) -> list[Gap]:
    standing = [shift for shift in its if not shift.gone]
    can = roles_of({shift.county for shift in standing}, standing)
    served = [
        Served(str(s.post), s.starts_at, s.left_at or s.ends_at, can.get(s.responder, frozenset()) | {s.role}, s.lead)
        for s in standing
        if s.left_at is None or s.left_at > s.starts_at
    ]
    needs = [need for post in found for need in needs_of(post, since, until)]
    gaps = [Gap(UUID(g.post), g.start, g.end, g.role, g.missing, g.leads) for g in coverage(needs, served)]
    return sorted(gaps, key=lambda gap: (gap.start, str(gap.post), gap.role))


def roles_of(counties: Iterable[int], its: Iterable[Shift]) -> dict[UUID, frozenset[str]]:
    """Return what each responder of the turns can serve as."""
    found: dict[UUID, frozenset[str]] = {}
    ids = sorted({shift.responder for shift in its})
    for county in counties:
        for start in range(0, len(ids), 400):
            rows = ResponderRow.objects.filter(county=county, id__in=ids[start : start + 400])
            found |= {id_: frozenset(roles.split()) for id_, roles in rows.values_list("id", "roles")}
    return found
