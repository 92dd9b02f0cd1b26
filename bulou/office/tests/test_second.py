"""Every act that needs a second person, at every door that does it: asked for, approved, carried out once."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps

from bulou.access import queries
from bulou.access.actions import create_account, grant
from bulou.access.rules import ACTS
from bulou.access.tests.people import PASSWORD, sign_in
from bulou.checkpoints.queries.tables import FOLDER
from bulou.command import actions as command
from bulou.core.divisions import code_of, number_of
from bulou.core.moments import day_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.office.tests.made import COUNTY, SYSTEM, VILLAGE, make_account
from bulou.office.views.missing import XLSX
from bulou.people.actions import begin_run, finish_run
from bulou.people.rules.rows import Counts

pytestmark = pytest.mark.django_db
CITY, BASIS, HERE = number_of("610900000000"), "镇坪县指挥部令第9号", code_of(COUNTY)
LONG = timedelta(days=9)
TABLE = "\n".join(
    line
    for line in (FOLDER / "huangshan-2020-02.toml").read_text("utf-8").splitlines()
    if not line.startswith("counties")
)


class World:
    """A county with two headquarters accounts and one of the city above it."""

    def __init__(self, made, signed_in) -> None:
        self.made, self.day = made, str(day_of(made.at))
        for name, area in (("second", COUNTY), ("city", CITY)):
            made.accounts[name] = make_account(name, "headquarters", area, made.at - LONG)
        self.anna, self.bo, self.city = (
            signed_in(name, second_factor=True) for name in ("headquarters", "second", "city")
        )
        self.desk = signed_in("desk", second_factor=True)
        self.eve = create_account(username="eve", display_name="伊芙", area=COUNTY, password=PASSWORD, by=SYSTEM,
                                  at=made.at, must_change_password=False)  # fmt: skip
        with seeing(EVERYTHING):
            how = {"area": COUNTY, "opened_on": day_of(made.at - LONG), "by": SYSTEM, "at": made.at}
            self.incident = command.open_incident(name="疫情", disease="新冠", **how)
            self.closed = command.open_incident(name="旧疫情", disease="新冠", **how)
            command.close_incident(area=COUNTY, incident=self.closed, closed_on=day_of(made.at - LONG), basis=BASIS,
                                   by=SYSTEM, at=made.at)  # fmt: skip
        self.run = begin_run(area=VILLAGE, list_name="名册", file_name="册.xlsx", sha256="", by=SYSTEM, at=made.at)
        finish_run(county=made.county, run=self.run, counts=Counts(read=1, bad=1), at=made.at, report=b"PK")
        self.given = grant(account=self.person("watched"), role="headquarters", area=COUNTY, by=SYSTEM, at=made.at,
                           ends_at=made.at + LONG)  # fmt: skip
        sign_in(self.watched, second_factor=True)

    def person(self, name):
        self.watched = create_account(username=name, display_name=name, area=COUNTY, password=PASSWORD, by=SYSTEM,
                                      at=self.made.at, must_change_password=False)  # fmt: skip
        return self.watched


def full(**more):
    return {"purpose": "check_register", "full": "on", **more}


def rows(context, model):
    return apps.get_model(context, model).objects


def exported():
    return rows("access", "AuditRow").filter(action="export").count()


# act -> what is sent to which address, and what there is more of when it was done
DOORS = {
    "register": ("full_export", lambda w: (f"/areas/{HERE}/households/export/", full(form="csv")), exported),
    "responsibilities": ("full_export", lambda w: (f"/areas/{HERE}/responsibility/export/", full()), exported),
    "records": ("full_export", lambda w: (f"/records/{HERE}/export/", full(kind="household_visit", first=w.day, last=w.day,
                                                                           form="csv")), exported),
    "rows to correct": ("full_export", lambda w: (f"/imports/{HERE}/rows/{w.run}/", None), exported),
    "table": ("decision_table", lambda w: (f"/tables/{COUNTY}/adopt/", {"text": TABLE, "since": w.day, "basis": BASIS}),
              lambda: rows("checkpoints", "AdoptedTable").count()),
    "rules": ("rule_set", lambda w: (f"/headquarters/{HERE}/rules/", {"name": "cn-2022-06-ninth-edition",
                                                                      "since": "2026-01-01", "basis": BASIS}),
              lambda: rows("command", "RuleSetInForce").count()),
    "close": ("close_incident", lambda w: (f"/headquarters/{HERE}/{w.incident}/close/",
                                           {"closed_on": w.day, "basis": BASIS}),
              lambda: rows("command", "Incident").filter(closed_on__isnull=False).count()),
    "stand down": ("close_incident", lambda w: (f"/headquarters/{HERE}/{w.incident}/level/",
                                                {"level": "0", "since": w.day, "basis": BASIS}),
                   lambda: rows("command", "ResponseLevel").filter(level=0).count()),
    "reopen": ("reopen_incident", lambda w: (f"/headquarters/{HERE}/{w.closed}/closing/reopen/",
                                             {"level": "4", "basis": BASIS}),
               lambda: rows("command", "Incident").filter(closed_on=None).count()),
    "new headquarters": ("give_powers", lambda w: ("/accounts/new/", {"username": "chen", "display_name": "陈", "phone": "",
                                                                     "role": "headquarters", "area": HERE}),
                         lambda: rows("access", "Account").count()),
    "headquarters": ("give_powers", lambda w: (f"/accounts/{w.eve}/roles/", {"role": "headquarters", "area": HERE}),
                     lambda: rows("access", "Account").filter(grants__role="headquarters").count()),
    "extend": ("renew_powers", lambda w: (f"/accounts/{w.watched}/roles/{w.given}/renew/", {}),
               lambda: rows("access", "AuditRow").filter(action="renew_grant").count()),
    "password": ("reset_password", lambda w: (f"/accounts/{w.watched}/password/", {}),
                 lambda: rows("access", "Account").filter(must_change_password=True).count()),
    "factor": ("reset_factor", lambda w: (f"/accounts/{w.watched}/second-factor/reset/", {"reason": "本人到场"}),
               lambda: rows("access", "AuditRow").filter(action="forget_second_factor").count()),
    "auditor": ("give_auditor", lambda w: (f"/accounts/{w.eve}/roles/", {"role": "auditor", "area": HERE}),
                lambda: rows("access", "Account").filter(grants__role="auditor").count()),
    "an auditor's password": ("change_auditor", lambda w: (f"/accounts/{w.made.accounts['auditor']}/password/", {}),
                              lambda: rows("access", "Account").filter(must_change_password=True).count()),
}  # fmt: skip


@pytest.fixture
def world(made, signed_in) -> World:
    return World(made, signed_in)


def test_every_act_that_needs_a_second_person_has_its_doors_here() -> None:
    assert {act for act, _sent, _done in DOORS.values()} == ACTS


def send(client, address, data):
    answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code in (200, 302), answer.content.decode()[-3000:]
    if answer.streaming:
        b"".join(answer.streaming_content)  # to the end, so that its file is closed
    return answer


@pytest.mark.parametrize("door", DOORS)
def test_no_door_does_it_alone_and_with_a_word_it_is_done_once(world, door) -> None:
    act, sent, count = DOORS[door]
    address, data = sent(world)
    before = count()
    assert send(world.anna, address, data)["Location"] == "/second/mine/" and count() == before
    [ask] = rows("access", "Ask").all()
    assert (ask.act, ask.by, ask.answered_at) == (act, f"account:{world.made.accounts['headquarters']}", None)
    second = world.city if ask.outside else world.bo
    assert world.bo.get("/second/").status_code == 200
    assert send(world.anna, f"/second/{ask.id}/", {"answer": "approve", "word": "自己同意"}) and count() == before
    send(second, f"/second/{ask.id}/", {"answer": "refuse", "word": "再想想"})
    assert send(world.anna, address, data)["Location"] == "/second/mine/" and count() == before
    [again] = rows("access", "Ask").filter(answered_at=None)
    send(second, f"/second/{again.id}/", {"answer": "approve", "word": "同意"})
    assert rows("access", "Ask").get(id=again.id).approved
    mine = next(one for one in queries.asks_of(again.by, again.at) if one.id == again.id)
    if mine.form:
        send(world.anna, mine.path, mine.form)
    else:
        send(world.anna, address, data)
    assert count() == before + 1 and rows("access", "Ask").get(id=again.id).done_at
    if door in ("close", "reopen"):  # cannot be done twice anyway
        return
    send(world.anna, address, data)
    assert count() == before + 1 or door == "new headquarters", "an approval is good for once"


def test_masked_lists_need_nobody(world) -> None:
    before = exported()
    send(world.anna, f"/areas/{HERE}/households/export/", {"purpose": "check_register", "form": "csv"})
    send(world.anna, f"/areas/{HERE}/responsibility/export/", {"purpose": "check_register"})
    assert exported() == before + 2 and not rows("access", "Ask").exists()


def test_another_purpose_another_area_or_another_file_is_another_act(world) -> None:
    address = f"/areas/{HERE}/households/export/"
    send(world.anna, address, full(form="csv"))
    send(world.bo, f"/second/{rows('access', 'Ask').get().id}/", {"answer": "approve", "word": "同意"})
    before = exported()
    for where, data in ((address, full(form="xlsx")), (address, full(form="csv") | {"purpose": "follow_up"}),
                        (f"/areas/{code_of(VILLAGE)}/households/export/", full(form="csv"))):  # fmt: skip
        assert send(world.anna, where, data)["Location"] == "/second/mine/"
    assert exported() == before


def test_the_desk_waits_for_headquarters_too(world) -> None:
    assert send(world.desk, f"/areas/{HERE}/households/export/", full(form="csv"))["Location"] == "/second/mine/"


def test_whoever_brought_a_list_takes_its_rows_out_alone(world) -> None:
    by = f"account:{world.made.accounts['headquarters']}"
    run = begin_run(area=VILLAGE, list_name="名册", file_name="册.xlsx", sha256="", by=by, at=world.made.at)
    finish_run(county=world.made.county, run=run, counts=Counts(read=1, bad=1), at=world.made.at, report=b"PK")
    assert (
        send(world.anna, f"/imports/{HERE}/rows/{run}/", None).status_code == 200 and not rows("access", "Ask").exists()
    )


def test_who_asked_is_told_on_every_page_and_who_must_answer_too(world) -> None:
    send(world.anna, f"/areas/{HERE}/households/export/", full(form="csv"))
    board = f"/board/{HERE}/"
    for client, told in ((world.bo, True), (world.anna, False), (world.desk, False)):
        assert ("1 ask waits" in client.get(board, follow=True).content.decode()) is told
    send(world.bo, f"/second/{rows('access', 'Ask').get().id}/", {"answer": "approve", "word": "同意"})
    assert "was answered" in world.anna.get(board, follow=True).content.decode()
    assert "1 ask waits" not in world.bo.get(board, follow=True).content.decode()


def test_my_account_names_the_places_i_have_roles_over(world) -> None:
    assert "镇坪县" in world.anna.get("/account/").content.decode()


@pytest.mark.parametrize("query", ["", "?on=2020-02-03"])
def test_what_was_approved_long_ago_is_carried_out_after_proving_oneself_again(world, monkeypatch, query) -> None:
    """An approval comes hours later: the proof of five minutes is over, and what is sent again must not be lost on it."""
    address = f"/areas/{HERE}/responsibility/export/{query}"
    send(world.anna, address, full())
    send(world.bo, f"/second/{rows('access', 'Ask').get().id}/", {"answer": "approve", "word": "同意"})
    session = world.anna.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600}]
    session.save()
    [mine] = queries.asks_of(f"account:{world.made.accounts['headquarters']}", world.made.at)
    prove = send(world.anna, mine.path, mine.form)["Location"]
    monkeypatch.setattr(TOTP, "validate_code", lambda _self, code: code == "123456")
    assert send(world.anna, prove, {"code": "123456"})["Content-Type"] == XLSX
    assert exported() == 1
