"""The pages of accounts, roles, audit and set-up, as those who use them see them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from bulou.access import actions, places, queries
from bulou.access.models import Account, Grant
from bulou.access.rules import Refusal
from bulou.access.tests.auditing import audited
from bulou.access.tests.people import COUNTY, OTHER_VILLAGE, PASSWORD, TOWN, VILLAGE, make_account, sign_in
from bulou.access.words import refusal_text
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing

pytestmark = pytest.mark.django_db
NEW = {
    "username": "chen.mei",
    "display_name": "陈梅",
    "phone": "13812345678",
    "role": "grid_worker",
    "area": "610927100201",
}


@pytest.fixture
def anna():
    return sign_in(make_account("headquarters", COUNTY), second_factor=True)


@pytest.fixture
def bernd():
    """Manages accounts of one town."""
    actions.make_role(name="town_manager", zh="镇账号员", en="Town manager", area=COUNTY, by="system:test", at=now(),
                      permissions=["manage_accounts", "see", "record"])  # fmt: skip
    return sign_in(make_account("town_manager", TOWN, username="bernd", name="伯恩"), second_factor=True)


@pytest.fixture
def chen():
    return make_account("grid_worker", VILLAGE, username="chen", name="陈梅")


def text(response):
    return response.content.decode()


def test_an_account_is_made_with_a_password_shown_once(anna):
    page = anna.post("/accounts/new/", NEW | {"username": "Chen.Mei"})
    assert "lower-case" not in text(page)
    page = anna.post("/accounts/new/", NEW)
    assert page.status_code == 200
    given = page.context["password"]
    assert given in text(page) and len(given) == 12
    account = Account.objects.get(username="chen.mei")
    assert account.check_password(given) and account.must_change_password
    assert given not in text(anna.get(f"/accounts/{account.id}/"))
    assert "138****5678" in text(anna.get(f"/accounts/{account.id}/"))
    assert "13812345678" not in text(anna.get(f"/accounts/{account.id}/"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"username": ""}, "username"), ({"username": "张三"}, "username"), ({"display_name": ""}, "display_name"),
     ({"role": "king"}, "role"), ({"area": "镇坪"}, "area"), ({"area": "12"}, "area"), ({"area": "999999999999"}, "area"),
     ({"area": "610922000000"}, "area"), ({"until": "2020-01-01"}, "until"), ({"until": "soon"}, "until")],
)  # fmt: skip
def test_a_wrong_form_says_where_and_makes_nothing(anna, wrong, field):
    page = anna.post("/accounts/new/", NEW | wrong)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert not Account.objects.filter(username="chen.mei").exists()


def test_a_taken_user_name_is_said_at_the_field(anna, chen):
    page = anna.post("/accounts/new/", NEW | {"username": "chen"})
    assert list(page.context["form"].errors) == ["username"]


def test_the_area_can_be_picked_with_its_name_or_as_six_digits(anna):
    anna.post("/accounts/new/", NEW | {"area": "610927100201 竹溪河社区"})
    anna.post("/accounts/new/", NEW | {"area": "610927", "username": "dai"})
    areas = {account.username: account.area for account in Account.objects.all()}
    assert (areas["chen.mei"], areas["dai"]) == (VILLAGE, COUNTY)


def test_a_manager_is_offered_and_can_give_only_what_it_holds(bernd):
    offered = [name for name, _ in bernd.get("/accounts/new/").context["form"].fields["role"].choices]
    assert offered == ["", "grid_worker", "storekeeper", "post_staff", "town_manager"]
    assert list(bernd.post("/accounts/new/", NEW | {"role": "village"}).context["form"].errors) == ["role"]
    page = bernd.post("/accounts/new/", NEW | {"area": "610927101202"})
    assert "您不管理这个区域的账号" in text(page)
    assert Account.objects.count() == 1


def test_refusals_are_said_in_words():
    refusal = Refusal("permission_not_held", permissions=["search"], area=VILLAGE)
    assert refusal_text(refusal) == "您自己没有的权限不能授予别人：查找人员（留痕）。"
    assert refusal_text(Refusal("something_new")) == "您的账号无权这样做。"


def test_a_manager_finds_the_accounts_of_its_own_area_only(bernd, chen):
    other = make_account("grid_worker", OTHER_VILLAGE, username="dai", name="戴安")
    listed = text(bernd.get("/accounts/"))
    assert "陈梅" in listed and "戴安" not in listed
    assert bernd.get(f"/accounts/{chen}/").status_code == 200
    missing = bernd.get(f"/accounts/{uuid4()}/")
    for address in (f"/accounts/{other}/",):
        assert bernd.get(address).status_code == missing.status_code == 404
    for what in ("password", "disable", "second-factor/code", "second-factor/reset", "roles"):
        assert bernd.post(f"/accounts/{other}/{what}/").status_code == 404
    (grant,) = Grant.objects.filter(account=other)
    assert bernd.post(f"/accounts/{other}/roles/{grant.id}/end/").status_code == 404
    assert bernd.post(f"/accounts/{chen}/roles/{grant.id}/end/").status_code == 404, "a grant of another account"
    grant.refresh_from_db()
    assert grant.ends_at > now()


def test_roles_are_given_extended_and_taken_back(anna, chen):
    address = f"/accounts/{chen}/"
    until = (now() + timedelta(days=3)).date().isoformat()
    assert anna.post(f"{address}roles/", {"role": "village", "area": "610927100201", "until": until}).status_code == 302
    assert anna.post(f"{address}roles/", {"role": "village", "area": "nowhere"}).status_code == 200
    grant = Grant.objects.get(account=chen, role="village")
    anna.post(f"{address}roles/{grant.id}/renew/")
    grant.refresh_from_db()
    assert grant.ends_at > now() + timedelta(days=29)
    anna.post(f"{address}roles/{grant.id}/end/")
    grant.refresh_from_db()
    assert grant.ends_at <= now() and grant.revoked_by.startswith("account:")
    assert "由安娜收回" in text(anna.get(address))


def test_an_account_is_disabled_enabled_and_given_a_new_password(anna, chen):
    address = f"/accounts/{chen}/"
    anna.post(f"{address}disable/")
    assert not Account.objects.get(id=chen).is_active
    anna.post(f"{address}disable/")
    assert Account.objects.get(id=chen).is_active
    page = anna.post(f"{address}password/")
    assert Account.objects.get(id=chen).check_password(page.context["password"])


def test_a_role_is_made_from_what_one_holds(anna, bernd):
    role = {"name": "night_desk", "zh": "夜班", "en": "Night desk", "days": "7", "permissions": ["see", "export"]}
    refused = bernd.post("/roles/new/", role)
    assert list(refused.context["form"].errors) == ["permissions"]
    assert anna.post("/roles/new/", role).status_code == 302
    assert "夜班" in text(anna.get("/roles/"))
    assert list(anna.post("/roles/new/", role).context["form"].errors) == ["name"]
    assert anna.get("/roles/new/").status_code == 200
    assert queries.all_roles()["night_desk"].permissions == {"see", "export"}


def test_the_audit_shows_who_did_what_in_words(anna, chen):
    anna.post(f"/accounts/{chen}/disable/", {"reason": "离职"})
    page = text(anna.get("/audit/?action=disable_account"))
    assert "安娜" in page and "停用账号" in page and "陈梅" in page and "离职" in page
    assert "没有符合条件的记录" in text(anna.get("/audit/?account=nobody"))
    for odd in ("action=fly", "since=yesterday", "before=1", "subject=" + "x" * 500, "until=2020-01-01"):
        assert anna.get(f"/audit/?{odd}").status_code == 200


def test_the_audit_is_read_page_by_page(anna, chen):
    for i in range(60):
        anna_id, at = f"account:{Account.objects.get(username='anna').id}", now() - timedelta(minutes=31 * (60 - i))
        with audited(by=anna_id, at=at, action="reveal", area=VILLAGE, subject="person:1"):
            pass
    page = anna.get("/audit/?action=reveal")
    assert len(page.context["rows"]) == 50
    assert len(anna.get(f"/audit/?action=reveal&before={page.context['before']}").context["rows"]) == 10


def test_hostile_text_is_shown_as_text(anna):
    actions.create_account(username="eve", display_name="<script>alert(1)</script>", area=VILLAGE, password=PASSWORD,
                           by="system:test", at=now())  # fmt: skip
    assert "<script>alert" not in text(anna.get("/accounts/"))


def test_one_sees_what_one_holds(chen):
    page = text(sign_in(chen).get("/account/"))
    assert "网格员" in page and "610927100201" in page


def test_areas_have_names_where_somebody_knows_them(anna, chen, monkeypatch):
    monkeypatch.setattr(places, "_names", [])
    monkeypatch.setattr(places, "_choices", [])
    places.install(names=lambda areas: {VILLAGE: "竹溪河社区"}, choices=lambda: [(VILLAGE, "竹溪河社区")])
    assert "竹溪河社区" in text(anna.get("/accounts/"))
    assert '<option value="610927100201 竹溪河社区">' in text(anna.get("/accounts/new/"))


SETUP = {"key": "the-printed-key", "area": "610927", "username": "anna", "display_name": "安娜", "password": PASSWORD,
         "again": PASSWORD}  # fmt: skip


def test_the_first_account_is_made_with_the_printed_key():
    assert actions.offer_setup(key="the-printed-key", at=now())
    client = Client()
    assert 'value="the-printed-key"' in text(client.get("/setup/?key=the-printed-key"))
    for wrong, field in [({"key": "guess"}, "key"), ({"again": "other"}, "again"), ({"area": "x"}, "area"),
                         ({"password": "short", "again": "short"}, "password")]:  # fmt: skip
        assert list(client.post("/setup/", SETUP | wrong).context["form"].errors) == [field]
    assert client.post("/setup/", SETUP)["Location"] == "/account/login/"
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", SETUP | {"username": "eve"}).status_code == 404
    with seeing(EVERYTHING):
        assert [row.username for row in queries.list_accounts(now())] == ["anna"]


def test_a_fresh_installation_has_no_way_in_but_the_key():
    assert Account.objects.count() == 0
    for name in ("admin", "root", "anna", "headquarters", "demo", "bulou"):
        for password in ("", "admin", "password", "bulou", name):
            assert Client().post("/account/login/", {"login": name, "password": password}).status_code == 200
