"""A published turn is permission enough for what is written at a post, wherever whoever stands it is at home."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.tests.people import make_account
from bulou.core.ids import new_id
from bulou.core.moments import CHINA
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.rosters.actions import (
    add_posts,
    add_responders,
    answer_signups,
    call_for_help,
    give_turn,
    publish,
    send,
    sign_up,
)
from bulou.rosters.queries import own_shifts
from bulou.rosters.rules.registers import NewPost, NewResponder
from bulou.rosters.rules.turns import Turn

COUNTY = 610927
POST_AREA, HOME = 610927_100_201 * 10**6, 610927_101_203 * 10**6
HOUR = timedelta(hours=1)
STARTS = datetime(2020, 2, 6, 8, tzinfo=CHINA)
BEFORE = STARTS - 48 * HOUR
SYSTEM = "system:test"
PASSED = {"vehicle": "car", "people": [{"temperature": 36.4}], "decision": "turn_back", "proposed": "turn_back"}

pytestmark = pytest.mark.django_db


class Here:
    """A post in one village, and 安娜 and 柏立 of another, who may record at home and nowhere else."""

    def __init__(self):
        self.post, self.other = add_posts(
            [NewPost("东沟垭检查点", POST_AREA, "interprovincial", opened_at=BEFORE),
             NewPost("火车站", POST_AREA, "station", opened_at=BEFORE)],
            by=SYSTEM, at=BEFORE,
        )  # fmt: skip
        self.accounts = [make_account("grid_worker", HOME, username=name, at=BEFORE) for name in ("anna", "baili")]
        self.people = add_responders(
            [NewResponder(name, HOME, account=account, phone=phone) for name, account, phone in
             zip(("安娜", "柏立"), self.accounts, ("13800000001", "13800000002"), strict=True)],
            by=SYSTEM, at=BEFORE,
        )  # fmt: skip

    def roster(self, who: int = 0) -> UUID:
        """Publish one turn of eight hours; return it."""
        publish([Turn(self.post, self.people[who], STARTS, STARTS + 8 * HOUR, "police", True)], county=COUNTY,
                by=SYSTEM, at=BEFORE)  # fmt: skip
        return own_shifts(COUNTY, self.people[who], since=STARTS, until=STARTS + HOUR)[0].id

    def entry(self, who: int, kind: str, subject: str, body: dict, at: datetime, **more) -> Entry:
        by, mark = f"account:{self.accounts[who]}", {"written_from": BEFORE, "marked": True}  # as from a phone
        return Entry(new_id(), kind, subject, POST_AREA, at, at, by, body, **mark, **more)

    def a_pass(self, who: int, at: datetime, post: UUID | None = None) -> Entry:
        return self.entry(who, "vehicle_pass", f"post:{post or self.post}", PASSED, at)


@pytest.fixture
def here() -> Here:
    with seeing(EVERYTHING):
        return Here()


def said(*entries: Entry, at: datetime | None = None) -> list[str]:
    """Send them; return what became of each, with the reason if it is held."""
    receipts = append(entries, at=at or max(entry.happened_at for entry in entries))
    return [f"{receipt.outcome} {receipt.reason}".strip() for receipt in receipts]


def test_who_is_on_the_roster_of_a_post_may_write_there_although_it_is_not_their_area(here):
    turn, now = here.roster(), STARTS + HOUR
    signed = {"side": "take", "present": 1, "open_matters": "无", "equipment": "yes", "signed": True}
    referred = {"name": "丁一", "first_temperature": 38.1, "transport": "ambulance", "clinic": "县医院", "left_at":
                now.isoformat(), "headquarters_told": "yes", "alone": "yes"}  # fmt: skip
    fever = here.entry(0, "fever_referral", f"post:{here.post}", referred, now)
    answer = {"result": "excluded", "clinic": "县医院", "known_at": (now + HOUR).isoformat()}
    passed = here.a_pass(0, now)
    put_right = {"body": {**PASSED, "plate": "陕G12345"}, "reason": "漏了车牌"}
    assert said(
        here.entry(0, "shift_checkin", f"shift:{turn}", {"fit": "yes"}, STARTS),
        here.entry(0, "shift_handover", f"shift:{turn}", signed, STARTS),
        passed, fever,
        here.entry(0, "referral_result", f"entry:{fever.id}", answer, now + HOUR),
        here.entry(0, "correction", f"post:{here.post}", put_right, now + 30 * HOUR, amends=passed.id),
    ) == ["applied"] * 6  # fmt: skip
    (shift,) = own_shifts(COUNTY, here.people[0], since=STARTS, until=now)
    assert shift.came_at == STARTS


def test_who_is_not_on_it_is_held(here):
    here.roster()
    now = STARTS + HOUR
    assert said(here.a_pass(1, now), here.a_pass(0, now, here.other)) == ["held not permitted"] * 2
    elsewhere = here.entry(0, "situation_report", "area:610927100201", {}, now)
    visit = here.entry(0, "symptom_report", "area:610927100201", {}, now)
    assert all(one.startswith("held") for one in said(elsewhere, visit))


@pytest.mark.parametrize(("hours", "what"), [
    (-2.1, "held not permitted"), (-2, "applied"), (10, "applied"), (10.1, "held not permitted"),
])  # fmt: skip
def test_the_turn_is_judged_by_when_it_happened_however_late_it_comes(here, hours, what):
    here.roster()
    assert said(here.a_pass(0, STARTS + hours * HOUR), at=STARTS + 200 * HOUR) == [what]


def test_of_ones_own_turn_one_may_say_days_before_that_one_is_ill(here):
    turn = here.roster()
    ill = here.entry(0, "shift_absence", f"shift:{turn}", {"reason": "ill"}, BEFORE + HOUR)
    theirs = here.entry(1, "shift_absence", f"shift:{turn}", {"reason": "ill"}, BEFORE + HOUR)
    assert said(ill, theirs) == ["applied", "held not permitted"]
    assert said(here.a_pass(0, STARTS + HOUR)) == ["held not permitted"]  # who let the turn go does not stand there


def test_a_turn_given_to_another_gives_leave_to_the_other_and_until_then_to_the_first(here):
    turn = here.roster()
    with seeing(EVERYTHING):
        give_turn(
            COUNTY, turn, here.people[1], reason="relief", starts=STARTS + 3 * HOUR, by=SYSTEM, at=STARTS + 3 * HOUR
        )
    assert said(here.a_pass(0, STARTS + HOUR), at=STARTS + 4 * HOUR) == ["applied"]
    assert said(
        here.a_pass(1, STARTS + 4 * HOUR), here.a_pass(0, STARTS + 6 * HOUR),
        here.a_pass(0, STARTS + HOUR),  # or so it says: it can have been written long after the turn was given away
        at=STARTS + 9 * HOUR,
    ) == ["applied", "held not permitted", "held not permitted"]  # fmt: skip


def test_a_roster_withdrawn_gives_no_leave(here):
    here.roster()
    (made,) = ledger_of("roster_published")
    back = Entry(new_id(), "correction", made.subject, POST_AREA, BEFORE + HOUR, BEFORE + HOUR, SYSTEM,
                 {"withdrawn": True, "reason": "重排"}, amends=made.id)  # fmt: skip
    assert said(back) == ["applied"]
    assert said(here.a_pass(0, STARTS + HOUR)) == ["held not permitted"]


def ledger_of(kind: str) -> list[Entry]:
    with seeing(EVERYTHING):
        return list(ledger.entries_of(COUNTY * 10**12, kinds=[kind], since=BEFORE - HOUR, until=STARTS))


def test_who_is_sent_from_the_reserve_may_write_at_the_post_while_they_are_sent(here):
    with seeing(EVERYTHING):
        offers = sign_up(COUNTY, [here.people[1]], skills=["general"], first=BEFORE.date(), last=STARTS.date(),
                         contact=False, by=SYSTEM, at=BEFORE)  # fmt: skip
        answer_signups(COUNTY, offers, accepted=True, by=SYSTEM, at=BEFORE)
        call = call_for_help(COUNTY, here.post, how_many=1, skills=["general"], reasons=["traffic"],
                             until=STARTS + 24 * HOUR, by=SYSTEM, at=STARTS)  # fmt: skip
        (relief,) = send(COUNTY, call, [here.people[1]], until=STARTS + 24 * HOUR, by=SYSTEM, at=STARTS)
    there = here.entry(1, "reserve_arrival", f"shift:{relief}", {"arrived": "yes"}, STARTS + HOUR)
    assert said(there, here.a_pass(1, STARTS + 20 * HOUR), here.a_pass(1, STARTS + 27 * HOUR)) == [
        "applied", "applied", "held not permitted"
    ]  # fmt: skip


def test_a_batch_asks_as_often_as_an_entry(here):
    here.roster()
    one, many = [here.a_pass(0, STARTS + HOUR)], [here.a_pass(0, STARTS + HOUR) for _ in range(60)]
    asked = []
    for batch in (one, many):
        with CaptureQueriesContext(connection) as captured:
            assert set(said(*batch)) == {"applied"}
        asked.append(len(captured))
    assert asked[1] <= asked[0]


def test_leave_to_write_at_a_post_is_no_leave_to_put_right_what_was_written_elsewhere(here):
    here.roster()
    elsewhere = Entry(new_id(), "vehicle_pass", f"post:{here.other}", POST_AREA, STARTS, STARTS, SYSTEM, PASSED)
    back = here.entry(0, "correction", f"post:{here.post}", {"withdrawn": True, "reason": "错了"}, STARTS + HOUR,
                      amends=elsewhere.id)  # fmt: skip
    assert said(elsewhere) == ["applied"]
    assert said(back) == ["held body"]
