"""Nobody writes in a worker's name from a phone of which the worker has not said that it is theirs."""

import re
import time
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from bulou.access.queries import audit_rows
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field import actions, queries
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.ledger import queries as ledger
from bulou.odk import queries as collects
from bulou.odk.actions import make_app_user
from bulou.odk.views.doors import forget_met
from bulou.office.tests.made import COUNTY, TOWN, VILLAGE, make_account

pytestmark = pytest.mark.django_db
MINE = "/account/phones/"


@pytest.fixture
def people(made, signed_in):
    """A village's clerk, the township's, and a grid worker of the village, each signed in."""
    made.accounts["vclerk"] = make_account("vclerk", "village", VILLAGE, made.at)
    made.accounts["town"] = make_account("tclerk", "township", TOWN, made.at)
    made.accounts["xiaofang"] = make_account("晓芳", "grid_worker", made.grids[0], made.at, "xiaofang")
    made.accounts["other"] = make_account("other-worker", "grid_worker", made.grids[1], made.at)
    return {name: fresh(signed_in(name), made.accounts[name]) for name in ("vclerk", "town", "xiaofang", "other")}


def fresh(client: Client, account: UUID, ago: float = 0) -> Client:
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(account)
    session.save()
    return client


def answered(clerk: Client, account: UUID) -> TestPhone:
    """Return a phone in somebody's hands that has answered the code a clerk showed for the account."""
    page = clerk.post(f"/phones/{VILLAGE}/enrol/", {"account": account, "days": "30"}).content.decode()
    phone = TestPhone()
    assert phone.enrol(re.search(r"#enrol=([a-z0-9]+)", unescape(page))[1]).status_code == 201
    return phone


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return unescape(answer.content.decode())


def said_of(device: UUID | str) -> list[tuple[str, str]]:
    """Return what the audit says of the phone, in order: the act and who did it."""
    with seeing(EVERYTHING):
        rows = audit_rows().rows
    return [(row.action, row.account) for row in reversed(rows) if row.detail.get("device") == str(device)]


def test_a_village_alone_lets_no_phone_in_as_its_grid_worker(made, people):
    phone = answered(people["vclerk"], made.accounts["xiaofang"])
    refused = people["vclerk"].post(f"/phones/{phone.device}/decide/", {"decision": "same"}, follow=True)
    assert "has not said yet" in refused.content.decode()
    assert phone.poll()["state"] == "waiting" and not phone.poll()["consented"]
    assert phone.try_to_sign_in().status_code == 401
    for name in ("vclerk", "town", "other"):  # nobody but the worker says so, whatever they may
        said = people[name].post(f"{MINE}{phone.device}/", {"word": "mine"})
        assert said.status_code == 404 and not phone.poll()["consented"]


def test_the_worker_says_that_it_is_theirs_on_record(made, people):
    phone = answered(people["vclerk"], made.accounts["xiaofang"])
    assert "1 phone in your name" in text(people["xiaofang"], "/account/")
    page = text(people["xiaofang"], MINE)
    assert phone.poll()["code"] in page and "vclerk" in page
    people["xiaofang"].post(f"{MINE}{phone.device}/", {"word": "mine"})
    people["vclerk"].post(f"/phones/{phone.device}/decide/", {"decision": "same"})
    assert phone.sign_in()["me"]["name"] == "晓芳"
    worker, clerk = (f"account:{made.accounts[name]}" for name in ("xiaofang", "vclerk"))
    assert said_of(phone.device) == [("consent_phone", worker), ("confirm_phone", clerk)]


def test_a_page_left_open_is_nobodys_word(made, people):
    phone = answered(people["vclerk"], made.accounts["xiaofang"])
    stale = fresh(people["xiaofang"], made.accounts["xiaofang"], ago=3600)
    assert "/account/again/" in stale.post(f"{MINE}{phone.device}/", {"word": "mine"})["Location"]
    assert not phone.poll()["consented"]


def test_what_is_not_theirs_the_worker_takes_out_of_use(made, people):
    waiting = answered(people["vclerk"], made.accounts["xiaofang"])
    people["xiaofang"].post(f"{MINE}{waiting.device}/", {"word": "not_mine"})
    assert waiting.poll()["state"] == "refused"
    active = enrolled(made.accounts["xiaofang"], [made.grids[0]], now())
    people["xiaofang"].post(f"{MINE}{active.device}/", {"word": "not_mine"})
    assert queries.find_phone(UUID(active.device)).state == "revoked"
    assert [action for action, _ in said_of(active.device)][-1] == "disown_phone"


def test_the_township_is_told_until_it_has_looked(made, people):
    phone = answered(people["vclerk"], made.accounts["xiaofang"])
    people["xiaofang"].post(f"{MINE}{phone.device}/", {"word": "mine"})
    people["vclerk"].post(f"/phones/{phone.device}/decide/", {"decision": "same"})
    words = "nobody of the township has looked"
    assert words in text(people["town"], f"/phones/{TOWN}/")
    people["vclerk"].post(f"/phones/{phone.device}/look/")
    assert words in text(people["town"], f"/phones/{TOWN}/"), "the village is not the township"
    assert "I have looked at it" in text(people["town"], f"/phones/{phone.device}/")
    people["town"].post(f"/phones/{phone.device}/look/")
    assert words not in text(people["town"], f"/phones/{TOWN}/")
    # Let go on by the village: whoever has the phone in hand has it for longer, and both are told anew.
    people["vclerk"].post(f"/phones/{phone.device}/renew/", {"days": "90"})
    assert words in text(people["town"], f"/phones/{TOWN}/")
    assert "1 phone in your name" in text(people["xiaofang"], "/account/")
    people["xiaofang"].post(f"{MINE}{phone.device}/", {"word": "mine"})
    assert "1 phone writes in your name" in text(people["xiaofang"], "/account/")


def test_the_township_that_compared_the_digits_has_looked(made, people):
    phone = answered(people["town"], made.accounts["xiaofang"])
    actions.consent(device=UUID(phone.device), account=made.accounts["xiaofang"], at=now())
    people["town"].post(f"/phones/{phone.device}/decide/", {"decision": "same"})
    assert "nobody of the township has looked" not in text(people["town"], f"/phones/{TOWN}/")


def test_a_phone_of_another_worker_needs_that_workers_word(made, people):
    """Handed over: the same phone is enrolled anew, for another, and the first one's word counts for nothing."""
    first = answered(people["vclerk"], made.accounts["xiaofang"])
    people["xiaofang"].post(f"{MINE}{first.device}/", {"word": "mine"})
    people["vclerk"].post(f"/phones/{first.device}/decide/", {"decision": "same"})
    again = answered(people["town"], made.accounts["other"])
    assert people["xiaofang"].post(f"{MINE}{again.device}/", {"word": "mine"}).status_code == 404
    people["town"].post(f"/phones/{again.device}/decide/", {"decision": "same"})
    assert again.poll()["state"] == "waiting"


def test_collect_gets_nothing_and_applies_nothing_before_the_workers_word(made, people, tmp_path, settings):
    from bulou.odk.tests.conftest import vacant

    settings.DATA = tmp_path
    forget_met()
    made_it = make_app_user(name="备用机", account=made.accounts["xiaofang"], area=made.grids[0], language="en",
                            by="system:x", expires_at=now() + timedelta(days=3), at=now())  # fmt: skip
    told = Client().get(f"/odk/{made_it.token}/formList")
    assert told.status_code == 403 and "has not said yes" in told.content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    record = SimpleUploadedFile("it.xml", vacant(made.subject(0)).encode(), "text/xml")
    assert Client().post(f"/odk/{made_it.token}/submission", {"xml_submission_file": record}).status_code == 202
    assert [one.reason for one in ledger.held(COUNTY)] == ["not permitted"], "kept, in nobody's name"
    assert people["other"].post(f"{MINE}{made_it.id}/", {"word": "mine"}).status_code == 404
    assert "备用机" in text(people["town"], f"/phones/{TOWN}/")
    people["xiaofang"].post(f"{MINE}{made_it.id}/", {"word": "mine"})
    assert Client().get(f"/odk/{made_it.token}/formList").status_code == 200
    people["vclerk"].post(reverse("office:collect_look", args=[made_it.id]))
    assert "备用机" in text(people["town"], f"/phones/{TOWN}/")
    people["town"].post(reverse("office:collect_look", args=[made_it.id]))
    assert "备用机" not in text(people["town"], f"/phones/{TOWN}/")
    people["xiaofang"].post(f"{MINE}{made_it.id}/", {"word": "not_mine"})
    assert Client().get(f"/odk/{made_it.token}/formList").status_code == 403
    assert not [user for user in collects.app_users_of(made.accounts["xiaofang"]) if user.is_live(now())]
