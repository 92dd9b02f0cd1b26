from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from bulou.access import actions, queries
from bulou.access.models import Account, AuditRow, Grant
from bulou.access.rules import Refusal
from bulou.access.tests.auditing import audited
from bulou.access.tests.people import COUNTY, OTHER_TOWN, OTHER_VILLAGE, PASSWORD, TOWN, VILLAGE, make_account
from tests.clock import NOON

pytestmark = pytest.mark.django_db
NOW = NOON


@pytest.fixture
def anna():
    """Headquarters of the county."""
    return make_account("headquarters", COUNTY)


@pytest.fixture
def bernd():
    """May manage accounts in one town, by a role headquarters made."""
    anna = make_account("headquarters", COUNTY)
    actions.make_role(name="town_manager", zh="镇账号员", en="Town manager", area=COUNTY,
                      permissions=["manage_accounts", "see", "record"], by=f"account:{anna}", at=NOW)  # fmt: skip
    bernd = make_account(username="bernd", name="伯恩", area=TOWN)
    actions.grant(account=bernd, role="town_manager", area=TOWN, by=f"account:{anna}", at=NOW)
    return bernd


def code(refusal):
    return refusal.value.code


def test_an_account_is_made_and_recorded(anna):
    account = actions.create_account(username=" Chen.Mei ", display_name="陈梅", area=VILLAGE, password=PASSWORD,
                                     by=f"account:{anna}", at=NOW)  # fmt: skip
    row = queries.get_account(account, NOW)
    assert (row.username, row.display_name, row.must_change_password, row.grants) == ("chen.mei", "陈梅", True, [])
    assert Account.objects.get(id=account).check_password(PASSWORD)
    written = queries.audit_rows(action="create_account", subject=f"account:{account}").rows
    assert [(w.account, w.area) for w in written] == [(f"account:{anna}", VILLAGE)]
    assert PASSWORD not in str(written)


def test_a_user_name_belongs_to_one_person_whatever_the_case(anna):
    make_account(username="chen")
    with pytest.raises(Refusal) as refused:
        make_account(username="CHEN")
    assert code(refused) == "username_taken"


def test_passwords_are_kept_by_argon2id_at_the_chosen_cost(anna):
    assert Account.objects.get(id=anna).password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_grant_lasts_as_long_as_its_role_says(anna):
    chen = make_account(username="chen")
    actions.grant(account=chen, role="grid_worker", area=VILLAGE, by=f"account:{anna}", at=NOW)
    (holding,) = queries.holdings_of(chen, NOW)
    assert holding.ends_at == NOW + timedelta(days=30)
    assert queries.holdings_of(chen, NOW + timedelta(days=30)) == []
    assert queries.ranges_for(chen, "record", NOW) == ((VILLAGE, VILLAGE + 999_999),)
    assert queries.ranges_for(chen, "export", NOW) == ()


def test_a_manager_gives_only_inside_what_it_holds(bernd):
    chen = make_account(username="chen", area=VILLAGE)
    by = f"account:{bernd}"
    actions.grant(account=chen, role="grid_worker", area=VILLAGE, by=by, at=NOW)
    too_much = [
        ("grid_worker", OTHER_VILLAGE, "area_not_held"),
        ("grid_worker", COUNTY, "area_not_held"),
        ("village", VILLAGE, "permission_not_held"),
        ("headquarters", TOWN, "permission_not_held"),
    ]
    for role, area, why in too_much:
        with pytest.raises(Refusal) as refused:
            actions.grant(account=chen, role=role, area=area, by=by, at=NOW)
        assert code(refused) == why
    assert [h.role for h in queries.holdings_of(chen, NOW)] == ["grid_worker"]


def test_a_manager_makes_no_role_it_could_not_fill(bernd):
    for permissions, why in [
        (["see", "export"], "permission_not_held"),
        ([], "no_permission"),
        (["fly"], "unknown_permission"),
    ]:
        with pytest.raises(Refusal) as refused:
            actions.make_role(name="mine", zh="我", en="Mine", permissions=permissions, area=TOWN,
                              by=f"account:{bernd}", at=NOW)  # fmt: skip
        assert code(refused) == why
    with pytest.raises(Refusal) as refused:
        actions.make_role(
            name="village", zh="村", en="V", permissions=["see"], area=TOWN, by=f"account:{bernd}", at=NOW
        )
    assert code(refused) == "role_taken"


def test_a_manager_cannot_take_over_an_account_that_holds_more(bernd):
    desk = make_account("county_desk", COUNTY, username="desk", home=TOWN)  # lives in the town, works for the county
    for act in (
        lambda: actions.set_password(account=desk, password="x" * 12, by=f"account:{bernd}", at=NOW),
        lambda: actions.disable_account(account=desk, by=f"account:{bernd}", at=NOW),
        lambda: actions.reset_factor(account=desk, by=f"account:{bernd}", at=NOW, reason="x"),
        lambda: actions.make_factor_code(account=desk, by=f"account:{bernd}", at=NOW),
    ):
        with pytest.raises(Refusal):
            act()
    user = Account.objects.get(id=desk)
    assert user.is_active and user.check_password(PASSWORD)


def test_a_grant_that_ended_gives_nothing(bernd):
    chen = make_account(username="chen", area=VILLAGE)
    later = NOW + timedelta(days=31)
    with pytest.raises(Refusal) as refused:
        actions.grant(account=chen, role="grid_worker", area=VILLAGE, by=f"account:{bernd}", at=later)
    assert code(refused) == "area_not_held"


def test_taking_back_keeps_the_grant_and_says_who(anna):
    chen = make_account("grid_worker", VILLAGE, username="chen")
    (holding,) = queries.holdings_of(chen, NOW)
    actions.revoke_grant(grant=holding.id, by=f"account:{anna}", at=NOW, reason="moved away")
    assert queries.holdings_of(chen, NOW) == []
    (row,) = queries.grants_of(chen)
    assert (row.ends_at, row.revoked_by) == (NOW, f"account:{anna}")
    assert queries.audit_rows(action="revoke_grant").rows[0].purpose == "moved away"


def test_nobody_extends_their_own_grant_or_locks_themselves_out(anna):
    (holding,) = queries.holdings_of(anna, NOW)
    by = f"account:{anna}"
    for act in (
        lambda: actions.renew_grant(grant=holding.id, ends_at=NOW + timedelta(days=999), by=by, at=NOW),
        lambda: actions.revoke_grant(grant=holding.id, by=by, at=NOW),
        lambda: actions.disable_account(account=anna, by=by, at=NOW),
        lambda: actions.reset_factor(account=anna, by=by, at=NOW, reason="x"),
        lambda: actions.make_factor_code(account=anna, by=by, at=NOW),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert code(refused) == "own_account"


def test_a_live_grant_can_be_extended_and_a_dead_one_cannot(anna):
    chen = make_account("grid_worker", VILLAGE, username="chen")
    (holding,) = queries.holdings_of(chen, NOW)
    until = NOW + timedelta(days=60)
    actions.renew_grant(grant=holding.id, ends_at=until, by=f"account:{anna}", at=NOW)
    assert queries.holdings_of(chen, NOW)[0].ends_at == until
    with pytest.raises(Refusal) as refused:
        actions.renew_grant(grant=holding.id, ends_at=until + timedelta(days=30), by=f"account:{anna}", at=until)
    assert code(refused) == "grant_ended"


def test_what_does_not_exist_is_said_plainly(anna):
    with pytest.raises(LookupError):
        actions.grant(account=uuid4(), role="village", area=VILLAGE, by=f"account:{anna}", at=NOW)
    with pytest.raises(LookupError):
        actions.grant(account=anna, role="king", area=VILLAGE, by=f"account:{anna}", at=NOW)
    with pytest.raises(Refusal) as refused:
        actions.grant(account=anna, role="village", area=VILLAGE, by="anna", at=NOW)
    assert code(refused) == "not_an_account"


def test_the_audit_cannot_be_changed(anna):
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.update(purpose="nothing to see")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.filter(county=610927).delete()
    assert queries.audit_rows(action="create_account").rows


def test_the_audit_and_its_act_stand_or_fall_together(anna):
    with pytest.raises(ZeroDivisionError), audited(by=f"account:{anna}", at=NOW, action="reveal", area=VILLAGE,
                                                           subject="person:1", purpose="call back"):  # fmt: skip
        raise ZeroDivisionError
    assert queries.audit_rows(action="reveal").rows == []
    with audited(by=f"account:{anna}", at=NOW, action="reveal", area=VILLAGE, detail={"fields": ["phone"]}):
        pass
    (row,) = queries.audit_rows(action="reveal").rows
    assert row.detail == {"fields": ["phone"]}


@pytest.mark.django_db(transaction=True)
def test_the_audit_refuses_to_stand_alone():
    with pytest.raises(RuntimeError):
        actions.audit(by="system:test", at=NOW, action="export", area=COUNTY)


def test_demonstration_accounts_never_enter_a_database_with_people(anna):
    with pytest.raises(Refusal) as refused:
        actions.make_demo_accounts(areas={"village": VILLAGE}, password=PASSWORD, by="system:drill", at=NOW)
    assert code(refused) == "real_accounts"


def test_demonstration_accounts():
    made = actions.make_demo_accounts(areas={"headquarters": COUNTY, "village_doctor": VILLAGE}, password=PASSWORD,
                                      by="system:drill", at=NOW)  # fmt: skip
    assert [(m.username, m.area) for m in made] == [("headquarters", COUNTY), ("village-doctor", VILLAGE)]
    assert queries.ranges_for(made[0].id, "approve", NOW)
    assert not actions.offer_setup(key="k", at=NOW)


def test_the_first_account_is_made_once_with_the_printed_key():
    key = "zhen-ping-0126"
    assert actions.offer_setup(key=key, at=NOW)
    details = {"username": "anna", "display_name": "安娜", "password": PASSWORD, "area": COUNTY}
    for wrong, at in [("guess", NOW), (key, NOW + timedelta(hours=25))]:
        with pytest.raises(Refusal) as refused:
            actions.use_setup(key=wrong, at=at, **details)
        assert code(refused) == "setup_key"
    anna = actions.use_setup(key=key, at=NOW, **details)
    assert queries.ranges_for(anna, "manage_accounts", NOW) == ((COUNTY, COUNTY + 10**12 - 1),)
    assert not queries.setup_is_open(NOW)
    with pytest.raises(Refusal):
        actions.use_setup(key=key, at=NOW, **details | {"username": "eve"})
    assert not actions.offer_setup(key="another", at=NOW)
    # When the last manager's grant is over, whoever stands at the console can begin again.
    assert actions.offer_setup(key="another", at=NOW + timedelta(days=367))


def test_a_county_cannot_be_locked_out_by_disabling_its_only_manager(anna):
    Account.objects.filter(id=anna).update(is_active=False)
    assert queries.setup_is_open(NOW)


def test_writing_for_others_is_not_possible_without_an_account():
    assert Grant.objects.count() == 0
    with pytest.raises(Refusal):
        actions.create_account(username="eve", display_name="Eve", area=OTHER_TOWN, password=PASSWORD,
                               by=f"account:{uuid4()}", at=NOW)  # fmt: skip
