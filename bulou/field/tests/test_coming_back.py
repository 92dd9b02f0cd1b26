"""A server put back from a copy that is older than a phone: the phone is let in again by what it was given."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from django.conf import settings

from bulou.core.moments import now
from bulou.field import actions, queries
from bulou.field.models import Device, Session
from bulou.field.rules.certificates import Certificate, read_certificate, seal
from bulou.field.rules.signing import decode, encode
from bulou.field.tests.phones import TestPhone
from bulou.field.tests.world import COUNTY
from bulou.ledger import queries as ledger

pytestmark = pytest.mark.django_db
BY = "system:test"


def key() -> bytes:
    return str(settings.SECRET_KEY).encode()


def put_back(*phones: TestPhone) -> None:
    """Make the database one that was copied before these phones were enrolled, and never heard of them."""
    Session.objects.all().delete()
    Device.objects.filter(id__in=[phone.device for phone in phones]).delete()
    actions.begin_epoch(because="restored", at=now())


def said_by(phone: TestPhone) -> Certificate:
    said = read_certificate(phone.certificate, key=key())
    assert said is not None
    return said


def test_phone_newer_than_the_copy_is_let_in_again_and_nothing_it_holds_is_lost(village, anna):
    before = queries.find_phone(UUID(anna.device))
    put_back(anna)
    for i in (0, 2):
        anna.record("household_visit", village.subject(i), village.grids[0], now(), village.visit(i))
    assert anna.try_to_sign_in().status_code == 401  # without its certificate nobody knows it
    assert anna.sign_in()["me"]["seq"] == 0
    assert anna.outcomes() == ["applied", "applied"]
    after = queries.find_phone(UUID(anna.device))
    assert (after.id, after.account, after.bindings, after.public_key, after.enrolled_at, after.expires_at) == (
        before.id, before.account, before.bindings, before.public_key, before.enrolled_at, before.expires_at
    )  # fmt: skip
    assert after.came_back and not before.came_back
    actions.keep(device=after.id, by=BY, at=now())
    assert not queries.find_phone(after.id).came_back


def test_phone_that_waited_when_the_copy_was_made_is_let_in_by_its_certificate(village, anna):
    Device.objects.filter(id=anna.device).update(state="waiting", decided_at=None, decided_by="")
    anna.sign_in()
    assert queries.find_phone(UUID(anna.device)).came_back


def test_phone_that_comes_back_keeps_its_workers_word_and_they_and_the_township_are_told(village, anna):
    before = queries.find_phone(UUID(anna.device))
    put_back(anna)
    anna.sign_in()
    after = queries.find_phone(UUID(anna.device))
    assert before.consented_at and after.consented_at == before.consented_at
    assert after.is_new_to_worker and after.is_new_to_township


def test_certificate_is_of_use_to_nobody_else(village, anna):
    thief = TestPhone(device=anna.device, certificate=anna.certificate)
    put_back(anna)
    assert thief.try_to_sign_in(certificate=anna.certificate).json()["error"] == "device"
    mine = msgspec.structs.replace(said_by(anna), public_key=thief.public_key)
    forged = seal(mine, key=b"another installation's")
    assert thief.try_to_sign_in(certificate=forged).json()["error"] == "device"
    body, _dot, sealed = anna.certificate.partition(".")
    longer = decode(body).replace(b'"name":"', b'"name":"x')
    for broken in (f"{encode(longer)}.{sealed}", body, "", ".", "not.base64!", f"{body}.{sealed}x"):
        assert anna.try_to_sign_in(certificate=broken).json()["error"] == "device"
    assert not Device.objects.filter(id=anna.device).exists()


def test_certificate_changes_nothing_of_a_phone_that_was_decided_about(village, anna):
    old = anna.certificate
    actions.renew(device=UUID(anna.device), days=5, areas=[village.grids[1]], by=BY, at=now())
    anna.try_to_sign_in(certificate=old)
    assert queries.find_phone(UUID(anna.device)).areas == [village.grids[1]]
    actions.revoke(device=UUID(anna.device), reason="丢了", by=BY, at=now())
    told = anna.try_to_sign_in(certificate=old).json()["me"]
    assert (told["areas"], told["certificate"]) == ([], "")  # let in to send what it holds, and given no other
    assert queries.find_phone(UUID(anna.device)).state == "revoked"


def test_what_a_worker_the_copy_does_not_know_recorded_is_held(village, anna):
    """The account is newer than the copy as well: nobody can say what it might do."""
    put_back(anna)
    stranger = msgspec.structs.replace(said_by(anna), account=str(uuid4()), name="丁一")
    anna.certificate = seal(stranger, key=key())
    anna.sign_in()
    anna.record("household_visit", village.subject(0), village.grids[0], now(), village.visit(0))
    assert anna.outcomes() == ["held"]
    assert [one.reason for one in ledger.held(COUNTY)] == ["account closed"]
    assert anna.ask("GET", "work").status_code == 403
    assert queries.find_phone(UUID(anna.device)).label == "丁一 · 红米 9A"


def test_phone_whose_time_is_over_comes_back_to_send_and_sees_nothing(village, anna):
    over = msgspec.structs.replace(said_by(anna), expires_at=now() - timedelta(minutes=1))
    put_back(anna)
    entry = anna.record("household_visit", village.subject(0), village.grids[0], now() - timedelta(minutes=2),
                        village.visit(0))  # fmt: skip
    anna.certificate = seal(over, key=key())
    anna.sign_in()
    assert anna.outcomes([entry]) == ["held"]  # it can have been recorded until now
    assert anna.ask("GET", "work").json()["error"] == "expired"
