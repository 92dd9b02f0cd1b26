"""Whoever guesses at passwords is slowed down and nobody else: by name and place, in known browsers, told above a rate."""

import time
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock, Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.access import actions, queries
from bulou.access.guessing import COOKIE
from bulou.access.models import Account, Alert, AuditRow, Tries
from bulou.access.rules import TooSoon
from bulou.access.tests.people import COUNTY, PASSWORD, VILLAGE, make_account, sign_in
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing

LOGIN, CODE = "/account/login/", "/account/login/code/"
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
STRANGER, OFFICE, HOTEL = "192.0.2.66", "192.0.2.10", "198.51.100.3"


def post(username="anna", password=PASSWORD, client=None, place=STRANGER, **more):
    return (client or Client()).post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=place, **more)


def wait(seconds) -> None:
    for row in Tries.objects.all():
        Tries.objects.filter(pk=row.pk).update(at=row.at - timedelta(seconds=seconds))


def code_now(secret) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture(autouse=True)
def _the_clock_stands_still(monkeypatch):
    """Let no wait run out because the machine is slow."""
    at = now()
    monkeypatch.setattr("bulou.access.middleware.now", lambda: at)


@pytest.fixture
def anna(db):
    return make_account("headquarters", COUNTY)


@pytest.mark.django_db
@pytest.mark.parametrize("times", [5, 63, 500])
def test_headquarters_works_on_whatever_a_stranger_sends(anna, times) -> None:
    at_work = Client()
    assert post(client=at_work, place=OFFICE)["Location"] == "/start/"
    statuses = [post(password=f"guess-{i}").status_code for i in range(times)]
    assert statuses[:5] == [200] * 5 and set(statuses[5:]) <= {200, 429}
    assert times == 5 or statuses.count(429) > 0.8 * (times - 5)
    assert post().status_code == 429, "the right guess is not told from a wrong one"
    assert at_work.get("/account/").status_code == 200
    browser = Client()
    browser.cookies[COOKIE] = at_work.cookies[COOKIE].value
    for place in (OFFICE, STRANGER, HOTEL):  # in its own browser even from where the stranger is
        assert post(client=browser, place=place)["Location"] == "/start/"
    assert post(place=HOTEL)["Location"] == "/start/", "and in a new one from elsewhere"


@pytest.mark.django_db
def test_one_password_for_many_names_slows_down_too_and_a_name_nobody_has_is_like_any_other(anna) -> None:
    make_account("grid_worker", VILLAGE, username="chen")
    statuses = [post(f"grid-{i}", "autumn-2026").status_code for i in range(100)]
    assert statuses.count(200) == 31 and statuses[31:] == [429] * 69
    told = {name: post(name, "autumn-2026") for name in ("anna", "chen", "nobody-at-all")}
    assert len({(r.status_code, r["Retry-After"]) for r in told.values()}) == 1
    assert all(r.content.decode().count("请等待") == 1 for r in told.values())
    assert post(place=OFFICE)["Location"] == "/start/"


@pytest.mark.django_db
def test_one_name_from_many_addresses_slows_down_and_its_holder_waits_two_minutes_at_most(anna) -> None:
    statuses = [post(password="guess", place=f"10.0.{i // 250}.{i % 250}").status_code for i in range(200)]
    assert statuses.count(200) == 21
    newcomer = post(place=OFFICE)
    assert newcomer.status_code == 429 and 1 <= int(newcomer["Retry-After"]) <= 120
    wait(int(newcomer["Retry-After"]))
    for i in range(200):
        post(password="guess", place=f"10.1.{i // 250}.{i % 250}")
    assert post(place=OFFICE)["Location"] == "/start/", "what was said holds, whatever came meanwhile"


@pytest.mark.django_db
def test_a_known_browser_is_slowed_by_its_own_wrong_tries_only(anna) -> None:
    browser = Client()
    post(client=browser)
    known = browser.cookies[COOKIE].value

    def again(password=PASSWORD):
        client = Client()
        client.cookies[COOKIE] = known
        return post(password=password, client=client)

    assert [again("wrong").status_code for _ in range(6)] == [200] * 5 + [429]
    assert again().status_code == 429
    assert post()["Location"] == "/start/", "the address was not counted"
    wait(2)
    assert again()["Location"] == "/start/"


@pytest.mark.django_db
def test_what_a_browser_is_known_by_is_of_one_account_and_ends_with_its_password(anna) -> None:
    make_account("grid_worker", VILLAGE, username="chen")
    browser = Client()
    first = post(client=browser).cookies[COOKIE]
    assert first["httponly"] and first["samesite"] == "Lax" and first["max-age"] == 180 * 86400
    assert "anna" not in first.value and str(anna) not in first.value
    for i in range(20):
        post(password="guess")
        post("chen", password=f"guess-{i}")

    def goes(name, value):
        client = Client()
        client.cookies[COOKIE] = value
        return post(name, client=client).status_code == 302

    assert goes("anna", first.value) and not goes("chen", first.value)
    seal = first.value[-1]
    for broken in (
        first.value[:-1] + ("0" if seal != "0" else "1"),
        first.value.replace(".", "~"),
        "x" * 4000,
        "~" * 99,
    ):
        assert not goes("anna", broken)
    browser.post("/account/password/", {"oldpassword": PASSWORD, "password1": "nine-red-lanterns",
                                        "password2": "nine-red-lanterns"})  # fmt: skip
    assert browser.cookies[COOKIE].value != first.value, "this browser goes on being known"
    client = Client()
    client.cookies[COOKIE] = first.value
    assert post(password="nine-red-lanterns", client=client).status_code == 429
    client.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert post(password="nine-red-lanterns", client=client).status_code == 302
    shared = Client()
    post("chen", client=shared, place=HOTEL)
    post(password="nine-red-lanterns", client=shared, place=HOTEL)
    assert goes("chen", shared.cookies[COOKIE].value), "one computer, two accounts"


@pytest.mark.django_db
def test_codes_are_counted_with_the_passwords_and_the_right_password_does_not_begin_them_anew(anna) -> None:
    secret = generate_totp_secret()
    TOTP.activate(Account.objects.get(id=anna), secret)
    seen = []
    for _ in range(8):  # whoever has the password guesses codes, signing in anew before each
        client = Client()
        first = post(client=client)
        seen.append(first.status_code if first.status_code == 429 else
                    client.post(CODE, {"code": "000000"}, REMOTE_ADDR=STRANGER).status_code)  # fmt: skip
    assert seen == [200] * 5 + [429] * 3
    assert AuditRow.objects.filter(action="code_failed").count() == 5
    assert COOKIE not in client.cookies, "half a sign-in makes no browser known"
    wait(2)
    client = Client()
    assert post(client=client)["Location"] == CODE
    done = client.post(CODE, {"code": code_now(secret)}, REMOTE_ADDR=STRANGER)
    assert done["Location"] == "/start/" and COOKIE in client.cookies
    assert Tries.objects.filter(wrong__gt=0).count() == 0, "a whole sign-in clears the name there"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "form"),
    [("/account/again/", {"password": "wrong"}), ("/account/again/code/", {"code": "000000"}),
     ("/account/password/", {"oldpassword": "wrong", "password1": "nine-red-lanterns", "password2": "nine-red-lanterns"})],
)  # fmt: skip
def test_proving_oneself_again_goes_by_the_same_law(anna, address, form) -> None:
    client = sign_in(anna, second_factor=address != "/account/again/")  # who has one is asked for its code
    assert [client.post(address, form).status_code for _ in range(6)] == [200] * 5 + [429]
    assert post(place="127.0.0.1").status_code == 429, "it is the same count"
    assert AuditRow.objects.filter(action__in=("sign_in_failed", "code_failed")).count() == 5


@pytest.mark.django_db
def test_the_first_code_of_an_app_is_counted(anna) -> None:
    client = sign_in(anna)
    code = actions.make_factor_code(account=anna, by="system:test", at=now())
    client.post("/account/second-factor/on/", {"handed": code})
    client.get("/account/second-factor/on/")
    answers = [client.post("/account/second-factor/on/", {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_the_key_to_an_empty_installation_goes_by_the_same_law() -> None:
    assert actions.offer_setup(key="the-printed-key", at=now())
    form = {"area": "610927", "username": "anna", "display_name": "安娜", "password": PASSWORD, "again": PASSWORD}
    tries = [Client().post("/setup/", form | {"key": f"guess-{i}"}, REMOTE_ADDR=STRANGER) for i in range(6)]
    assert [answer.status_code for answer in tries] == [200] * 5 + [429]
    assert Client().post("/setup/", form | {"key": "the-printed-key"}, REMOTE_ADDR=OFFICE).status_code == 302


@pytest.mark.django_db
def test_the_auditor_and_headquarters_see_one_row_with_how_many_and_from_where(anna) -> None:
    auditor = make_account("auditor", COUNTY, username="shen")
    chen = make_account("grid_worker", VILLAGE, username="chen")
    for i in range(10):
        post("chen", "guess", place=f"10.0.0.{i}")
    assert not Alert.objects.exists()
    for i in range(10, 15):
        post("chen", "guess", place=f"10.0.0.{i}")
    rows = Alert.objects.values_list("account", "action", "audience", "looks", "others")
    assert sorted(rows) == [(f"account:{chen}", "sign_in_failed", audience, 15, 15) for audience in ("auditor", "desk")]
    for who, address in ((auditor, "/audit/alerts/"), (anna, "/alerts/")):
        client = sign_in(who, second_factor=True)
        page = client.get(address).content.decode()
        assert "有人对这个账号输入了错误的密码或验证码: 15" in page and "来自 15 个网络地址或浏览器" in page
    with seeing(EVERYTHING):
        (one,) = queries.alerts("auditor")
    actions.see_alert(one.id, by=f"account:{auditor}", at=now(), note="问过本人，不是她")
    assert Alert.objects.filter(seen_at=None).count() == 1


@pytest.mark.django_db
def test_whoever_tries_many_names_from_one_address_is_told_of_too(anna) -> None:
    for i in range(8):
        make_account("grid_worker", VILLAGE, username=f"grid-{i}")
    for _round in range(4):
        for i in range(20):
            post(f"grid-{i}", "autumn-2026")
        wait(600)
        for i in range(20):
            post(f"grid-{i}", "winter-2026")
        wait(300)
    spread = Alert.objects.filter(action="sign_in_spread")
    assert spread.count() == 2 and {row.others for row in spread} == {20} and STRANGER not in str(spread.values())
    assert "涉及 20 个用户名" in sign_in(anna, second_factor=True).get("/alerts/").content.decode()


@pytest.mark.django_db
def test_nobody_chooses_where_they_come_from_unless_our_own_proxy_says_so(anna, settings) -> None:
    for i in range(6):
        post(password="guess", headers={"X-Forwarded-For": f"10.0.0.{i}"})
    assert post(headers={"X-Forwarded-For": "10.0.0.99"}).status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert post(headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}).status_code == 302
    for i in range(6):
        post(password="guess", headers={"X-Forwarded-For": f"10.0.0.{i}, 203.0.113.9"})
    assert post(headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 302
    assert post(headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.9"}).status_code == 429


@pytest.mark.django_db
def test_a_refused_try_costs_one_read_and_never_sleeps(anna, django_assert_num_queries, monkeypatch) -> None:
    for _ in range(6):
        post(password="guess")
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("a worker's thread slept"))
    with django_assert_num_queries(1):
        assert post(password="guess").status_code == 429


@pytest.mark.django_db
def test_a_name_nobody_has_is_asked_and_written_as_much_for_as_one_somebody_has(anna) -> None:
    counts = {}
    for name in ("anna", "nobody"):
        with CaptureQueriesContext(connection) as asked:
            post(name, "guess", place=f"10.0.0.{len(name)}")
        said = (" ".join(query["sql"].split()[:3]) for query in asked)
        counts[name] = [words for words in said if words.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    assert counts["anna"] == counts["nobody"] and len(counts["nobody"]) > 12
    assert set(AuditRow.objects.filter(action="sign_in_failed").values_list("account", flat=True)) == {
        f"account:{anna}"
    }


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_as_many_as_one_after_the_other() -> None:
    at, passed, ready = now(), [], Barrier(12)
    one_writer = nullcontext() if connection.vendor == "postgresql" else Lock()  # the tests' SQLite lives in memory

    def guess() -> None:
        ready.wait()
        for _ in range(4):
            with suppress(TooSoon), one_writer:
                passed.append(actions.begin_try(name="anna", source=STRANGER, at=at))
        connection.close()

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5
    for tried in passed[1:]:
        actions.take_back(tried)
    assert set(Tries.objects.values_list("wrong", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_right_and_wrong_tries_of_one_name_at_once_never_wait_for_each_other_for_ever() -> None:
    account, ready, faults = make_account("grid_worker", VILLAGE, username="chen"), Barrier(8), []
    one_writer = nullcontext() if connection.vendor == "postgresql" else Lock()

    def work(i: int) -> None:
        ready.wait()
        try:
            for n in range(12):
                with suppress(TooSoon):
                    with one_writer:
                        tried = actions.begin_try(name="chen", source=STRANGER, at=AT + timedelta(hours=n))
                    with one_writer:
                        if (i + n) % 2:
                            actions.note_wrong(tried, account=account, at=tried.at)
                        else:
                            actions.take_back(tried)
                with one_writer:
                    actions.clear_tries(name="chen", source=STRANGER)
        except Exception as fault:
            faults.append(fault)
        connection.close()

    threads = [Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
