"""What is asked of a day that is over is answered from indexes, with statistics and without: no plan needs luck."""

import re
from uuid import UUID

import pytest
from django.db import connection, transaction

from bulou.core.divisions import county_of
from bulou.ledger import actions, queries
from bulou.ledger.tests.library import HALL, START, entry
from bulou.ledger.tests.test_projection import HOUR

pytestmark = pytest.mark.django_db


def statements(ask) -> list[tuple[str, tuple]]:
    """Return the statements that answering takes, ours and those of the ORM."""
    seen: list[tuple[str, tuple]] = []

    def noted(execute, sql, parameters, many, context):
        if not many and re.match(r"\s*(SELECT|DELETE|UPDATE|INSERT)", sql) and "ledger_" in sql:
            seen.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(noted):
        ask()
    return seen


def write() -> None:
    """Lend, give back, and take the giving back for a mistake."""
    actions.append([entry(1, "loan", "book:a", 0), entry(2, "return", "book:a", 9)], at=START + 10 * HOUR)
    undone = entry(3, "correction", "book:a", 10, {"withdrawn": True, "reason": "误记"}, amends=UUID(int=2))
    actions.append([undone], at=START + 11 * HOUR)


ASKED = {
    "settled since": lambda: queries.settled_since(HALL, START, names=["return"]),
    "latest round": lambda: queries.latest_round(HALL, now=START, names=["return"]),
    "rounds": lambda: queries.rounds(HALL, now=START, names=["return"]),
    "counts": lambda: queries.counts(HALL, now=START, since=START - HOUR),
    "owing": lambda: queries.owing(HALL, now=START, names=["return"]),
    "settled by": lambda: queries.settled_by(county_of(HALL), UUID(int=1)),
    "done by": lambda: queries.done_by(county_of(HALL), UUID(int=1)),
    "opened": lambda: queries.opened(county_of(HALL), UUID(int=1)),
    "writing": write,
}


@pytest.mark.parametrize("name", ASKED)
def test_sqlite_finds_its_way_without_statistics(shelves, name):
    """A report of a past day began with every duty of the county: 137 s where 0.8 were enough."""
    if connection.vendor != "sqlite":
        pytest.skip("asks SQLite's planner")
    for sql, parameters in statements(ASKED[name]):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql, parameters)
            plan = [row[3] for row in cursor.fetchall()]
        # e is what came since the moment, from two indexes.
        scans = [step for step in plan if re.match(r"SCAN (ledger_|[dvt]\b)", step)]
        assert not scans, plan
        # Entries, evidence, duties and what waits in the tray are found by more than their county, which is all there is.
        wide = [step for step in plan if re.search(r"\(county=\?\)$|\(county>\? AND county<\?\)$", step)]
        assert not [step for step in wide if not step.startswith("SEARCH t ")], plan
        if name == "settled since" and "ledger_evidence" in sql:
            order = [step.split()[1] for step in plan if step.startswith("SEARCH") and step.split()[1] in "vd"]
            assert order == ["v", "d"], plan
