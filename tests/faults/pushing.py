"""A phone that pushes small batches without end and prints the id of each entry once the server has acknowledged it.

python pushing.py make FOLDER                        make a village with a phone; its key goes into FOLDER/key.pem
python pushing.py push FOLDER [SYNCHRONOUS]          BULOU_DATA or DATABASE_URL says where the database is
python pushing.py photos FOLDER [WEAKNESS]           photographs in pieces instead; prints the hash of each whole one
"""

import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bulou.site.settings"
django.setup()

from cryptography.hazmat.primitives.serialization import (  # noqa: E402
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bulou.core.divisions import county_of  # noqa: E402
from bulou.core.moments import now  # noqa: E402
from bulou.core.scope import EVERYTHING, seeing  # noqa: E402
from bulou.field import actions, queries  # noqa: E402
from bulou.field.actions import attaching  # noqa: E402
from bulou.field.models import Device  # noqa: E402
from bulou.field.tests.phones import TestPhone  # noqa: E402
from bulou.field.tests.world import COUNTY, make_village  # noqa: E402
from bulou.people.models import Household  # noqa: E402

BY = "system:test"


def make(folder: Path) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    at, phone = now(), TestPhone()
    village = make_village(at, households=20)
    token = actions.issue_token(account=village.accounts["anna"], areas=village.grids, days=30, by=BY, at=at)
    device, _ = actions.enrol(token=token, public_key=phone.public_key, proof=phone.sign(token), label="", at=at)
    actions.consent(device=device, account=village.accounts["anna"], at=at)
    actions.confirm(device=device, by=BY, at=at)
    pem = phone.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)


def push(folder: Path, synchronous: str) -> None:
    """Push; the phone goes on where the server says it is."""
    if synchronous:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={synchronous}")
    row = Device.objects.get()
    known = queries.find_phone(row.id)
    assert known
    homes = list(Household.objects.values_list("id", "area"))
    phone = TestPhone(key=load_pem_private_key((folder / "key.pem").read_bytes(), None), device=str(row.id),  # type: ignore[arg-type]
                      by=known.by, seq=known.last_seq, prev_hash=known.last_hash)  # fmt: skip
    body = {"outcome": "unreachable", "tried": ["knocked", "asked_neighbour"]}
    while True:
        for _ in range(3):
            home, area = secrets.choice(homes)
            phone.record("household_visit", f"household:{home}", area, now(), body)
        done = actions.push(phone=known, entries=[_json(entry) for entry in phone.kept], lost=[], status=None,
                            can_act=True, by=known.by, at=now(), key=b"test")  # fmt: skip
        phone.kept.clear()
        os.write(1, b"".join(f"{one.id}\n".encode() for one in done.taken))


def _json(entry: object) -> bytes:
    import json

    return json.dumps(entry, ensure_ascii=False).encode()


def photos(weakness: str) -> None:
    if weakness == "content":
        attaching.os.fsync = lambda handle: None  # type: ignore[assignment]
    elif weakness == "names":
        attaching._flush = lambda path: None
    row = Device.objects.get()
    while True:
        photo = secrets.token_bytes(30_000)
        name = sha256(photo).hexdigest()
        for at in (0, 20_000):
            attaching.add_piece(county=county_of(COUNTY), digest=name, offset=at, length=len(photo), device=row.id,
                                piece=photo[at : at + 20_000], by=BY, at=now())  # fmt: skip
        os.write(1, f"{name}\n".encode())


with seeing(EVERYTHING):
    what, folder, *more = sys.argv[1:]
    if what == "make":
        make(Path(folder))
    elif what == "push":
        push(Path(folder), *(more or [""]))
    else:
        photos(*(more or [""]))
