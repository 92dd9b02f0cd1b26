"""One phone in two counties, each under rules of its own: a form is drawn under those of the place it is about."""

from datetime import timedelta

import pytest

from bulou.access.actions import grant
from bulou.areas.actions import add_area, import_areas
from bulou.areas.rules.rows import RawRow
from bulou.command.actions import use_ruleset
from bulou.core.divisions import number_of
from bulou.core.moments import day_of, now
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.field.tests.world import COUNTY
from bulou.own_forms.actions import declare_form
from bulou.people.actions import register_household
from bulou.records.uploaded.tests.made import DOOR_NOTICE, xform

pytestmark = pytest.mark.django_db
BY = "system:test"
OTHER = number_of("610928000000")
ROWS = [("610928000000", "旬阳市", "county", "610900000000"), ("610928100000", "城关镇", "township", "610928000000"),
        ("610928100201", "鲁家坝村", "village", "610928100000")]  # fmt: skip


def forms_of(phone: TestPhone, area: int) -> dict[str, dict]:
    """Return the forms as the phone finds them for an area: of each kind the one that holds most narrowly there."""
    place, found = f"{area:018d}", dict[str, tuple[int, dict]]()
    for form in phone.pull()["forms"]:
        wide = [int(b) - int(a) for a, b in form["where"] if a <= place <= b] if form["where"] else [10**18]
        if wide and (form["kind"] not in found or min(wide) < found[form["kind"]][0]):
            found[form["kind"]] = min(wide), form
    return {kind: phone.ask("GET", form["url"].removeprefix("/field/v1/")).json() for kind, (_, form) in found.items()}


@pytest.fixture
def door_notice(village) -> str:
    declare_form(area=COUNTY, xform=xform(DOOR_NOTICE), form_id="door-notice", label="1", subject="household",
                 file=b"it", file_name="告示.xlsx", by=BY, at=now() - timedelta(hours=1))  # fmt: skip
    return "own_610927_door_notice"


@pytest.fixture
def abroad(village) -> int:
    """A grid of another county, under the ninth edition, where 安娜 works too."""
    at = now() - timedelta(hours=1)
    rows = [RawRow("made", n, *row) for n, row in enumerate(ROWS, 2)]
    assert not import_areas(rows, by=BY, at=at).error_count
    use_ruleset(area=OTHER, name="cn-2022-06-ninth-edition", since=day_of(at), basis="令", by=BY, at=at)
    grid = add_area(number_of("610928100201"), name="三组网格", kind="网格", by=BY, at=at).number
    register_household(area=grid, by=BY, at=at, list_name="册", number="1", address="1号", dwelling="owner")
    grant(account=village.accounts["anna"], role="grid_worker", area=grid, by=BY, at=at)
    return grid


def test_form_is_drawn_under_the_rules_of_the_county_it_is_about(village, abroad):
    phone = enrolled(village.accounts["anna"], [village.grids[0], abroad], now() - timedelta(minutes=2))
    here, there = forms_of(phone, village.grids[0]), forms_of(phone, abroad)
    assert here.keys() == there.keys()
    visits = here["household_visit"]["xform"], there["household_visit"]["xform"]
    assert ["2020-01-08" in each for each in visits] == [True, False]
    assert ["2022-06-28" in each for each in visits] == [False, True]
    followed = here["arrival_confirmed"]["xform"], there["arrival_confirmed"]["xform"]
    assert ["<days>14</days>" in each for each in followed] == [True, False]
    assert ["<days>10</days>" in each for each in followed] == [False, True]
    assert any(here[kind] == there[kind] for kind in here)  # of what no rule set concerns there is one form


def test_rules_declared_later_reach_the_phone_in_their_county_alone(village, abroad):
    phone = enrolled(village.accounts["anna"], [village.grids[0], abroad], now() - timedelta(minutes=2))
    use_ruleset(area=OTHER, name="cn-2020-02-community", since=day_of(now()), basis="改回", by=BY, at=now())
    (visit,) = [form for form in phone.pull()["forms"] if form["kind"] == "household_visit"]
    assert visit["where"] == []


def test_phone_of_one_county_is_told_each_form_once_and_for_everywhere(village, anna):
    forms = anna.pull()["forms"]
    assert len({form["kind"] for form in forms}) == len(forms)
    assert all(form["where"] == [] for form in forms)


def test_own_form_of_a_county_is_offered_where_it_lies(village, abroad, door_notice):
    wide = enrolled(village.accounts["anna"], [village.grids[0], abroad], now() - timedelta(minutes=2))
    assert door_notice not in forms_of(wide, abroad)
    assert door_notice in forms_of(wide, village.grids[0])
