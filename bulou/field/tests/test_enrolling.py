from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.test import Client

from bulou.core.divisions import code_of
from bulou.core.moments import now
from bulou.field import actions
from bulou.field.models import Session, Token
from bulou.field.rules.limits import Limit
from bulou.field.rules.signing import decode
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.field.views import enrolling

pytestmark = pytest.mark.django_db
BY = "system:test"


def issue(village, at=None, **more) -> str:
    said = {"account": village.accounts["anna"], "areas": [village.grids[0]], "days": 30, "by": BY, "at": at or now()}
    return actions.issue_token(**{**said, **more})


def test_phone_is_let_in_only_once_the_clerk_has_compared_the_code(village):
    phone, token = TestPhone(), issue(village)
    told = phone.enrol(token).json()
    expected = int.from_bytes(sha256(token.encode() + decode(phone.public_key)).digest()[:4]) % 10**6
    assert (told["code"], told["state"]) == (f"{expected:06}", "waiting")
    assert phone.poll()["state"] == "waiting"
    challenge = phone.ask("POST", "challenge", {"device": phone.device}).json()["challenge"]
    said = {"device": phone.device, "challenge": challenge, "signature": phone.sign(challenge)}
    assert phone.ask("POST", "sessions", said).status_code == 401
    with pytest.raises(actions.NoConsent):
        actions.confirm(device=UUID(phone.device), by=BY, at=now())
    actions.consent(device=UUID(phone.device), account=village.accounts["anna"], at=now())
    assert phone.poll()["consented"]
    actions.confirm(device=UUID(phone.device), by=BY, at=now())
    me = phone.poll()["me"]
    assert (me["name"], me["roles"], me["seq"], me["prev_hash"]) == ("安娜", ["grid_worker"], 0, "")
    assert me["areas"] == [{"code": code_of(village.grids[0]), "name": "一组网格", "depth": 5}]
    assert phone.sign_in()["me"]["by"] == f"account:{village.accounts['anna']}"


def test_token_is_good_once_and_for_ten_minutes(village):
    token = issue(village)
    first = TestPhone()
    assert first.enrol(token).status_code == 201
    assert first.enrol(token).json()["device"] == first.device  # the answer was lost on the way
    assert TestPhone().enrol(token).json()["error"] == "used"
    old = issue(village, at=now() - timedelta(minutes=11))
    assert TestPhone().enrol(old).json()["error"] == "expired"
    assert TestPhone().enrol("never-issued").json()["error"] == "token"


def test_key_must_be_the_phones_own(village):
    honest, thief, token = TestPhone(), TestPhone(), issue(village)
    said = {"token": token, "public_key": honest.public_key, "proof": thief.sign(token), "label": ""}
    assert honest.ask("POST", "enrol", said).json()["error"] == "proof"
    assert honest.ask("POST", "enrol", {**said, "public_key": "AAAA"}).json()["error"] == "key"
    assert honest.enrol(token).status_code == 201  # a failed attempt does not use the token up


def test_phone_the_clerk_turned_away_is_told_so(village):
    phone = TestPhone()
    phone.enrol(issue(village))
    actions.refuse(device=UUID(phone.device), by=BY, at=now())
    assert phone.poll()["state"] == "refused"
    with pytest.raises(LookupError):
        actions.confirm(device=UUID(phone.device), by=BY, at=now())


def test_only_the_phone_itself_hears_how_its_enrolment_stands(village):
    phone, other = TestPhone(), TestPhone()
    phone.enrol(issue(village))
    answer = other.ask("POST", f"enrol/{phone.device}", {"proof": other.sign(phone.device)})
    assert answer.status_code == 404
    nobody = other.ask("POST", f"enrol/{UUID(int=7)}", {"proof": other.sign(str(UUID(int=7)))})
    assert nobody.content == answer.content


def test_challenge_is_good_once_for_one_phone(village, anna):
    challenge = anna.ask("POST", "challenge", {"device": anna.device}).json()["challenge"]
    said = {"device": anna.device, "challenge": challenge, "signature": anna.sign(challenge)}
    assert anna.ask("POST", "sessions", said).status_code == 201
    assert anna.ask("POST", "sessions", said).json()["error"] == "challenge"
    other = enrolled(village.accounts["bayong"], [village.grids[1]], now())
    fresh = anna.ask("POST", "challenge", {"device": anna.device}).json()["challenge"]
    stolen = {"device": other.device, "challenge": fresh, "signature": other.sign(fresh)}
    assert other.ask("POST", "sessions", stolen).json()["error"] == "challenge"
    forged = {"device": anna.device, "challenge": fresh, "signature": other.sign(fresh)}
    assert other.ask("POST", "sessions", forged).json()["error"] == "device"


def test_no_secret_is_kept(village, anna):
    token = issue(village)
    assert not Token.objects.filter(digest=token).exists()
    assert not Session.objects.filter(digest=anna.session).exists()


def test_old_challenge_is_refused(village, anna, monkeypatch):
    challenge = anna.ask("POST", "challenge", {"device": anna.device}).json()["challenge"]
    later = now() + timedelta(minutes=3)
    monkeypatch.setattr("bulou.field.views.enrolling.present", lambda: later)
    said = {"device": anna.device, "challenge": challenge, "signature": anna.sign(challenge)}
    assert anna.ask("POST", "sessions", said).json()["error"] == "challenge"


def test_session_ends_after_half_a_day(village, anna, monkeypatch):
    assert anna.ask("POST", "entries", {"entries": []}).status_code == 200
    later = now() + timedelta(hours=13)
    monkeypatch.setattr("bulou.field.views.doors.present", lambda: later)
    answer = anna.ask("POST", "entries", {"entries": []})
    assert (answer.status_code, answer.json()["error"]) == (401, "session")


def test_signing_in_costs_few_statements(village, anna, django_assert_max_num_queries):
    challenge = anna.ask("POST", "challenge", {"device": anna.device}).json()["challenge"]
    said = {"device": anna.device, "challenge": challenge, "signature": anna.sign(challenge)}
    with django_assert_max_num_queries(0):
        anna.ask("POST", "challenge", {"device": anna.device})
    with django_assert_max_num_queries(14):
        anna.ask("POST", "sessions", said)


def test_behind_our_proxy_a_flood_from_one_address_stops_nobody_elses_phone(settings, monkeypatch) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(enrolling, "BY_ADDRESS", Limit(2, timedelta(minutes=1)))

    def offer(address: str) -> int:
        asked = {"token": "x", "public_key": "x", "proof": "x", "label": "x"}
        said = {"X-Forwarded-For": f"10.0.0.1, {address}"}
        return Client().post("/field/v1/enrol", asked, content_type="application/json", headers=said).status_code

    assert [offer("192.0.2.1") for _ in range(3)][1:] == [403, 429]
    assert offer("192.0.2.2") == 403
