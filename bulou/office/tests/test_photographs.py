"""A picture taken with a form at a desk: kept by its content, shown only on record, never a way to another's."""

import struct
import zlib
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bulou.core.scope import EVERYTHING, seeing
from bulou.field.queries.attachments import file_of
from bulou.field.rules.pictures import picture_type
from bulou.ledger import queries as ledger
from bulou.office.tests.test_own_forms import _here, in_force, workbook
from bulou.office.tests.test_record import id_on

pytestmark = pytest.mark.django_db
assert _here
FORM = """
| survey  | | | | |
| | type | name | label::中文 (zh)  | required |
| | text | place | 地点 | yes |
| | image | gate | 门口照片 | yes |
| | begin repeat | stalls | 摊位 | |
| | image | front | 正面照片 | |
| | end repeat | | | |
| settings |
| | form_title | form_id | version | default_language |
| | 拍照 | photos | 1 | 中文 (zh) |
"""
RECORD = "/record/own_610927_photos/610927/area:610927100201/"


def png(colour=b"\x7f"):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" + colour))
        + chunk(b"IEND", b"")
    )


def sent(content, name="门口.png"):
    return SimpleUploadedFile(name, content)


def test_a_picture_is_told_by_its_content():
    assert picture_type(png()) == "image/png"
    assert picture_type(png()[:-5]) == "" and picture_type(b"<svg onload=alert(1)>") == "" and picture_type(b"") == ""
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x04ab\xff\xda\x00\x02.."
    assert (
        picture_type(jpeg) == "image/jpeg"
        and picture_type(jpeg[:12]) == ""
        and picture_type(b"\xff\xd8\xff" + b"x" * 99) == ""
    )


def test_taken_kept_shown_on_record_and_kept_by_a_correction(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    in_force(client, workbook(FORM))
    page = client.get(RECORD)
    assert 'name="gate.file"' in page.content.decode() and "multipart/form-data" in page.content.decode()
    said = {"_id": id_on(page), "place": "东门", "stalls.rows": "1"}
    assert client.post(RECORD, said).status_code == 422  # it must be there
    wrong = client.post(RECORD, said | {"gate.file": sent(b"MZ no picture", "a.png")})
    assert wrong.status_code == 422 and "JPEG or PNG" in wrong.content.decode()
    theirs = "sha256:" + sha256(b"somebody else's").hexdigest()
    assert client.post(RECORD, said | {"gate": theirs}).status_code == 422
    digest, front = sha256(png()).hexdigest(), sha256(png(b"\1")).hexdigest()
    again = client.post(RECORD, {"_id": said["_id"], "gate.file": sent(png()), "stalls.rows": "1"})
    assert again.status_code == 422 and f"sha256:{digest}" in again.content.decode()  # not to be chosen a second time
    done = client.post(RECORD, said | {"gate": f"sha256:{digest}", "stalls.0.front.file": sent(png(b"\1"))})
    assert "Written" in done.content.decode(), done.content.decode()[:3000]
    with seeing(EVERYTHING):
        (entry,) = ledger.entries_about(610927, ["area:610927100201"])
    assert entry.body == {"place": "东门", "gate": f"sha256:{digest}", "stalls": [{"front": f"sha256:{front}"}]}
    assert file_of(610927, digest).read_bytes() == png()
    address = f"/photo/610927/{entry.id}/{digest}/"
    assert address in client.get(f"/entry/610927/{entry.id}/").content.decode()
    shown = client.get(address)
    assert (
        shown["Content-Type"] == "image/png" and shown.content == png() and shown["X-Content-Type-Options"] == "nosniff"
    )
    assert client.get(f"/photo/610927/{entry.id}/{sha256(b'x').hexdigest()}/").status_code == 404
    form = client.get(f"/correct/610927/{entry.id}/")
    fixed = client.post(f"/correct/610927/{entry.id}/", {
        "_id": id_on(form), "_reason": "写错地点", "place": "西门", "gate": f"sha256:{digest}", "stalls.rows": "1",
        "stalls.0.front": f"sha256:{front}",
    })  # fmt: skip
    assert "Written" in fixed.content.decode(), fixed.content.decode()[:3000]
    with seeing(EVERYTHING):
        (stands,) = ledger.standing_by_id(610927, [entry.id]).values()
    assert stands.body == entry.body | {"place": "西门"}
