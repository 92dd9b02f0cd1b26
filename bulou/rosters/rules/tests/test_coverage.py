from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bulou.rosters.rules.coverage import Served, Uncovered, coverage, fill
from bulou.rosters.rules.problem import ANYONE, Need
from bulou.rosters.rules.tests.problems import ROLES, at

POST = "东沟垭检查点"


def test_one_second_is_a_gap() -> None:
    needs = [Need(POST, at(0, 7), at(0, 23))]
    served = [Served(POST, at(0, 7), at(0, 15)), Served(POST, at(0, 15) + timedelta(seconds=1), at(0, 23))]
    assert coverage(needs, served) == (Uncovered(POST, at(0, 15), at(0, 15) + timedelta(seconds=1), ANYONE, 1),)


def test_a_post_served_to_the_second_has_no_gap() -> None:
    served = [Served(POST, at(0, 7), at(0, 15)), Served(POST, at(0, 15), at(0, 23))]
    assert coverage([Need(POST, at(0, 7), at(0, 23))], served) == ()


def test_one_person_fills_one_need() -> None:
    needs = [Need(POST, at(0, 0), at(0, 8), "police"), Need(POST, at(0, 0), at(0, 8), "health")]
    both = Served(POST, at(0, 0), at(0, 8), frozenset({"police", "health"}))
    assert [(gap.role, gap.missing) for gap in coverage(needs, [both])] == [("police", 1)]
    police = Served(POST, at(0, 0), at(0, 8), frozenset({"police"}))
    assert coverage(needs, [both, police]) == coverage(needs, [police, both]) == ()


def test_the_leader_on_duty_may_fill_another_need() -> None:
    needs = [Need(POST, at(0, 0), at(0, 8), "police"), Need(POST, at(0, 0), at(0, 8), leads=True)]
    assert coverage(needs, [Served(POST, at(0, 0), at(0, 8), frozenset({"police"}), leads=True)]) == ()
    assert [gap.leads for gap in coverage(needs, [Served(POST, at(0, 0), at(0, 8), frozenset({"police"}))])] == [True]


def test_somebody_at_another_post_is_of_no_use() -> None:
    assert len(coverage([Need(POST, at(0, 0), at(0, 8))], [Served("别处", at(0, 0), at(0, 8))])) == 1


seconds = st.integers(0, 12)
sets = st.frozensets(st.sampled_from(ROLES), max_size=3)


@st.composite
def scenes(draw):  # type: ignore[no-untyped-def]
    def span():  # type: ignore[no-untyped-def]
        start = draw(seconds)
        return at(0, 0) + timedelta(seconds=start), at(0, 0) + timedelta(seconds=start + draw(st.integers(1, 6)))

    needs = [
        Need(POST, *span(), draw(st.sampled_from([ANYONE, *ROLES])), draw(st.integers(1, 2)), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 3)))
    ]
    served = [Served(POST, *span(), draw(sets), draw(st.booleans())) for _ in range(draw(st.integers(0, 4)))]
    return needs, served


@given(scenes())
def test_every_second_is_counted_as_by_trying_all_seatings(scene) -> None:  # type: ignore[no-untyped-def]
    needs, served = scene
    gaps = coverage(needs, served)
    for second in range(20):
        now = at(0, 0) + timedelta(seconds=second)
        here = [one for one in served if one.start <= now < one.end]
        open_ = [need for need in needs if need.start <= now < need.end]
        places = [need.role for need in open_ if not need.leads for _ in range(need.count)]
        people = [*here, *([None] * len(places))]
        best = min(
            (
                sum(not (who and (role == ANYONE or role in who.roles)) for role, who in zip(places, seated, strict=True))
                for seated in permutations(people, len(places))
            ),
            default=0,
        ) if len(people) <= 7 else None  # fmt: skip
        told = [gap for gap in gaps if gap.start <= now < gap.end]
        if best is not None:
            assert sum(gap.missing for gap in told if not gap.leads) == best
        leaders = sum(need.count for need in open_ if need.leads) - sum(one.leads for one in here)
        assert sum(gap.missing for gap in told if gap.leads) == max(0, leaders)
    assert all(gap.start < gap.end and gap.missing > 0 for gap in gaps)


@given(st.lists(st.sampled_from([ANYONE, *ROLES]), max_size=4), st.lists(sets, max_size=4))
def test_nobody_sits_in_two_places(places, people) -> None:  # type: ignore[no-untyped-def]
    seated = [person for person in fill(places, people) if person >= 0]
    assert len(seated) == len(set(seated))
