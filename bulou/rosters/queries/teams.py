"""Teams, zones and the contact matrix as of a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from bulou.core.divisions import county_of, last_of
from bulou.core.moments import at_midnight
from bulou.rosters.models import Contact as ContactRow
from bulou.rosters.models import Member, Responder, Stand
from bulou.rosters.models import Team as TeamRow
from bulou.rosters.queries.registers import within
from bulou.rosters.queries.settings import keeps_party, setting
from bulou.rosters.queries.shifts import shifts
from bulou.rosters.rules.teams import LABELS, Counts, Finding, Team, count, findings


def labels_of(county: int) -> dict[str, tuple[str, str]]:
    """Return the county's team labels with their Chinese and English words: those that ship, and its own."""
    own = {str(slug): (str(zh), str(en)) for slug, zh, en in setting(county, "labels", default=[])}
    return {**LABELS, **own}


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A team with what a list shows beside what rules ask."""

    team: Team
    area: int
    site: str
    since: date
    until: date | None
    party_count: int | None

    @property
    def county(self) -> int:
        return county_of(self.area)


def _as_of(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def teams(area: int, *, on: date, ids: list[UUID] | None = None) -> list[TeamRecord]:
    """Return the teams under the area that stand on the day, by name, with their members of that day."""
    rows = TeamRow.objects.filter(within(area))
    rows = rows.filter(_as_of(on)) if ids is None else rows.filter(id__in=ids)
    listed = list(rows.order_by("name", "id"))
    wanted = {row.id for row in listed}
    members: dict[UUID, set[UUID]] = {}
    for county in {row.county for row in listed}:
        held = Member.objects.filter(_as_of(on), county=county).values_list("team", "responder")
        for team, who in held:
            if team in wanted:
                members.setdefault(team, set()).add(who)
    return [
        TeamRecord(
            Team(row.id, row.name, frozenset(row.labels.split()), frozenset(members.get(row.id, ())), row.post, row.lead,
                 row.head_count, row.minimum),
            row.area, row.site, row.since, row.until, row.party_count,
        )
        for row in listed
    ]  # fmt: skip


def team_findings(area: int, *, on: date, get: Callable[[str], object]) -> list[Finding]:
    """Return what the rule set (`get` is RuleSet.get) finds about the teams under the area on the day."""
    kept = keeps_party(county_of(area))
    at = party_at(area, on=on) if kept else {}
    return findings([row.team for row in teams(area, on=on)], at, get, party_is_kept=kept)


def party_at(area: int, *, on: date) -> Mapping[UUID, int]:
    """Return post -> how many party members (人) stand a turn there on the day, or belong to a team that is there.

    A turn that was let go, or whose roster was withdrawn, does not count; one past midnight counts on both days.
    """
    at: dict[UUID, set[UUID]] = {}
    since = at_midnight(on)
    for shift in shifts(area, since=since, until=since + timedelta(days=1)):
        if not shift.gone:
            at.setdefault(shift.post, set()).add(shift.responder)
    for row in teams(area, on=on):
        if row.team.post is not None:
            at.setdefault(row.team.post, set()).update(row.team.members)
    members = set(Responder.objects.filter(county=county_of(area), party=True).values_list("id", flat=True))
    return {post: len(people & members) for post, people in at.items()}


def team_counts(area: int, *, on: date) -> Counts:
    """Return counts that never add what overlaps: distinct teams beside teams by label."""
    return count(row.team for row in teams(area, on=on))


def stand_counts(area: int, *, on: date) -> dict[str, int]:
    """Return how many zones, pioneer posts and service posts there are under the area on the day."""
    found = {"zone": 0, "pioneer": 0, "service": 0}
    for sort in Stand.objects.filter(within(area)).filter(_as_of(on)).values_list("sort", flat=True):
        found[sort] += 1
    return found


@dataclass(frozen=True, slots=True)
class StandRecord:
    """A zone, pioneer post or service post with who answers for it."""

    county: int
    id: UUID
    area: int
    sort: str
    name: str
    responder: UUID | None
    since: date


def stands(area: int, *, on: date, limit: int = 500) -> list[StandRecord]:
    """Return the zones, pioneer and service posts under the area on the day, by sort and name."""
    rows = Stand.objects.filter(within(area)).filter(_as_of(on)).order_by("sort", "name", "id")[:limit]
    return [StandRecord(row.county, row.id, row.area, row.sort, row.name, row.responder, row.since) for row in rows]


@dataclass(frozen=True, slots=True)
class Contact:
    id: UUID
    leader: str
    position: str
    department: str
    area: int | None
    since: date
    until: date | None


def contacts(county: int, *, on: date, area: int | None = None) -> list[Contact]:
    """Return the contact matrix of the county on the day, by leader. `area`: only the townships under it."""
    rows = ContactRow.objects.filter(_as_of(on), county=county)
    if area is not None:
        rows = rows.filter(area__range=(area, last_of(area)))
    return [
        Contact(row.id, row.leader, row.position, row.department, row.area, row.since, row.until)
        for row in rows.order_by("leader", "department", "area")
    ]
