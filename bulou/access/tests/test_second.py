"""A second person: what two may do and one may not, and every way one person could play both."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from bulou.access import actions, queries
from bulou.access.models import Account, Ask, AuditRow, Grant
from bulou.access.rules import NeedsSecond, Refusal, Wanted
from bulou.access.rules.second import FRESH, LASTS, WAITS
from bulou.access.tests.people import COUNTY, OTHER_TOWN, TOWN, VILLAGE, make_account, sign_in
from bulou.core.divisions import county_of
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.store import writing
from tests.clock import NOON

NOW = NOON
CITY = 610900 * 10**12  # above the county
HOUR = timedelta(hours=1)
WHAT = {"what": "register", "purpose": "follow_up"}


def signed(account):
    return f"account:{account}"


def hq(name, area=COUNTY, at=None):
    return signed(make_account("headquarters", area, username=name, name=name, at=at or NOW - 9 * 24 * HOUR))


@pytest.fixture
def two(db):
    """Two headquarters accounts of one county."""
    return hq("anna"), hq("bo")


def do(by, asked=WHAT, at=NOW, area=TOWN, act="full_export", outside=False):
    """Carry the act out, as the action of one would."""
    with writing(county_of(area)):
        actions.need(act, area=area, asked=asked, by=by, at=at, outside=outside)


def asked(by, asked=WHAT, at=NOW, area=TOWN, act="full_export", outside=False):
    """Try the act, be told that it needs a second person, and ask."""
    with pytest.raises(NeedsSecond) as waits:
        do(by, asked, at, area, act, outside)
    return actions.ask(waits.value.wanted, at=at)


def yes(ask, by, at=NOW, approve=True):
    actions.answer(ask, approve=approve, word="看过了", by=by, at=at)


def acts_of(by):
    with seeing(EVERYTHING):
        return [row.action for row in queries.audit_rows(account=by).rows if row.action.startswith("second")]


def test_an_act_waits_for_a_second_person_and_is_then_done_once(two) -> None:
    anna, bo = two
    ask = asked(anna)
    assert asked(anna) == ask  # asked again, it is the same ask
    with pytest.raises(NeedsSecond):
        do(anna)
    yes(ask, bo)
    do(anna, at=NOW + HOUR)
    with pytest.raises(NeedsSecond):  # used up
        do(anna, at=NOW + HOUR)
    assert set(acts_of(anna)) == {"second_done", "second_asked"} and acts_of(bo) == ["second_approved"]


def test_where_there_is_nobody_else_the_act_goes_on_and_the_audit_says_so(db) -> None:
    anna = hq("anna")
    do(anna)
    assert acts_of(anna) == ["second_none"]
    do("system:bulou")  # whoever owns the machine
    assert acts_of("system:bulou") == []


def test_who_holds_no_approval_themselves_waits_for_the_only_one_who_does(db) -> None:
    hq("anna")
    asked(signed(make_account("township", TOWN, username="town")))


@pytest.mark.parametrize(
    "other", [{"area": OTHER_TOWN}, {"area": VILLAGE}, {"asked": WHAT | {"purpose": "other: x"}}, {"act": "rule_set"},
              {"asked": WHAT | {"more": 1}}],
)  # fmt: skip
def test_an_approval_fits_only_what_was_approved(two, other) -> None:
    anna, bo = two
    yes(asked(anna), bo)
    with pytest.raises(NeedsSecond):
        do(anna, **other)
    do(anna)


def test_an_approval_is_good_for_who_asked_and_for_nobody_else(two) -> None:
    anna, bo = two
    chen = hq("chen")
    yes(asked(anna), bo)
    for other in (bo, chen):
        with pytest.raises(NeedsSecond):
            do(other)


def code(refused):
    return refused.value.code


def test_nobody_approves_for_themselves_from_elsewhere_or_without_a_word(two) -> None:
    anna, bo = two
    ask = asked(anna, area=COUNTY)
    strangers = [signed(make_account("headquarters", OTHER_TOWN, username="other", at=NOW - 9 * 24 * HOUR)),
                 signed(make_account("county_desk", COUNTY, username="desk"))]  # fmt: skip
    for by, why in ((anna, "own_ask"), *((stranger, "not_second") for stranger in strangers)):
        with pytest.raises(Refusal) as refused:
            yes(ask, by)
        assert code(refused) == why
    with pytest.raises(Refusal) as refused:
        actions.answer(ask, approve=True, word="  ", by=bo, at=NOW)
    assert code(refused) == "no_word"
    yes(ask, bo, approve=False)
    with pytest.raises(LookupError):
        yes(ask, bo)
    with pytest.raises(NeedsSecond):
        do(anna, area=COUNTY)


def test_an_account_of_the_askers_own_making_is_no_second_person(two) -> None:
    anna, bo = two
    ask = asked(anna)
    eve = make_account(username="eve", at=NOW - 9 * 24 * HOUR)  # made by somebody else; the grant is what counts
    Grant.objects.create(account_id=eve, role="headquarters", area=COUNTY, starts_at=NOW - HOUR, given_by=anna,
                         ends_at=NOW + 99 * HOUR, given_at=NOW - HOUR)  # fmt: skip
    with pytest.raises(Refusal) as refused:
        yes(ask, signed(eve))
    assert code(refused) == "not_second"
    Grant.objects.filter(account=eve).update(given_by=bo)
    Account.objects.filter(id=eve).update(created_by=anna, created_at=NOW - HOUR)
    with pytest.raises(Refusal):
        yes(ask, signed(eve))
    Account.objects.filter(id=eve).update(created_at=NOW - FRESH - HOUR)
    yes(ask, signed(eve))


@pytest.mark.parametrize("did", ["set_password", "forget_second_factor"])
def test_an_account_the_asker_has_just_reset_cannot_approve_and_does_not_leave_them_alone(two, did) -> None:
    anna, bo = two
    ask = asked(anna)
    with transaction.atomic():
        actions.audit(by=anna, at=NOW - HOUR, action=did, area=COUNTY, subject=bo)
    with pytest.raises(Refusal):
        yes(ask, bo)
    with pytest.raises(NeedsSecond):
        do(anna)
    later = NOW + FRESH
    yes(asked(anna, at=later), bo, at=later)


@pytest.mark.parametrize("how", ["revoke", "disable"])
def test_nobody_makes_themselves_the_only_one(two, how) -> None:
    anna, _bo = two
    account = Account.objects.get(username="bo")
    if how == "revoke":
        actions.revoke_grant(grant=account.grants.get().id, by=anna, at=NOW - HOUR)
    else:
        actions.disable_account(account=account.id, by=anna, at=NOW - HOUR)
    with pytest.raises(NeedsSecond):
        do(anna)
    do(anna, at=NOW + FRESH)  # by then whoever was put out has been heard
    assert acts_of(anna)[0] == "second_none"


@pytest.mark.parametrize("whose", ["asker", "approver"])
def test_an_approval_ends_with_the_grant_of_either(two, whose) -> None:
    anna, bo = two
    chen = hq("chen")
    yes(asked(anna), bo)
    ended = Account.objects.get(username="anna" if whose == "asker" else "bo")
    actions.revoke_grant(grant=ended.grants.get().id, by=chen, at=NOW + HOUR)
    actions.grant(account=ended.id, role="headquarters", area=COUNTY, by="system:test", at=NOW + HOUR)
    with pytest.raises(NeedsSecond):
        do(anna, at=NOW + 2 * HOUR)


def test_asks_and_approvals_end_by_themselves(two) -> None:
    anna, bo = two
    ask = asked(anna)
    with pytest.raises(LookupError):
        yes(ask, bo, at=NOW + WAITS)
    yes(asked(anna, at=NOW + WAITS), bo, at=NOW + WAITS)
    with pytest.raises(NeedsSecond):
        do(anna, at=NOW + WAITS + LASTS)


def test_of_an_auditor_one_of_the_two_is_not_of_the_headquarters(two) -> None:
    anna, bo = two
    with pytest.raises(Refusal) as refused:
        do(anna, act="change_auditor", outside=True)
    assert code(refused) == "no_outsider"
    mayor = hq("mayor", CITY)
    both = hq("both", CITY)  # of the city and of the county
    actions.grant(
        account=Account.objects.get(username="both").id, role="village", area=VILLAGE, by="system:test", at=NOW
    )
    ask = asked(anna, act="change_auditor", outside=True)
    for by in (bo, both):
        with pytest.raises(Refusal):
            yes(ask, by)
    yes(ask, mayor)
    do(anna, act="change_auditor", outside=True)
    yes(asked(mayor, act="change_auditor", outside=True), bo)  # the city asks, the county approves


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_use_one_approval_once() -> None:
    anna, bo = hq("anna"), hq("bo")
    yes(asked(anna), bo)
    start, done, refused = Barrier(4), [], []

    def one() -> None:
        start.wait()
        try:
            do(anna)
            done.append(1)
        except NeedsSecond:
            refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(refused)) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_the_act_and_its_approval_stand_or_fall_together() -> None:
    anna, bo = hq("anna"), hq("bo")
    with pytest.raises(RuntimeError):
        actions.need("full_export", area=TOWN, asked=WHAT, by=anna, at=NOW)
    yes(asked(anna), bo)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.need("full_export", area=TOWN, asked=WHAT, by=anna, at=NOW)
        raise ZeroDivisionError
    do(anna)


def test_foreseeing_uses_nothing_up(two) -> None:
    anna, bo = two
    with pytest.raises(NeedsSecond):
        actions.foresee("full_export", area=TOWN, asked=WHAT, by=anna, at=NOW)
    yes(asked(anna), bo)
    for _ in range(2):
        actions.foresee("full_export", area=TOWN, asked=WHAT, by=anna, at=NOW)
    do(anna)


def test_what_waits_is_shown_to_who_may_approve_and_answered_there(two) -> None:
    anna, bo = (sign_in(Account.objects.get(username=name).id, second_factor=True) for name in ("anna", "bo"))
    ask = asked(two[0], WHAT | {"over": TOWN}, at=now())
    page = bo.get("/second/").content.decode()
    assert "anna" in page and "台账" in page and "随访" in page
    assert str(ask) not in anna.get("/second/").content.decode()
    assert "/second/" in bo.get("/account/").content.decode()
    bo.post(f"/second/{ask}/", {"answer": "approve", "word": ""})
    assert Ask.objects.get(id=ask).answered_at is None
    bo.post(f"/second/{ask}/", {"answer": "approve", "word": "核对过，同意"})
    mine = anna.get("/second/mine/").content.decode()
    assert "核对过，同意" in mine
    town = sign_in(make_account("headquarters", OTHER_TOWN, username="elsewhere"), second_factor=True)
    assert town.post(f"/second/{ask}/", {"answer": "approve", "word": "x"}).status_code == 404


def test_an_act_nobody_declared_cannot_ask() -> None:
    with pytest.raises(ValueError, match="no act"):
        Wanted("sing", TOWN, "account:x", {})


def test_the_audit_names_every_step(two) -> None:
    anna, bo = two
    ask = asked(anna)
    yes(ask, bo)
    do(anna)
    rows = AuditRow.objects.filter(subject=f"ask:{ask}")
    assert {row.action for row in rows} == {"second_asked", "second_approved", "second_done"}


@pytest.mark.parametrize("how", ["made", "reset", "put out"])
def test_nobody_asks_as_one_and_approves_as_another(two, how) -> None:
    """Whoever made an account, or gave it a password, can have signed in as it: their own word is no second one."""
    anna, bo = two
    made = {"username": "desk", "display_name": "专班", "area": COUNTY, "password": "x"}
    with seeing(EVERYTHING):
        desk = actions.create_account(**made, by="system:test" if how == "reset" else anna, at=NOW)
        actions.grant(account=desk, role="county_desk", area=COUNTY, by="system:test", at=NOW)
        if how == "reset":
            actions.set_password(account=desk, password="y", by=anna, at=NOW)
        if how == "put out":
            actions.disable_account(account=queries.account_of(bo), by=anna, at=NOW)
    ask = asked(signed(desk))
    with pytest.raises(Refusal) as refused:
        yes(ask, anna)
    assert code(refused) == "not_second"
    if how == "put out":
        return
    yes(ask, bo)
    do(signed(desk))
    ask = asked(signed(desk), at=NOW + FRESH + HOUR)  # by then its holder has noticed
    yes(ask, anna, at=NOW + FRESH + HOUR)


def test_the_only_headquarters_account_approves_for_the_desk_it_has_just_made(db) -> None:
    anna = hq("anna")
    with seeing(EVERYTHING):
        desk = actions.create_account(username="desk", display_name="专班", area=COUNTY, password="x", by=anna, at=NOW)
        actions.grant(account=desk, role="county_desk", area=COUNTY, by=anna, at=NOW)
    yes(asked(signed(desk)), anna)
    do(signed(desk))


def test_who_asks_for_much_keeps_nobody_elses_ask_from_being_seen(two, monkeypatch) -> None:
    anna, bo = two
    monkeypatch.setattr("bulou.access.queries.second.MOST", 5)
    desk = signed(make_account("county_desk", COUNTY, username="desk"))
    for number in range(6):
        actions.ask(Wanted("full_export", TOWN, desk, {"purpose": str(number)}), at=NOW - HOUR)
    late = asked(anna)
    with seeing(EVERYTHING):
        rows = queries.asks_here(NOW, by=bo)
    assert len(rows) == 5 and rows[-1].id == late
    assert queries.waiting_for(bo, EVERYTHING, NOW) == (7, 0), "the number says all of them, whatever the list shows"
    assert queries.waiting_for(desk, [], NOW) == (0, 0)
