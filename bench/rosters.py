"""How good a county's roster gets in a minute: 25 posts, three shifts, 14 days, 777 people (威信's posts, 新县's people).

Against a careful clerk's roster (greedy) and against a cost no roster is below. `--seconds 60 --seed 1 --people 777
--posts 25 --days 14`; `--scarce 1` leaves too few village cadres, so that shortages have to be explained.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.measuring import option, say, table, timed
from bulou.rosters.rules.checking import check
from bulou.rosters.rules.explaining import explain
from bulou.rosters.rules.frame import Frame
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.patterns import Demand, lay_needs, lay_shifts, parse_pattern
from bulou.rosters.rules.pricing import price
from bulou.rosters.rules.problem import Limits, Place, Post, Problem, Responder, Roster, Span, Wish
from bulou.rosters.rules.solving import Progress, solve

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2020, 2, 3)
PATTERN = parse_pattern("three", ["07:00-15:00", "15:00-23:00", "23:00-07:00"])
LIMITS = Limits(
    rest=timedelta(hours=11), night_from=time(23), night_to=time(6), night_least=timedelta(hours=2),
    nights_in_row=3, days_in_row=6, shifts_in_week=6, travel_km=25,
)  # fmt: skip
DEMANDS = (
    Demand("police", 2), Demand("health", 1), Demand("village_cadre", 1), Demand("transport", 1),
    Demand(count=1, start=time(7), end=time(23)), Demand(leads=True),
)  # fmt: skip
SHARES = (("police", 38), ("health", 21), ("village_cadre", 21), ("transport", 20))  # of a hundred people


def county(posts: int, people: int, days: int, seed: int, *, scarce: bool = False) -> Problem:
    """Return a made-up county of 50 km by 50 km: people live around the posts, some on leave, some with wishes."""
    chance = Random(seed)
    where = tuple(Post(f"post{index + 1:02}", _place(chance)) for index in range(posts))
    opens = datetime.combine(FIRST, time(7), ZONE)
    responders = []
    roles = [role for role, share in SHARES for _ in range(4 if scarce and role == "village_cadre" else share)]
    for index in range(people):
        near = where[index % posts].place
        assert near is not None
        home = Place(near.latitude + chance.gauss(0, 0.05), near.longitude + chance.gauss(0, 0.05))
        held = {roles[chance.randrange(len(roles))]}
        if chance.random() < 0.08:
            held.add(roles[chance.randrange(len(roles))])
        leave = []
        if chance.random() < 0.1:
            begin = opens + timedelta(days=chance.randrange(days))
            leave.append(Span(begin, begin + timedelta(days=chance.randrange(1, 8)), "leave"))
        wishes = []
        if chance.random() < 0.25:
            begin = datetime.combine(FIRST + timedelta(days=chance.randrange(days)), time(0), ZONE)
            wishes.append(Wish(Span(begin, begin + timedelta(days=1)), weight=chance.randrange(1, 4)))
        past = []
        if chance.random() < 0.3:
            begin = opens - timedelta(hours=chance.choice([8, 16, 32]))
            past.append(Span(begin, begin + timedelta(hours=8)))
        responders.append(
            Responder(
                f"r{index:03}", frozenset(held), chance.random() < 0.2, home, tuple(leave), tuple(wishes), tuple(past)
            )
        )
    return Problem(
        where, lay_shifts(where, PATTERN, FIRST, days, ZONE), lay_needs(where, DEMANDS, FIRST, days, ZONE, time(7)),
        tuple(responders), LIMITS, ZONE,
    )  # fmt: skip


def _place(chance: Random) -> Place:
    return Place(27.6 + chance.random() * 0.45, 104.8 + chance.random() * 0.5)


def _line(name: str, problem: Problem, roster: Roster, seconds: float, bound: int) -> list[str]:
    worth = price(Frame(problem), roster)
    broken = sum(finding.hard for finding in check(problem, roster))
    gap = f"{(worth.total - bound) / worth.total:.1%}" if bound and worth.total else "-"
    return [
        name, f"{seconds:.1f}", f"{worth.missing:,}", f"{worth.total - worth.short:,}", f"{worth.travel:,}",
        f"{worth.fairness:,}", f"{worth.wishes:,}", f"{worth.total:,}", gap, str(broken),
    ]  # fmt: skip


def _watch(say_: Callable[[str], None]) -> Callable[[Progress], None]:
    def tell(now: Progress) -> None:
        say_(
            f"{now.seconds:6.1f} s  {now.stage:9}{now.done:4}  cost {now.cost:,}  bound {now.bound:,}  short {now.missing}"
        )

    return tell


def main() -> None:
    posts, people, days = option("posts", 25), option("people", 777), option("days", 14)
    problem = county(posts, people, days, option("seed", 1), scarce=bool(option("scarce", 0)))
    asked = sum(sum(places.values()) for places in Frame(problem).places)
    by_hand, took = timed(lambda: greedy(problem))
    made = solve(problem, seconds=option("seconds", 60), seed=option("seed", 1), progress=_watch(say))
    print(f"### Roster: {posts} posts × {len(PATTERN.shifts)} shifts × {days} days × {people} people\n")
    print(
        f"{len(problem.shifts):,} shifts, {asked:,} person-shifts asked for; first roster without a broken limit after "
        f"{made.first_seconds:.1f} s; made {made.method}; no roster costs less than {made.bound:,}. A missing person costs "
        f"{problem.weights.short:,}; comfort is travel, fairness and wishes.\n"
    )
    print(
        table(
            ["roster", "s", "missing", "comfort", "travel", "fairness", "wishes", "cost", "gap", "limits broken"],
            [
                _line("greedy", problem, by_hand, took, made.bound),
                _line("solver", problem, made, made.seconds, made.bound),
            ],
        )
    )
    reasons = [reason for short in explain(problem, made) for reason in short.reasons]
    if reasons:
        print(
            f"\n{made.missing} places short, each explained: "
            + ", ".join(sorted({each.code for each in reasons}))
            + "."
        )


if __name__ == "__main__":
    main()
