"""Who says that somebody is there, who speaks for somebody else, and who reaches another's entry."""

from datetime import timedelta

import pytest

from bulou.core.divisions import code_of
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.office.tests.made import TOWN, VILLAGE
from bulou.records.behalf import BEHALF, Behalf
from bulou.rosters import actions as rosters
from bulou.rosters.rules.registers import NewPost, NewResponder
from bulou.rosters.rules.turns import Turn
from bulou.site.tests.attacks import (
    HOUR,
    NUMBER,
    WITHDRAWN,
    by_phone,
    duties,
    from_tray,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stood(made):
    """A post in the village where 安娜 leads and 柏立 stands beside her now; 陈晨 has no account."""
    at = now() - HOUR
    post = rosters.add_post(NewPost("卡点", VILLAGE, "intercounty", opened_at=at), by="system:test", at=at)
    anna, bo, chen = rosters.add_responders(
        [NewResponder("安娜", VILLAGE, account=made.accounts["anna"]),
         NewResponder("柏立", VILLAGE, account=made.accounts["bo"]),
         NewResponder("陈晨", VILLAGE)],
        by="system:test", at=at,
    )  # fmt: skip
    turns = [Turn(post, anna, at, at + 4 * HOUR, lead=True), Turn(post, bo, at, at + 4 * HOUR),
             Turn(post, chen, at, at + 4 * HOUR)]  # fmt: skip
    with seeing(EVERYTHING):
        published = rosters.publish(turns, county=NUMBER, by="system:test", at=at)
        entry = ledger.get_entry(NUMBER, published[post])
    return {row["responder"]: f"shift:{row['id']}" for row in entry.body["shifts"]} | {
        "anna": f"responder:{anna}", "bo": f"responder:{bo}", "chen": f"responder:{chen}"
    }  # fmt: skip


def turn_of(stood, name):
    return stood[stood[name]]


@pytest.mark.parametrize("door", [by_phone, from_tray])
@pytest.mark.parametrize("attacker", ["inspector", "headquarters", "desk", "township", "village", "staff", "bo"])
@pytest.mark.parametrize("named", [False, True])
def test_no_third_says_that_somebody_is_there(made, stood, door, attacker, named):
    for whom in ("anna", "chen"):
        word = {BEHALF: Behalf(stood[whom], "telephone").said()} if named else {}
        signed = {"side": "take", "present": 2, "open_matters": "无", "equipment": "yes", "signed": True}
        for kind, body in (("shift_checkin", {"fit": "yes"}), ("shift_handover", signed)):
            found = door(made, attacker, kind, turn_of(stood, whom), VILLAGE, body | word)
            assert found == ("held", "not permitted"), (kind, whom)
    assert not duties("name = 'shift.stand' AND met_by IS NOT NULL")


def test_oneself_and_who_leads_there_say_so(made, stood):
    turn = turn_of(stood, "chen")
    assert write(made, "bo", "shift_checkin", turn_of(stood, "bo"), VILLAGE, {"fit": "yes"}).outcome == "applied"
    assert write(made, "anna", "shift_checkin", turn, VILLAGE, {"fit": "yes"}).outcome == "held"  # for whom?
    wrong = {"fit": "yes", BEHALF: Behalf(stood["bo"], "spoken").said()}
    assert write(made, "anna", "shift_checkin", turn, VILLAGE, wrong).outcome == "held"
    right = {"fit": "yes", BEHALF: Behalf(stood["chen"], "spoken").said()}
    assert write(made, "anna", "shift_checkin", turn, VILLAGE, right).outcome == "applied"
    assert write(made, "anna", "shift_checkin", turn, VILLAGE, right, at=now()).outcome == "applied"


def test_that_somebody_cannot_come_is_told_to_a_desk_and_nobody_lets_go_of_anothers_turn(made, stood):
    turn, ill = turn_of(stood, "bo"), {"reason": "ill"}
    for name in ("grid", "anna", "inspector", "village"):
        assert write(made, name, "shift_absence", turn, VILLAGE, ill).outcome == "held", name
    unfit = {"fit": "no", "unfit_why": "发热"}
    assert write(made, "village", "shift_checkin", turn, VILLAGE, unfit).outcome == "held"
    word = {BEHALF: Behalf(stood["bo"], "telephone").said()}
    assert write(made, "village", "shift_absence", turn, VILLAGE, ill | word).outcome == "applied"
    told = write(made, "village", "shift_checkin", turn_of(stood, "chen"), VILLAGE,
                 unfit | {BEHALF: Behalf(stood["chen"], "telephone").said()})  # fmt: skip
    assert told.outcome == "applied"
    # ... and what was told as an absence is not made into a presence afterwards
    fix = {"body": {"fit": "yes"}, "reason": "改"}
    receipt = write(made, "village", "correction", turn_of(stood, "chen"), VILLAGE, fix, amends=told.id)
    assert (receipt.outcome, receipt.reason) == ("held", "not permitted")


def test_a_presence_is_withdrawn_only_by_who_said_it_or_orders_above(made, stood):
    turn = turn_of(stood, "bo")
    key = write(made, "bo", "shift_checkin", turn, VILLAGE, {"fit": "yes"}).id
    for name in ("anna", "grid", "village", "inspector"):
        assert write(made, name, "correction", turn, VILLAGE, WITHDRAWN, amends=key).outcome == "held", name
    assert write(made, "township", "correction", turn, VILLAGE, WITHDRAWN, amends=key).outcome == "applied"


# -- what reaches another entry


def test_an_assignment_is_answered_by_whom_it_was_given_and_not_let_go_by_them(made):
    due = (now() + timedelta(minutes=5)).isoformat()
    given = write(made, "headquarters", "assignment", f"area:{code_of(TOWN)}", TOWN,
                  {"what": "补访", "owner": "role:township", "due": due})  # fmt: skip
    assert given.outcome == "applied", given
    subject, done = f"entry:{given.id}", {"result": "done", "what_was_done": "已补访"}
    make = {
        "duty": "assignment.do",
        "reason": "没空",
        "basis": "口头",
        "until": (now() + timedelta(days=2)).date().isoformat(),
    }
    for name in ("grid", "village", "inspector", "doctor", "keeper"):
        assert write(made, name, "assignment_done", subject, TOWN, done).outcome == "held", name
    assert write(made, "township", "waiver", subject, TOWN, make).outcome == "held"
    assert write(made, "township", "assignment_done", subject, TOWN, done).outcome == "applied"
    assert write(made, "headquarters", "waiver", subject, TOWN, make).outcome == "applied"


def test_a_township_lets_nobody_off_what_only_the_county_orders(made):
    until = (now() + timedelta(days=900)).date().isoformat()
    said = {"reason": "没空", "basis": "口头", "until": until}
    off = said | {"duty": "report.situation"}
    assert write(made, "township", "waiver", f"area:{code_of(VILLAGE)}", VILLAGE, off).outcome == "held"
    assert write(made, "desk", "waiver", f"area:{code_of(VILLAGE)}", VILLAGE, off).outcome == "applied"
    sweep = said | {"duty": "sweep.household"}
    assert write(made, "village", "waiver", made.subject(1), made.grids[1], sweep).outcome == "held"
    assert write(made, "township", "waiver", made.subject(1), made.grids[1], sweep).outcome == "applied"
