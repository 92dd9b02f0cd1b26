"""The second factor tried against misuse, through the pages: what a password alone does not do."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from bulou.access import actions, queries
from bulou.access.actions import factors
from bulou.access.models import Account, FactorCode, Grant
from bulou.access.rules import Refusal
from bulou.access.tests.factors import CODES, ME, MOVE, ON, App, acts, by_both, by_password, enrol, handed, text
from bulou.access.tests.people import COUNTY, OTHER_TOWN, PASSWORD, TOWN, VILLAGE, make_account, sign_in
from bulou.core.moments import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_signing_in_leads_to_the_second_factor_where_a_role_demands_one(boss):
    client = Client()
    assert client.post("/account/login/", {"login": "boss", "password": PASSWORD})["Location"] == "/start/"
    assert client.get("/start/")["Location"] == ON
    page = text(client.get(ON))
    assert "交付码" in page and "data:image" not in page and "secret" not in page
    assert "当面交给您" in text(client.get(ME))


def test_the_password_alone_sets_no_second_factor_up(boss, clock):
    client = by_password("boss")
    for _ in range(2):  # a fresh proof by password changes nothing
        page = client.get(ON)
        assert "form" in page.context and "secret" not in text(page)
        assert client.post(ON, {"code": "123456"}).status_code == 200
        assert client.post(ON, {"code": "123456", "handed": "abcd efgh jkmn pqrs"}).status_code == 200
        client.post("/account/again/?next=" + ON, {"password": PASSWORD})
    session = client.session  # nor does a secret of one's own choice in the session
    session["mfa.totp.secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    app = App(clock)
    app.secret = "JBSWY3DPEHPK3PXP"
    assert client.post(ON, {"code": app.code()}).status_code == 200
    assert not queries.has_second_factor(boss) and not Authenticator.objects.exists()
    assert acts(boss).count("refuse_factor_code") == 2
    with pytest.raises(Refusal):
        actions.enrol_factor(account=boss, secret="JBSWY3DPEHPK3PXP", digest="", at=now())


def test_the_check_of_the_code_is_what_stands_in_the_way(boss, clock, monkeypatch):
    """The fault planted again: without the check the password alone is enough."""
    monkeypatch.setattr(factors, "_standing", lambda digest, target, at: FactorCode.objects.first())
    actions.make_factor_code(account=boss, by="system:test", at=now())
    enrol(by_password("boss"), clock)
    assert queries.has_second_factor(boss)


def test_a_code_handed_over_sets_it_up_once_and_on_record(anna, boss, clock):
    elsewhere = by_password("boss")
    assert elsewhere.get(ME).status_code == 200
    code = handed(anna, boss)
    assert re.fullmatch(r"(\w{4} ){3}\w{4}", code)
    assert not FactorCode.objects.filter(digest__icontains=code[:4]).exists(), "kept as a hash"
    assert "等待使用" in text(anna.get(f"/accounts/{boss}/"))
    client = by_password("boss")
    assert client.post(ON, {"handed": "2222 2222 2222 2222"}).status_code == 200
    assert "输错1次" in text(anna.get(f"/accounts/{boss}/"))
    app, codes = enrol(client, clock, code.upper().replace(" ", ""))
    assert len(codes) == 10
    assert client.get("/accounts/").status_code == 200, "it stays signed in and has just proved itself"
    assert client.get("/roles/new/").status_code == 200
    assert elsewhere.get(ME).status_code == 302, "the other session is out"
    assert [a for a in acts() if "factor" in a] == ["make_factor_code", "refuse_factor_code", "enrol_factor"]
    assert by_password("boss").get("/accounts/").status_code == 302, "the password alone is not enough any more"
    assert by_both("boss", app).get("/accounts/").status_code == 200
    with pytest.raises(Refusal) as refused:
        actions.try_factor_code(account=boss, code=code, at=now())
    assert refused.value.code == "factor_code", "used is used"


def test_two_browsers_with_one_code_set_up_one_factor(anna, boss, clock):
    code = handed(anna, boss)
    first, thief = by_password("boss"), by_password("boss")
    assert first.post(ON, {"handed": code})["Location"] == thief.post(ON, {"handed": code})["Location"] == ON
    app, _ = enrol(first, clock)
    assert thief.get(ON).status_code == 302
    digest = FactorCode.objects.get().digest
    Authenticator.objects.all().delete()
    with pytest.raises(Refusal) as refused:
        actions.enrol_factor(account=boss, secret=app.secret, digest=digest, at=now())
    assert refused.value.code == "factor_code"


def test_a_code_is_for_one_account_for_a_time(anna, boss):
    other = make_account("county_desk", COUNTY, username="desk", name="孙")
    code, at = actions.make_factor_code(account=other, by="system:test", at=now()), now()
    client = by_password("boss")
    assert "不是您的" in text(client.post(ON, {"handed": code}))
    assert actions.try_factor_code(account=other, code=code, at=at)
    with pytest.raises(Refusal):
        actions.try_factor_code(account=other, code=code, at=at + timedelta(hours=12, seconds=1))
    fresh = actions.make_factor_code(account=other, by="system:test", at=at)
    with pytest.raises(Refusal):  # the one before is void
        actions.try_factor_code(account=other, code=code, at=at)
    assert actions.try_factor_code(account=other, code=fresh, at=at)


def test_nobody_makes_a_code_for_oneself(boss):
    with pytest.raises(Refusal) as refused:
        actions.make_factor_code(account=boss, by=f"account:{boss}", at=now())
    assert refused.value.code == "own_account"
    own = by_password("boss")
    assert own.post(f"/accounts/{boss}/second-factor/code/")["Location"] == ON, "no page of managers without a factor"


def test_nobody_makes_a_code_for_another_area_or_for_more_than_they_hold(town_manager, boss):
    neighbour = make_account("village", OTHER_TOWN, username="lin")
    bernd = make_account(town_manager, TOWN, username="bernd")
    client = sign_in(bernd, second_factor=True)
    assert client.post(f"/accounts/{neighbour}/second-factor/code/").status_code == 404
    assert client.post(f"/accounts/{neighbour}/second-factor/reset/").status_code == 404
    lives_here = make_account("county_desk", COUNTY, username="desk", home=TOWN)
    for account in (neighbour, boss, lives_here):
        with pytest.raises(Refusal):
            actions.make_factor_code(account=account, by=f"account:{bernd}", at=now())
    assert client.post(f"/accounts/{lives_here}/second-factor/code/").status_code == 302
    assert not FactorCode.objects.exists()


def test_who_may_not_any_more_makes_no_code_and_what_they_made_does_not_count(anna, boss):
    gone = make_account("headquarters", COUNTY, username="gone")
    code = actions.make_factor_code(account=boss, by=f"account:{gone}", at=now())
    assert actions.try_factor_code(account=boss, code=code, at=now())
    client = by_password("boss")
    client.post(ON, {"handed": code})
    Grant.objects.filter(account=gone).update(ends_at=now())
    with pytest.raises(Refusal):
        actions.make_factor_code(account=boss, by=f"account:{gone}", at=now())
    with pytest.raises(Refusal):
        actions.try_factor_code(account=boss, code=code, at=now())
    assert "已失效" in text(client.get(ON)), "also when it was typed in before"
    Grant.objects.filter(account=gone).update(ends_at=now() + timedelta(days=1))
    assert actions.try_factor_code(account=boss, code=code, at=now())
    Account.objects.filter(id=gone).update(is_active=False)
    with pytest.raises(Refusal):
        actions.try_factor_code(account=boss, code=code, at=now())


def test_guessing_is_counted_by_the_law_of_passwords_and_shown_to_managers(anna, boss):
    code, client = handed(anna, boss), by_password("boss")
    answers = [client.post(ON, {"handed": "2222 2222 2222 2222"}).status_code for _ in range(6)]
    assert answers[0] == 200 and answers[-1] == 429, answers
    assert client.post(ON, {"handed": code}).status_code == 429, "nor is the right one looked at before its time"
    wrong = answers.count(200)
    assert acts(boss).count("refuse_factor_code") == wrong and f"输错{wrong}次" in text(anna.get(f"/accounts/{boss}/"))


def test_the_first_account_sets_its_factor_up_at_once_and_others_do_not(clock):
    assert actions.offer_setup(key="the-printed-key", at=now())
    client = Client()
    form = {"key": "the-printed-key", "area": "610927", "username": "first", "display_name": "一", "password": PASSWORD,
            "again": PASSWORD}  # fmt: skip
    assert client.post("/setup/", form)["Location"] == "/account/login/"
    thief = by_password("first")
    assert "data:image" not in text(thief.get(ON)), "another browser has the password, and not the key"
    by_password("first", client)
    assert client.get("/start/")["Location"] == ON
    enrol(client, clock)
    assert client.get("/accounts/").status_code == 200
    make_account("headquarters", COUNTY, username="next")
    by_password("next", client)
    assert "data:image" not in text(by_password("next").get(ON))


def test_with_the_factor_on_a_fresh_password_opens_nothing_of_it(anna, boss, clock):
    app, codes = enrol(by_password("boss"), clock, handed(anna, boss))
    client = by_both("boss", app)
    session = client.session  # the proof is older than five minutes, and somebody at this desk knows the password
    session["account_authentication_methods"] = [{"method": "mfa", "at": clock.time - 600}]
    session.save()
    answer = client.post("/account/again/", {"password": PASSWORD})
    assert answer["Location"].startswith("/account/again/code/"), "the password is not asked for"
    session["account_authentication_methods"] += [{"method": "password", "at": clock.time, "reauthenticated": True}]
    session.save()
    for address in (ON, MOVE, CODES):
        for answer in (client.get(address), client.post(address, {"code": "123456"})):
            assert answer.status_code == 302 and "/account/again/code/" in answer["Location"], address
    assert client.post(f"/accounts/{boss}/disable/")["Location"].startswith("/account/again/code/")
    assert queries.find_factor(boss).codes_left == 10
    assert client.post("/account/again/code/?next=" + CODES, {"code": "000000"}).status_code == 200
    assert client.post("/account/again/code/?next=" + CODES, {"code": app.code()})["Location"] == CODES
    page = client.get(CODES)
    assert not set(codes) & set(re.findall(r"\d{8}", text(page))), "shown once, nowhere again"
    fresh = client.post(CODES).context["codes"]
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    assert "make_recovery_codes" in acts(boss)
    assert by_password("boss").post("/account/login/code/", {"code": codes[0]}).status_code != 302


def test_accounts_of_a_demonstration_need_no_code(clock):
    (made,) = actions.make_demo_accounts(areas={"headquarters": COUNTY}, password=PASSWORD, by="system:drill", at=now())
    client = by_password("headquarters")
    assert client.get("/start/")["Location"] == "/", "and are not led there"
    assert client.get("/accounts/")["Location"] == ON
    enrol(client, clock)
    assert client.get("/account/carry-on/")["Location"] == "/accounts/"
    assert client.get("/accounts/").status_code == 200
    assert queries.has_second_factor(made.id)


def test_an_account_of_a_village_needs_a_code_too(anna, clock):
    """Whoever has a grid worker's password must not lock them out with a factor of their own."""
    chen = make_account("grid_worker", VILLAGE, username="chen")
    client = by_password("chen")
    assert client.get("/start/")["Location"] == "/" and "data:image" not in text(client.get(ON))
    enrol(client, clock, handed(anna, chen))


def test_sealed_secrets_of_both_kinds(anna, boss, clock):
    app, _ = enrol(by_password("boss"), clock, handed(anna, boss))
    totp = Authenticator.objects.get(user=boss, type="totp")
    assert app.secret not in str(totp.data) and TOTP(totp).validate_code(app.code())
