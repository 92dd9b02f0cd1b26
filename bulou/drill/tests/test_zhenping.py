"""不漏一户、不落一人: after the first round, what the system calls missing is what the rehearsal hid, name by name."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from bulou.areas import queries as areas
from bulou.areas.rules.staffing import Staff, check_staffing
from bulou.core.divisions import number_of
from bulou.core.moments import at_clock
from bulou.drill.actions import play, set_up
from bulou.drill.rules.blueprints import parse_blueprint
from bulou.ledger import actions, queries

pytestmark = pytest.mark.django_db
LAST = date(2020, 1, 30)


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """Zhenping with 900 made-up people, played to 30 January, kept for the tests of this file."""
    from django.db import transaction

    from bulou.core.scope import EVERYTHING, seeing

    blueprint = parse_blueprint((settings.BLUEPRINTS / "zhenping.toml").read_text("utf-8"))
    until = at_clock(LAST, "24:00") - timedelta(seconds=1)
    with django_db_blocker.unblock(), seeing(EVERYTHING), transaction.atomic():
        county = set_up(blueprint, people=900, seed=7, say=lambda line: None)
        truth = play(blueprint, seed=7, until=until, say=lambda line: None)
        yield blueprint, county, truth, until
        transaction.set_rollback(True)


def missing(county, name, until):
    return {duty.subject for duty in queries.missing(county, now=until, names=[name])}


def test_the_county_is_built_as_reported(played):
    blueprint, county, _, _ = played
    assert len(areas.at_level(county, 3)) == 7
    groups = [area for area in areas.leaves(county) if area.kind in ("组", "网格")]
    assert len(groups) == blueprint.groups == 356
    templates = areas.grid_templates()
    for group in groups:
        template = templates[blueprint.urban_template if group.kind == "网格" else blueprint.rural_template]
        staff = [
            Staff(each.role, each.person) for each in areas.standing_in(group.number, on=LAST) if not each.household
        ]
        assert check_staffing(template, staff) == []


def test_every_hidden_household_and_person_is_named(played):
    _, county, truth, until = played
    assert truth.households
    assert truth.persons
    assert truth.households <= missing(county, "sweep.household", until)
    assert truth.persons <= missing(county, "sweep.person", until)


def test_nobody_is_called_missing_who_was_seen(played):
    """Whoever else is on the list is there for a reason that can be read: a held entry or a phone still on its way."""
    _, county, truth, until = played
    held = {entry.sent for entry in queries.held(county)}
    others = missing(county, "sweep.household", until) - truth.households
    unexplained = [subject for subject in others if not any(subject in sent for sent in held)]
    assert unexplained == []


def test_thirty_five_people_of_the_community_are_under_daily_follow_up(played):
    blueprint, _, _, _ = played
    place = number_of(blueprint.followed_up.area)
    due = queries.duties_due(place, name="followup.check", since=at_clock(date(2020, 2, 3), "00:00"),
                             until=at_clock(date(2020, 2, 4), "12:00"))  # fmt: skip
    followed = {duty.subject for duty in due}
    assert len(followed) <= blueprint.followed_up.people
    assert len(followed) > 0


def test_the_projections_are_those_of_a_rebuild(played):
    _, county, _, until = played
    before = queries.counts(county, now=until, since=at_clock(date(2020, 1, 1), "00:00"))
    actions.rebuild(610927)
    assert queries.counts(county, now=until, since=at_clock(date(2020, 1, 1), "00:00")) == before
