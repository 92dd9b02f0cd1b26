"""A clerk lets a phone in by comparing six digits, sees what never arrived, and takes it out of use."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.conf import settings

from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.field.actions import consent
from bulou.field.rules.binding import Binding, write_bindings
from bulou.field.rules.certificates import Certificate, seal
from bulou.field.tests.phones import TestPhone
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, SYSTEM, TOWN, VILLAGE, make_account, visit_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(made, signed_in):
    made.accounts["clerk"] = make_account("clerk", "township", TOWN, made.at)
    made.accounts["xiaofang"] = make_account("晓芳", "grid_worker", made.grids[0], made.at, "xiaofang")
    return signed_in("clerk")


def token_on(page: str) -> str:
    found = re.search(r"#enrol=([a-z0-9]+)", unescape(page))
    assert found
    return found[1]


def test_phone_is_enrolled_used_and_taken_out_of_use(made, clerk):
    page = clerk.post(
        f"/phones/{VILLAGE}/enrol/", {"account": made.accounts["xiaofang"], "days": "30"}
    ).content.decode()
    waiting = unescape(re.search(r'hx-get="([^"]+)"', page)[1])
    assert "Waiting for the phone" in clerk.get(waiting).content.decode()
    phone = TestPhone()
    code = phone.enrol(token_on(page)).json()["code"]
    shown = clerk.get(waiting).content.decode()
    assert code not in shown and "hx-get" in shown and "nobody else can say so" in shown
    consent(device=UUID(phone.device), account=made.accounts["xiaofang"], at=now())
    assert code in clerk.get(waiting).content.decode()
    clerk.post(f"/phones/{phone.device}/decide/", {"decision": "same"})
    assert phone.poll()["state"] == "active"
    phone.sign_in(status={"persisted": False, "waiting": 3})
    entries = [
        phone.record("household_visit", made.subject(i), made.grids[0], now(), visit_body(made, i)) for i in (0, 4, 8)
    ]
    phone.push([entries[0], entries[2]])
    listed = clerk.get(f"/phones/{TOWN}/").content.decode()
    assert "晓芳" in listed
    one = clerk.get(f"/phones/{phone.device}/").content.decode()
    assert "2 (1 entry)" in one
    assert "does not promise" in one and "3 entries not sent" in one
    assert clerk.post(f"/phones/{phone.device}/revoke/", {"reason": " "}).status_code == 422
    assert clerk.post(f"/phones/{phone.device}/revoke/", {"reason": "手机丢了"}).status_code == 302
    phone.push([entries[1]])
    assert [held.reason for held in ledger.held(COUNTY)] == ["revoked"]
    assert "out of use" in clerk.get("/held/").content.decode()


def test_phone_that_came_back_is_shown_until_somebody_has_looked(made, clerk):
    """The server was put back from a copy made before the phone was let in."""
    phone = TestPhone(device=str(new_id()))
    phone.certificate = seal(
        Certificate(
            device=phone.device, account=str(made.accounts["xiaofang"]), name="晓芳", label="红米 9A", code="123456",
            areas=write_bindings([Binding(made.grids[0], made.at)]), public_key=phone.public_key,
            enrolled_at=made.at, enrolled_by=SYSTEM, expires_at=now() + timedelta(days=7),
        ),
        key=str(settings.SECRET_KEY).encode(),
    )  # fmt: skip
    phone.sign_in()
    assert "Came back by itself" in clerk.get(f"/phones/{TOWN}/").content.decode()
    assert "It stays in use" in clerk.get(f"/phones/{phone.device}/").content.decode()
    clerk.post(f"/phones/{phone.device}/decide/", {"decision": "stays"})
    assert "Came back by itself" not in clerk.get(f"/phones/{TOWN}/").content.decode()


def test_codes_that_differ_turn_the_phone_away(made, clerk):
    page = clerk.post(f"/phones/{VILLAGE}/enrol/", {"account": made.accounts["xiaofang"], "days": "7"}).content.decode()
    phone = TestPhone()
    phone.enrol(token_on(page))
    clerk.post(f"/phones/{phone.device}/decide/", {"decision": "other"})
    assert phone.poll()["state"] == "refused"


def test_nobody_gives_a_phone_to_who_may_do_more(made, clerk):
    make_account("boss", "headquarters", TOWN, made.at)
    page = clerk.get(f"/phones/{TOWN}/enrol/").content.decode()
    assert "晓芳" in page
    assert "boss" not in page
    assert clerk.post(f"/phones/{VILLAGE}/enrol/", {"account": "x", "days": "30"}).status_code == 422
