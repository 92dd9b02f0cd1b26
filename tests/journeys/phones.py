"""What the clerk does for a phone, for the journeys: `BULOU_DATA=folder python -m tests.journeys.phones WHAT …`.

token ACCOUNT AREA      print a token with which one phone can be enrolled
confirm [CODE]          let in the phone that shows the code, or the only one that waits
revoke DEVICE           trust it no longer
phones AREA             print what is known of every phone, as JSON
entries SUBJECT         print the county's entries about a subject, as JSON
"""

import json
import sys
from uuid import UUID

from bulou.core.scope import EVERYTHING, seeing
from bulou.site.installation import prepare

CLERK = "account:00000000-0000-7000-8000-000000000001"


def main(what: str, *said: str) -> None:
    prepare()
    with seeing(EVERYTHING):
        print(json.dumps(ACTS[what](*said), default=str))


def token(account: str, area: str) -> str:
    from bulou.core.moments import now
    from bulou.field.actions import issue_token

    return issue_token(account=UUID(account), areas=[int(area)], days=30, by=CLERK, at=now())


def confirm(code: str) -> str:
    from bulou.core.moments import now
    from bulou.field.actions import confirm as let_in
    from bulou.field.queries import phones as known

    (device,) = [phone.id for phone in known(610927 * 10**12, states=["waiting"]) if phone.code == code]
    let_in(device=device, by=CLERK, at=now())
    return str(device)


def revoke(device: str) -> None:
    from bulou.core.moments import now
    from bulou.field.actions import revoke as distrust

    distrust(device=UUID(device), reason="丢失", by=CLERK, at=now())


def phones(area: str) -> list[dict[str, object]]:
    from bulou.field.queries import phones as known
    from bulou.field.rules.ranges import gaps

    return [
        {"device": phone.id, "state": phone.state, "received": phone.received, "missing": gaps(phone.received),
         "lost": phone.lost}
        for phone in known(int(area))
    ]  # fmt: skip


def entries(subject: str) -> list[dict[str, object]]:
    from bulou.ledger.queries import entries_about

    return [
        {"id": entry.id, "kind": entry.kind, "seq": entry.seq, "amends": entry.amends, "body": entry.body}
        for entry in entries_about(610927, [subject])
    ]


ACTS = {"token": token, "confirm": confirm, "revoke": revoke, "phones": phones, "entries": entries}

if __name__ == "__main__":
    main(*sys.argv[1:])
