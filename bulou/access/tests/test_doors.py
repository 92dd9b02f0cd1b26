"""Scope fails closed. Every promise of `page` is tried on a toy site, with a household in each of two villages."""

import re

import pytest
from django.test import Client

from bulou.access import actions
from bulou.access.middleware import POLICY
from bulou.access.models import Account
from bulou.access.tests.people import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, make_account, sign_in
from bulou.access.views import page
from bulou.core.divisions import code_of
from bulou.core.moments import now
from bulou.core.scope import visible
from tests.clock import NOON

CSRF = re.compile(rb'"csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')
pytestmark = [pytest.mark.django_db, pytest.mark.urls("bulou.access.tests.doors"), pytest.mark.unscoped]


@pytest.fixture
def chen():
    """A grid worker of one village, signed in."""
    return sign_in(make_account("grid_worker", VILLAGE, username="chen"))


@pytest.fixture
def anna():
    """Headquarters, signed in, with a second factor."""
    return sign_in(make_account("headquarters", COUNTY), second_factor=True)


def test_a_view_behind_no_door_is_refused_to_everybody(chen, anna):
    for client in (Client(), chen, anna):
        assert client.get("/careless/").status_code == 403


def test_the_careless_view_would_have_shown_nothing_anyway(rf):
    from bulou.access.tests.doors import careless

    assert careless(rf.get("/")).content == b""


def test_a_page_shows_what_lies_in_the_scope(chen, anna):
    assert chen.get("/listed/").content == b"H1"
    assert anna.get("/listed/").content == b"H1,H2"


def test_the_scope_holds_while_the_template_is_rendered(chen):
    assert chen.get("/later/").content == b"H1"


def test_the_scope_holds_until_the_last_piece_of_a_stream_and_no_longer(anna):
    response = anna.get("/streamed/")
    assert visible() == ()
    pieces = iter(response.streaming_content)
    first = next(pieces)
    assert visible() == (), "between two pieces the scope must not leak into whatever runs next in this thread"
    assert [first, *pieces] == [b"H1", b"H2", b"H1", b"H2"]


def test_a_stream_that_would_outlive_its_scope_is_refused(chen):
    with pytest.raises(TypeError):
        chen.get("/streamed-later/")


def test_nothing_is_bound_after_a_request(chen):
    chen.get("/listed/")
    assert visible() == ()


def test_areas_outside_are_not_found_exactly_as_if_they_did_not_exist(chen):
    assert chen.get(f"/area/{code_of(VILLAGE)}/").status_code == 200
    assert chen.get(f"/area/{code_of(VILLAGE + 10000)}/").status_code == 200
    pages = set()
    for code in (code_of(OTHER_VILLAGE), code_of(TOWN), "610927999999", "500000000000"):
        answer = chen.get(f"/area/{code}/")
        assert answer.status_code == 404
        pages.add(CSRF.sub(b"", answer.content.replace(code.encode(), b"")))
    assert len(pages) == 1


def test_every_area_in_an_address_is_checked_whatever_it_is_called(chen):
    assert chen.get(f"/upper/{code_of(OTHER_VILLAGE)}/").status_code == 404


@pytest.mark.parametrize("code", ["000000000000", "61092710020", "6109271002011", "99", "６１０９２７１００２０１"])
def test_what_is_no_code_is_no_address(chen, code):
    assert chen.get(f"/area/{code}/").status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in():
    response = Client().get("/listed/?x=1")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/listed/%3Fx%3D1")
    fragment = Client().get("/listed/", headers={"HX-Request": "true"})
    assert fragment.status_code == 401 and fragment["HX-Redirect"].startswith("/login/")


def test_without_the_permission_a_page_is_forbidden(chen):
    assert chen.get("/streamed/").status_code == 403


def test_only_the_methods_that_were_named(chen):
    assert chen.get("/written/").status_code == 405
    assert chen.post("/written/").content == b"written"
    assert chen.post("/listed/").status_code == 405
    assert chen.head("/listed/").status_code == 200
    assert chen.options("/listed/").status_code == 405


def test_a_grant_that_ended_shows_nothing_from_the_next_request_on(chen):
    account = Account.objects.get(username="chen")
    (grant,) = account.grants.all()
    actions.revoke_grant(grant=grant.id, by="system:test", at=now())
    assert chen.get("/listed/").status_code == 403


@pytest.mark.parametrize("change", [{"is_active": False}, {"expires_at": NOON}])
def test_a_closed_account_is_out_at_the_next_request(chen, change):
    Account.objects.filter(username="chen").update(**change)
    assert chen.get("/listed/").status_code == 302


def test_who_was_given_a_password_must_first_choose_one(chen):
    Account.objects.filter(username="chen").update(must_change_password=True)
    assert chen.get("/listed/")["Location"] == "/password/"
    assert chen.get("/password/").status_code == 200


def test_a_second_factor_is_demanded_by_permission_or_by_the_page():
    account = make_account("headquarters", COUNTY)
    client = sign_in(account)
    for address in ("/streamed/", "/delicate/", "/accounts/"):
        assert client.get(address)["Location"] == "/account/second-factor/on/"
    assert client.get("/listed/").status_code == 200
    client = sign_in(account, second_factor=True)
    assert client.get("/streamed/").status_code == client.get("/delicate/").status_code == 200


def test_an_export_asks_again_who_it_is_after_five_minutes():
    account = make_account("headquarters", COUNTY)
    client = sign_in(account, second_factor=True, proved_ago=299)
    assert client.get("/streamed/").status_code == 200
    client = sign_in(account, proved_ago=301)
    response = client.get("/streamed/")
    assert response.status_code == 302 and response["Location"].startswith("/again/code/?next=")
    assert client.get("/accounts/").status_code == 200, "looking at a list is not asked for every five minutes"
    assert client.post("/accounts/new/", {"username": "eve"})["Location"].startswith("/again/code/")


def test_public_and_personal_pages_see_nothing(chen, anna):
    assert anna.get("/everybody/").content == Client().get("/everybody/").content == b"nothing"
    account = Account.objects.get(username="chen").id
    assert chen.get("/mine/").content == f"nothing True account:{account}".encode()
    assert Client().get("/mine/").status_code == 302


def test_what_an_account_sees_is_kept_in_no_cache(chen):
    assert "no-store" in chen.get("/listed/")["Cache-Control"]


def test_every_answer_carries_the_content_policy(chen):
    for address in ("/listed/", "/careless/", "/everybody/", "/no-such-page/"):
        assert chen.get(address)["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


def test_a_page_for_a_permission_that_does_not_exist_cannot_be_written():
    with pytest.raises(ValueError, match="no permission"):
        page("fly")
