"""A phone fills no disk: not with photographs no record names, not with halves of them, not in a day."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bulou.core.divisions import county_of
from bulou.core.moments import now
from bulou.field.actions import attaching
from bulou.field.actions.attaching import forget_unnamed
from bulou.field.models import Attachment
from bulou.field.queries.attachments import file_of, parts_of
from bulou.field.rules import quotas
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.field.tests.world import COUNTY, Village, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(settings: Any, tmp_path: Path) -> Village:
    settings.DATA = tmp_path
    return make_village(now() - timedelta(minutes=30))


@pytest.fixture
def phone(village: Village) -> TestPhone:
    return enrolled(village.accounts["anna"], [village.grids[0]], now() - timedelta(minutes=2))


def send(phone: TestPhone, photo: bytes, *, of: int = 0) -> Any:
    headers = {"Upload-Offset": "0", "Upload-Length": str(of or len(photo))}
    return phone.ask("PUT", f"attachments/{sha256(photo).hexdigest()}", photo, **headers)


def test_photographs_no_record_names_are_few_and_a_named_one_always_comes(phone: TestPhone, village: Village) -> None:
    for n in range(quotas.MOST_UNNAMED):
        assert send(phone, b"photograph %d" % n).status_code == 204
    refused = send(phone, b"one more")
    assert refused.status_code == 429
    told = refused.json()
    assert (
        told["error"] == "unnamed"
        and "不属于任何记录" in told["words"]["zh_Hans"]
        and "no record" in told["words"]["en"]
    )
    named = sha256(b"of a record").hexdigest()
    phone.record(
        "household_visit", village.subject(0), village.grids[0], now(), village.visit(0, note=f"sha256:{named}")
    )
    phone.push()
    assert send(phone, b"of a record").status_code == 204
    assert Attachment.objects.get(digest=named).named


def test_a_record_that_comes_after_its_photograph_names_it(phone: TestPhone, village: Village) -> None:
    photo = sha256(b"first").hexdigest()
    assert send(phone, b"first").status_code == 204
    assert not Attachment.objects.get().named
    phone.record(
        "household_visit", village.subject(0), village.grids[0], now(), village.visit(0, note=f"sha256:{photo}")
    )
    phone.push()
    assert Attachment.objects.get().named


def test_unnamed_ones_go_after_their_time_and_named_ones_stay(phone: TestPhone, village: Village) -> None:
    kept = sha256(b"kept").hexdigest()
    for photo in (b"kept", b"left"):
        send(phone, photo)
    phone.record(
        "household_visit", village.subject(0), village.grids[0], now(), village.visit(0, note=f"sha256:{kept}")
    )
    phone.push()
    assert forget_unnamed(at=now() + quotas.KEPT_UNNAMED - timedelta(days=1)) == 0
    assert forget_unnamed(at=now() + quotas.KEPT_UNNAMED + timedelta(days=1)) == 1
    assert [row.digest for row in Attachment.objects.all()] == [kept]
    county = county_of(COUNTY)
    assert file_of(county, kept).exists() and not file_of(county, sha256(b"left").hexdigest()).exists()


def test_halves_do_not_pile_up(phone: TestPhone) -> None:
    from uuid import UUID

    for n in range(3 * quotas.MOST_PARTS):
        assert send(phone, b"half of %d" % n, of=1000).status_code == 200
    assert len(list(parts_of(UUID(phone.device)).iterdir())) == quotas.MOST_PARTS


def test_a_day_has_an_end(phone: TestPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_A_DAY", 3)
    for n in range(3):
        assert send(phone, b"photograph %d" % n).status_code == 204
    refused = send(phone, b"one more")
    assert refused.status_code == 429 and refused.json()["error"] == "many today"
    Attachment.objects.update(received_at=now() - timedelta(days=1))
    assert send(phone, b"one more").status_code == 204
    assert send(phone, b"one more").status_code == 204, "one that is here already is welcome"


def test_bytes_count_too() -> None:
    assert quotas.has_room(count=1, size=quotas.BYTES_A_DAY)
    assert not quotas.has_room(count=1, size=quotas.BYTES_A_DAY + 1)
    assert attaching.MOST_BYTES * quotas.MOST_UNNAMED <= quotas.BYTES_A_DAY
