"""Whatever is sent, the answer is one Collect understands, nothing is lost, and the same again changes nothing."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.odk.rules.instances import Unreadable, body_of, happened_at, read_instance
from bulou.odk.rules.passwords import Digest, is_fresh, is_right, read_authorization
from bulou.odk.tests.conftest import COUNTY, Phone, vacant

pytestmark = pytest.mark.unscoped
KINDS = ("household_visit", "health_check", "person_noted", "symptom_report", "situation_report")
VISIT = vacant("household:0190f0a0-0000-7000-8000-000000000001", instance="uuid:0190f0a0-0000-7000-8000-000000000002")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ODD = st.sampled_from(
    ["", "\0", "9" * 400, "1e999", "nan", "-0", "0000-00-00", "9999-12-31T23:59:59.999+14:00", "uuid:", "<", "&#0;",
     "&#xD800;", "]]>", "<x/>", "<x>" * 40, "\U0001f9a0", "１２", "_", "1_0", "﻿", "person:", "a" * 300]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, whole: str = VISIT) -> bytes:
    """Return a visit with some of it cut out, put in or changed."""
    text = whole
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        until = min(len(text), at + draw(st.integers(0, 40)))
        text = text[:at] + draw(ODD | st.text(max_size=20)) + text[until:]
    data = text.encode("utf-8", "surrogatepass")
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) and draw(st.booleans()) else data


@given(mutated() | st.binary(max_size=300), st.sampled_from(KINDS))
@settings(max_examples=300, deadline=None)
def test_reading_raises_nothing_but_unreadable(xml: bytes, name: str) -> None:
    try:
        instance = read_instance(xml)
    except Unreadable:
        return
    body = body_of(law.current().kinds[name].kind.fields, instance.root, {"1.jpg": "0" * 64})
    happened, recorded = happened_at(instance, body, NOW)
    assert happened <= recorded and happened.tzinfo is not None


@pytest.mark.django_db
def test_every_post_is_answered_and_accounted_for(phone: Phone) -> None:
    seen: set[bytes] = set()
    client, url = Client(), f"/odk/{phone.token}/submission"

    @given(mutated(phone.visit()))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(xml: bytes) -> None:
        answer = client.post(url, xml, content_type="text/xml")
        assert answer.status_code in ((201, 202, 409) if xml else (400,)), answer.content
        assert "OpenRosaResponse" in answer.content.decode()
        if xml and answer.status_code != 409:
            seen.add(xml)
            assert client.post(url, xml, content_type="text/xml").status_code == 202

    ask()
    from bulou.odk.queries import sent_by

    assert sent_by([phone.user])[phone.user.id].instances >= len(seen)
    with seeing(EVERYTHING):
        assert ledger.held(COUNTY)


@pytest.mark.django_db
@given(st.binary(max_size=400), st.sampled_from(["multipart/form-data; boundary=b", "multipart/form-data", "", "a/b"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_body_of_any_type_is_answered(phone: Phone, body: bytes, sort: str) -> None:
    answer = Client().post(f"/odk/{phone.token}/submission", body, content_type=sort)
    assert answer.status_code in (201, 202, 400, 409)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_authorization_is_read_without_fault(header: str) -> None:
    for said in (header, f"Basic {header}", f"Digest {header}", f'Digest username="x", nonce="{header}", {header}'):
        found = read_authorization(said)
        if isinstance(found, Digest):
            assert not is_right(found, password="p", method="GET", uri_is=lambda uri: True)
            assert not is_fresh(found, "key", 10**9)
