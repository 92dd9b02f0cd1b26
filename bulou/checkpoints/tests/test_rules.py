"""Plates, cards, drives, orders, counts."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bulou.checkpoints.rules import counts
from bulou.checkpoints.rules.cards import card_number, device_mark
from bulou.checkpoints.rules.standing import Standing, ground_of
from bulou.core.moments import parse_moment
from bulou.ledger.rules import Entry


@given(st.lists(st.uuids(), min_size=2, max_size=40, unique=True))
def test_two_phones_make_no_card_twice(devices: list[UUID]) -> None:
    day = date(2020, 1, 30)
    marks = {device_mark(str(device)) for device in devices}
    cards = {card_number(post_code="DG03", day=day, mark=mark, number=n) for mark in marks for n in (1, 2, 1000)}
    assert len(cards) == 3 * len(marks)
    assert all(re.fullmatch(r"DG03-0130-[A-Z2-9]{4}-\d{3,6}", card) for card in cards)


ORDER = {"type": "village", "place": "村口", "passage": "checked", "basis": "令", "starts": "2020-01-24T18:00",
         "until": "2020-02-07", "hours": "07:00-23:00"}  # fmt: skip


def said(kind: str, at: str, **body: object) -> Entry:
    moment = parse_moment(at)
    return Entry(UUID(int=int(moment.timestamp())), kind, "post:1", 1, moment, moment, "x", body)


def test_an_order_is_over_by_itself() -> None:
    order = said("post_order", "2020-01-24 17:00", **ORDER)
    closed = said("post_closed", "2020-02-01 10:00", closed_at="2020-02-01T10:00", road_open="yes")
    again = said("post_order", "2020-02-02 10:00", **{**ORDER, "starts": "2020-02-02T10:00", "until": "2020-02-20"})

    def standing(entries: list[Entry], at: str) -> Standing:
        return ground_of(entries, parse_moment(at)).standing

    assert standing([], "2020-01-25 10:00") is Standing.NO_ORDER
    assert standing([order], "2020-01-24 17:30") is Standing.NOT_YET
    assert standing([order], "2020-02-07 23:59") is Standing.STANDS
    assert standing([order], "2020-02-08 00:00") is Standing.LAPSED
    assert standing([order, closed], "2020-02-01 10:00") is Standing.CLOSED
    assert standing([again, closed, order], "2020-02-08 10:00") is Standing.STANDS
    assert standing([again, closed, order], "2020-02-21 10:00") is Standing.LAPSED


def entry(kind: str, at: str = "2020-01-30 10:15", **body: object) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, subject="post:1", happened_at=parse_moment(at), body=body)


def test_a_vehicle_measured_again_is_one_vehicle() -> None:
    people = [{"temperature": 37.9}, {"temperature": 36.4}]
    entries = [
        entry("vehicle_pass", vehicle="car", people=people, decision="hold"),
        entry("vehicle_pass", "2020-01-30 10:50", vehicle="car", people=people, decision="turn_back", again_of="x"),
        entry("vehicle_pass", vehicle="on_foot", people=people[:1], decision="pass"),
        entry("pass_tally", "2020-01-30 11:20", minutes=[
            {"at": "2020-01-30T10:59", "vehicles": 9, "people": 20, "vehicles_back": 3, "people_back": 5},
            {"at": "2020-01-30T11:00", "vehicles": 7, "people": 11}]),
    ]  # fmt: skip
    since = parse_moment("2020-01-30 00:00")
    found = counts.by_hour(entries, since, since + timedelta(days=1))
    ten, eleven = (found["post:1", since + timedelta(hours=h)] for h in (10, 11))
    assert (ten.vehicles, ten.people, ten.vehicles_back, ten.people_back, ten.held) == (10, 23, 4, 7, 1)
    assert (eleven.vehicles, eleven.people) == (7, 11)


def test_a_mean_keeps_its_period() -> None:
    daily = counts.Daily(parse_moment("2020-01-25"), 4, counts.Count(vehicles=4000, people=8800))
    assert str(daily.vehicles) == "日均1000辆(4天共4000辆)"
    assert daily.people.value == 2200
