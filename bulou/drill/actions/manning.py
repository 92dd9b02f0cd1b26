"""Posts before the first day: opened by an order, people for each, a roster published as duties, teams and zones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from bulou.areas import queries as areas
from bulou.checkpoints.actions import order_post
from bulou.core.divisions import TOWNSHIP, VILLAGE, area_at, county_of, number_of
from bulou.core.moments import CHINA, at_clock, at_midnight
from bulou.drill.rules.blueprints import Blueprint, Posts, share_groups
from bulou.drill.rules.people import make_name
from bulou.drill.rules.rotation import rotate
from bulou.records.rulebook import rules_in_force
from bulou.records.rulesets import RuleSet
from bulou.rosters import actions as rosters
from bulou.rosters import queries
from bulou.rosters.actions import NewContact, NewStand, NewTeam
from bulou.rosters.queries import Post
from bulou.rosters.queries.drafts import roster_of
from bulou.rosters.rules.checking import check
from bulou.rosters.rules.patterns import parse_pattern
from bulou.rosters.rules.problem import limits_from
from bulou.rosters.rules.registers import Demand, NewPost, NewResponder
from bulou.rosters.rules.turns import Turn

BY = "drill:headquarters"

LAPSES = timedelta(days=20)  # after the last day
ENDINGS = ("社区居民委员会", "居民委员会", "村民委员会", "社区居委会", "居委会", "村委会", "社区", "村")
UNITS = (("公安", "县公安局", "police"), ("卫健", "县卫健局", "health"), ("镇村", "镇村干部", "village_cadre"))
NEEDS = (
    Demand("", 2, "06:00", "23:00"),
    Demand("police", 1, "23:00", "06:00"), Demand("health", 1, "23:00", "06:00"),
    Demand("village_cadre", 1, "23:00", "06:00"),
    Demand("", 1, "00:00", "00:00", leads=True),
)  # fmt: skip


@dataclass(frozen=True)
class Manned:
    """The posts that are played, in order, with what the rule set and the decision table say of them."""

    posts: list[Post]
    ruleset: RuleSet
    turns: int


def opens_at(blueprint: Blueprint) -> datetime:
    """Return when the posts open: with the night before the first day, so that its first minute is covered."""
    return at_clock(blueprint.first_day - timedelta(days=1), "23:00")


def pattern_of(ruleset: RuleSet) -> tuple[str, ...]:
    """Return the turns of a day as the rule set has them, such as "07:00-15:00"."""
    said = ruleset.get("roster.pattern")
    assert isinstance(said, tuple | list)
    return tuple(said)


def man_posts(blueprint: Blueprint, *, last: date, seed: int, say: Callable[[str], None]) -> Manned:
    """Register and open the posts, and publish a roster from the night before the first day to some days after `last`."""
    assert blueprint.posts is not None
    plan, chance = blueprint.posts, Random(seed + 2)
    at = at_midnight(blueprint.first_day) - timedelta(hours=5)
    county = number_of(blueprint.county)
    sites = _register(plan, county, at)
    _open(sites, plan.basis, county, starts=opens_at(blueprint), until=last + LAPSES, at=at)
    crews = _crews(plan, county, sites, chance, at)
    ruleset = rules_in_force(county_of(county), at)
    turns = _roster(blueprint, sites, crews, ruleset, last)
    rosters.publish(turns, county=county_of(county), by=BY, at=at + timedelta(minutes=30), note="三班倒")
    _teams(plan, county, sites, chance, at)
    _others(plan, county)
    say(f"{plan.name} {len(sites)} 个,在岗 {sum(map(len, crews.values()))} 人,排班 {len(turns)} 人次")
    return Manned(queries.posts(county, ids=sites), ruleset, len(turns))


def _register(plan: Posts, county: int, at: datetime) -> list[UUID]:
    villages = areas.at_level(county, VILLAGE)
    towns = {town.number: town.name for town in areas.at_level(county, TOWNSHIP)}
    new = []
    for name, code in plan.named.items():
        place = areas.get_area(number_of(code)).name
        new.append(NewPost(name, number_of(code), plan.type, place=place, road=f"{place}出口公路", needs=NEEDS))
    step = max(1, len(villages) // max(1, plan.count))
    for village in [*villages[::step], *villages][: max(0, plan.count - len(new))]:
        town = towns.get(area_at(village.number, TOWNSHIP), "")
        short = bare(village.name)
        new.append(NewPost(f"{town}{short}{plan.name}", village.number, plan.type, place=f"{town}{village.name}",
                           road=f"{town}—{short}公路", needs=NEEDS))  # fmt: skip
    return rosters.add_posts(new[: plan.count], by=BY, at=at)


def bare(village: str) -> str:
    """Return a village's name without what villages are called."""
    for ending in ENDINGS:
        if village.endswith(ending) and len(village) > len(ending) + 1:
            return village.removesuffix(ending)
    return village


def _open(sites: list[UUID], basis: str, county: int, *, starts: datetime, until: date, at: datetime) -> None:
    for post in queries.posts(county, ids=sites):
        body = {
            "type": post.type, "road": post.road, "place": post.place, "passage": "checked", "basis": basis,
            "starts": starts.isoformat(), "until": until.isoformat(), "hours": "00:00-24:00",
            "needs": [{"role": "police", "number": 1}, {"role": "health", "number": 1}],
            "public_note": "逐车逐人登记测温;外地车辆无确切住址的劝返",
        }  # fmt: skip
        order_post(post=post, body=body, by=BY, at=at)


def _crews(plan: Posts, county: int, sites: list[UUID], chance: Random, at: datetime) -> dict[UUID, list[UUID]]:
    """Register who stands at each post: a third police, a third health, a third cadres of towns and villages."""
    where = {post.id: post.area for post in queries.posts(county, ids=sites)}
    new, owner = [], []
    for post, size in zip(sites, share_groups(plan.staff, len(sites)), strict=True):
        for i in range(size):
            system, unit, role = UNITS[i % len(UNITS)]
            roles = (role, "leader") if i % len(UNITS) == 0 else (role,)
            new.append(NewResponder(make_name(chance), where[post], phone=_phone(chance), unit=unit, system=system,
                                    roles=roles, skills=(role,)))  # fmt: skip
            owner.append(post)
    crews: dict[UUID, list[UUID]] = {post: [] for post in sites}
    for post, responder in zip(owner, rosters.add_responders(new, by=BY, at=at), strict=True):
        crews[post].append(responder)
    return crews


def _phone(chance: Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"


def _roster(
    blueprint: Blueprint, sites: list[UUID], crews: dict[UUID, list[UUID]], ruleset: RuleSet, last: date
) -> list[Turn]:
    """Return three turns a day for every post from its own people, held to the limits like any other roster.

    Raise ValueError if one breaks a limit or leaves a gap.
    """
    assert blueprint.posts is not None
    county, opens = number_of(blueprint.county), opens_at(blueprint)
    first = blueprint.first_day - timedelta(days=1)
    days = (last - first).days + 1 + blueprint.posts.days_ahead
    limits, pattern = limits_from(ruleset.get), pattern_of(ruleset)
    turns: list[Turn] = []
    for post in sites:
        its = rotate(post, _by_role(crews[post]), pattern=parse_pattern("roster", pattern), first=first, days=days)
        problem = queries.problem_for(county, [post], first=first, days=days, pattern=pattern, limits=limits,
                                      responders=crews[post])  # fmt: skip
        if wrong := check(problem, roster_of(its)):
            raise ValueError(f"the rotation of post {post} breaks a limit or leaves a gap: {wrong[0]}")
        turns += [turn for turn in its if turn.starts >= opens]
    return turns


def _by_role(crew: list[UUID]) -> list[list[tuple[UUID, str]]]:
    """Return the people of a post by role: they were registered in turn, role after role."""
    return [[(who, role) for who in crew[n :: len(UNITS)]] for n, (_, _, role) in enumerate(UNITS)]


def _teams(plan: Posts, county: int, sites: list[UUID], chance: Random, at: datetime) -> None:
    villages = [area.number for area in areas.at_level(county, VILLAGE)]
    since = at.astimezone(CHINA).date()
    post = {one.name: one.id for one in queries.posts(county, ids=sites)}
    teams = [
        NewTeam(f"{sort.name}{n}" if sort.count > 1 else sort.name, villages[n % len(villages)], sort.labels, since,
                head_count=sort.head_count or chance.randrange(10, 25),
                post=next((id_ for name, id_ in post.items() if sort.name.startswith(name)), None))
        for sort in plan.teams for n in range(1, sort.count + 1)
    ]  # fmt: skip
    stands = [NewStand(sort.sort, f"{sort.name}{n}", villages[n % len(villages)], since)
              for sort in plan.stands for n in range(1, sort.count + 1)]  # fmt: skip
    if teams:
        rosters.add_teams(teams, by=BY, at=at)
    if stands:
        rosters.add_stands(stands, by=BY, at=at)
    towns = areas.at_level(county, TOWNSHIP)
    rosters.add_contacts(county_of(county), [NewContact(make_name(chance), since, "县处级领导", area=town.number)
                                             for town in towns], by=BY, at=at)  # fmt: skip


def _others(plan: Posts, county: int) -> None:
    """Register posts of other types and open them by order on their day: they stand, and are never added up."""
    villages = areas.at_level(county, VILLAGE)
    for other in plan.others:
        at = at_clock(other.opened_on, "12:00")
        new = [
            NewPost(f"{bare(villages[-n].name)}{other.name}", villages[-n].number, other.type, place=villages[-n].name,
                    road=f"{bare(villages[-n].name)}省界公路")
            for n in range(1, other.count + 1)
        ]  # fmt: skip
        ids = rosters.add_posts(new, by=BY, at=at)
        _open(ids, other.basis, county, starts=at, until=other.until, at=at)
