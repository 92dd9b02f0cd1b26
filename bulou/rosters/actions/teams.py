"""Teams and their members, responsibility zones, pioneer and service posts, and the contact matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.rosters.models import Contact, Member, Stand, Team
from bulou.rosters.queries.teams import labels_of
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.teams import check_labels
from bulou.store import writing

BATCH = 500
SORTS = ("zone", "pioneer", "service")


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team to register. `head_count` and `party_count`: as reported, where its members are not listed by name."""

    name: str
    area: int
    labels: tuple[str, ...]
    since: date
    post: UUID | None = None
    site: str = ""
    lead: UUID | None = None
    members: tuple[UUID, ...] = ()
    head_count: int | None = None
    party_count: int | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class NewStand:
    """A responsibility zone ("zone"), pioneer post ("pioneer") or service post ("service") to register."""

    sort: str
    name: str
    area: int
    since: date
    responder: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewContact:
    """A line of the contact matrix: a leader and a department, or a leader and a township (its area number)."""

    leader: str
    since: date
    position: str = ""
    department: str = ""
    area: int | None = None


def add_teams(new: Sequence[NewTeam], *, by: str, at: datetime) -> list[UUID]:
    """Register teams of one county and return their ids. Raise Refused, and write none, if one has no known label."""
    counties = {county_of(one.area) for one in new}
    if len(counties) != 1:
        raise ValueError(f"a batch belongs to one county; this one spans {sorted(counties)}")
    county = counties.pop()
    known = labels_of(county)
    for one in new:
        if not one.name.strip():
            raise Refused("no name", "a team needs a name")
        check_labels(one.labels, known)
    rows = [
        Team(county=county, id=new_id(), area=one.area, name=one.name.strip(), labels=" ".join(sorted(set(one.labels))),
             post=one.post, site=one.site, lead=one.lead, head_count=one.head_count, party_count=one.party_count,
             minimum=one.minimum, since=one.since, registered_by=by)
        for one in new
    ]  # fmt: skip
    members = [
        Member(county=county, team=row.id, responder=who, since=one.since)
        for row, one in zip(rows, new, strict=True) for who in dict.fromkeys(one.members)
    ]  # fmt: skip
    with writing(county):
        Team.objects.bulk_create(rows, batch_size=BATCH)
        Member.objects.bulk_create(members, batch_size=BATCH)
    return [row.id for row in rows]


def add_members(county: int, team: UUID, responders: Sequence[UUID], *, since: date, by: str, at: datetime) -> None:
    """Add members from a day. Who is in the team already stays as they are. Raise LookupError if there is no such team."""
    with writing(county):
        if not Team.objects.filter(county=county, id=team).exists():
            raise LookupError(f"there is no team {team} in county {county}")
        here = set(
            Member.objects.filter(county=county, team=team, until__isnull=True).values_list("responder", flat=True)
        )
        rows = [Member(county=county, team=team, responder=who, since=since) for who in dict.fromkeys(responders)
                if who not in here]  # fmt: skip
        Member.objects.bulk_create(rows, batch_size=BATCH)


def end_member(county: int, team: UUID, responder: UUID, *, until: date, by: str, at: datetime) -> None:
    """Take a member out from that day on. Raise LookupError."""
    rows = Member.objects.filter(county=county, team=team, responder=responder, until__isnull=True)
    if not rows.update(until=until):
        raise LookupError("this responder is not in the team")


def set_lead(county: int, team: UUID, lead: UUID | None, *, by: str, at: datetime) -> None:
    """Say who leads the team. Raise LookupError."""
    if not Team.objects.filter(county=county, id=team).update(lead=lead):
        raise LookupError(f"there is no team {team} in county {county}")


def end_team(county: int, team: UUID, *, until: date, by: str, at: datetime) -> None:
    """Let the team end on that day. Raise LookupError."""
    if not Team.objects.filter(county=county, id=team, until__isnull=True).update(until=until):
        raise LookupError(f"there is no team {team} in county {county} that has not ended")


def add_stands(new: Sequence[NewStand], *, by: str, at: datetime) -> None:
    """Register zones, pioneer posts and service posts. Raise Refused, and write none, if one has no name or sort."""
    for one in new:
        if one.sort not in SORTS or not one.name.strip():
            raise Refused("sort", f"{one.sort!r} is no sort of zone or post, or it has no name", one.sort)
    Stand.objects.bulk_create(
        [
            Stand(county=county_of(one.area), id=new_id(), area=one.area, sort=one.sort, name=one.name.strip(),
                  responder=one.responder, since=one.since, registered_by=by)
            for one in new
        ],
        batch_size=BATCH,
    )  # fmt: skip


def end_stand(county: int, stand: UUID, *, until: date, by: str, at: datetime) -> None:
    """Let a zone or post of somebody's end on that day. Raise LookupError."""
    if not Stand.objects.filter(county=county, id=stand, until__isnull=True).update(until=until):
        raise LookupError("this zone or post is not there, or has ended")


def add_contacts(county: int, new: Sequence[NewContact], *, by: str, at: datetime) -> list[UUID]:
    """Add lines to the contact matrix and return their ids. Raise Refused unless each names a leader and one of the two."""
    for one in new:
        if not one.leader.strip() or bool(one.department.strip()) == (one.area is not None):
            raise Refused("contact", "a line names a leader and either a department or a township")
    rows = [
        Contact(county=county, id=new_id(), leader=one.leader.strip(), position=one.position.strip(),
                department=one.department.strip(), area=one.area, since=one.since, by=by, at=at)
        for one in new
    ]  # fmt: skip
    Contact.objects.bulk_create(rows, batch_size=BATCH)
    return [row.id for row in rows]


def end_contact(county: int, contact: UUID, *, until: date, by: str, at: datetime) -> None:
    """Let a line of the matrix end on that day. Raise LookupError."""
    if not Contact.objects.filter(county=county, id=contact, until__isnull=True).update(until=until):
        raise LookupError("this line is not there, or has ended")
