"""Every attack that once worked, through every door: none changes what is owed, and each is kept with its reason."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from bulou.access.tests.people import sign_in
from bulou.core.divisions import code_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.odk import queries as odk
from bulou.odk.actions import consent_app_user, make_app_user
from bulou.odk.tests.conftest import Phone, vacant
from bulou.office.tests.made import COUNTY, TOWN, VILLAGE, visit_body
from bulou.records.behalf import BEHALF, Behalf
from bulou.site.tests.attacks import (
    HOUR,
    NUMBER,
    OFFICIAL,
    WITHDRAWN,
    at_desk,
    by,
    by_phone,
    duties,
    from_tray,
    order,
    symptoms,
    visit,
    write,
)

pytestmark = pytest.mark.django_db
DOORS = [by_phone, at_desk, from_tray]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("attacker", ["inspector", "staff", "grid", "keeper", "village", "township", "doctor"])
def test_nobody_below_withdraws_the_countys_order(made, door, attacker):
    given, before = order(made), duties()
    found = door(made, attacker, "correction", f"area:{code_of(COUNTY)}", COUNTY, WITHDRAWN, amends=given)
    assert found == ("held", "not permitted") and duties() == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("attacker", ["inspector", "staff", "grid", "village", "doctor"])
def test_nobody_without_orders_withdraws_a_townships(made, door, attacker):
    given, before = order(made, "township", VILLAGE), duties()
    found = door(made, attacker, "correction", f"area:{code_of(VILLAGE)}", VILLAGE, WITHDRAWN, amends=given)
    assert found == ("held", "not permitted") and duties() == before


@pytest.mark.parametrize(("name", "area"), [("headquarters", COUNTY), ("desk", COUNTY)])
def test_the_desk_that_keeps_it_withdraws_an_order_and_sees_first_what_it_undoes(made, name, area):
    given, before = order(made, "township", TOWN), duties()
    client = sign_in(made.accounts[name])
    address = reverse("office:withdraw", args=[NUMBER, given])
    page = client.get(address)
    counts = {line.done.duty: line.done for line in page.context["undone"]}
    assert counts["sweep.household"].opened == 9 and counts["sweep.household"].subjects == 9
    assert client.post(address, {"_reason": " "}).status_code == 422
    assert duties() == before
    receipt = client.post(address, {"_reason": "下错了"})
    assert {line.done.duty: line.done.opened for line in receipt.context["undone"]} == {
        name: one.opened for name, one in counts.items()
    }
    assert duties() == before - sum(one.opened for one in counts.values())


def test_an_order_is_not_withdrawn_without_a_reason(made):
    given = order(made)
    for reason in ("", "  "):
        receipt = write(made, "headquarters", "correction", f"area:{code_of(COUNTY)}", COUNTY,
                        {"withdrawn": True, "reason": reason}, amends=given)  # fmt: skip
        assert receipt.outcome == "held"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("grid", "applied"), ("village", "applied"), ("township", "applied"), ("neighbour", "held"), ("inspector", "held"),
     ("staff", "held"), ("keeper", "held"), ("other_village", "held"), ("desk", "held")],
)  # fmt: skip
def test_a_visit_is_put_right_by_its_author_and_those_above_who_write_visits(made, name, outcome):
    body = {"body": visit_body(made, 0, note="改"), "reason": "写错了"}
    receipt = write(made, name, "correction", made.subject(0), made.grids[0], body, amends=visit(made))
    assert receipt.outcome == outcome, receipt


def test_only_a_correction_changes_another_entry(made):
    given = order(made)
    receipt = write(made, "headquarters", "decision", f"area:{code_of(COUNTY)}", COUNTY,
                    {"text": "撤回", "basis_note": "会议"}, amends=given)  # fmt: skip
    assert (receipt.outcome, receipt.reason) == ("held", "not permitted")


@pytest.mark.parametrize("far", [timedelta(days=365 * 79), -timedelta(days=365)])
def test_no_date_wins_over_what_was_said_since(made, far):
    """A correction dated 2099, or long ago, stands only until the next one."""
    key = visit(made)
    at, then = now(), now() + timedelta(seconds=2)
    fixes = [
        Entry(new_id(), "correction", made.subject(0), made.grids[0], at, when, by(made, "grid"),
              {"body": visit_body(made, 0, note=note), "reason": "改"}, amends=key)
        for note, when in (("第一次", at + far), ("第二次", then))
    ]  # fmt: skip
    assert append(fixes[:1], at=at)[0].outcome == "applied"
    assert append(fixes[1:], at=then)[0].outcome == "applied"
    with seeing(EVERYTHING):
        assert ledger.standing_by_id(NUMBER, [key])[key].body["note"] == "第二次"


def test_a_followup_order_stands_against_a_post_worker(made):
    person = f"person:{made.persons[made.households[0]][0]}"
    body = {"reason": "returnee", "basis": "通知", "days": 14, "start_basis": "departure",
            "start": made.at.date().isoformat(), "checked_by": "village_doctor"}  # fmt: skip
    given = write(made, "township", "followup_order", person, made.grids[0], body)
    assert given.outcome == "applied", given
    for name in ("staff", "grid", "doctor", "village"):
        assert by_phone(made, name, "correction", person, made.grids[0], WITHDRAWN, amends=given.id) == (
            "held", "not permitted",
        )  # fmt: skip


# -- recorded_by


@pytest.mark.parametrize("door", [by_phone, from_tray])
@pytest.mark.parametrize("attacker", ["grid", "staff", "inspector", "keeper", "village", "township"])
@pytest.mark.parametrize("body", [OFFICIAL, {"answered_as": "county_desk", "finding": "none"}])
def test_nobody_answers_as_the_doctor_or_the_desk_but_they(made, door, attacker, body):
    assert door(made, attacker, "symptom_answer", symptoms(made), made.grids[0], body) == ("held", "not permitted")


def test_the_doctor_answers_as_a_doctor_and_the_desk_as_the_desk(made):
    person, desk = symptoms(made), {"answered_as": "county_desk", "finding": "none"}
    assert write(made, "doctor", "symptom_answer", person, made.grids[0], desk).outcome == "held"
    assert write(made, "desk", "symptom_answer", person, made.grids[0], OFFICIAL).outcome == "held"
    answered = write(made, "doctor", "symptom_answer", person, made.grids[0], OFFICIAL)
    assert answered.outcome == "applied"
    # and no correction makes the doctor's answer the desk's
    fix = {"body": desk, "reason": "改"}
    assert write(made, "doctor", "correction", person, made.grids[0], fix, amends=answered.id).outcome == "held"


@pytest.mark.parametrize("door", [by_phone, from_tray])
@pytest.mark.parametrize("attacker", ["staff", "grid", "inspector", "keeper", "doctor", "other_village"])
def test_nobody_else_confirms_a_villages_zero_report(made, door, attacker):
    at = now()
    body = {"day": at.date().isoformat(), "cutoff_at": at.isoformat(), "zero": "yes", "confirmed": True}
    found = door(made, attacker, "situation_report", f"area:{code_of(VILLAGE)}", VILLAGE, body)
    assert found == ("held", "not permitted")


def test_odk_says_no_more_than_any_other_door(made):
    def phone(name):
        area = made.grids[0] if name == "neighbour" else VILLAGE
        with seeing(EVERYTHING):
            app = make_app_user(name="手机", account=made.accounts[name], area=area, language="zh_Hans",
                                expires_at=now() + timedelta(days=9), by="system:test", at=now())  # fmt: skip
            consent_app_user(user=app.id, account=made.accounts[name], at=now())
        return Phone(app.token, odk.find_app_user(app.id), made.accounts[name], made.households[0], (UUID(int=1),) * 2)

    def sent(name, **more):
        assert phone(name).post(vacant(made.subject(0), **more)).status_code in (201, 202)
        with seeing(EVERYTHING):
            return [one.reason for one in ledger.held(COUNTY)]

    assert sent("inspector") == ["not permitted"] == sent("keeper")[:1]
    key = visit(made)
    reasons = sent("neighbour", replaces=f"uuid:{key}")  # not theirs, and not below them
    assert reasons.count("not permitted") == 3


# -- for somebody else


def doctors_word(**more):
    return OFFICIAL | {BEHALF: Behalf("role:village_doctor", "paper", "秦医生").said() | more}


@pytest.mark.parametrize(
    ("name", "outcome"), [("village", "applied"), ("township", "applied"), ("desk", "applied"), ("grid", "held"),
                          ("staff", "held"), ("inspector", "held"), ("other_village", "held")]
)  # fmt: skip
def test_the_doctors_paper_is_typed_in_by_who_may_and_says_so(made, name, outcome):
    person = symptoms(made)
    receipt = write(made, name, "symptom_answer", person, made.grids[0], doctors_word())
    assert receipt.outcome == outcome, receipt
    if name == "village":
        client = sign_in(made.accounts[name])
        page = client.get(reverse("office:entry", args=[NUMBER, receipt.id]))
        assert page.context["history"][0].for_whom and "秦医生" in page.context["history"][0].for_whom


@pytest.mark.parametrize(
    "said",
    [
        {"whom": "role:grid_worker"},
        {"source": "dream"},
        {"name": ""},
        {"whom": f"account:{UUID(int=5)}"},
        {"whom": "安娜"},
    ],
)
def test_a_word_of_nobody_who_could_have_said_it_is_held(made, said):
    receipt = write(made, "village", "symptom_answer", symptoms(made), made.grids[0], doctors_word(**said))
    assert (receipt.outcome, receipt.reason) == ("held", "not permitted")


def test_nobody_orders_for_somebody_else(made):
    due = (now() + 6 * HOUR).isoformat()
    body = {"title": "大排查", "items": ["identity"], "look_back_date": "2020-01-10", "look_back_included": "yes",
            "due": due, BEHALF: Behalf("role:headquarters", "telephone", "何县长").said()}  # fmt: skip
    assert write(made, "village", "sweep_order", f"area:{code_of(VILLAGE)}", VILLAGE, body).outcome == "held"
    assert write(made, "township", "sweep_order", f"area:{code_of(VILLAGE)}", VILLAGE, body).outcome == "held"


def test_the_office_asks_whose_word_it_is_where_it_can_only_be_anothers(made):
    person = symptoms(made)
    client = sign_in(made.accounts["village"])
    address = reverse("office:record", args=["symptom_answer", NUMBER, person])
    assert client.get(address).context["behalf"].must
    assert "_from" in client.post(address, OFFICIAL).context["errors"]
    named = OFFICIAL | {"_from": "telephone", "_whom": "role:village_doctor", "_name": "秦医生"}
    assert client.post(address, named).status_code == 200
    with seeing(EVERYTHING):
        (entry,) = [one for one in ledger.entries_about(NUMBER, [person]) if one.kind == "symptom_answer"]
    assert entry.body[BEHALF] == {"whom": "role:village_doctor", "source": "telephone", "name": "秦医生"}
