"""What the office, a phone and ODK offer is what the ledger takes, over every kind and every role."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bulou.access.rules.writing import permission_for
from bulou.access.tests.people import sign_in
from bulou.command import queries as command
from bulou.command.queries import Asking, Leave
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.tests.phones import enrolled
from bulou.ledger.rules import Entry
from bulou.odk import queries as odk
from bulou.odk.actions import consent_app_user, make_app_user
from bulou.office.tests.made import COUNTY, VILLAGE, make_account, visit_body
from bulou.site.kinds import find_kinds
from bulou.site.tests.attacks import (
    HOUR,
    NUMBER,
    OFFICIAL,
    order,
    symptoms,
    write,
)

pytestmark = pytest.mark.django_db


ROLES = ("headquarters", "county_desk", "township", "village", "grid_worker", "village_doctor", "storekeeper", "post_staff",
         "inspector", "auditor")  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_the_office_the_phone_and_odk_offer_what_the_ledger_takes(made, role):
    """Over every kind: what is offered in one's own name is held by nobody's leave, and what is not offered is held."""
    account = make_account(f"one-{role}", role, VILLAGE, made.at - HOUR)
    author, kinds = f"account:{account}", find_kinds()
    at = now()
    plain = {name: kind for name, kind in kinds.items() if not kind.own}
    probes = [Entry(new_id(), name, "", VILLAGE, at, at, author, received_at=at) for name in plain]
    taken = {one.kind for one, reason in zip(probes, command.refusals(probes), strict=True) if not reason}
    asked = command.leaves([Asking(kind, "", VILLAGE, at) for kind in plain.values()], by=author, now=at)
    assert {name for name, leave in zip(plain, asked, strict=True) if leave is Leave.OWN} == taken
    # By hand, from the declaration alone.
    held = {"record"} | ({"order"} if role in ("headquarters", "county_desk", "township") else set())
    assert taken == {name for name, kind in plain.items()
                     if role in kind.recorded_by and role != "auditor" and permission_for(kind) in held}  # fmt: skip
    # ODK's list: those it can draw.
    with seeing(EVERYTHING):
        app = make_app_user(name="手机", account=account, area=VILLAGE, language="zh_Hans", by="system:test", at=at,
                            expires_at=at + timedelta(days=9)) if role != "auditor" else None  # fmt: skip
    if app is not None:
        consent_app_user(user=app.id, account=account, at=at)
        user = odk.find_app_user(app.id)
        listed = {form.id for form in odk_forms(user, at)}
        from bulou.odk.queries import offered

        drawn = {name for name in offered.kinds(VILLAGE) if name in plain}
        assert listed & set(plain) == drawn & taken and not listed & (set(kinds) - set(plain))
        phone = enrolled(account, [VILLAGE], at)
        sent = {form["kind"] for form in phone.pull()["forms"]}
        assert sent == taken - {"correction"}
    # The office: about each subject of the county.
    client = sign_in(account)
    page = client.get(reverse("office:household", args=[NUMBER, made.households[0]]))
    if page.status_code == 200:
        menu = {one.url.split("/")[2]: one.for_another for one in page.context["record"]}
        about = {name for name, kind in plain.items() if "household" in kind.subject} - {"correction", "waiver"}
        assert {name for name, another in menu.items() if not another} == taken & about
        others = role in ("headquarters", "county_desk", "township", "village")
        assert {name for name, another in menu.items() if another} == (about - taken if others else set())


def odk_forms(user, at):
    from bulou.odk.queries import offered

    with seeing([(VILLAGE, VILLAGE + 10**6)]):
        return offered.forms_for(user, at)


def test_a_countys_own_role_writes_what_it_stands_for(made):
    from bulou.access import actions

    carries = ["see", "record", "reveal"]
    for name, does in (("night", ["grid_worker"]), ("helper", [])):
        actions.make_role(name=name, zh=name, en=name, permissions=carries, stands_for=does, area=COUNTY, by="system:test",
                          at=made.at)  # fmt: skip
        made.accounts[name] = make_account(f"one-{name}", name, VILLAGE, made.at - HOUR)
    assert (
        write(made, "helper", "household_visit", made.subject(0), made.grids[0], visit_body(made, 0)).outcome == "held"
    )
    assert (
        write(made, "night", "household_visit", made.subject(0), made.grids[0], visit_body(made, 0)).outcome
        == "applied"
    )
    assert write(made, "night", "symptom_answer", symptoms(made), made.grids[0], OFFICIAL).outcome == "held"


def test_nobody_signed_out_writes_anything(made):
    assert Client().post(reverse("office:withdraw", args=[NUMBER, order(made)]), {"_reason": "x"}).status_code == 302
