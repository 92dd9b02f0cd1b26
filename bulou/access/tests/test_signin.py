"""Signing in as a person does it, through the real forms."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from bulou.access import actions, queries
from bulou.access.models import Account, Tries
from bulou.access.tests.people import COUNTY, PASSWORD, VILLAGE, make_account, sign_in
from bulou.core.moments import now
from tests.clock import NOON

pytestmark = pytest.mark.django_db
LOGIN, ON = "/account/login/", "/account/second-factor/on/"


@pytest.fixture(autouse=True)
def _no_old_tries():
    cache.clear()


@pytest.fixture(autouse=True)
def _no_wait_runs_out(monkeypatch):
    at = now()
    monkeypatch.setattr("bulou.access.middleware.now", lambda: at)


@pytest.fixture
def chen():
    return make_account("grid_worker", VILLAGE, username="chen", name="陈梅")


@pytest.fixture
def anna():
    return make_account("headquarters", COUNTY)


def try_to_sign_in(username="chen", password=PASSWORD, client=None, REMOTE_ADDR="127.0.0.1", **extra):
    form = {"login": username, "password": password, **extra}
    return (client or Client()).post(LOGIN, form, REMOTE_ADDR=REMOTE_ADDR)


def wait(seconds):
    """Let the time pass for all that was counted."""
    for row in Tries.objects.all():
        Tries.objects.filter(pk=row.pk).update(at=row.at - timedelta(seconds=seconds))


def code_now(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_right_password_opens_the_first_page(chen):
    response = try_to_sign_in()
    assert (response.status_code, response["Location"]) == (302, "/start/")
    (row,) = queries.audit_rows(action="sign_in").rows
    assert (row.account, row.area) == (f"account:{chen}", VILLAGE)


def test_the_user_name_is_the_same_in_capitals_and_the_page_asked_for_is_remembered(chen):
    response = try_to_sign_in("CHEN", next="/account/")
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert try_to_sign_in("chen", next="https://evil.example/")["Location"] == "/start/"


def test_start_leads_where_the_account_may_go(chen):
    store = make_account("storekeeper", VILLAGE, username="store")
    assert sign_in(chen).get("/start/")["Location"] == "/"
    assert sign_in(store).get("/start/")["Location"] == "/account/"


def test_who_only_records_is_led_to_their_turns_and_the_phone(chen):
    page = sign_in(make_account("post_staff", VILLAGE, username="post")).get("/account/").content.decode()
    assert 'href="/my-duty/">我的岗' in page and 'href="/phone/"' in page
    assert 'href="/phone/"' not in sign_in(chen).get("/account/").content.decode()


def test_the_wrong_password_says_nothing_about_which_was_wrong(chen):
    wrong = try_to_sign_in(password="wrong")
    nobody = try_to_sign_in("nobody", password="wrong")
    assert wrong.status_code == nobody.status_code == 200
    assert wrong.context["form"].errors == nobody.context["form"].errors
    assert "用户名或密码不对" in str(wrong.context["form"].errors)


def test_wrong_passwords_are_recorded_for_accounts_and_never_for_what_was_typed(chen):
    try_to_sign_in(password="wrong")
    try_to_sign_in("my-secret-typed-in-the-wrong-box", password="x")
    (row,) = queries.audit_rows(action="sign_in_failed").rows
    assert row.account == f"account:{chen}" and "secret" not in str(row)


def test_nobody_is_locked_out_wrong_passwords_only_slow_down_and_the_page_says_how_long(chen):
    for _ in range(4):
        assert try_to_sign_in(password="wrong").status_code == 200
    try_to_sign_in(password="wrong")
    slowed = try_to_sign_in()  # the right one, from another browser at the same address
    assert slowed.status_code == 429 and slowed["Retry-After"] == "2"
    assert "请等待 2 秒" in slowed.content.decode() and "sessionid" not in slowed.cookies
    assert try_to_sign_in("nobody", password="x").status_code == 200  # others are not
    assert try_to_sign_in(REMOTE_ADDR="192.0.2.7")["Location"] == "/start/"  # nor is the name from elsewhere
    wait(2)
    assert try_to_sign_in()["Location"] == "/start/"
    assert [try_to_sign_in(password="wrong").status_code for _ in range(5)] == [200] * 5, "signing in begins anew"


def test_the_count_of_wrong_passwords_is_kept_where_every_worker_sees_it_and_names_nobody(chen):
    try_to_sign_in(password="wrong", REMOTE_ADDR="192.0.2.7")
    rows = list(Tries.objects.values_list("name", "place", "wrong"))
    assert len(rows) == 3 and all(wrong == 1 for _name, _place, wrong in rows)
    assert "chen" not in str(rows) and "192.0.2.7" not in str(rows)


@pytest.mark.parametrize("change", [{"is_active": False}, {"expires_at": NOON - timedelta(days=1)}])
def test_a_closed_account_is_told_so_with_the_right_password_only(chen, change):
    Account.objects.filter(id=chen).update(**change)
    assert try_to_sign_in()["Location"] == "/account/login/closed/"
    assert Client().get("/account/login/closed/").status_code == 200
    assert try_to_sign_in(password="wrong").status_code == 200


def test_the_given_password_is_good_for_one_thing_choosing_another(anna):
    actions.create_account(username="dai", display_name="戴", area=VILLAGE, password="given-by-anna-1", by=f"account:{anna}",
                           at=now())  # fmt: skip
    client = Client()
    try_to_sign_in("dai", "given-by-anna-1", client)
    assert client.get("/start/")["Location"] == "/account/password/"
    page = client.get("/account/password/")
    assert page.status_code == 200
    weak = client.post(
        "/account/password/", {"oldpassword": "given-by-anna-1", "password1": "12345", "password2": "12345"}
    )
    assert weak.status_code == 200 and Account.objects.get(username="dai").must_change_password
    fresh = {"oldpassword": "given-by-anna-1", "password1": "nine-red-lanterns", "password2": "nine-red-lanterns"}
    assert client.post("/account/password/", fresh)["Location"] == "/start/"
    assert client.get("/account/").status_code == 200  # still signed in
    assert not Account.objects.get(username="dai").must_change_password
    assert queries.audit_rows(action="change_password").rows


def test_a_new_password_from_a_manager_ends_every_session(chen, anna):
    client = sign_in(chen)
    assert client.get("/account/").status_code == 200
    actions.set_password(account=chen, password="another-one-12", by=f"account:{anna}", at=now())
    assert client.get("/account/").status_code == 302


def test_a_second_factor_is_set_up_with_a_picture_drawn_here(anna):
    client = sign_in(anna)
    assert client.get("/accounts/")["Location"] == ON
    code = actions.make_factor_code(account=anna, by="system:test", at=now())
    client.post(ON, {"handed": code})
    page = client.get(ON)
    body = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in body and "http://" not in re.sub(r"data:image[^\"]*", "", body)
    secret = page.context["form"].secret
    assert secret in body
    assert client.post(ON, {"code": "000000"}).status_code == 200
    codes = client.post(ON, {"code": code_now(secret)}).context["codes"]
    assert len(codes) == 10
    assert client.get("/account/carry-on/")["Location"] == "/accounts/"
    assert client.get("/accounts/").status_code == 200

    client = Client()
    assert try_to_sign_in("anna", client=client)["Location"] == "/account/login/code/"
    assert client.get("/accounts/").status_code == 302, "the password alone is not enough any more"
    assert client.get("/account/login/code/").status_code == 200
    assert client.post("/account/login/code/", {"code": "123"}).status_code == 200
    assert client.post("/account/login/code/", {"code": codes[0]})["Location"] == "/start/"
    assert client.get("/accounts/").status_code == 200
    again = Client()
    try_to_sign_in("anna", client=again)
    assert again.post("/account/login/code/", {"code": codes[0]}).status_code == 200, "a recovery code works once"


def test_an_interrupted_form_goes_on_after_proving_oneself_again(anna):
    client = sign_in(anna, second_factor=True, proved_ago=600)
    form = {"username": "chen", "display_name": "陈梅", "role": "grid_worker", "area": "610927100201"}
    asked = client.post("/accounts/new/", form)
    assert asked["Location"].startswith("/account/again/code/")
    assert client.get(asked["Location"]).status_code == 200
    assert client.get("/account/again/")["Location"] == "/account/again/code/", "a password proves nothing here"
    client.post("/accounts/new/", form)
    secret = get_adapter().decrypt(Authenticator.objects.get(user=anna).data["secret"])
    done = client.post("/account/again/code/?next=/accounts/new/", {"code": code_now(secret)})
    assert done.status_code == 200 and queries.find_account("chen")
    assert queries.get_account(queries.find_account("chen"), now()).grants[0].area == VILLAGE


def test_a_wrong_code_does_not_prove_anything(anna):
    client = sign_in(anna, second_factor=True, proved_ago=600)
    assert client.post("/account/again/code/?next=/accounts/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/new/", {}).status_code == 302


def test_a_wrong_password_does_not_prove_anything(chen):
    client = sign_in(chen, proved_ago=600)
    assert client.post("/account/again/?next=/account/phones/", {"password": "wrong"}).status_code == 200
    assert client.get("/account/phones/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/password/set/",
     "/account/login/code/confirm/", "/admin/", "/accounts/login/", "/accounts/signup/"],
)  # fmt: skip
def test_every_other_way_in_is_closed(address):
    assert Client().get(address).status_code == 404


def test_signing_out_needs_a_post_and_ends_the_session(chen):
    client = sign_in(chen)
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.post("/account/logout/")["Location"] == LOGIN
    assert client.get("/account/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(chen):
    client = Client()
    client.get(LOGIN)
    try_to_sign_in(client=client)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_form_from_another_site_is_refused(chen):
    assert try_to_sign_in(client=Client(enforce_csrf_checks=True)).status_code == 403


def test_the_language_can_be_chosen_before_signing_in():
    client = Client()
    assert "登录" in client.get(LOGIN).content.decode()
    client.post("/account/language/", {"language": "en", "next": LOGIN})
    assert "Sign in" in client.get(LOGIN).content.decode()


def test_a_whole_address_is_not_kept_out_by_whoever_guesses_from_it(chen):
    for i in range(63):
        try_to_sign_in(f"guess-{i}", password="wrong")
    newcomer = try_to_sign_in()
    assert newcomer.status_code == 429
    wait(int(newcomer["Retry-After"]))
    for i in range(63):
        try_to_sign_in(f"another-{i}", password="wrong")
    assert try_to_sign_in()["Location"] == "/start/", "what others do does not make the wait longer than was said"
