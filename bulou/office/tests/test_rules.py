from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bulou.core.divisions import number_of
from bulou.office import rules
from bulou.office.rules import Coverage

TOWN = number_of("610927100000")
VILLAGES = [number_of(f"6109271002{n:02d}") for n in range(1, 5)]
GRIDS = [village + grid * 10**4 for village in VILLAGES for grid in (1, 2, 3)]


@dataclass(frozen=True)
class Leaf:
    area: int
    name: str = "visit"
    owed: int = 10
    waiting: int = 0
    open: int = 0
    overdue: int = 0
    met: int = 10
    met_late: int = 0
    waived: int = 0
    lapsed: int = 0
    overnight: int = 0


def test_one_missing_household_makes_it_incomplete():
    assert not Coverage(owed=10_000, met=9_999, overdue=1).complete
    assert Coverage(owed=10_000, met=9_999, waived=1).complete


def test_nothing_owed_is_not_complete():
    assert not Coverage().complete
    assert not Coverage(owed=3, waiting=3).complete  # nothing has begun: nothing is done either


def test_what_was_missed_for_good_is_never_complete():
    assert not Coverage(owed=10, met=9, lapsed=1).complete


def test_what_the_share_is_of_stands_beside_it():
    one = Coverage(owed=20, waiting=4, met=9, met_late=2, waived=1, open=3, lapsed=1)
    assert (one.settled, one.begun, one.percent) == (12, 16, "75.0%")
    assert one.begun == one.settled + one.missing + one.lapsed


def test_what_has_not_begun_is_not_missing():
    assert Coverage(owed=10, waiting=4, met=6).complete


def test_nearly_all_is_never_shown_as_all():
    assert Coverage(owed=100_000, met=99_999, overdue=1).percent == "99.9%"
    assert Coverage(owed=3, met=3).percent == "100%"
    assert Coverage(owed=3, waiting=3).percent == "–"


leaves = st.lists(
    st.builds(
        Leaf,
        area=st.sampled_from([TOWN, *VILLAGES, *GRIDS]),
        name=st.sampled_from(["visit", "check"]),
        owed=st.integers(0, 50),
        overdue=st.integers(0, 50),
    ),
    max_size=30,
).map(lambda found: sorted(found, key=lambda leaf: (leaf.area, leaf.name)))


@given(leaves)
def test_children_and_the_rest_add_up_to_the_whole(found):
    parts = rules.under(found, VILLAGES)
    assert sum((rules.total(part) for part in parts.values()), Coverage()) == rules.total(found)
    assert sum(rules.by_name(found).values(), Coverage()) == rules.total(found)
    assert all(VILLAGES[0] <= leaf.area < VILLAGES[1] for leaf in parts[VILLAGES[0]])


def test_unowned_counts_only_what_is_missing():
    found = [Leaf(GRIDS[0], overdue=2, met=8), Leaf(GRIDS[1], overdue=3, met=7)]
    assert rules.total(found, {(GRIDS[0], "visit"): 2}).unowned == 2
