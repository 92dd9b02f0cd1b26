"""A phone that is lost, moved or asked about: what two people do, and what one person does not."""

import pytest
from allauth.mfa.models import Authenticator

from bulou.access import actions, queries
from bulou.access.models import Account, Ask, AuditRow, Grant
from bulou.access.rules import NeedsSecond, Refusal
from bulou.access.tests.factors import ME, MOVE, ON, App, acts, by_both, by_password, enrol, handed, text
from bulou.access.tests.people import COUNTY, TOWN, VILLAGE, make_account, sign_in
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_phone_is_replaced_with_the_old_one_in_hand(anna, boss, clock):
    app, _ = enrol(by_password("boss"), clock, handed(anna, boss))
    elsewhere, client = by_both("boss", app), by_both("boss", app)
    new = App(clock)
    new.secret = client.get(MOVE).context["form"].secret
    assert client.post(MOVE, {"code": "000000"}).status_code == 200
    assert client.post(MOVE, {"code": new.code()})["Location"] == ME
    assert client.get(ME).status_code == 200 and elsewhere.get(ME).status_code == 302
    assert by_password("boss").post("/account/login/code/", {"code": app.code()}).status_code == 200
    assert by_both("boss", new).get("/accounts/").status_code == 200
    assert "move_factor" in acts(boss)
    assert queries.find_factor(boss).codes_left == 10


def test_a_recovery_code_works_once_on_record_and_its_owner_is_told(anna, boss, clock):
    _, codes = enrol(by_password("boss"), clock, handed(anna, boss))
    client = by_password("boss")
    assert client.post("/account/login/code/", {"code": codes[3]})["Location"] == "/start/"
    client.get("/start/")
    told = text(client.get(ME))
    assert "用掉了一个恢复码，还剩9个" in told
    with seeing(EVERYTHING):
        (row,) = queries.audit_rows(action="use_recovery_code").rows
    assert row.detail == {"left": 9} and row.account == f"account:{boss}"
    again = by_password("boss")
    assert again.post("/account/login/code/", {"code": codes[3]}).status_code == 200
    assert again.get(ME).status_code == 302
    kept = str(Authenticator.objects.get(type="recovery_codes").data)
    assert not any(code in kept for code in codes)


def approve(client, word="看过身份证"):
    """Approve whatever waits, as the second person on their page."""
    for item in client.get("/second/").context["rows"]:
        client.post(f"/second/{item['ask'].id}/", {"answer": "approve", "word": word})


def test_a_lost_phone_takes_two_people_and_ends_every_session(anna, second, boss, clock):
    enrol(by_password("boss"), clock, handed(anna, boss))
    own = sign_in(boss)
    page, again = f"/accounts/{boss}/", {"reason": "本人到场，看过身份证"}
    reset = f"{page}second-factor/reset/"
    assert anna.post(reset, {"reason": " "})["Location"] == page
    for _ in range(2):
        assert anna.post(reset, again)["Location"] == "/second/mine/"
        approve(anna)
        assert queries.has_second_factor(boss), "one person is not two"
    assert own.post(reset, again)["Location"] == page and queries.has_second_factor(boss), "nobody asks for themselves"
    assert own.get(ME).status_code == 200 and "申请取消您的二次验证" in text(own.get(ME))
    approve(own)
    assert not Ask.objects.filter(approved=True).exists(), "nor does anybody approve for themselves"
    assert "本人到场" in text(second.get(page)) and "本人到场" in text(second.get("/second/"))
    approve(second)
    assert second.post(reset, {"reason": "本人到场，看过身份证"})["Location"] == "/second/mine/", (
        "who approved is not who asked"
    )
    assert queries.has_second_factor(boss)
    assert anna.post(reset, {"reason": "something else"})["Location"] == "/second/mine/"
    assert queries.has_second_factor(boss), "what was approved is just what was asked"
    assert "本人到场" in text(anna.get("/second/mine/"))
    assert anna.post(reset, again)["Location"] == page
    assert not queries.has_second_factor(boss) and not Authenticator.objects.filter(user=boss).exists()
    assert own.get(ME).status_code == 302, "the old session is out"
    client = by_password("boss")
    assert "data:image" not in text(client.get(ON)), "a fresh code is due"
    enrol(client, clock, handed(second, boss))
    assert anna.post(reset, again)["Location"] == "/second/mine/" and queries.has_second_factor(boss), "used up"
    (row,) = AuditRow.objects.filter(action="forget_second_factor")
    assert row.purpose == "本人到场，看过身份证" and row.account != f"account:{boss}"


def test_whose_phone_it_is_refuses_and_that_ends_an_approval_too(anna, second, boss, clock):
    enrol(by_password("boss"), clock, handed(anna, boss))
    own, reset = sign_in(boss), f"/accounts/{boss}/second-factor/reset/"
    anna.post(reset, {"reason": "x"})
    approve(second)
    assert own.post("/account/second-factor/keep/")["Location"] == ME
    anna.post(reset, {"reason": "x"})
    assert queries.has_second_factor(boss) and "refuse_factor_reset" in acts(boss)
    with pytest.raises(LookupError):
        actions.refuse_own_reset(account=make_account(username="nobody"), at=now())


def test_who_asked_must_be_a_manager_still_and_nobody_resets_for_another_area(anna, second, boss, clock, town_manager):
    enrol(by_password("boss"), clock, handed(anna, boss))
    reset, by = f"/accounts/{boss}/second-factor/reset/", Account.objects.get(username="anna").id
    anna.post(reset, {"reason": "x"})
    approve(second)
    Grant.objects.filter(account=by).update(ends_at=now())
    assert anna.post(reset, {"reason": "x"}).status_code == 403
    town = make_account(town_manager, TOWN, username="bernd")
    for who in (by, town):
        with pytest.raises(Refusal) as refused:
            actions.reset_factor(account=boss, by=f"account:{who}", at=now(), reason="x")
        assert refused.value.code == "area_not_held"
    assert queries.has_second_factor(boss)


def test_an_account_of_a_village_takes_two_as_well_and_nobody_goes_on_alone(anna, clock):
    chen = make_account("grid_worker", VILLAGE, username="chen")
    enrol(by_password("chen"), clock, handed(anna, chen))
    reset = f"/accounts/{chen}/second-factor/reset/"
    assert anna.post(reset, {"reason": "x"})["Location"] == "/second/mine/"
    assert queries.has_second_factor(chen), "there is nobody else: the console is the second"
    assert "bulou accounts second-step chen" in text(anna.get(f"/accounts/{chen}/"))
    code = actions.stand_in(account=chen, at=now())
    assert not queries.has_second_factor(chen) and not queries.open_resets(chen, now())
    enrol(by_password("chen"), clock, code)


def ask_reset(account, by):
    with pytest.raises(NeedsSecond) as waits:
        actions.reset_factor(account=account, by=f"account:{by}", at=now(), reason="看过身份证")
    actions.ask(waits.value.wanted, at=now())


def test_the_console_is_the_second_person_only_where_there_is_none(clock):
    anna = make_account("headquarters", COUNTY)
    code = actions.stand_in(account=anna, at=now())  # the only manager, and nobody to hand a code over
    enrol(by_password("anna"), clock, code)
    boss = make_account("headquarters", COUNTY, username="boss", name="钱主任")
    with pytest.raises(Refusal) as refused:
        actions.stand_in(account=boss, at=now())
    assert (refused.value.code, refused.value.parameters) == ("ask_managers", {"names": "安娜"})
    enrol(by_password("boss"), clock, actions.make_factor_code(account=boss, by=f"account:{anna}", at=now()))
    with pytest.raises(Refusal):  # anna is there: she asks, the console approves
        actions.stand_in(account=boss, at=now())
    ask_reset(boss, anna)
    assert actions.stand_in(account=boss, at=now()) and not queries.has_second_factor(boss)
    enrol(by_password("boss"), clock, actions.make_factor_code(account=boss, by=f"account:{anna}", at=now()))
    third = make_account("headquarters", COUNTY, username="third", name="周三")
    sign_in(third, second_factor=True)
    ask_reset(boss, anna)
    with pytest.raises(Refusal) as refused:
        actions.stand_in(account=boss, at=now())
    assert refused.value.parameters == {"names": "安娜、周三"}
    with seeing(EVERYTHING):
        by = {row.account for row in queries.audit_rows(action="forget_second_factor").rows}
    assert by == {"system:console"}


def test_the_console_stands_in_where_who_asks_made_all_the_others_just_now(clock):
    """They are no second person yet (0024), and the county is not left without one."""
    anna = make_account("headquarters", COUNTY)
    sign_in(anna, second_factor=True)
    made = [make_account("headquarters", COUNTY, username=name) for name in ("one", "two")]
    Account.objects.filter(id__in=made).update(created_by=f"account:{anna}")
    for account in made:
        sign_in(account, second_factor=True)
    ask_reset(made[0], anna)
    assert "bulou accounts second-step one" in text(sign_in(anna).get(f"/accounts/{made[0]}/"))
    assert actions.stand_in(account=made[0], at=now()) and not queries.has_second_factor(made[0])


def test_the_console_stands_in_for_whoever_is_above_an_auditor(anna, second, clock):
    auditor = make_account("auditor", COUNTY, username="auditor")
    enrol(by_password("auditor"), clock, actions.stand_in(account=auditor, at=now()))
    reset = f"/accounts/{auditor}/second-factor/reset/"
    assert anna.post(reset, {"reason": "x"})["Location"] == f"/accounts/{auditor}/", "headquarters alone does not"
    assert queries.has_second_factor(auditor)
    assert actions.stand_in(account=auditor, at=now()) and not queries.has_second_factor(auditor)


def test_whose_phone_it_is_is_not_named_as_who_may_approve(anna, second, boss, clock):
    enrol(by_password("boss"), clock, handed(anna, boss))
    anna.post(f"/accounts/{boss}/second-factor/reset/", {"reason": "本人到场"})
    (asked,) = anna.get("/second/mine/").context["rows"]
    assert asked["seconds"] == ["赵二"]
    assert "钱主任" in text(second.get("/second/"))  # not only under their user name
