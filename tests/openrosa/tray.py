"""What stands in the ledger, for a test that is another process than the server: prints it as JSON."""

import json

from bulou.site.installation import prepare


def main() -> None:
    prepare()
    from datetime import timedelta

    from bulou.core.moments import now
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.ledger import queries as ledger
    from bulou.odk.tests.conftest import COUNTY
    from bulou.site.kinds import find_kinds

    with seeing(EVERYTHING):
        at = now()
        entries = ledger.entries_of(COUNTY, kinds=list(find_kinds()), since=at - timedelta(9), until=at + timedelta(1))
        held = ledger.held(COUNTY)
    said = [{"id": str(e.id), "kind": e.kind, "subject": e.subject, "body": dict(e.body)} for e in entries]
    print(json.dumps({"entries": said, "held": [[one.reason, one.detail] for one in held]}))


if __name__ == "__main__":
    main()
