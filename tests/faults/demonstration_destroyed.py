"""Plays the demonstration county, closes its incident, lets 2026 come, destroys what is due, and says what is left.

Run by test_destruction.py in a process of its own, because the tests' SQLite has no file.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulou.site.installation import prepare

FOLDER = prepare()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bulou.command import actions as command  # noqa: E402
from bulou.command import queries as command_queries  # noqa: E402
from bulou.core.divisions import county_area, county_of  # noqa: E402
from bulou.core.moments import day_of  # noqa: E402
from bulou.core.scope import EVERYTHING, seeing  # noqa: E402
from bulou.ledger import queries as ledger  # noqa: E402
from bulou.ledger.actions import rebuild  # noqa: E402
from bulou.ledger.models import Duty, Tally  # noqa: E402
from bulou.office.clocks import forecast  # noqa: E402
from bulou.reports.queries import compile_report  # noqa: E402
from bulou.site.demonstration import make_demonstration  # noqa: E402
from bulou.site.retention import erase_due, note_all, overdue  # noqa: E402

PEOPLE = 400
YEARS_LATER = datetime(2026, 12, 1, tzinfo=UTC)


def texts() -> dict[str, set[str]]:
    """Return every text of every column of every table, by table and column."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if field.column:
                    cursor.execute(f'SELECT "{field.column}" FROM "{model._meta.db_table}"')
                    said = {str(row[0]) for row in cursor.fetchall() if row[0] is not None}
                    found[f"{model._meta.db_table}.{field.column}"] = said
    return found


def planted() -> dict[str, set[str]]:
    """Return what the county knows of people: of the registers, of who stands duty, and what bodies say."""
    with connection.cursor() as cursor:

        def every(sql: str) -> set[str]:
            cursor.execute(sql)
            return {str(row[0]) for row in cursor.fetchall() if row[0] not in (None, "")}

        names = every("SELECT name FROM people_person") | every("SELECT name FROM rosters_responder")
        numbers = every("SELECT id_number FROM people_person")
        phones = every("SELECT phone FROM people_person") | every("SELECT phone FROM rosters_responder")
        bodies = [json.loads(body) for body in every("SELECT body FROM ledger_entry")]
    temperatures, plates = set[str](), set[str]()

    def look(said: Any) -> None:
        if isinstance(said, dict):
            temperatures.update(f'"temperature":{said["temperature"]}' for _ in (1,) if said.get("temperature"))
            plates.update(str(said["plate"]) for _ in (1,) if said.get("plate"))
            for each in said.values():
                look(each)
        elif isinstance(said, list):
            for each in said:
                look(each)

    look(bodies)
    return {"names": names, "numbers": numbers, "phones": phones, "temperatures": temperatures, "plates": plates}


def found(secrets: dict[str, set[str]]) -> dict[str, dict[str, int]]:
    """Return how many of the secrets still stand somewhere, and in which columns."""
    where: dict[str, dict[str, int]] = {}
    for column, said in texts().items():
        whole = "\n".join(said)
        for sort, words in secrets.items():
            hits = sum(1 for word in words if word in whole)
            if hits:
                where.setdefault(sort, {})[column] = hits
    return where


def in_files(secrets: dict[str, set[str]]) -> dict[str, int]:
    """Return how many of the secrets of more than four letters still stand in the bytes of the database's files."""
    held = b"\n".join(path.read_bytes() for path in FOLDER.glob("bulou.sqlite3*"))
    long = {sort: [word.encode() for word in words if len(word.encode()) > 5] for sort, words in secrets.items()}
    return {sort: sum(1 for word in words if word in held) for sort, words in long.items()}


def state(county: int, day: Any, now: datetime) -> dict[str, Any]:
    report = compile_report(county, day, now=now)
    return {
        "duties": [Duty.objects.count()],
        "met": [Duty.objects.filter(met_by__isnull=False).count()],
        "waived": [Duty.objects.filter(waived_by__isnull=False).count()],
        "tallies": sorted(map(str, Tally.objects.filter(owed__gt=0).values_list())),
        "board": [str(one) for one in ledger.counts(county, now=now, since=now - timedelta(days=60))],
        "report": [f"{one.indicator.name}: {one.day} {one.total}" for one in report.figures],
        "coverage": [str(one) for one in report.coverage],
    }  # fmt: skip


def differing(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Return what is not the same, day by day."""
    return [
        f"{name}: {one} became {other}"
        for then, now in zip(before, after, strict=True)
        for name in then
        for one, other in zip(then[name], now[name], strict=False)
        if one != other or len(then[name]) != len(now[name])
    ]


def main() -> None:
    call_command("migrate", verbosity=0)
    with seeing(EVERYTHING):
        made = make_demonstration(FOLDER, people=PEOPLE, say=lambda line: None)
        county = county_area(ledger.counties()[0])
        secrets = planted()
        said: dict[str, Any] = {"planted": {sort: len(words) for sort, words in secrets.items()}}
        now, day = made.moment, day_of(made.moment)
        days = [day - timedelta(days=n) for n in range(6)]
        before = [state(county, each, now) for each in days]
        (incident,) = [one for one in command_queries.incidents(county) if one.closed_on is None]
        note_all(at=now)
        closing = [f"{one.name} {one.count}" for one in forecast(county_of(county), now=now, close=(incident.id, day))]
        command.close_incident(area=county, incident=incident.id, closed_on=day, basis="x", by="system:test", at=now)
        later = now + timedelta(days=2)
        said["unapproved"] = erase_due(at=later)
        early = erase_due(at=YEARS_LATER)
        said["without approval"] = len(found(secrets).get("names", {}))
        for who in ("account:a", "account:b"):
            command.approve_destruction(area=county, incident=incident.id, basis="县指挥部令", by=who, at=YEARS_LATER)
        said["overdue"] = len(overdue(at=YEARS_LATER + timedelta(days=2)))
        said["done"] = [early, erase_due(at=YEARS_LATER)]
        said["left"] = found(secrets)
        said["bytes"] = in_files(secrets)
        said["overdue then"] = overdue(at=YEARS_LATER + timedelta(days=2))
        said["again"] = erase_due(at=YEARS_LATER + timedelta(days=2))
        after = [state(county, each, now) for each in days]
        said["changed"] = differing(before, after)
        rebuild(county_of(county))
        said["rebuilt differs"] = differing(before, [state(county, each, now) for each in days])
        said["forecast"] = closing
    json.dump(said, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    assert Path(FOLDER).exists()
    main()
