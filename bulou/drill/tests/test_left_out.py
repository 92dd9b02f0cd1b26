"""A paragraph says what was written down and nothing else: each kind of entry is left out in turn, and the claim with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from bulou.checkpoints.rules.paragraphs import Paragraph
from bulou.core.divisions import county_area, county_of, number_of
from bulou.core.moments import CHINA, at_midnight
from bulou.core.scope import EVERYTHING, seeing
from bulou.drill.actions import play, relief, set_up
from bulou.drill.actions.outbox import Outbox
from bulou.drill.queries import paragraph
from bulou.drill.rules.blueprints import Blueprint
from bulou.drill.tests.test_posts import read
from bulou.ledger.rules import Entry
from bulou.rosters import actions as rosters
from bulou.rosters import queries as known

pytestmark = pytest.mark.django_db
Left = Callable[[Entry], bool]


@pytest.fixture(autouse=True)
def everything():
    with seeing(EVERYTHING):
        yield


def xinxian() -> tuple[Blueprint, date]:
    full = read("xinxian")
    posts = replace(full.posts.scaled(3), traffic=full.posts.traffic)
    return replace(full, posts=posts), full.first_day + timedelta(days=1)


def weixin() -> tuple[Blueprint, date]:
    full = read("weixin")
    return replace(full, posts=replace(full.posts, traffic=full.posts.scaled(1).traffic)), full.first_day


def zhenping() -> tuple[Blueprint, date]:
    full = read("zhenping")
    return replace(full, groups=0, first_day=date(2020, 1, 29), posts=full.posts.scaled(2)), date(2020, 1, 31)


def of(*kinds: str) -> Left:
    return lambda entry: entry.kind in kinds


def at_night(entry: Entry) -> bool:
    if entry.kind not in ("shift_checkin", "shift_handover"):
        return False
    shift = known.find_shift(county_area(county_of(entry.area)), UUID(entry.subject.partition(":")[2]))
    return shift is not None and shift.starts_at.astimezone(CHINA).hour == 23


def register_says(*, party: bool, of_system: str = "%") -> None:
    """Let the register say of everybody, or of those of a system, whether they are party members."""
    with connection.cursor() as cursor:
        cursor.execute("update rosters_responder set party = %s where system like %s", [party, of_system])


def said(monkeypatch: pytest.MonkeyPatch, plan: tuple[Blueprint, date], left: Left = lambda entry: False) -> Paragraph:
    """Play the rehearsal as if nobody had written what is left out, and return its paragraph."""
    blueprint, last = plan
    send = Outbox.send
    monkeypatch.setattr(Outbox, "send", lambda self, entry, at: None if left(entry) else send(self, entry, at))
    set_up(blueprint, people=150, seed=3, say=lambda line: None)
    play(blueprint, seed=3, until=at_midnight(last + timedelta(days=1)), say=lambda line: None)
    found = paragraph(blueprint, last=last)
    assert found is not None
    return found


def test_with_everything_written_xinxian_stood(monkeypatch):
    found = said(monkeypatch, xinxian())
    assert "名人员到岗值守,其中2个24小时都有人在岗,1个曾经无人在岗" in found.zh and "检查车辆1000辆" in found.zh


@pytest.mark.parametrize(
    ("left", "gone", "there"),
    [
        (of("shift_checkin", "shift_handover"), ("到岗值守", "24小时"), "没有人到岗的记录,3个曾经无人在岗"),
        (at_night, ("24小时",), "3个曾经无人在岗"),
        (of("vehicle_pass", "pass_tally"), ("1000", "2200", "近300", "近500"), "检查车辆0辆、人员0人"),
    ],
    ids=["arrivals", "night", "passes"],
)
def test_xinxian_claims_only_what_is_left(monkeypatch, left, gone, there):
    zh = said(monkeypatch, xinxian(), left).zh
    assert not any(word in zh for word in gone) and there in zh


def test_xinxian_counts_only_who_came(monkeypatch):
    """Those who lead sign for taking over; everybody else is known by their check-in alone."""
    blueprint, _ = plan = xinxian()
    found = said(monkeypatch, plan, of("shift_checkin"))
    assert 0 < found.figures["staff"].value < blueprint.posts.staff


def test_party_members_are_those_of_the_register_where_the_county_keeps_it(monkeypatch):
    blueprint, last = plan = xinxian()
    assert "党员" not in said(monkeypatch, plan).zh
    register_says(party=True)
    assert "党员" not in paragraph(blueprint, last=last).zh  # the county has not declared that it keeps this
    county = county_of(number_of(blueprint.county))
    rosters.declare(county=county, name="party", value=True, basis="通知", by="drill:test", at=at_midnight(last))
    assert "名党员到岗值守" in paragraph(blueprint, last=last).zh
    register_says(party=False, of_system=known.systems(number_of(blueprint.county))[0][0])
    assert "名人员(党员" in paragraph(blueprint, last=last).zh
    register_says(party=False)
    assert "党员" not in paragraph(blueprint, last=last).zh


@pytest.mark.parametrize(
    ("left", "turns"),
    [(of("shift_checkin", "shift_handover"), "到岗0班次"), (at_night, "到岗50班次")],
    ids=["arrivals", "night"],
)
def test_weixin_has_no_three_shifts_that_nobody_came_to(monkeypatch, left, turns):
    """The plan has three a day all the same."""
    zh = said(monkeypatch, weixin(), left).zh
    assert turns in zh and "三班" not in zh and "24小时" not in zh and "25个曾经无人在岗" in zh


def test_zhenping_without_an_arrival_has_no_first_relief(monkeypatch):
    monkeypatch.setattr(relief._Call, "arrive", lambda self, at: None)
    assert "首批" not in said(monkeypatch, zhenping()).zh


def test_zhenping_counts_who_signed_up_after_the_call_and_nobody_before(monkeypatch):
    monkeypatch.setattr(relief, "WAVES", ("08:00", "14:00", "16:00"))
    found = said(monkeypatch, zhenping())
    assert 0 < found.figures["volunteers"].value < 143
