from hashlib import sha256

import pytest

from bulou.core.divisions import county_of
from bulou.field.models import Attachment
from bulou.field.queries.attachments import file_of
from bulou.field.tests.world import COUNTY

pytestmark = pytest.mark.django_db
PHOTO = bytes(range(256)) * 40
NAME = sha256(PHOTO).hexdigest()
SIZE = len(PHOTO)


@pytest.fixture(autouse=True)
def _kept_apart(settings, tmp_path):
    settings.DATA = tmp_path


def put(phone, piece, offset, length=SIZE, name=NAME):
    return phone.ask(
        "PUT", f"attachments/{name}", piece, **{"Upload-Offset": str(offset), "Upload-Length": str(length)}
    )


def test_photograph_arrives_in_pieces_and_goes_on_after_a_break(village, anna):
    assert anna.ask("HEAD", f"attachments/{NAME}").status_code == 404
    answer = put(anna, PHOTO[:4000], 0)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, "4000")
    assert anna.ask("HEAD", f"attachments/{NAME}")["Upload-Offset"] == "4000"
    again = put(anna, PHOTO[:4000], 0)  # the answer was lost, and it begins anew
    assert (again.status_code, again.json()["error"], again["Upload-Offset"]) == (409, "offset", "4000")
    assert put(anna, PHOTO[4000:], 4000).status_code == 204
    assert anna.ask("HEAD", f"attachments/{NAME}").status_code == 204
    assert file_of(county_of(COUNTY), NAME).read_bytes() == PHOTO
    assert put(anna, PHOTO, 0).status_code == 204
    assert Attachment.objects.get(digest=NAME).size == len(PHOTO)


def test_photograph_that_is_not_what_its_hash_says_begins_anew(village, anna):
    put(anna, b"x" * 4000, 0)
    spoilt = put(anna, PHOTO[4000:], 4000)
    assert (spoilt.status_code, spoilt.json()["error"]) == (409, "hash")
    assert anna.ask("HEAD", f"attachments/{NAME}").status_code == 404
    assert put(anna, PHOTO, 0).status_code == 204


def test_photograph_may_not_be_larger_than_said_or_than_5_mb(village, anna):
    assert put(anna, PHOTO, 0, length=100).status_code == 413
    assert put(anna, PHOTO, 0, length=6 * 1024 * 1024).status_code == 413
    assert anna.ask("PUT", f"attachments/{NAME}", PHOTO).status_code == 400
    assert put(anna, PHOTO, -1).status_code == 400


@pytest.mark.parametrize("name", ["..", "0" * 63, "A" * 64, "%2e%2e%2f" + "0" * 60])
def test_nothing_but_a_hash_becomes_a_file(village, anna, name):
    assert put(anna, PHOTO, 0, name=name).status_code == 404
