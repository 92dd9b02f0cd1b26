"""Powers and auditors: given, extended and reset by two people, at every door; by the console; never by one."""

from datetime import timedelta

import pytest
from django.db import transaction

from bulou.access import actions, queries
from bulou.access.models import Account, Ask
from bulou.access.rules import NeedsSecond, Refusal
from bulou.access.tests.people import COUNTY, PASSWORD, TOWN, VILLAGE, make_account, sign_in
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from tests.clock import NOON

pytestmark = pytest.mark.django_db
CITY = 610900 * 10**12
LONG_AGO = NOON - timedelta(days=9)
NEW = {"username": "chen.mei", "display_name": "陈梅", "phone": "", "role": "headquarters", "area": "610927000000"}


@pytest.fixture
def two():
    """Two headquarters accounts of one county, signed in."""
    return tuple(
        sign_in(make_account("headquarters", COUNTY, username=name, name=name, at=LONG_AGO), second_factor=True)
        for name in ("anna", "bo")
    )


def id_of(name):
    return Account.objects.get(username=name).id


def by(name):
    return f"account:{id_of(name)}"


def approve(client, answer="approve"):
    ask = Ask.objects.get(answered_at=None)
    client.post(f"/second/{ask.id}/", {"answer": answer, "word": "核对过"})
    return ask


def carry_out(client, ask):
    """Send again what was sent, as the page of what one asked for does."""
    ask = next(one for one in queries.asks_of(ask.by, now()) if one.id == ask.id)
    return client.post(ask.path, ask.form)


def test_an_account_with_powers_is_made_by_two(two) -> None:
    anna, bo = two
    assert anna.post("/accounts/new/", NEW)["Location"] == "/second/mine/"
    assert not Account.objects.filter(username="chen.mei").exists()
    ask = approve(bo)
    assert "陈梅" in anna.get("/second/mine/").content.decode()
    changed = anna.post("/accounts/new/", NEW | {"display_name": "别人"})  # another person than the approved one
    assert changed.status_code == 302 and not Account.objects.filter(username="chen.mei").exists()
    page = carry_out(anna, ask)
    assert page.status_code == 200 and page.context["password"]
    assert queries.holdings_of(id_of("chen.mei"), now())[0].role == "headquarters"


@pytest.mark.parametrize("role", ["headquarters", "watch"])
def test_a_role_with_powers_is_given_and_extended_by_two(two, role) -> None:
    anna, _bo = two
    actions.make_role(name="watch", zh="值", en="Watch", permissions=["see", "approve"], area=COUNTY, by="system:test",
                      at=LONG_AGO)  # fmt: skip
    chen = make_account(username="chen", at=LONG_AGO)
    give = {"role": role, "area": "610927000000"}
    anna.post(f"/accounts/{chen}/roles/", give)
    assert queries.grants_of(chen) == []
    held = actions.grant(account=chen, role=role, area=COUNTY, by="system:test", at=now(),
                         ends_at=now() + timedelta(days=1))  # fmt: skip
    anna.post(f"/accounts/{chen}/roles/{held}/renew/")
    assert queries.grants_of(chen)[0].ends_at < now() + timedelta(days=2)
    assert {ask.act for ask in Ask.objects.all()} == {"give_powers", "renew_powers"}


@pytest.mark.parametrize("address", ["password/", "second-factor/reset/"])
def test_an_account_with_powers_is_reset_by_two(two, address) -> None:
    anna, bo = two
    chen = make_account("headquarters", COUNTY, username="chen", at=LONG_AGO)
    sign_in(chen, second_factor=True)
    anna.post(f"/accounts/{chen}/{address}", {"reason": "本人到场"})
    assert Account.objects.get(id=chen).check_password(PASSWORD) and queries.has_second_factor(chen)
    ask = approve(bo)
    carry_out(anna, ask)
    user = Account.objects.get(id=chen)
    assert not user.check_password(PASSWORD) if address == "password/" else not queries.has_second_factor(chen)
    sign_in(chen, second_factor=not queries.has_second_factor(chen))
    carry_out(anna, ask)  # once
    assert Ask.objects.filter(answered_at=None).count() == 1


def test_a_disabled_account_with_powers_comes_back_by_two(two) -> None:
    anna, _bo = two
    chen = make_account("headquarters", COUNTY, username="chen", at=LONG_AGO)
    anna.post(f"/accounts/{chen}/disable/")  # to stop somebody takes one
    anna.post(f"/accounts/{chen}/disable/")
    assert not Account.objects.get(id=chen).is_active


def test_who_has_no_powers_is_reset_by_one(two) -> None:
    anna, _bo = two
    chen = make_account("grid_worker", VILLAGE, username="chen")
    assert anna.post(f"/accounts/{chen}/password/").status_code == 200
    assert not Ask.objects.exists()


def acts_on(auditor, at):
    """Return every act on an auditor's account, as its action."""
    grant = queries.grants_of(auditor)[0].id
    return [
        lambda who: actions.set_password(account=auditor, password="x" * 12, by=who, at=at),
        lambda who: actions.reset_factor(account=auditor, by=who, at=at, reason="x"),
        lambda who: actions.disable_account(account=auditor, by=who, at=at),
        lambda who: actions.enable_account(account=auditor, by=who, at=at),
        lambda who: actions.revoke_grant(grant=grant, by=who, at=at),
        lambda who: actions.renew_grant(grant=grant, ends_at=at + timedelta(days=90), by=who, at=at),
        lambda who: actions.grant(account=auditor, role="village", area=VILLAGE, by=who, at=at),
        lambda who: actions.grant(account=auditor, role="headquarters", area=COUNTY, by=who, at=at),
        lambda who: actions.grant(account=id_of("plain"), role="auditor", area=TOWN, by=who, at=at),
        lambda who: actions.grant(account=id_of("plain"), role="watcher", area=COUNTY, by=who, at=at),
        lambda who: actions.make_factor_code(account=id_of("newcomer"), by=who, at=at),
    ]


@pytest.mark.parametrize("number", range(11))
def test_headquarters_alone_does_nothing_to_an_auditor(two, number) -> None:
    """Not one of its people, nor two: one of the two comes from above, or it is the machine's console."""
    actions.make_role(
        name="watcher", zh="看", en="W", permissions=["see", "audit"], area=COUNTY, by="system:test", at=now()
    )
    auditor, at = make_account("auditor", COUNTY, username="auditor", at=LONG_AGO), now()
    sign_in(auditor, second_factor=True)
    make_account(username="plain", at=LONG_AGO)
    make_account("auditor", COUNTY, username="newcomer", at=LONG_AGO)  # with no second step yet
    act = acts_on(auditor, at)[number]
    with pytest.raises(Refusal) as refused:
        act(by("anna"))
    assert refused.value.code == "no_outsider"
    mayor = f"account:{make_account('headquarters', CITY, username='mayor', at=LONG_AGO)}"
    with pytest.raises(NeedsSecond) as waits:
        act(by("anna"))
    ask = actions.ask(waits.value.wanted, at=at)
    with pytest.raises(Refusal):
        actions.answer(ask, approve=True, word="同意", by=by("bo"), at=at)
    actions.answer(ask, approve=True, word="同意", by=mayor, at=at)
    act(by("anna"))


def test_an_auditor_is_not_changed_from_above_by_one_either(two) -> None:
    auditor, at = make_account("auditor", COUNTY, username="auditor", at=LONG_AGO), now()
    mayor = f"account:{make_account('headquarters', CITY, username='mayor', at=LONG_AGO)}"
    with pytest.raises(NeedsSecond):
        actions.set_password(account=auditor, password="x" * 12, by=mayor, at=at)
    actions.set_password(account=auditor, password="x" * 12, by="system:console", at=at)


def test_whatever_else_an_auditor_holds_it_is_not_extended_by_headquarters_alone(two) -> None:
    auditor = make_account("auditor", COUNTY, username="auditor", at=LONG_AGO)
    more = actions.grant(account=auditor, role="headquarters", area=TOWN, by="system:console", at=LONG_AGO)
    with pytest.raises(Refusal) as refused:
        actions.renew_grant(grant=more, ends_at=now() + timedelta(days=400), by=by("anna"), at=now())
    assert refused.value.code == "no_outsider"


@pytest.mark.parametrize(("days", "alone"), [(1, False), (80, False), (91, True)])
def test_an_auditor_whose_role_has_ended_is_no_prey_of_whom_they_watched(two, days, alone) -> None:
    begun = now() - timedelta(days=days + 30)
    auditor = make_account(username="auditor", at=begun)
    actions.grant(account=auditor, role="auditor", area=COUNTY, by="system:test", at=begun,
                  ends_at=now() - timedelta(days=days))  # fmt: skip
    reset = {"account": auditor, "password": "x" * 12, "by": by("anna"), "at": now()}
    if alone:
        actions.set_password(**reset)
        return
    with pytest.raises(Refusal) as refused, transaction.atomic():
        actions.set_password(**reset)
    assert refused.value.code == "no_outsider"


@pytest.mark.parametrize("name", ["坏名", "a b", "a", "-anna", "an\nna", "a" * 65])
def test_a_user_name_is_judged_whoever_makes_the_account(name) -> None:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        actions.create_account(
            username=name, display_name="安娜", area=COUNTY, password=PASSWORD, by="system:test", at=now()
        )
    assert refused.value.code == "bad_username"


def test_an_auditor_is_not_made_in_the_office_by_headquarters_alone(two) -> None:
    anna, _bo = two
    page = anna.post("/accounts/new/", NEW | {"role": "auditor"})
    assert "控制台" in page.content.decode() and not Account.objects.filter(username="chen.mei").exists()


def test_a_reset_is_told_to_whom_it_was_done(two) -> None:
    anna, _bo = two
    chen = make_account("grid_worker", VILLAGE, username="chen")
    anna.post(f"/accounts/{chen}/password/")
    client = sign_in(chen)
    for address in ("/account/", "/account/phones/"):
        assert client.get(address)["Location"] == "/account/password/"  # nothing else before it is their own
    assert "anna" in client.get("/account/password/").content.decode()
    Account.objects.filter(id=chen).update(must_change_password=False)
    assert "anna" in client.get("/account/").content.decode()


def test_no_phone_is_consented_to_with_a_password_a_manager_set(two) -> None:
    chen = make_account("grid_worker", VILLAGE, username="chen", at=LONG_AGO)
    actions.set_password(account=chen, password="x" * 12, by=by("anna"), at=now())
    with pytest.raises(Refusal) as refused:
        queries.check_own_word(chen, by("bo"), now())
    assert refused.value.code == "password_given"
    actions.change_own_password(account=chen, password=PASSWORD, at=now())  # by whoever signed in with it
    queries.check_own_word(chen, by("bo"), now())
    with pytest.raises(Refusal) as refused:
        queries.check_own_word(chen, by("anna"), now())
    assert refused.value.code == "reset_by_same"
    queries.check_own_word(chen, by("anna"), now() + timedelta(days=4))


def test_the_audit_says_who_reset_whom(two) -> None:
    anna, _bo = two
    chen = make_account("grid_worker", VILLAGE, username="chen")
    anna.post(f"/accounts/{chen}/password/")
    with seeing(EVERYTHING), transaction.atomic():
        rows = queries.audit_rows(action="set_password", subject=f"account:{chen}").rows
    assert [row.account for row in rows] == [by("anna")]
