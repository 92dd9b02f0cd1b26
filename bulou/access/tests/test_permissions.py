from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.access.roles import built_in_roles
from bulou.access.rules import (
    DEMANDS_SECOND_FACTOR,
    PERMISSIONS,
    Holding,
    Refusal,
    Scope,
    can_manage,
    check_give,
    held_permissions,
    ranges_of,
)
from bulou.access.tests.people import COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE
from bulou.access.words import PERMISSION_WORDS
from bulou.core.divisions import contains, last_of
from bulou.core.moments import FAR
from tests.clock import NOON

START = NOON


def held(area, *permissions, role="some"):
    return Holding(uuid4(), role, area, frozenset(permissions), START, FAR)


def test_ranges_are_the_areas_of_the_grants_that_carry_the_permission():
    holdings = [held(TOWN, "see"), held(VILLAGE, "see", "record"), held(OTHER_VILLAGE, "see")]
    assert ranges_of(holdings, "see") == ((TOWN, last_of(TOWN)), (OTHER_VILLAGE, last_of(OTHER_VILLAGE)))
    assert ranges_of(holdings, "record") == ((VILLAGE, last_of(VILLAGE)),)
    assert ranges_of(holdings, "export") == ()


areas = st.sampled_from([COUNTY, TOWN, VILLAGE, OTHER_TOWN, OTHER_VILLAGE, VILLAGE + 10000, VILLAGE + 20000])


@given(st.lists(areas), areas)
def test_an_area_is_in_the_ranges_exactly_when_it_is_under_a_grant(given_areas, area):
    ranges = ranges_of([held(a, "see") for a in given_areas], "see")
    assert any(low <= area <= high for low, high in ranges) == any(contains(a, area) for a in given_areas)
    assert all(ranges[i][1] < ranges[i + 1][0] for i in range(len(ranges) - 1))


def test_a_scope_knows_its_top():
    scope = Scope("see", [held(VILLAGE, "see"), held(OTHER_TOWN, "see"), held(OTHER_VILLAGE, "see")])
    assert scope.roots() == [OTHER_TOWN, VILLAGE]
    assert scope.root() == OTHER_TOWN
    assert scope.contains(OTHER_VILLAGE) and not scope.contains(TOWN)
    assert not scope.can("export") and not scope.can("see", COUNTY)
    with pytest.raises(LookupError):
        Scope("see", []).root()


def test_nobody_gives_what_they_do_not_hold():
    manager = [held(TOWN, "manage_accounts", "see", "record"), held(COUNTY, "see", "export")]
    check_give(manager, ["see", "record"], VILLAGE)
    with pytest.raises(Refusal) as refused:
        check_give(manager, ["see"], OTHER_VILLAGE)
    assert refused.value.code == "area_not_held"
    with pytest.raises(Refusal) as refused:
        check_give(manager, ["see", "approve"], VILLAGE)
    assert refused.value.code == "permission_not_held"
    assert refused.value.parameters["permissions"] == ["approve"]
    check_give(manager, ["export"], VILLAGE)  # held over the county, and accounts are managed in the town
    with pytest.raises(Refusal):
        check_give(manager, ["see"], COUNTY)


def test_nobody_manages_an_account_that_holds_more():
    manager = [held(TOWN, "manage_accounts", "see", "record")]
    assert can_manage(manager, VILLAGE, [held(VILLAGE, "see")])
    assert not can_manage(manager, VILLAGE, [held(COUNTY, "see")])
    assert not can_manage(manager, VILLAGE, [held(VILLAGE, "export")])
    assert not can_manage(manager, OTHER_VILLAGE, [])


permission_sets = st.frozensets(st.sampled_from(sorted(PERMISSIONS)), max_size=5)


@given(st.lists(st.tuples(areas, permission_sets), max_size=4), permission_sets, areas)
def test_giving_never_widens(grants, permissions, area):
    giver = [held(a, *p) for a, p in grants]
    with suppress(Refusal):
        check_give(giver, permissions, area)
        for permission in permissions | {"manage_accounts"}:
            assert any(low <= area and last_of(area) <= high for low, high in ranges_of(giver, permission))


def test_a_grant_is_live_from_its_start_up_to_its_end():
    holding = Holding(uuid4(), "village", VILLAGE, frozenset(), START, START + timedelta(days=1))
    assert not holding.live(START - timedelta(seconds=1))
    assert holding.live(START)
    assert not holding.live(START + timedelta(days=1))


def test_the_built_in_roles():
    roles = built_in_roles()
    assert set(roles) == {"headquarters", "county_desk", "township", "village", "grid_worker", "village_doctor",
                          "storekeeper", "post_staff", "inspector", "auditor"}  # fmt: skip
    assert roles["headquarters"].permissions == frozenset(PERMISSIONS)
    for name in ("village", "grid_worker", "village_doctor", "inspector"):  # phones in the field need no second factor
        assert not roles[name].permissions & DEMANDS_SECOND_FACTOR
    assert all(role.days <= 30 for role in roles.values() if role.name != "headquarters")


def test_every_permission_has_words():
    assert set(PERMISSION_WORDS) == set(PERMISSIONS)
    assert held_permissions([held(TOWN, "see"), held(VILLAGE, "audit")]) == {"see", "audit"}
