"""Plays a server that is put back from an old backup, in a data folder of its own. Prints what came of it as JSON.

`python -m bulou.site.tests.restored <folder for backups>`, with BULOU_DATA and perhaps DATABASE_URL set.
"""

import json
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from bulou.core.divisions import county_of
from bulou.site.installation import prepare


def play(folder: Path) -> dict[str, object]:
    from django.core.management import call_command

    from bulou.core.moments import now
    from bulou.field import queries
    from bulou.field.queries.attachments import file_of
    from bulou.field.tests.phones import enrolled
    from bulou.field.tests.world import COUNTY, make_village
    from bulou.ledger import queries as ledger
    from bulou.ledger.tests.gaps import device_gaps
    from bulou.site.backup import back_up, restore

    call_command("migrate", interactive=False, verbosity=0)
    village = make_village(now() - timedelta(minutes=30))
    phones = [
        enrolled(village.accounts[name], [village.grids[i]], now() - timedelta(minutes=2))
        for i, name in enumerate(("anna", "bayong"))
    ]
    district, photo = county_of(COUNTY), b"a photograph"
    name = sha256(photo).hexdigest()

    def work(rounds: int, note: str) -> None:
        for i, phone in enumerate(phones):
            for n in range(rounds):
                which = (2 * n + i) % 10
                phone.record(
                    "household_visit", village.subject(which), village.grids[i], now(), village.visit(which, note=note)
                )
            phone.push()

    def everything() -> dict[str, str]:
        links = (link for phone in phones for link in ledger.chain([district], phone.device))
        return {str(link.id): link.body for link in links}

    work(2, "before")
    phones[0].ask("PUT", f"attachments/{name}", photo, **{"Upload-Offset": "0", "Upload-Length": str(len(photo))})
    back_up(folder / "one", at=now())
    work(1, f"sha256:{name}")
    said: dict[str, object] = {"safe after one backup": phones[0].push()["safe_seq"]}
    back_up(folder / "two", at=now())
    said["safe after two"] = phones[0].push()["safe_seq"]
    work(3, "after")
    before, epoch = everything(), phones[0].epoch
    file_of(district, name).unlink()
    restore(folder / "two", at=now(), replace=True)
    lost = len(before) - len(everything())
    for phone in phones:
        phone.sign_in()
        assert phone.epoch != epoch
        phone.push()
    said["lost by the restore"], said["back"] = lost, everything() == before
    said["outcomes the second time"] = sorted(set(phones[0].outcomes() + phones[1].outcomes()))
    said["gaps"] = [device_gaps(district, phone.device) for phone in phones]
    said["received"] = [queries.get_phone(UUID(phone.device)).received for phone in phones]
    said["photograph is back"] = file_of(district, name).exists()
    return said


if __name__ == "__main__":
    prepare()
    from bulou.core.scope import EVERYTHING, seeing

    with seeing(EVERYTHING):
        print(json.dumps(play(Path(sys.argv[1]))))  # noqa: T201
