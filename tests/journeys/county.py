"""A small county for the journeys, made in a data folder of its own: `BULOU_DATA=folder python -m tests.journeys.county`.

Prints what the journeys need to know of it, as JSON. Every journey keeps to its own corner, so that their order does not
matter: the first grid of 文彩村 is visited, the second takes an import, the first grid of 鱼坪村 is swept to the end.
"""

import json
from dataclasses import asdict
from datetime import timedelta

from bulou.core.scope import EVERYTHING, seeing
from bulou.site.installation import prepare


def main() -> None:
    prepare()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    with seeing(EVERYTHING):
        print(json.dumps(make(), default=str))


def make() -> dict[str, object]:
    from bulou.core.ids import new_id
    from bulou.core.moments import day_of, now
    from bulou.ledger.actions import append
    from bulou.ledger.rules import Entry
    from bulou.office.tests import made as small

    at = now() - timedelta(minutes=5)
    made = small.make_county(at)
    ordered = small.write(
        made, "report_order", "area:610927000000", small.COUNTY, at,
        {"first_day": day_of(at).isoformat(), "days": 3},
    )  # fmt: skip
    assert ordered.outcome == "applied", ordered
    # Of household 6 one member was out when the rest were visited; of household 2 nobody has been seen at all.
    visit = small.visit_body(made, 6)
    visit["members"][1] = {key: visit["members"][1][key] for key in ("person", "name")} | {"presence": "out_today"}
    assert small.write(made, "household_visit", made.subject(6), made.grids[2], at, visit).outcome == "applied"
    # The point left out, sent by a phone: it waits in the tray.
    hot = small.visit_body(made, 3)
    hot["members"][0]["temperature"] = 367
    (held,) = append(
        [Entry(new_id(), "household_visit", made.subject(3), made.grids[3], at, at, small.SYSTEM, hot)], at=at
    )
    assert held.outcome == "held", held
    return asdict(made) | {"password": small.PASSWORD, "persons": {str(k): v for k, v in made.persons.items()}}


if __name__ == "__main__":
    main()
