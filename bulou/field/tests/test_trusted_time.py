"""What a phone's clock may say, and what is believed of it: tried over the wire, as a phone would."""

from datetime import datetime, timedelta

import pytest

from bulou.access.actions import revoke_grant
from bulou.access.queries import grants_of
from bulou.core.divisions import county_of
from bulou.core.moments import now, rehearse
from bulou.field.rules import marks
from bulou.field.rules.reading import hash_of_link
from bulou.field.tests.world import COUNTY, VILLAGE
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, resolve_held
from bulou.ledger.rules import State

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DISTRICT = county_of(COUNTY)


@pytest.fixture
def clock(village):
    """Put the server's clock at a time after the village was made: hours from then."""
    began = now()

    def put(hours: float) -> datetime:
        rehearse(began + hours * HOUR - now())
        return now()

    def put_back_after(hours: float) -> datetime:
        rehearse(timedelta())
        return put(hours)

    yield put_back_after
    rehearse(timedelta())


@pytest.fixture
def phone(anna):
    """A phone that was given its mark as the village was made."""
    anna.signs_marks = True
    anna.sign_in()
    return anna


def visit(village, phone, i, at, **more):
    return phone.record("household_visit", village.subject(i), village.grids[i % 2], at, village.visit(i), **more)


def duty_of(village, i):
    found = ledger.duties_about(DISTRICT, [village.subject(i)])
    return next(duty for duty in found if duty.name == "sweep.household")


def state_of(village, i):
    return duty_of(village, i).state(now())


def test_days_without_a_signal_stay_ordinary(village, phone, clock):
    at = clock(5)  # due in six hours
    visit(village, phone, 0, at)
    clock(75)
    phone.sign_in()
    assert phone.outcomes() == ["applied"]
    duty = duty_of(village, 0)
    assert (duty.state(now()), duty.reported_late) == (State.MET, True)
    assert abs(duty.met_at - at) < timedelta(seconds=1)


@pytest.mark.parametrize("ahead", [timedelta(days=-2600), timedelta(days=-2), 8 * HOUR, timedelta(days=366)])
def test_a_clock_that_is_off_as_it_knows_is_put_right(village, phone, clock, ahead):
    """2019, two days behind, the wrong zone, a year ahead: the phone knows by how much, and nothing is lost."""
    at = clock(5)
    phone.ahead_ms = int(ahead / marks.MILLISECOND)
    visit(village, phone, 0, at + ahead)
    clock(9)
    assert phone.outcomes() == ["applied"]
    assert abs(duty_of(village, 0).met_at - at) < timedelta(seconds=1) and state_of(village, 0) is State.MET
    (link,) = ledger.chain([DISTRICT], phone.device)
    assert hash_of_link(link) == phone.prev_hash  # and what was signed can still be put together


@pytest.mark.parametrize("ahead", [timedelta(days=2), 8 * HOUR, timedelta(days=366)])
@pytest.mark.parametrize("signs", [True, False])
def test_what_has_not_come_yet_meets_nothing(village, phone, clock, ahead, signs):
    phone.signs_marks = signs
    visit(village, phone, 0, clock(1) + ahead)
    assert phone.outcomes() == ["applied"]
    assert state_of(village, 0) is State.OPEN
    assert village.subject(0) in {duty.subject for duty in ledger.missing(VILLAGE, now=now())}


def test_an_overdue_duty_never_becomes_in_time_by_a_word(village, phone, clock):
    clock(7)
    phone.sign_in()  # the server knows: at seven hours it was not written yet
    visit(village, phone, 0, now(), happened_at=now() - 3 * HOUR)
    phone.signs_marks = False
    visit(village, phone, 2, now(), happened_at=now() - 3 * HOUR)
    assert phone.outcomes() == ["applied"] * 2
    assert [state_of(village, i) for i in (0, 2)] == [State.MET_LATE] * 2


def test_what_was_written_up_in_the_evening_is_ordinary(village, phone, clock):
    clock(5)
    phone.sign_in()
    visit(village, phone, 0, now(), happened_at=now() - 4 * HOUR)
    assert phone.outcomes() == ["applied"] and state_of(village, 0) is State.MET


def test_what_is_said_to_be_long_past_meets_nothing(village, phone, clock):
    clock(100)
    phone.sign_in()
    visit(village, phone, 0, now(), happened_at=now() - 97 * HOUR)
    assert phone.outcomes() == ["applied"] and state_of(village, 0) is State.OVERDUE


def test_a_clock_put_back_after_the_mark_meets_nothing(village, phone, clock):
    clock(5)
    visit(village, phone, 0, now() - 24 * HOUR)
    assert phone.outcomes() == ["applied"] and state_of(village, 0) is State.OPEN


def test_a_clock_in_2019_is_held_in_words(village, phone, clock):
    phone.signs_marks = False
    visit(village, phone, 0, datetime.fromisoformat("2019-03-01T09:00:00+08:00"))
    (receipt,) = phone.push()["receipts"]
    assert (receipt["outcome"], receipt["reason"]) == ("held", "clock")
    assert "date and time of this phone" in receipt["words"]["en"] and "手机的日期" in receipt["words"]["zh_Hans"]


def test_a_mark_cannot_be_made_up_or_borrowed(village, phone, clock):
    clock(7)
    phone.sign_in()
    early = now() - 5 * HOUR
    for mark in ("", "AAAA", marks.make_mark(phone.device, key=b"another", at=early),
                 marks.make_mark("another", key=b"x", at=early)):  # fmt: skip
        phone.mark = mark
        i = 2 * len(phone.kept)
        visit(village, phone, i, early)
    assert set(phone.outcomes()) == {"applied"}
    assert {state_of(village, i) for i in (0, 2, 4, 6)} == {State.MET_LATE}  # receipt counts


def test_a_grant_that_ended_while_the_phone_was_away_holds_what_it_brings_for_a_person(village, phone, clock):
    at = clock(1)
    visit(village, phone, 0, at)
    revoke_grant(grant=grants_of(village.accounts["anna"])[0].id, by="system:test", at=clock(2))
    clock(3)
    (receipt,) = phone.push()["receipts"]
    assert (receipt["outcome"], receipt["reason"]) == ("held", "not permitted")
    (held,) = ledger.held(COUNTY)
    assert "when it can have been written" in held.detail
    done = resolve_held(DISTRICT, held.id, by="account:clerk", at=now(), note="上午确实去了")
    assert done.outcome is Outcome.APPLIED and state_of(village, 0) is State.MET


def test_nobody_who_never_held_it_is_vouched_for(village, phone, clock):
    phone.record("household_visit", village.subject(1), village.grids[1], clock(1), village.visit(1))
    phone.push()
    (held,) = ledger.held(COUNTY)
    done = resolve_held(DISTRICT, held.id, by="account:clerk", at=now(), note="算了")
    assert done.outcome is Outcome.HELD


def test_a_correction_moves_nothing_into_time(village, phone, clock):
    clock(7)
    phone.sign_in()
    entry = visit(village, phone, 0, now())
    moved = {"body": village.visit(0), "happened_at": (now() - 3 * HOUR).isoformat(), "reason": "记错了"}
    phone.record("correction", village.subject(0), village.grids[0], now(), moved, amends=entry["id"])
    assert phone.outcomes() == ["applied"] * 2 and state_of(village, 0) is State.MET_LATE


def test_a_correction_dated_2099_does_not_win_for_ever(village, phone, clock):
    clock(1)
    entry = visit(village, phone, 0, now())
    gone = {"withdrawn": True, "reason": "走错门"}
    phone.record(
        "correction", village.subject(0), village.grids[0], now() + timedelta(days=26_000), gone, amends=entry["id"]
    )
    assert phone.outcomes()[1] in ("applied", "held")
    phone.kept.clear()
    phone.sign_in()
    clock(2)
    back = {"body": village.visit(0), "reason": "没走错"}
    phone.record("correction", village.subject(0), village.grids[0], now(), back, amends=entry["id"])
    assert phone.outcomes() == ["applied"] and state_of(village, 0) is State.MET


def test_pieces_that_come_backwards_end_as_if_in_order(village, phone, clock):
    clock(1)
    first = visit(village, phone, 0, now())
    gone = {"withdrawn": True, "reason": "走错门"}
    second = phone.record("correction", village.subject(0), village.grids[0], now(), gone, amends=first["id"])
    clock(2)
    assert [r["reason"] for r in phone.push([second])["receipts"]] == ["waits"]
    assert phone.outcomes([first]) == ["applied"]
    assert ledger.held(COUNTY) == [] and state_of(village, 0) is State.OPEN
    assert phone.outcomes([second]) == ["duplicate"]
