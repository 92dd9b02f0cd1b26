"""A photograph of an entry is shown to who may read the entry, and to nobody else."""

import hashlib

import pytest

from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.field.queries.attachments import file_of
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.office.tests import made as small
from bulou.own_forms.actions import declare_form
from bulou.own_forms.queries import own_kinds
from bulou.records.uploaded.tests.made import DOOR_NOTICE, xform

# As little as makes a JPEG: its start, a frame, a scan, its end.
JPEG = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00?\x00\xd2\xff\xd9"
DIGEST = hashlib.sha256(JPEG).hexdigest()
pytestmark = pytest.mark.django_db


@pytest.fixture
def noticed(made, settings, tmp_path):
    """Return the entry of a notice on the first household's door, and where its photograph is to be kept."""
    settings.DATA = tmp_path
    own_kinds.forget()
    at = now()
    declare_form(area=small.COUNTY, xform=xform(DOOR_NOTICE), form_id="door-notice", label="1", subject="household",
                 file=b"it", file_name="告示.xlsx", by=small.SYSTEM, at=at)  # fmt: skip
    body = {"where": "门上", "proof": f"sha256:{DIGEST}"}
    entry = Entry(new_id(), "own_610927_door_notice", made.subject(0), made.grids[0], at, at, small.SYSTEM, body)
    (receipt,) = append([entry], at=at)
    assert receipt.outcome == "applied", receipt
    yield entry, file_of(made.county, DIGEST)
    own_kinds.forget()


def put(file, content=JPEG):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_the_page_says_it_is_still_on_the_phone_and_shows_it_once_it_has_come(made, signed_in, noticed):
    entry, file = noticed
    client = signed_in("headquarters")
    home, photo = (f"/household/{made.county}/{made.households[0]}/", f"/photo/{made.county}/{entry.id}/{DIGEST}/")
    said = client.get(home).content.decode()
    assert "still on the phone" in said and photo not in said and DIGEST not in said
    assert client.get(photo).status_code == 404
    put(file)
    assert f'src="{photo}"' in client.get(home).content.decode()
    answer = client.get(photo)
    assert (answer.content, answer["Content-Type"]) == (JPEG, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_only_who_may_read_the_entry_sees_it(made, signed_in, noticed):
    entry, file = noticed
    put(file)
    photo = f"/photo/{made.county}/{entry.id}/{DIGEST}/"
    elsewhere = small.make_account("other", "grid_worker", made.grids[3], now())
    made.accounts["other"] = elsewhere
    assert signed_in("grid").get(photo).status_code == 200
    assert signed_in("other").get(photo).status_code == 404
    # One that another entry speaks of is not this one's.
    assert signed_in("grid").get(photo.replace(DIGEST, "0" * 64)).status_code == 404


def test_what_is_no_picture_is_handed_over_and_not_shown(made, signed_in, noticed):
    entry, file = noticed
    put(file, b"<script>alert(1)</script>")
    answer = signed_in("headquarters").get(f"/photo/{made.county}/{entry.id}/{DIGEST}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
