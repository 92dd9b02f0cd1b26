"""Small problems to try the rules on; everybody in them is made up."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bulou.rosters.rules.patterns import Demand, lay_needs, lay_shifts, parse_pattern
from bulou.rosters.rules.problem import Limits, Place, Post, Problem, Responder, Span, Wish

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2020, 2, 3)
THREE = parse_pattern("three", ["07:00-15:00", "15:00-23:00", "23:00-07:00"])
TWO = parse_pattern("two", ["08:00-20:00", "20:00-08:00"])
LIMITS = Limits(
    rest=timedelta(hours=11), night_from=time(23), night_to=time(6), night_least=timedelta(hours=2),
    nights_in_row=3, days_in_row=6, shifts_in_week=6, travel_km=40,
)  # fmt: skip
ROLES = ("police", "health", "village_cadre")
ONE = (Demand(count=1),)
HERE = Place(27.85, 105.05)
FAR = Place(28.85, 105.05)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment, the day counted from Monday 3 February 2020."""
    return datetime.combine(MONDAY, time(hour, minute), ZONE) + timedelta(days=day)


def problem(people, *, posts=1, days=7, demands=ONE, pattern=THREE, limits=LIMITS, weights=None):  # type: ignore[no-untyped-def]
    where = tuple(Post(f"卡点{index + 1}", HERE) for index in range(posts))
    begins = pattern.shifts[0][0]
    more = {"weights": weights} if weights else {}
    return Problem(
        where, lay_shifts(where, pattern, MONDAY, days, ZONE), lay_needs(where, demands, MONDAY, days, ZONE, begins),
        tuple(people), limits, ZONE, **more,
    )  # fmt: skip


def person(name: str, *roles: str, **more) -> Responder:  # type: ignore[no-untyped-def]
    return Responder(name, frozenset(roles), **{"home": HERE, **more})


@st.composite
def problems(draw, most_people: int = 8):  # type: ignore[no-untyped-def]
    """Problems of all sorts: too few people, leave, long walks, nights already served, promises that clash."""
    pattern = draw(st.sampled_from([THREE, TWO]))
    posts, days = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    spans = st.builds(
        lambda begin, length, why: Span(at(0, 0) + timedelta(hours=begin), at(0, 0) + timedelta(hours=begin + length), why),
        st.integers(-30, 90), st.integers(1, 40), st.sampled_from(["leave", "ill", ""]),
    )  # fmt: skip
    past = st.builds(
        lambda day, hour: Span(at(day, hour), at(day, hour) + timedelta(hours=8)),
        st.integers(-7, -2), st.sampled_from([7, 15, 23]),
    )  # fmt: skip
    demands = draw(
        st.lists(
            st.builds(
                Demand, st.sampled_from(["", *ROLES]), st.integers(1, 2), st.sampled_from([time(0), time(23)]),
                st.sampled_from([time(0), time(6)]), st.booleans(),
            ),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    bare = problem([], posts=posts, days=days, demands=demands, pattern=pattern)
    people = [
        Responder(
            f"人{index}", draw(st.frozensets(st.sampled_from(ROLES), max_size=2)), draw(st.booleans()),
            draw(st.sampled_from([HERE, FAR, None])), tuple(draw(st.lists(spans, max_size=1))),
            tuple(Wish(span, draw(st.booleans())) for span in draw(st.lists(spans, max_size=1))),
            tuple(draw(st.lists(past, max_size=2))),
            draw(st.frozensets(st.sampled_from([shift.id for shift in bare.shifts]), max_size=1)),
        )
        for index in range(draw(st.integers(0, most_people)))
    ]  # fmt: skip
    limits = Limits(
        timedelta(hours=draw(st.sampled_from([0, 8, 11, 24]))), time(23), time(6), timedelta(hours=2),
        draw(st.sampled_from([None, 1, 2])), draw(st.sampled_from([None, 1, 3])), draw(st.sampled_from([None, 2, 5])),
        draw(st.sampled_from([None, 40.0])),
    )  # fmt: skip
    return problem(people, posts=posts, days=days, demands=demands, pattern=pattern, limits=limits)
